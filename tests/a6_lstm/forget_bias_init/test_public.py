"""Public tests of `forget_bias_init`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_bitwise_equal, assert_close, assert_pure, exercise


@exercise("forget_bias_init")
def test_forget_bias_by_hand(student):
    """Of 0.1, 0.2, …, 0.8 the third and the fourth become 5

    Eight numbers are four parts of two, and the forget gate is the second one. Nothing else
    changes.
    """
    b = np.arange(1.0, 9.0) / 10.0
    result = student.forget_bias_init(b, 5.0)
    assert_close(result, np.array([0.1, 0.2, 5.0, 5.0, 0.5, 0.6, 0.7, 0.8]))
    assert_bitwise_equal(result[4:], b[4:], what="second half of the bias")


@exercise("forget_bias_init")
def test_forget_bias_init_makes_a_copy(student):
    """The caller's b stays as it is

    `new = b` is a second name for the same array.
    """
    b = np.array([0.1, 0.2, 0.3, 0.4])
    assert_close(student.forget_bias_init(b, -1.0), np.array([0.1, -1.0, 0.3, 0.4]))
    assert_pure(student.forget_bias_init, b, -1.0)
