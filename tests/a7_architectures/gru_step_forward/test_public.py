"""Public tests of `gru_step_forward`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, exercise

from ..shared_public import LOG3, gru_arrays, output_of


@exercise("gru_step_forward")
def test_gru_step_of_known_numbers(student):
    """One unit with u = 1/4 and r = 3/4: the candidate sees 3/4 of the old state

    The old state is 2 and x is 0. Both gates get their values from the bias alone. The candidate is
    tanh(0.75 · 2 · 0.5), and the new state is 3/4 of 2 plus 1/4 of the candidate. If yours is 1/4
    of 2 plus 3/4 of something: u = 0 must keep the state. If it is a little off: does r multiply
    prev_h, is n a tanh, and is the order u, r, n?
    """
    Wh, b = np.array([[0.0, 0.0, 0.5]]), np.array([-LOG3, LOG3, 0.0])
    args = np.zeros((1, 1)), np.full((1, 1), 2.0), np.ones((1, 3)), Wh, b
    next_h, _ = output_of(student.gru_step_forward, args, (1, 1))
    assert_close(next_h, np.array([[1.5 + 0.25 * np.tanh(0.75)]]), what="next state")


@exercise("gru_step_forward")
def test_gru_step_with_gates_open_and_closed(student):
    """With u = 0 the state is kept; with u = 1 and r = 0 it is tanh(x @ Wxn + bn)

    The gates are forced by biases of ±50, the update gate's in b[:H] and the reset gate's in
    b[H:2H]. A state that is kept in the wrong case means that u stands on the wrong side.
    """
    x, prev_h, Wx, Wh, b = gru_arrays(1, 2, 3, 4).values()
    b[:4] = -50.0
    next_h, _ = output_of(student.gru_step_forward, (x, prev_h, Wx, Wh, b), (2, 4))
    assert_close(next_h, prev_h, what="next state with u = 0")
    b[:4], b[4:8] = 50.0, -50.0
    next_h, _ = output_of(student.gru_step_forward, (x, prev_h, Wx, Wh, b), (2, 4))
    assert_close(next_h, np.tanh(x @ Wx[:, 8:] + b[8:]), what="next state with u = 1 and r = 0")
    assert_pure(student.gru_step_forward, x, prev_h, Wx, Wh, b)


@exercise("gru_step_forward")
def test_gru_step_far_out(student):
    """With u = 1/2 and a candidate of tanh(±1000), next_h is half of prev_h and half of ±1

    NaN? exp(1000) is too large for a float64: `np.tanh` knows better than a formula with exp.
    """
    b = np.array([0.0, 0.0, 0.0, 0.0, 1000.0, -1000.0])
    args = np.zeros((1, 1)), np.array([[0.5, 0.5]]), np.zeros((1, 6)), np.zeros((2, 6)), b
    next_h, _ = output_of(student.gru_step_forward, args, (1, 2))
    assert_close(next_h, np.array([[0.75, -0.25]]), what="next state")


@exercise("gru_step_forward")
def test_gru_step_resets_before_the_product(student):
    """r multiplies prev_h before the product with Whn

    Two units, and Whn lets each hear the other one only. r is almost 0 for the first and almost 1
    for the second. So the candidate of the second, which hears the first, must be 0. If it is the
    other way round, you multiply by r after the product.
    """
    Wh = np.zeros((2, 6))
    Wh[0, 5] = Wh[1, 4] = 1.0
    b = np.array([50.0, 50.0, -50.0, 50.0, 0.0, 0.0])
    args = np.zeros((1, 1)), np.ones((1, 2)), np.zeros((1, 6)), Wh, b
    next_h, _ = output_of(student.gru_step_forward, args, (1, 2))
    assert_close(next_h, np.array([[np.tanh(1.0), 0.0]]), what="next state")
