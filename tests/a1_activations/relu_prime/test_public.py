"""Public tests of `relu_prime`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, exercise

from ..shared_public import assert_keeps_shapes


@exercise("relu_prime", after="relu")
def test_relu_prime_of_known_numbers(student):
    """relu′ of −2, −0.5, 1.5 and 30 is 0, 0, 1 and 1

    The slope of relu: flat on the left, and 1 on the right however large x is.
    """
    x = np.array([[-2.0, -0.5, 1.5, 30.0]])
    assert_close(1.0 * np.asarray(student.relu_prime(x)), np.array([[0.0, 0.0, 1.0, 1.0]]))


@exercise("relu_prime", after="relu")
def test_relu_prime_at_the_kink(student):
    """relu′(0) = 0

    There is no derivative at 0; this course takes 0. Is your comparison strict?
    """
    assert_close(1.0 * np.asarray(student.relu_prime(np.zeros((2, 1)))), np.zeros((2, 1)))


@exercise("relu_prime", after="relu")
def test_relu_prime_keeps_shapes(student):
    """relu_prime takes numbers, integers and arrays of any shape, gives floats, leaves x unchanged

    The result is float64: a comparison gives True and False, and `np.where(…, 1, 0)` gives
    integers.
    """
    assert_keeps_shapes(student.relu_prime)
