"""Hidden tests of `gradient_factor`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import assert_close, assert_form_agrees, assert_pure, exercise, seeds

POSITIVE = st.integers(5, 200).map(lambda n: n / 100)  # signs have a test of their own


# one number, again and again


@exercise("gradient_factor", points=1)
@given(a=POSITIVE, steps=st.integers(1, 30))
@example(a=0.75, steps=3)
@example(a=1.0, steps=7)
def test_gradient_factor_agrees_with_its_formula(student, reference, a, steps):
    """After k steps with the derivative a, the factor is a**k

    One multiplication for each step: no more, and no fewer.
    """
    assert_close(student.gradient_factor(a, steps), reference.gradient_factor(a, steps))


@exercise("gradient_factor", points=0.5)
def test_gradient_factor_of_the_documents_numbers(student):
    """0.8^15 = 0.035, 0.8^2 = 0.64, 0.9^25 = 0.0718 and 5^25 = 2.98e17"""
    for a, steps in ((0.8, 15), (0.8, 2), (0.9, 25), (5, 25)):
        assert_close(student.gradient_factor(a, steps), float(a) ** steps)


@exercise("gradient_factor", points=0.5)
@settings(max_examples=8)
@given(a=POSITIVE, seed=seeds)
def test_gradient_factor_takes_arrays_of_steps(student, reference, a, seed):
    """steps may be an array of integers, of any shape

    Then the result is a float64 array of its shape, also for an integer a: in an array of integers
    5**28 is beyond the largest number, and wraps round without a word.
    """
    rng = np.random.default_rng(seed)
    for shape in ((4,), (2, 4, 3)):
        steps = rng.integers(1, 12, size=shape)
        assert_close(student.gradient_factor(a, steps), reference.gradient_factor(a, steps))
    whole = np.array([3, 27, 28, 40])
    assert_close(student.gradient_factor(5, whole), reference.gradient_factor(5, whole))


@exercise("gradient_factor", points=0.5)
@settings(max_examples=5)
@given(a=POSITIVE)
def test_no_step_leaves_the_gradient_as_it_is(student, a):
    """No step gives 1, one step gives a; also for a = 0"""
    for each in (a, 0.0):
        assert_close(student.gradient_factor(each, 0), 1.0, what="factor after no step")
        assert_close(student.gradient_factor(each, 1), each, what="factor after one step")


@exercise("gradient_factor", points=1)
@settings(max_examples=8)
@given(a=POSITIVE, steps=st.integers(1, 9))
def test_gradient_factor_keeps_the_sign(student, reference, a, steps):
    """A negative derivative makes the factor change its sign at every step

    If you get NaN: a logarithm of a negative number is not a real one. If all are positive: only
    the size was taken.
    """
    assert_close(student.gradient_factor(-0.5, 3), -0.125)
    assert_close(student.gradient_factor(-a, steps), reference.gradient_factor(-a, steps))


@exercise("gradient_factor", points=0.5)
def test_gradient_factor_may_be_infinite(student):
    """A power beyond float64 is inf, or -inf where it is negative, and no exception

    Python's own `**` raises OverflowError for floats; for integers it makes ever longer numbers.
    NumPy's gives inf: begin with `np.float64(a)`.
    """
    for a, steps in ((5.0, 442), (5, 442), (-2.0, 2000), (-2.0, 2001)):
        expected = -np.inf if a < 0 and steps % 2 else np.inf
        assert_close(student.gradient_factor(a, steps), expected, finite=False)
    assert_close(student.gradient_factor(5.0, 441), 5.0**441)


@exercise("gradient_factor", points=0.5, form=True)
def test_form_of_gradient_factor(student, reference):
    """For a number of steps it is a number, for an array of them a float64 array of its shape"""
    for steps in (3, np.array([[1, 2, 3], [4, 5, 6]])):
        assert_form_agrees(student.gradient_factor, reference.gradient_factor, 0.5, steps)


@exercise("gradient_factor", points=0.5)
def test_gradient_factor_leaves_steps_unchanged(student, reference):
    """gradient_factor leaves the array steps unchanged"""
    assert_pure(student.gradient_factor, 0.5, np.array([2, 0, 3]), like=reference.gradient_factor)
