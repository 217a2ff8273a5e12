"""Hidden tests of `overflow_step`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import assert_structure, exercise

from ..shared_hidden import assert_almost, assert_steps


def just_above(steps, dtype, share):
    """A number whose power ``steps`` is the first beyond ``dtype``, well away from rounding."""
    return float(np.finfo(dtype).max) ** (1.0 / (steps - share))


DTYPES = st.sampled_from(("float64", "float32"))


@exercise("overflow_step", points=1.5)
@settings(max_examples=8)
@given(steps=st.integers(3, 400), share=st.sampled_from((0.3, 0.5, 0.7)))
def test_overflow_step_is_the_first_infinite_one(student, steps, share):
    """It is the smallest k for which |a|**k exceeds the largest float64

    One less, and you return the last step that is still finite.
    """
    a = just_above(steps, "float64", share)
    assert_steps(student.overflow_step(a, "float64"), steps)


@exercise("overflow_step", points=1)
@settings(max_examples=8)
@given(steps=st.integers(3, 400), share=st.sampled_from((0.3, 0.5, 0.7)))
@example(steps=56, share=0.5)
def test_overflow_step_knows_single_precision(student, steps, share):
    """With dtype "float32" it is the smallest k for which |a|**k exceeds the largest float32"""
    a = just_above(steps, "float32", share)
    assert_steps(student.overflow_step(a, "float32"), steps)


@exercise("overflow_step", points=1.5)
def test_overflow_step_of_five(student):
    """5 overflows at step 442 in float64 and at step 56 in float32, as a float and as an integer

    Where an integer gives another answer, or none: Python's integers never overflow.
    """
    for a in (5.0, 5):
        assert_steps(student.overflow_step(a, "float64"), 442)
        assert_steps(student.overflow_step(a, "float32"), 56)


@exercise("overflow_step", points=1.5)
@settings(max_examples=6)
@given(a=st.sampled_from((1.0, -1.0, 0.99, 0.5, 0.0, -0.7)), dtype=DTYPES)
def test_up_to_one_nothing_overflows(student, a, dtype):
    """For |a| ≤ 1 nothing overflows: the result is None

    Ask before you start to count: a loop that waits for inf would never end.
    """
    assert_almost(student.overflow_step(8.5, "float64"), 332)
    assert_steps(student.overflow_step(a, dtype), None)


@exercise("overflow_step", points=0.5)
@settings(max_examples=5)
@given(steps=st.integers(4, 300))
def test_overflow_step_takes_negative_numbers(student, steps):
    """For a negative a the size counts: -inf is an overflow, too"""
    a = just_above(steps, "float64", 0.5)
    expected = student.overflow_step(a, "float64")
    assert_almost(expected, steps)
    assert_steps(student.overflow_step(-a, "float64"), expected)


@exercise("overflow_step", points=0.5, form=True)
def test_the_step_of_an_overflow_is_an_integer(student):
    """The step is an integer, not a float"""
    step = student.overflow_step(3.0, "float64")
    assert_almost(step, 647)
    assert_structure(step, 647, what="number of steps")


@exercise("overflow_step", points=0.5)
def test_overflow_step_of_two(student):
    """2 overflows at step 1024 in float64 and at step 128 in float32

    The largest number is just below a power of 2. Its logarithm is rounded, so a formula with
    logarithms has to be right at a whole number, too.
    """
    assert_steps(student.overflow_step(2.0, "float64"), 1024)
    assert_steps(student.overflow_step(2.0, "float32"), 128)
