"""Public tests of `gru_step_backward`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, exercise

from ..shared_public import LOG3, assert_slopes, gru_arrays, output_of, parts_of


@exercise("gru_step_backward", after="gru_step_forward")
def test_gru_step_backward_of_known_numbers(student):
    """One unit with Wh = 0 in the gates: dprev_h is 3/4 from what is kept plus what n lets through

    u = 1/4, r = 3/4, prev_h = 2 and Whn = 0.5, as for the forward step. Kept is 1 − u = 3/4. The
    candidate gives u · (1 − n²) · 0.5 · r. Which of the two is missing in yours?
    """
    Wh, b = np.array([[0.0, 0.0, 0.5]]), np.array([-LOG3, LOG3, 0.0])
    args = np.zeros((1, 1)), np.full((1, 1), 2.0), np.ones((1, 3)), Wh, b
    _, cache = output_of(student.gru_step_forward, args, (1, 1))
    form = "(dx, dprev_h, dWx, dWh, db)"
    dprev_h = parts_of(student.gru_step_backward(np.ones((1, 1)), cache), 5, form)[1]
    through = 0.25 * (1.0 - np.tanh(0.75) ** 2) * 0.5 * 0.75
    assert_close(dprev_h, np.array([[0.75 + through]]), what="gradient of prev_h")


@exercise("gru_step_backward", after="gru_step_forward")
def test_gru_step_backward_fits_your_forward(student):
    """The gradients are the slopes of your own gru_step_forward

    If only `prev_h` is named: it is used four times. If only `Wh` is: what was multiplied by its
    third part? If all but `prev_h` are: look at the gradients of the three pre-activations, first
    that of the candidate.
    """
    for N, D, H in ((2, 3, 4), (1, 2, 3), (3, 2, 1)):
        inputs = gru_arrays(2, N, D, H)
        assert_slopes(student.gru_step_forward, student.gru_step_backward, inputs, (N, H))
