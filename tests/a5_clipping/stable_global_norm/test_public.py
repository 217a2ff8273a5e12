"""Public tests of `stable_global_norm`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, assert_silent, exercise

from ..shared_public import GRADS


@exercise("stable_global_norm")
def test_stable_norm_of_known_numbers(student):
    """The norm of 3, −0.5, 0.25, −4, 12 and 0 is the root of 169.3125

    If you get a number between 1 and 3, the scale was not put back; if it is negative, the scale is
    not an *absolute* value.
    """
    assert_close(student.stable_global_norm(GRADS), np.sqrt(169.3125), what="norm")
    assert_close(student.stable_global_norm({"b": np.array([-3.0, -4.0])}), 5.0, what="norm")
    assert_pure(student.stable_global_norm, GRADS)


@exercise("stable_global_norm")
def test_stable_norm_of_large_and_of_tiny_numbers(student):
    """3 and −4 times 1e20 in float32, times 1e200 and times 1e-200 have the norm 5 times as much

    If it is infinite or 0, a square overflows or underflows: in which dtype, and is the scale that
    of *all* arrays?
    """
    single = {"W": np.array([[3e20]], np.float32), "b": np.array([-4e20], np.float32)}
    assert_close(student.stable_global_norm(single), 5e20, rtol=1e-6, what="norm")
    for size in (1e199, 1e-199):
        grads = {"W": size * np.array([[3.0]]), "b": size * np.array([-4.0])}
        assert_close(student.stable_global_norm(grads), 5.0 * size, what="norm")
        assert_silent(student.stable_global_norm, grads)


@exercise("stable_global_norm")
def test_stable_norm_of_zeros(student):
    """The norm of zeros is 0, without a warning

    What is the largest entry then, and what do you divide by?
    """
    zeros = {"W": np.zeros((2, 3)), "b": np.zeros(3)}
    assert_close(student.stable_global_norm(zeros), 0.0, what="norm")
    assert_silent(student.stable_global_norm, zeros)
