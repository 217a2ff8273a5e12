"""Hidden tests of `steps_until_below`."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import assert_structure, exercise

from ..shared_hidden import assert_almost, assert_steps


def threshold(a, steps, share):
    """An eps that |a| falls below for the first time at ``steps``, well away from rounding."""
    return abs(a) ** (steps - share)


BELOW_ONE = st.integers(5, 99).map(lambda n: n / 100)


@exercise("steps_until_below", points=3, after="gradient_factor")
@given(a=BELOW_ONE, steps=st.integers(1, 25), share=st.sampled_from((0.2, 0.5, 0.8)))
@example(a=0.5, steps=1, share=0.5)
def test_steps_until_below_is_the_first_step_below(student, a, steps, share):
    """It is the smallest k with |a|**k < eps

    One less, and you return the last step that is *not* below; one more, and you count a step that
    was not needed.
    """
    eps = threshold(a, steps, share)
    assert_steps(student.steps_until_below(a, eps), steps)


@exercise("steps_until_below", points=1, after="gradient_factor")
def test_steps_until_below_of_the_documents_numbers(student):
    """0.9 falls below 0.1 at step 22 and below 0.01 at step 44; 0.8 falls below 0.1 at step 11"""
    for a, eps, steps in ((0.9, 0.1, 22), (0.9, 0.01, 44), (0.8, 0.1, 11), (0.99, 0.5, 69)):
        assert_steps(student.steps_until_below(a, eps), steps)


@exercise("steps_until_below", points=1.5, after="gradient_factor")
@settings(max_examples=6)
@given(a=st.sampled_from((1.0, 1.5, 5.0, 1.01)), sign=st.sampled_from((1, -1)))
@example(a=1.0, sign=1)
def test_from_one_on_nothing_falls_below(student, a, sign):
    """For |a| ≥ 1 there is no such step: the result is None

    The formula with logarithms divides by log 1 = 0, or gives a negative number of steps. A loop
    would never end. Ask first.
    """
    assert_almost(student.steps_until_below(0.5, 0.3), 2)
    assert_steps(student.steps_until_below(sign * a, 0.3), None)
    assert_steps(student.steps_until_below(sign * a, 1.0), None)


@exercise("steps_until_below", points=1, after="gradient_factor")
@settings(max_examples=8)
@given(a=BELOW_ONE, steps=st.integers(4, 9))
def test_steps_until_below_takes_negative_numbers(student, a, steps):
    """For a negative a the size of a**k counts, not its sign

    (−0.9)**1 is below 0.1, and it has not faded.
    """
    eps = threshold(a, steps, 0.5)
    expected = student.steps_until_below(a, eps)
    assert_almost(expected, steps)
    assert_steps(student.steps_until_below(-a, eps), expected)


@exercise("steps_until_below", points=0.5, after="gradient_factor")
def test_below_is_strict(student):
    """A power that equals eps is not below it

    0.5**2 is 0.25 exactly, so 0.5 falls below 0.25 at the third step.
    """
    for eps, steps in ((0.25, 3), (0.5, 2), (1.0, 1)):
        assert_steps(student.steps_until_below(0.5, eps), steps)


@exercise("steps_until_below", points=0.5, after="gradient_factor")
def test_zero_is_below_at_once(student):
    """For a = 0 it takes one step

    The logarithm of 0 is not a number to compute with.
    """
    for a in (0.0, -0.0, 0):
        assert_steps(student.steps_until_below(a, 0.1), 1)
    assert_almost(student.steps_until_below(0.5, 0.1), 4)


@exercise("steps_until_below", points=0.5, after="gradient_factor", form=True)
def test_a_number_of_steps_is_an_integer(student):
    """The number of steps is an integer, not a float

    `np.ceil` and `np.floor` give floats, even where there is nothing behind the point.
    """
    steps = student.steps_until_below(0.9, 0.1)
    assert_almost(steps, 22)
    assert_structure(steps, 22, what="number of steps")
