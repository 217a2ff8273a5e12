"""Typical wrong answers to `design_latch_lstm`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


def _latch(i=(-50.0, 100.0), f=(50.0, -100.0), o=(50.0, 0.0), g=50.0):
    """Weights from (bias, weight of the mark) of each gate and the candidate's weight."""
    Wx = np.array([[0.0, 0.0, 0.0, g], [i[1], f[1], o[1], 0.0]])
    return Wx, np.zeros((1, 4)), np.array([i[0], f[0], o[0], 0.0])


@misconception("design_latch_lstm")
def forget_gate_not_saturated():
    """Your forget gate has a bias of 5, so it is 0.993 and half of the value is lost in a hundred
    steps. For a thousand steps and an error of 1e-5, 1 − f has to be below 1e-8."""
    return _latch(f=(5.0, -100.0))


@misconception("design_latch_lstm")
def input_gate_not_saturated():
    """Your input gate has a bias of −5 at steps without a mark: it is 0.007, and a thousand noisy
    values leak in. It has to be below 1e-8."""
    return _latch(i=(-5.0, 100.0))


@misconception("design_latch_lstm")
def input_gate_always_open():
    """Your input gate is open at every step, so the noise is written as well. It should hear the
    mark: shut by its bias, opened by the mark's weight."""
    return _latch(i=(50.0, 0.0))


@misconception("design_latch_lstm")
def mark_only_lifts_the_bias_to_zero():
    """At a mark, your input gate's weight and bias cancel, so the gate is at σ(0) = 0.5 and half of
    the value is written. The mark has to outweigh the bias: take twice its size."""
    return _latch(i=(-50.0, 50.0))


@misconception("design_latch_lstm")
def never_cleared():
    """Your forget gate is open at every step, also at a mark, so a new value is added to the old
    one. The mark should shut it."""
    return _latch(f=(50.0, 0.0))


@misconception("design_latch_lstm")
def gate_order_i_f_g_o():
    """Your weights are those of a latch with the parts in the order i, f, g, o. Here it is
    i, f, o, g."""
    order = [0, 1, 3, 2]
    Wx, Wh, b = _latch()
    return Wx[:, order], Wh[:, order], b[order]


@misconception("design_latch_lstm")
def candidate_of_weight_one():
    """Your candidate is tanh(±1), which is ±0.76. To be ±1 within 1e-5, the tanh has to be
    saturated: take a larger weight."""
    return _latch(g=1.0)


@misconception("design_latch_lstm")
def output_gate_half_open():
    """Your output gate has no bias: it is at σ(0) = 0.5 and shows half of tanh(c). It has to be
    open at every step."""
    return _latch(o=(0.0, 0.0))


@misconception("design_latch_lstm")
def output_gate_open_at_marks_only():
    """Your output gate opens at the marks. The state should show what is held at *every* step."""
    return _latch(o=(-50.0, 100.0))


@misconception("design_latch_lstm")
def mark_and_value_exchanged():
    """Your rows of Wx are exchanged: the first input is the value, the second one is the mark."""
    Wx, Wh, b = _latch()
    return Wx[::-1], Wh, b


@misconception("design_latch_lstm")
def forget_gate_the_wrong_way_round():
    """Your forget gate is shut at steps without a mark and open at marks. At f = 1 the cell is
    kept, at f = 0 it is cleared."""
    return _latch(f=(-50.0, 100.0))
