"""Public tests of `highway_forward`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, exercise

from ..shared_public import LOG3, normal, output_of


@exercise("highway_forward")
def test_highway_of_known_numbers(student):
    """With a gate of 1/4, out is 1/4 of tanh(x @ W + b) and 3/4 of x

    If it is the other way round, t stands on the wrong side. If x is there as a whole, its share
    1 − t is missing.
    """
    x, W, b = normal(10, (2, 3), (3, 3), 3)
    args = x, W, b, np.zeros((3, 3)), np.full(3, -LOG3)
    out, _ = output_of(student.highway_forward, args, (2, 3))
    assert_close(out, 0.25 * np.tanh(x @ W + b) + 0.75 * x, what="output")
    assert_pure(student.highway_forward, *args)


@exercise("highway_forward")
def test_highway_with_a_gate_open_and_closed(student):
    """With t = 0 the layer is the identity, with t = 1 it is tanh(x @ W + b)

    The gate is forced by a bias bt of −50 and 50. It depends on Wt and bt, and not on W and b.
    """
    x, W, b, Wt = normal(11, (2, 3), (3, 3), 3, (3, 3))
    for bias, expected in ((-50.0, x), (50.0, np.tanh(x @ W + b))):
        out, _ = output_of(student.highway_forward, (x, W, b, Wt, np.full(3, bias)), (2, 3))
        assert_close(out, expected, what="output")
