"""Public tests of `gru_backward`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_structure, exercise

from ..shared_public import assert_slopes, gru_arrays, output_of, parts_of

GRU_BACK = ("gru_step_forward", "gru_step_backward", "gru_forward")


@exercise("gru_backward", after=GRU_BACK)
def test_gru_backward_fits_your_forward(student):
    """The gradients are the slopes of your own gru_forward

    If only `h0` is named: it is what is carried out of the first step. If the weights are: are they
    summed over the steps? If all are: what does dh[:, t] have to be added to, and when?
    """
    inputs = gru_arrays(5, 2, 5, 4, 3)
    assert_slopes(student.gru_forward, student.gru_backward, inputs, (2, 3, 4))


@exercise("gru_backward", after=GRU_BACK)
def test_gru_backward_reaches_all_steps_before_a_loss(student):
    """A loss at step 1 of three reaches the inputs of the steps 0 and 1, and h0, but not step 2

    If dx[:, 0] is 0, nothing is carried from a step to the one before it. If dx is 0 everywhere,
    only the loss of the last step is used.
    """
    _, cache = output_of(student.gru_forward, gru_arrays(6, 2, 5, 4, 3).values(), (2, 3, 4))
    dh = np.zeros((2, 3, 4))
    dh[:, 1] = 1.0
    form = "(dx, dh0, dWx, dWh, db)"
    dx, dh0, *_ = parts_of(student.gru_backward(dh, cache), 5, form)
    assert_structure(dx, np.zeros((2, 3, 5)), what="gradient of x_seq")
    assert_structure(dh0, np.zeros((2, 4)), what="gradient of h0")
    for t in (0, 1):
        assert np.any(dx[:, t]), f"dx[:, {t}] is 0"
    assert not np.any(dx[:, 2]), "dx[:, 2] is not 0, although step 2 comes after the loss"
    assert np.any(dh0), "dh0 is 0"
