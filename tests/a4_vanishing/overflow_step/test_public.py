"""Public tests of `overflow_step`."""

from __future__ import annotations

from autograder.testing import exercise

from ..shared_public import assert_count


@exercise("overflow_step")
def test_overflow_of_five(student):
    """5, −5 and the integer 5 overflow at step 442 in float64, and at step 56 in float32

    Both the same? Then dtype is not used. 28 or so? That is the range of integers. An
    OverflowError? Python's `**` raises it where NumPy's numbers would become inf.
    """
    for a in (5.0, -5.0, 5):
        assert_count(student.overflow_step(a, "float64"), 442)
        assert_count(student.overflow_step(a, "float32"), 56)


@exercise("overflow_step")
def test_overflow_of_two(student):
    """2 overflows at step 1024 in float64, and at step 128 in float32

    2**1023 is a float64, and 2**1024 is not. The largest float64 is just below 2**1024, so close
    that their logarithms are the same after rounding.
    """
    assert_count(student.overflow_step(2.0, "float64"), 1024)
    assert_count(student.overflow_step(2.0, "float32"), 128)


@exercise("overflow_step")
def test_small_numbers_never_overflow(student):
    """For |a| ≤ 1 the result is None

    Their powers do not grow. Ask before you count.
    """
    assert_count(student.overflow_step(3.0, "float32"), 81)
    for a in (1.0, -1.0, 0.5, 0.0):
        assert_count(student.overflow_step(a, "float32"), None)
