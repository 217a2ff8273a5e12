"""Public tests of `rnn_step_forward`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, assert_structure, exercise

from ..shared_public import L, arrays_of, out_of


@exercise("rnn_step_forward")
def test_step_of_known_numbers(student):
    """Three sequences, two units: each number of the next state is 0, ±3/5 or 15/17

    Unit 1 hears unit 0 through Wh[0, 1]; unit 0 hears no unit. The three sequences have
    pre-activations of (L, 2L), (0, 2L) and (−L, 0), with tanh(L) = 3/5. Is only the second sequence
    wrong? Then the trouble is with prev_h and Wh: who hears whom? Is the first one wrong, where
    prev_h is 0? Then it is with Wx, the bias, or the activation.
    """
    x, prev_h = np.array([[1.0], [0.0], [-1.0]]), np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    Wx, Wh, b = np.array([[L, L]]), np.array([[0.0, L], [0.0, 0.0]]), np.array([0.0, L])
    next_h = out_of(student.rnn_step_forward, x, prev_h, Wx, Wh, b)
    expected = np.array([[0.6, 15.0 / 17.0], [0.0, 15.0 / 17.0], [-0.6, 0.0]])
    assert_close(next_h, expected, what="next state")


@exercise("rnn_step_forward")
def test_step_adds_the_bias_after_the_products(student):
    """With an input and a state of zeros, each row of the next state is tanh(b)

    Is the bias used, and is it outside the products with Wx and Wh, and inside tanh?
    """
    _, _, Wx, Wh, _ = arrays_of((4, 2), (4, 3), (2, 3), (3, 3), (3,))
    b = np.array([0.0, L, -2.0 * L])
    next_h = out_of(student.rnn_step_forward, np.zeros((4, 2)), np.zeros((4, 3)), Wx, Wh, b)
    row = [0.0, 0.6, -15.0 / 17.0]
    assert_close(next_h, np.array([row] * 4), what="next state")


@exercise("rnn_step_forward")
def test_step_saturates_far_out(student):
    """At pre-activations of −1000 and 1000 the state is −1 and 1

    NaN? exp(1000) is too large for a float64: `np.tanh` knows better than a formula with exp.
    """
    x, Wx, b = np.array([[1000.0], [-1000.0]]), np.ones((1, 2)), np.zeros(2)
    next_h = out_of(student.rnn_step_forward, x, np.zeros((2, 2)), Wx, np.eye(2), b)
    assert_close(next_h, np.array([[1.0, 1.0], [-1.0, -1.0]]), what="next state")


@exercise("rnn_step_forward")
def test_step_keeps_its_axes_and_its_arguments(student):
    """next_h is (N, H), also for one sequence or one unit, and the arguments stay unchanged

    Does something remove axes of length 1? If an argument has changed: `prev_h += …`, `out=prev_h`
    and `prev_h[...] = …` write into the array that you were given.
    """
    for N, D, H in ((3, 4, 2), (1, 4, 2), (3, 1, 2), (3, 4, 1), (1, 1, 1)):
        args = arrays_of((N, D), (N, H), (D, H), (H, H), (H,))
        assert_structure(out_of(student.rnn_step_forward, *args), np.zeros((N, H)), what="state")
        assert_pure(student.rnn_step_forward, *args)
