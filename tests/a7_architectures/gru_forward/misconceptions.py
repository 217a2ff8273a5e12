"""Typical wrong answers to `gru_forward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _gru_step


def _gru_states(x_seq, h0, Wx, Wh, b):
    """The states of a GRU as a list of T arrays, and the cache."""
    states, cache = [h0], []
    for t in range(x_seq.shape[1]):
        next_h, step = _gru_step(x_seq[:, t], states[-1], Wx, Wh, b)
        states.append(next_h)
        cache.append(step)
    return states, cache


@misconception("gru_forward")
def h0_ignored(x_seq, h0, Wx, Wh, b):
    """Your network starts from zeros whatever h0 is. Give h0 to the first step."""
    states, cache = _gru_states(x_seq, np.zeros_like(h0), Wx, Wh, b)
    return np.stack(states[1:], axis=1), cache


@misconception("gru_forward")
def every_step_from_h0(x_seq, h0, Wx, Wh, b):
    """Each of your steps starts from h0, so nothing is remembered. Give each step the state that
    the one before it has left."""
    steps = [_gru_step(x, h0, Wx, Wh, b) for x in np.moveaxis(x_seq, 1, 0)]
    cache = [step for _, step in steps]
    return np.stack([next_h for next_h, _ in steps], axis=1), cache


@misconception("gru_forward")
def one_step_late(x_seq, h0, Wx, Wh, b):
    """Your h[:, t] is the state before step t: h0 comes first and the last state is missing. Store
    the state after the step."""
    states, cache = _gru_states(x_seq, h0, Wx, Wh, b)
    return np.stack(states[:-1], axis=1), cache


@misconception("gru_forward")
def time_axis_first(x_seq, h0, Wx, Wh, b):
    """Your h has the shape (T, N, H): time has to be the second axis, `np.stack(…, axis=1)`."""
    states, cache = _gru_states(x_seq, h0, Wx, Wh, b)
    return np.stack(states[1:]), cache


@misconception("gru_forward")
def axes_squeezed(x_seq, h0, Wx, Wh, b):
    """Your h loses axes of length 1. They are meant: do not squeeze."""
    states, cache = _gru_states(x_seq, h0, Wx, Wh, b)
    return np.squeeze(np.stack(states[1:], axis=1)), cache
