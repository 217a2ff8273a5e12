"""Typical wrong answers to `relative_error`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


def _require_equal_shapes(a, b):
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if a.shape != b.shape:
        raise ValueError("the shapes differ")
    return a, b


def _quotient(difference, size):
    """The largest |difference| / size; 0 where the size is 0."""
    return float(np.max(np.abs(difference) / np.where(size == 0, 1.0, size), initial=0.0))


@misconception("relative_error")
def shapes_not_compared(a, b):
    """Your function lets NumPy broadcast arrays of different shapes, (N, 1) with (N,) for example,
    and compares numbers that do not belong together. Compare the shapes first and raise
    ValueError."""
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    return _quotient(a - b, np.abs(a) + np.abs(b))


@misconception("relative_error")
def zero_by_zero(a, b):
    """Your function divides 0 by 0 where an entry is 0 in both arrays: that is NaN, and it spoils
    the maximum. Such an entry counts as 0."""
    a, b = _require_equal_shapes(a, b)
    return float(np.max(np.abs(a - b) / (np.abs(a) + np.abs(b)), initial=0.0))


@misconception("relative_error")
def without_absolute_values(a, b):
    """Your function divides by a + b without absolute values: where the signs differ that is
    nearly 0, or negative. Use |a| + |b|."""
    a, b = _require_equal_shapes(a, b)
    total = a + b
    quotient = np.abs(a - b) / np.where(total == 0, 1.0, total)
    return float(np.max(quotient, initial=0.0))


@misconception("relative_error")
def sign_of_the_difference(a, b):
    """Your function takes no absolute value of a − b: where a is the smaller one, the error is
    negative, and the maximum passes over it."""
    a, b = _require_equal_shapes(a, b)
    size = np.abs(a) + np.abs(b)
    return float(np.max((a - b) / np.where(size == 0, 1.0, size), initial=0.0))


@misconception("relative_error")
def floor_of_the_denominator(a, b):
    """Your denominator has a smallest value (1e-8 in many courses): two tiny numbers then seem to
    agree whatever they are. Treat only 0 beside 0 as a special case."""
    a, b = _require_equal_shapes(a, b)
    return float(np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-8), initial=0.0))


@misconception("relative_error")
def relative_to_b_only(a, b):
    """Your function divides by |b| alone, so it is not symmetric and not bounded by 1. Divide by
    |a| + |b|."""
    a, b = _require_equal_shapes(a, b)
    return _quotient(a - b, np.abs(b))


@misconception("relative_error")
def mean_for_maximum(a, b):
    """Your function returns the mean of the errors: one wrong entry among many right ones
    disappears in it. Return the largest."""
    a, b = _require_equal_shapes(a, b)
    size = np.abs(a) + np.abs(b)
    errors = np.abs(a - b) / np.where(size == 0, 1.0, size)
    return float(np.mean(errors)) if errors.size else 0.0


@misconception("relative_error")
def maxima_divided(a, b):
    """Your function divides the largest difference by the largest size. Entries are to be divided
    one by one, before the maximum: otherwise small entries are measured by large ones."""
    a, b = _require_equal_shapes(a, b)
    size = np.max(np.abs(a) + np.abs(b), initial=0.0)
    return _quotient(np.max(np.abs(a - b), initial=0.0), size)


@misconception("relative_error")
def absolute_difference(a, b):
    """Your function returns the largest difference, not divided by anything: it is not relative."""
    a, b = _require_equal_shapes(a, b)
    return float(np.max(np.abs(a - b), initial=0.0))
