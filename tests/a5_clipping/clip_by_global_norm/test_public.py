"""Public tests of `clip_by_global_norm`."""

from __future__ import annotations

import numpy as np

from autograder.testing import (
    assert_bitwise_equal,
    assert_close,
    assert_pure,
    assert_silent,
    exercise,
)

SHORT = {"W": np.array([[2.0, -4.0]]), "b": np.array([4.0])}  # norm 6
QUARTER = {"W": np.array([[0.5, -1.0]]), "b": np.array([1.0])}


@exercise("clip_by_global_norm")
def test_clip_by_global_norm_of_known_numbers(student):
    """W = [[2, −4]] and b = [4] have the norm 6: at a threshold of 1.5 all become a quarter

    4 + 16 + 16 = 36. If W and b are scaled differently, each has got a norm of its own; if you get
    36, the root is missing. The norm returned is 6, the one before clipping.
    """
    clipped, norm = student.clip_by_global_norm(SHORT, 1.5)
    assert_close(norm, 6.0, what="norm")
    assert_close(clipped, QUARTER, what="clipped")


@exercise("clip_by_global_norm")
def test_short_gradients_stay(student):
    """At thresholds of 6 and of 100 they stay as they are, to the last bit

    Clipping never makes a gradient longer.
    """
    for threshold in (6.0, 100.0):
        clipped, norm = student.clip_by_global_norm(SHORT, threshold)
        assert_close(norm, 6.0, what="norm")
        assert_bitwise_equal(clipped, SHORT, what="clipped")


@exercise("clip_by_global_norm")
def test_zero_gradients_stay_zero(student):
    """Gradients of 0 stay 0, with norm 0 and without a warning

    If you get NaN, something is divided by a norm of 0.
    """
    zeros = {"W": np.zeros((2, 3)), "b": np.zeros(3)}
    assert_close(student.clip_by_global_norm(zeros, 1.0), (zeros, 0.0))
    assert_silent(student.clip_by_global_norm, zeros, 1.0)


@exercise("clip_by_global_norm")
def test_clip_by_global_norm_builds_new_arrays(student):
    """The arrays that were given are left unchanged

    `g *= …` works in the array that you were given.
    """
    assert_pure(student.clip_by_global_norm, SHORT, 1.5, like=lambda *_: (QUARTER, 6.0))
