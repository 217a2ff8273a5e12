"""Public tests of `relu`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, exercise

from ..shared_public import assert_keeps_shapes


@exercise("relu")
def test_relu_of_known_numbers(student):
    """relu of −2, −0.5, 0, 1.5 and 30 is 0, 0, 0, 1.5 and 30

    Entry by entry, the larger of x and 0. NumPy has two functions with "max" in their names: one
    compares two arrays, the other looks for the largest entry of one.
    """
    x = np.array([[-2.0, -0.5, 0.0, 1.5, 30.0]])
    assert_close(student.relu(x), np.array([[0.0, 0.0, 0.0, 1.5, 30.0]]))


@exercise("relu")
def test_relu_keeps_shapes(student):
    """relu takes numbers, integers and arrays of any shape, gives floats, and leaves x unchanged

    The result is float64 also where x holds integers, and it is a new array: an assignment like
    `x[…] = 0` changes the caller's numbers.
    """
    assert_keeps_shapes(student.relu)
