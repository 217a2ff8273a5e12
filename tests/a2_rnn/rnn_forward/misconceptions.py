"""Typical wrong answers to `rnn_forward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _read, _stacked, _steps


@misconception("rnn_forward")
def h0_ignored(x_seq, h0, Wx, Wh, b):
    """Your network starts from zeros whatever `h0` is. Is h0 never used, or does step 0 read
    `h[:, -1]`, which is the last place of an array that is still empty?"""
    return _read(x_seq, np.zeros_like(h0), lambda x, prev_h: np.tanh(x @ Wx + prev_h @ Wh + b))


@misconception("rnn_forward")
def wraps_to_the_end(x_seq, h0, Wx, Wh, b):
    """Your step 0 reads `h[:, -1]`, and that is the *last* place of the array, where something else
    stands already. So the first state depends on the last input. Step 0 starts from h0."""
    h = x_seq @ Wx + b
    for t in range(h.shape[1]):
        h[:, t] = np.tanh(h[:, t] + h[:, t - 1] @ Wh)
    return _stacked(_steps(h))


@misconception("rnn_forward")
def stored_a_step_too_early(x_seq, h0, Wx, Wh, b):
    """Your states are right, and each is stored one place too early: that of step t in
    `h[:, t - 1]`, so that the first one lands at the very end. The state after step t belongs into
    h[:, t]."""
    h, cache = _read(x_seq, h0, lambda x, prev_h: np.tanh(x @ Wx + prev_h @ Wh + b))
    return np.roll(h, -1, axis=1), cache


@misconception("rnn_forward")
def states_before_each_step(x_seq, h0, Wx, Wh, b):
    """Your h begins with h0 and lacks the last state: h[:, t] is the state *before* step t. It
    should be the one after it."""
    h, _ = _read(x_seq, h0, lambda x, prev_h: np.tanh(x @ Wx + prev_h @ Wh + b))
    return _stacked([h0, *_steps(h)[:-1]])


@misconception("rnn_forward")
def input_of_the_step_before(x_seq, h0, Wx, Wh, b):
    """Your step t reads the input of step t − 1, and step 0 that of the last step, since
    `x_seq[:, -1]` wraps around to the end. Pair x_seq[:, t] with the state before step t."""
    earlier = np.roll(x_seq, 1, axis=1)
    return _read(earlier, h0, lambda x, prev_h: np.tanh(x @ Wx + prev_h @ Wh + b))


@misconception("rnn_forward")
def state_never_carried(x_seq, h0, Wx, Wh, b):
    """Each of your steps starts from h0. Only step 0 does; every other one starts from the state
    that the step before it has left."""
    return _read(x_seq, h0, lambda x, _: np.tanh(x @ Wx + h0 @ Wh + b))


@misconception("rnn_forward")
def one_array_reused(x_seq, h0, Wx, Wh, b):
    """All your states are equal to the last one: the list holds the same array T times, and each
    step has overwritten it. Store a copy of each state, or make a new array at each step."""
    state = np.array(h0)
    states = []
    for x in _steps(x_seq):
        state[...] = np.tanh(x @ Wx + state @ Wh + b)
        states.append(state)
    return _stacked(states)


@misconception("rnn_forward")
def squeezed(x_seq, h0, Wx, Wh, b):
    """Your h loses every axis of length 1, as with `squeeze`: for one sequence, one step or one
    unit it is no longer (N, T, H). Leave the axes as they are."""
    h, cache = _read(x_seq, h0, lambda x, prev_h: np.tanh(x @ Wx + prev_h @ Wh + b))
    return np.squeeze(h), cache


@misconception("rnn_forward")
def time_axis_first(x_seq, h0, Wx, Wh, b):
    """Your h has the shape (T, N, H): `np.array` of a list of states puts time first. Stack them
    along axis 1."""
    h, cache = _read(x_seq, h0, lambda x, prev_h: np.tanh(x @ Wx + prev_h @ Wh + b))
    return np.moveaxis(h, 1, 0), cache


@misconception("rnn_forward")
def only_the_last_state(x_seq, h0, Wx, Wh, b):
    """Your function returns the last state only, of shape (N, H). All T states are wanted, as
    (N, T, H)."""
    h, cache = _read(x_seq, h0, lambda x, prev_h: np.tanh(x @ Wx + prev_h @ Wh + b))
    return h[:, -1], cache


@misconception("rnn_forward")
def loops_over_the_batch(x_seq, h0, Wx, Wh, b):
    """Your loop runs over the number of sequences N (that is what `len(x_seq)` and the first axis
    give) where it should run over the number of steps T."""
    prev_h, h = h0, np.zeros((*x_seq.shape[:2], b.size))
    for t in range(len(x_seq)):
        prev_h = h[:, t] = np.tanh(x_seq[:, t] @ Wx + prev_h @ Wh + b)
    return _stacked(_steps(h))


@misconception("rnn_forward")
def writes_into_h0(x_seq, h0, Wx, Wh, b):
    """Your states are right, but they are computed in the caller's own array `h0`: `h = h0` is a
    second name, not a copy. Build a new array at each step, or start from h0.copy()."""
    states = []
    for x in _steps(x_seq):
        h0[...] = np.tanh(x @ Wx + h0 @ Wh + b)
        states.append(h0.copy())
    return _stacked(states)
