"""Typical wrong answers to `design_latch_rnn`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


def _unit(u, w, v=0.0):
    return np.array([[u], [v]]), np.array([[float(w)]]), np.zeros(1)


def _holding(w):
    if w <= 1:
        raise ValueError(f"no latch with w = {w}")


@misconception("design_latch_rnn")
def any_weight_will_do(w):
    """Your function accepts every w. With w ≤ 1 the state returns to 0 and the sign is lost, so
    there are no such weights: raise ValueError."""
    return _unit(2.0 * w, w)


@misconception("design_latch_rnn")
def refuses_below_one_only(w):
    """Your function accepts w = 1. At 1 the state returns to 0 as well, only more slowly: w ≤ 1
    raises ValueError."""
    if w < 1:
        raise ValueError(f"no latch with w = {w}")
    return _unit(2.0 * w, w)


@misconception("design_latch_rnn")
def refuses_by_size(w):
    """Your function looks at the size of w without its sign. With w = −2 the state changes its sign
    at every step: that holds nothing."""
    if abs(w) <= 1:
        raise ValueError(f"no latch with w = {w}")
    return _unit(2.0 * w, w)


@misconception("design_latch_rnn")
def input_weight_of_one(w):
    """Your input weight is 1. The unit holds itself with almost w, which a mark that enters with 1
    cannot turn over once noise has pushed the unit to the other side."""
    _holding(w)
    return _unit(1.0, w)


@misconception("design_latch_rnn")
def input_weight_of_w(w):
    """Your input weight is w, just enough to bring the unit to about 0, from where the noise
    decides. The mark must enter with clearly more than what the unit holds itself with."""
    _holding(w)
    return _unit(float(w), w)


@misconception("design_latch_rnn")
def input_weight_too_large(w):
    """Your input weight is so large that noise of 0.1 turns the unit over, too. It must be large
    beside w, but a tenth of it must be small beside what the unit can stand."""
    _holding(w)
    return _unit(100.0, w)


@misconception("design_latch_rnn")
def reads_the_marker(w):
    """Your unit reads the marker, which says *when* and is 1 for both signs. The sign is in the
    value, the first of the two inputs."""
    _holding(w)
    return _unit(0.0, w, 2.0 * w)


@misconception("design_latch_rnn")
def shapes_of_a_linear_layer(w):
    """Your Wx has the shape (1, 2). In this course x @ Wx has the input's axis first: 2 inputs and
    1 unit make (2, 1)."""
    _holding(w)
    Wx, Wh, b = _unit(2.0 * w, w)
    return Wx.T, Wh, b
