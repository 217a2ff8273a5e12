"""Public tests of `steps_until_below`."""

from __future__ import annotations

from autograder.testing import exercise

from ..shared_public import assert_count


@exercise("steps_until_below", after="gradient_factor")
def test_steps_of_known_numbers(student):
    """0.9 falls below 0.1 at step 22 and below 0.01 at step 44; −0.9 as well

    0.9**21 is 0.109 and 0.9**22 is 0.098. For a negative a the size counts. The result is an
    integer.
    """
    for a in (0.9, -0.9):
        assert_count(student.steps_until_below(a, 0.1), 22)
        assert_count(student.steps_until_below(a, 0.01), 44)
    assert_count(student.steps_until_below(0.2, 0.5), 1)


@exercise("steps_until_below", after="gradient_factor")
def test_some_numbers_never_fall_below(student):
    """For |a| ≥ 1 the result is None

    No number of steps is enough there. A loop would run for ever, and the logarithm of 1 is 0.
    """
    assert_count(student.steps_until_below(0.5, 0.1), 4)
    for a in (1.0, -1.0, 1.1, -5.0):
        assert_count(student.steps_until_below(a, 0.1), None)


@exercise("steps_until_below", after="gradient_factor")
def test_edges_of_below(student):
    """0.5 falls below 0.25 at step 3, and 0 falls below anything at step 1

    0.5**2 equals 0.25 and is not below it. For 0, think before you take a logarithm.
    """
    assert_count(student.steps_until_below(0.5, 0.25), 3)
    assert_count(student.steps_until_below(0.0, 0.25), 1)
