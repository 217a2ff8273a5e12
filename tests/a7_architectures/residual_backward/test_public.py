"""Public tests of `residual_backward`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, exercise

from ..shared_public import assert_slopes, normal, output_of, parts_of


@exercise("residual_backward", after="residual_forward")
def test_residual_backward_fits_your_forward(student):
    """The gradients are the slopes of your own residual_forward

    If only `x` is named: the gradient takes two ways, around the layer and through it, and on the
    second W is transposed. If all are: the slope is that of tanh, 1 − f², and f is not the output.
    """
    inputs = dict(zip(("x", "W", "b"), normal(8, (2, 3), (3, 3), 3), strict=True))
    assert_slopes(student.residual_forward, student.residual_backward, inputs, (2, 3))


@exercise("residual_backward", after="residual_forward")
def test_residual_backward_without_weights(student):
    """With W = 0, dx is dout itself

    The way through the layer is closed, the one around it is always open.
    """
    x, dout, b = normal(9, (2, 3), (2, 3), 3)
    _, cache = output_of(student.residual_forward, (x, np.zeros((3, 3)), b), (2, 3))
    dx = parts_of(student.residual_backward(dout, cache), 3, "(dx, dW, db)")[0]
    assert_close(dx, dout, what="gradient of x")
