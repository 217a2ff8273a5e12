"""Public tests of `clip_by_value`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_bitwise_equal, assert_close, assert_pure, exercise

from ..shared_public import GRADS

CUT_AT_ONE = {"W": np.array([[1.0, -0.5], [0.25, -1.0]]), "b": np.array([1.0, 0.0])}


@exercise("clip_by_value")
def test_clip_by_value_of_known_numbers(student):
    """With a limit of 1: 3 and 12 become 1, −4 becomes −1, and what is smaller stays

    Each entry on its own, on both sides of 0, in every array.
    """
    clipped = student.clip_by_value(GRADS, 1.0)
    assert_close(clipped, CUT_AT_ONE)
    assert_bitwise_equal(student.clip_by_value(clipped, 1.0), CUT_AT_ONE)


@exercise("clip_by_value")
def test_clip_by_value_builds_new_arrays(student):
    """The arrays that were given are left unchanged

    A copy of the dict alone still holds the caller's arrays.
    """
    assert_pure(student.clip_by_value, GRADS, 1.0, like=lambda *_: CUT_AT_ONE)
