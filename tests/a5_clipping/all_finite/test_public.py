"""Public tests of `all_finite`."""

from __future__ import annotations

import numpy as np

from autograder.testing import StudentFailure, assert_pure, assert_silent, exercise, show

from ..shared_public import GRADS


def assert_says(student, grads, expected, because):
    """Assert that the student's all_finite answers ``expected``."""
    answer = student.all_finite(grads)
    if answer is not expected:
        raise StudentFailure(
            f"`all_finite` does not answer {expected} although {because}",
            got=f"{show(answer)}, of type {type(answer).__name__}",
            expected=f"{expected}, of type bool",
        )


@exercise("all_finite")
def test_broken_numbers_are_found(student):
    """NaN, inf and −inf are found, in the first array and in the last

    If one of the arrays is missed: does your loop answer before it has seen the others, or forget
    what it has seen? If NaN is missed: every comparison with NaN is False.
    """
    assert_says(student, GRADS, True, "all entries are finite")
    for value in (np.nan, np.inf, -np.inf):
        first = {"W": np.array([[1.0, value]]), "b": np.zeros(2)}
        last = {"W": np.array([[1.0, 2.0]]), "b": np.array([value, 0.0])}
        for name, grads in (("W", first), ("b", last)):
            assert_says(student, grads, False, f"{name} holds {value}")


@exercise("all_finite")
def test_large_numbers_are_finite(student):
    """1.7e308 is finite, and so are two of them, without a warning

    Their sum is not finite, and neither are their squares: look at the entries themselves.
    """
    large = {"W": np.array([[1.7e308, 1.7e308]]), "b": np.array([-1.7e308])}
    assert_says(student, large, True, "all entries are finite")
    assert_silent(student.all_finite, large)
    assert_pure(student.all_finite, large)
