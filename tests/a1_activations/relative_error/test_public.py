"""Public tests of `relative_error`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, assert_raises, assert_silent, exercise

from ..shared_public import X


@exercise("relative_error")
def test_relative_error_of_known_numbers(student):
    """It is the largest of |a − b| / (|a| + |b|), and 0 beside 0 counts as 0

    1 beside 3 is 2/4, −2 beside −3 is 1/5, 0 beside 0 is 0: the largest is 1/2, from either side.
    Numbers of different sign are 1 apart, the most there is. If you get NaN: what is 0 / 0?
    """
    a, b = np.array([1.0, -2.0, 0.0]), np.array([3.0, -3.0, 0.0])
    assert_close(student.relative_error(a, b), 0.5)
    assert_close(student.relative_error(b, a), 0.5)
    assert_close(student.relative_error(np.array([[1.0, 5.0]]), np.array([[-2.0, 5.0]])), 1.0)
    assert_silent(student.relative_error, a, b)


@exercise("relative_error")
def test_relative_error_does_not_depend_on_the_scale(student):
    """1e-12 and 3e-12 are as far apart as 1 and 3

    If other numbers are right and these are not: whatever is added to the denominator against a
    division by 0 hides errors in small numbers. Treat 0 beside 0 on its own.
    """
    small, large = np.array([[1e-12, 2.0]]), np.array([[3e-12, 2.0]])
    assert_close(student.relative_error(small, large), 0.5)


@exercise("relative_error")
def test_relative_error_refuses_other_shapes(student):
    """Shapes (3, 1) and (3,) raise ValueError, and so do an array and a number

    NumPy would stretch both to (3, 3) and compare each number with each. Compare the shapes
    yourself, before anything else.
    """
    a = np.array([1.0, 2.0, 3.0])
    assert_raises(student.relative_error, ValueError, a[:, None], a)
    assert_raises(student.relative_error, ValueError, a, 2.0)


@exercise("relative_error")
def test_relative_error_of_numbers_and_of_nothing(student):
    """It takes two numbers, and two empty arrays (then it is 0), and leaves a and b unchanged

    If numbers work and empty arrays do not: the maximum of nothing is an error in NumPy, unless it
    is told where to begin.
    """
    assert_close(student.relative_error(1.0, 3.0), 0.5)
    assert_close(student.relative_error(np.zeros((0, 2)), np.zeros((0, 2))), 0.0)
    assert_pure(student.relative_error, X, X + 1.0)
