"""What the public tests share; released with them."""

from __future__ import annotations

import numpy as np

from autograder.testing import StudentFailure, assert_bitwise_equal, assert_close, assert_structure


def assert_batch(result, x, y):
    """Assert that the result is a pair of arrays like x and y, and return them."""
    assert_structure(result, (x, y))
    return result


def assert_one_marker(markers, what):
    """Assert that markers (n, steps) has exactly one 1 in each row, and 0 elsewhere."""
    assert_close(np.sort(markers, axis=1)[:, :-1], 0.0 * markers[:, 1:], what=f"markers {what}")
    assert_close(markers.sum(axis=1), np.ones(len(markers)), what=f"number of markers {what}")


def assert_repeatable(make):
    """Assert that rng alone decides: the same seed the same batch, another seed another one."""
    one, again, other = (make(20, 12, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert_structure(again, one)
    assert_bitwise_equal(again, one, what="batch drawn with the same seed")
    if any(np.array_equal(ours, theirs) for ours, theirs in zip(one, other, strict=True)):
        raise StudentFailure("two different seeds give the same batch")
