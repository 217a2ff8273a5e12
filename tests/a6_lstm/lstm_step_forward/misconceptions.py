"""Typical wrong answers to `lstm_step_forward`, each with its hint."""

from __future__ import annotations

from itertools import permutations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _gates, _parts, _result, _sigmoid, _step


def _in_order(order):
    """A right step whose parts stand in another order: as good as ours, and a dialect."""

    def step(x, prev_h, prev_c, Wx, Wh, b):
        return _result(x, prev_h, prev_c, Wx, Wh, *_gates(x, prev_h, Wx, Wh, b, order))

    step.__name__ = f"order_{'_'.join(order)}"
    step.__doc__ = (
        f"Your step takes the parts in the order {', '.join(order)}. Libraries differ; here "
        "the order is i, f, o, g, and the candidate g is the last one."
    )
    return misconception("lstm_step_forward", dialect=True)(step)


for _order in list(permutations("ifog"))[1:]:
    globals()[f"order_{'_'.join(_order)}"] = _in_order(_order)


@misconception("lstm_step_forward")
def parts_interleaved(x, prev_h, prev_c, Wx, Wh, b):
    """Your step takes every fourth column for a part, as `reshape(N, H, 4)` does. A part is H
    neighbouring columns: 0 to H - 1 are the input gate, and so on."""
    i, f, o, g = ((x @ Wx + prev_h @ Wh + b)[:, n::4] for n in range(4))
    return _result(x, prev_h, prev_c, Wx, Wh, _sigmoid(i), _sigmoid(f), _sigmoid(o), np.tanh(g))


@misconception("lstm_step_forward")
def tanh_for_the_gates(x, prev_h, prev_c, Wx, Wh, b):
    """Your gates are between −1 and 1: they are made with tanh. A gate is a sigmoid; only the
    candidate g is a tanh."""
    i, f, o, g = np.tanh(_parts(x, prev_h, Wx, Wh, b))
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g)


@misconception("lstm_step_forward")
def sigmoid_for_the_candidate(x, prev_h, prev_c, Wx, Wh, b):
    """Your candidate g is a sigmoid, like the gates, so nothing negative can ever be written. It is
    a tanh."""
    i, f, o, g = map(_sigmoid, _parts(x, prev_h, Wx, Wh, b))
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g)


@misconception("lstm_step_forward")
def cell_shown_without_tanh(x, prev_h, prev_c, Wx, Wh, b):
    """Your state is o ∘ next_c. The cell goes through tanh when it is shown: o ∘ tanh(next_c)."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    shown = o * (f * prev_c + i * g)
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_h=shown)


@misconception("lstm_step_forward")
def gate_inside_the_tanh(x, prev_h, prev_c, Wx, Wh, b):
    """Your state is tanh(o ∘ next_c). The output gate multiplies the tanh: o ∘ tanh(next_c). Look
    at your parentheses."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    shown = np.tanh(o * (f * prev_c + i * g))
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_h=shown)


@misconception("lstm_step_forward")
def tanh_of_the_cell_kept(x, prev_h, prev_c, Wx, Wh, b):
    """Your step returns tanh(f ∘ prev_c + i ∘ g) as the cell, so no cell gets beyond 1, and it
    shrinks at each step. The cell is the sum itself; tanh is taken where it is shown."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    kept = np.tanh(f * prev_c + i * g)
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c=kept, next_h=o * kept)


@misconception("lstm_step_forward")
def f_means_forget(x, prev_h, prev_c, Wx, Wh, b):
    """Your step multiplies the old cell by 1 − f. Its name says forget, and the gate says how much
    is *kept*: f ∘ prev_c."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    return _result(x, prev_h, prev_c, Wx, Wh, i, 1.0 - f, o, g)


@misconception("lstm_step_forward")
def forget_gate_is_one_minus_i(x, prev_h, prev_c, Wx, Wh, b):
    """Your step keeps (1 − i) ∘ prev_c. That is a relative of the LSTM with fewer weights; here the
    forget gate has a part of its own in the pre-activation."""
    i, _, o, g = _gates(x, prev_h, Wx, Wh, b)
    return _result(x, prev_h, prev_c, Wx, Wh, i, 1.0 - i, o, g)


