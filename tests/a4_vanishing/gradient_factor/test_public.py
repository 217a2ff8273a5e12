"""Public tests of `gradient_factor`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, exercise


@exercise("gradient_factor")
def test_factors_of_known_numbers(student):
    """0.5 leaves 1/8 after three steps, −0.5 leaves −1/8, and no step leaves 1

    As many multiplications as steps. If you get NaN for a negative number, a logarithm was taken.
    """
    for a, steps, factor in ((0.5, 3, 0.125), (-0.5, 3, -0.125), (-0.5, 2, 0.25), (3.0, 1, 3.0)):
        assert_close(student.gradient_factor(a, steps), factor)
    for a in (0.7, -2.0, 0.0):
        assert_close(student.gradient_factor(a, 0), 1.0, what="factor after no step")


@exercise("gradient_factor")
def test_factors_of_arrays(student):
    """steps may be an array, and is left unchanged; the factors are float64, also for an integer a

    Numbers without a decimal point make an array of integers, whose powers wrap round when they
    become too large.
    """
    steps = np.array([[0, 1], [2, 28]])
    expected = np.array([[1.0, 5.0], [25.0, 5.0**28]])
    assert_close(student.gradient_factor(5, steps), expected)
    assert_pure(student.gradient_factor, 0.5, steps)


@exercise("gradient_factor")
def test_factors_may_be_infinite(student):
    """5 to the power 500 is inf, and (−2) to the power 2001 is −inf: values, and no exception

    If yours raises OverflowError, the power was computed with Python's own float, not with NumPy's
    float64.
    """
    assert_close(student.gradient_factor(5.0, 500), np.inf, finite=False)
    assert_close(student.gradient_factor(-2.0, 2001), -np.inf, finite=False)
