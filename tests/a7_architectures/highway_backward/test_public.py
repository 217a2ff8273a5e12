"""Public tests of `highway_backward`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, exercise

from ..shared_public import assert_slopes, normal, output_of, parts_of


@exercise("highway_backward", after="highway_forward")
def test_highway_backward_fits_your_forward(student):
    """The gradients are the slopes of your own highway_forward

    If only `x` is named: it has three terms. If `Wt` and `bt` are: the derivative of the output by
    t is f − x, and that of t by its pre-activation is t (1 − t).
    """
    shapes = (2, 3), (3, 3), 3, (3, 3), 3
    inputs = dict(zip(("x", "W", "b", "Wt", "bt"), normal(12, *shapes), strict=True))
    assert_slopes(student.highway_forward, student.highway_backward, inputs, (2, 3))


@exercise("highway_backward", after="highway_forward")
def test_highway_backward_with_a_closed_gate(student):
    """With t = 0, dx is dout, and with t = 1/2 and W = 0 half of it, if the gate does not hear x"""
    x, W, b, dout = normal(13, (2, 3), (3, 3), 3, (2, 3))
    zeros = np.zeros((3, 3))
    for weights, share in (((W, b, W, np.full(3, -50.0)), 1.0), ((zeros, b, zeros, 0.0 * b), 0.5)):
        _, cache = output_of(student.highway_forward, (x, *weights), (2, 3))
        dx = parts_of(student.highway_backward(dout, cache), 5, "(dx, dW, db, dWt, dbt)")[0]
        assert_close(dx, share * dout, what="gradient of x")