@misconception("lstm_step_forward")
def without_forget_gate(x, prev_h, prev_c, Wx, Wh, b):
    """Your step adds prev_c as it is: this is the cell of 1997, which had no forget gate. Multiply
    the old cell by f."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    return _result(x, prev_h, prev_c, Wx, Wh, i, np.ones_like(f), o, g)


@misconception("lstm_step_forward")
def without_input_gate(x, prev_h, prev_c, Wx, Wh, b):
    """Your step adds the candidate g as it is. It is multiplied by the input gate: i ∘ g."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    return _result(x, prev_h, prev_c, Wx, Wh, np.ones_like(i), f, o, g)


@misconception("lstm_step_forward")
def prev_c_ignored(x, prev_h, prev_c, Wx, Wh, b):
    """Your step does not use the cell before it: the cell is only i ∘ g. Add f ∘ prev_c."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c=i * g)


@misconception("lstm_step_forward")
def state_in_the_place_of_the_cell(x, prev_h, prev_c, Wx, Wh, b):
    """Your step multiplies the forget gate by prev_h. It is the cell that is kept: f ∘ prev_c."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c=f * prev_h + i * g)


@misconception("lstm_step_forward")
def old_cell_shown(x, prev_h, prev_c, Wx, Wh, b):
    """Your state is o ∘ tanh(prev_c): it shows the cell before the step. Show the new one."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_h=o * np.tanh(prev_c))


@misconception("lstm_step_forward")
def prev_h_ignored(x, prev_h, prev_c, Wx, Wh, b):
    """Your pre-activation lacks prev_h @ Wh: the gates do not hear the state before."""
    i, f, o, g = _gates(x, np.zeros_like(prev_h), Wx, Wh, b)
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g)


@misconception("lstm_step_forward")
def bias_forgotten(x, prev_h, prev_c, Wx, Wh, b):
    """Your pre-activation lacks the bias `b`."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, np.zeros_like(b))
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g)


@misconception("lstm_step_forward")
def cell_returned_first(x, prev_h, prev_c, Wx, Wh, b):
    """Your step returns the cell first and the state second. The order is next_h, next_c, cache."""
    next_h, next_c, cache = _step(x, prev_h, prev_c, Wx, Wh, b)
    return next_c, next_h, cache


@misconception("lstm_step_forward")
def sigmoid_that_overflows(x, prev_h, prev_c, Wx, Wh, b):
    """Your numbers are right, and the sigmoid that you use overflows where a pre-activation is far
    below zero. The `sigmoid` given in the notebook does not."""
    i, f, o, g = _parts(x, prev_h, Wx, Wh, b)
    i, f, o = (1.0 / (1.0 + np.exp(-part)) for part in (i, f, o))
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, np.tanh(g))


@misconception("lstm_step_forward")
def step_squeezed(x, prev_h, prev_c, Wx, Wh, b):
    """Your step removes axes of length 1, as `squeeze` does: for one sequence, or one unit, the
    results are no longer of shape (N, H). Leave the axes as they are."""
    next_h, next_c, cache = _step(x, prev_h, prev_c, Wx, Wh, b)
    return np.squeeze(next_h), np.squeeze(next_c), cache


@misconception("lstm_step_forward")
def writes_into_prev_c(x, prev_h, prev_c, Wx, Wh, b):
    """Your numbers are right, and they are computed in the caller's own array `prev_c` (with `*=`
    or `+=`). Build a new array."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    before = prev_c.copy()
    prev_c *= f
    prev_c += i * g
    return _result(x, prev_h, before, Wx, Wh, i, f, o, g)


@misconception("lstm_step_forward")
def one_bias_for_all_parts(x, prev_h, prev_c, Wx, Wh, b):
    """All your parts have the bias of the input gate, b[:H]. Each has H entries of its own: b has
    4H."""
    H = prev_h.shape[1]
    return _step(x, prev_h, prev_c, Wx, Wh, np.tile(b[:H], 4))
