"""Typical wrong answers to `lstm_forward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _step


def _read(x_seq, h0, Wx, Wh, b, *, before=lambda h, c, h0: (h, c), c0=None):
    """The states and cells of a loop; ``before`` says what a step is given."""
    h, c = h0, np.zeros_like(h0) if c0 is None else c0
    states, cells, cache = [], [], []
    for x in np.swapaxes(x_seq, 0, 1):
        h, c, step_cache = _step(x, *before(h, c, h0), Wx, Wh, b)
        states.append(h)
        cells.append(c)
        cache.append(step_cache)
    return np.stack(states, axis=1), np.stack(cells, axis=1), cache


def _without_cells(read):
    return read[0], read[2]


@misconception("lstm_forward")
def carries_h_and_not_c(x_seq, h0, Wx, Wh, b):
    """Each of your steps starts from an empty cell: the state is handed on and the cell is not.
    Only step 0 has a cell of zeros."""
    return _without_cells(
        _read(x_seq, h0, Wx, Wh, b, before=lambda h, c, h0: (h, np.zeros_like(c)))
    )


@misconception("lstm_forward")
def carries_c_and_not_h(x_seq, h0, Wx, Wh, b):
    """Each of your steps starts from h0: the cell is handed on and the state is not."""
    return _without_cells(_read(x_seq, h0, Wx, Wh, b, before=lambda h, c, h0: (h0, c)))


@misconception("lstm_forward")
def carries_neither(x_seq, h0, Wx, Wh, b):
    """Each of your steps starts from h0 and an empty cell: nothing is handed on from step to
    step."""
    return _without_cells(
        _read(x_seq, h0, Wx, Wh, b, before=lambda h, c, h0: (h0, np.zeros_like(c)))
    )


@misconception("lstm_forward")
def cell_starts_from_h0(x_seq, h0, Wx, Wh, b):
    """Your cell starts from h0. That is the first *state*; the first cell is zeros."""
    return _without_cells(_read(x_seq, h0, Wx, Wh, b, c0=h0))


@misconception("lstm_forward")
def h0_ignored(x_seq, h0, Wx, Wh, b):
    """Your first state is zeros whatever `h0` is. Only the cell starts from zeros."""
    return _without_cells(_read(x_seq, np.zeros_like(h0), Wx, Wh, b))


@misconception("lstm_forward")
def state_handed_on_as_the_cell(x_seq, h0, Wx, Wh, b):
    """Your steps get the state of the step before in the place of its cell as well. Keep the two
    apart: lstm_step_forward returns next_h, then next_c."""
    start = {"first": True}

    def before(h, c, h0):
        cell = np.zeros_like(h) if start.pop("first", False) else h
        return h, cell

    return _without_cells(_read(x_seq, h0, Wx, Wh, b, before=before))


@misconception("lstm_forward")
def cells_returned(x_seq, h0, Wx, Wh, b):
    """Your function returns the cells of all steps. It is the states, next_h, that are wanted."""
    _, cells, cache = _read(x_seq, h0, Wx, Wh, b)
    return cells, cache


@misconception("lstm_forward")
def states_before_each_step(x_seq, h0, Wx, Wh, b):
    """Your h begins with h0 and lacks the last state: h[:, t] is the state *before* step t. It
    should be the one after it."""
    h, _, cache = _read(x_seq, h0, Wx, Wh, b)
    return np.concatenate([h0[:, None], h[:, :-1]], axis=1), cache


@misconception("lstm_forward")
def only_the_last_state(x_seq, h0, Wx, Wh, b):
    """Your function returns the last state only, of shape (N, H). All T states are wanted, as
    (N, T, H)."""
    h, _, cache = _read(x_seq, h0, Wx, Wh, b)
    return h[:, -1], cache


@misconception("lstm_forward")
def time_axis_first(x_seq, h0, Wx, Wh, b):
    """Your h has the shape (T, N, H): `np.array` of a list of states puts time first. Stack them
    along axis 1."""
    h, _, cache = _read(x_seq, h0, Wx, Wh, b)
    return np.moveaxis(h, 1, 0), cache


@misconception("lstm_forward")
def squeezed(x_seq, h0, Wx, Wh, b):
    """Your h loses every axis of length 1, as with `squeeze`: for one sequence, one step or one
    unit it is no longer (N, T, H). Leave the axes as they are."""
    h, _, cache = _read(x_seq, h0, Wx, Wh, b)
    return np.squeeze(h), cache


@misconception("lstm_forward")
def writes_into_h0(x_seq, h0, Wx, Wh, b):
    """Your states are right, and the last one stands in the caller's own `h0`: `h = h0` is a second
    name, not a copy."""
    h, _, cache = _read(x_seq, h0.copy(), Wx, Wh, b)
    h0[...] = h[:, -1]
    return h, cache
