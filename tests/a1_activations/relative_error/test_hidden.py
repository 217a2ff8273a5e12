"""Hidden tests of `relative_error`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    assert_close,
    assert_form_agrees,
    assert_pure,
    assert_raises,
    assert_silent,
    assert_structure,
    exercise,
    seeds,
)

from ..shared_hidden import COLUMN, CUBE, EMPTY, ROW, values


def pair(a, seed):
    """a, and a second array of its shape that differs in every entry; neither is near 0."""
    b = np.round(3.0 * np.random.default_rng(seed).standard_normal(a.shape), 2)
    return a, b + np.copysign(0.105, b)


PAIRS = st.builds(pair, values(largest=np.inf, away_from_zero=0.1), seeds)


def error_of(student, a, b):
    """The student's relative error of two arrays that differ."""
    error = student.relative_error(a, b)
    assert_structure(error, 0.0)
    assert error > 0, "it is not above 0, although a and b differ"
    return error


@exercise("relative_error", points=2.5)
@given(pair=PAIRS)
@example(pair=(CUBE, CUBE**2 - 1.0))
@example(pair=(ROW, 2.0 - ROW))
@example(pair=(COLUMN, -0.5 * COLUMN))
def test_relative_error_agrees_with_its_formula(student, reference, pair):
    """It is the largest entry of |a − b| / (|a| + |b|)

    Divide entry by entry, then take the maximum; and take absolute values of a and of b, before
    they are added.
    """
    assert_close(student.relative_error(*pair), reference.relative_error(*pair))


@exercise("relative_error", points=0.5)
@settings(max_examples=8)
@given(pair=PAIRS)
@example(pair=(np.array([-1.0, -2.0]), np.array([-3.0, -4.0])))
def test_relative_error_is_symmetric(student, pair):
    """relative_error(a, b) = relative_error(b, a), and it is above 0 where a and b differ"""
    a, b = pair
    error = error_of(student, a, b)
    assert_close(student.relative_error(b, a), error, what="relative error of b and a")


@exercise("relative_error", points=1.5)
@settings(max_examples=6)
@given(pair=PAIRS)
@example(pair=(np.array([-1.0, -2.0]), np.array([-3.0, -4.0])))
def test_two_zeros_agree(student, pair):
    """An entry that is 0 in both arrays counts as 0: it changes nothing, and gives no warning

    0 / 0 is NaN in NumPy, with a warning, and one NaN spoils the maximum of all entries.
    """
    error = error_of(student, *pair)
    a, b = (np.append(each, 0.0) for each in pair)
    assert_close(student.relative_error(a, b), error, what="relative error with zeros")
    zeros = np.zeros((2, 3))
    assert_close(student.relative_error(zeros, zeros), 0.0, what="relative error of zeros")
    for arrays_with_zeros in ((a, b), (zeros, zeros)):
        assert_silent(student.relative_error, *arrays_with_zeros)


@exercise("relative_error", points=1.5)
def test_relative_error_refuses_other_shapes(student):
    """Arrays of different shapes raise ValueError, also where NumPy would broadcast

    NumPy stretches (3, 1) and (3,) to (3, 3) without a word: compare the shapes yourself, first.
    """
    a = np.array([1.0, 2.0, 3.0])
    for b in (a[:, None], a[None, :], a[:1], np.float64(2.0), np.ones((2, 3))):
        assert_raises(student.relative_error, ValueError, a, b)
        assert_raises(student.relative_error, ValueError, b, a)


@exercise("relative_error", points=1)
@settings(max_examples=6)
@given(pair=PAIRS, power=st.sampled_from((-60, -30, 30)))
def test_relative_error_does_not_depend_on_the_scale(student, pair, power):
    """The error of c·a and c·b is that of a and b, for very small and very large c

    A constant added to the denominator, or a smallest value for it, hides errors in small numbers.
    """
    error = error_of(student, *pair)
    a, b = (2.0**power * each for each in pair)
    assert_close(student.relative_error(a, b), error, what="relative error of c·a and c·b")


@exercise("relative_error", points=0.5)
def test_relative_error_takes_numbers(student):
    """a and b may be two numbers"""
    for a, b, error in ((1.0, 3.0, 0.5), (-2.0, 2.0, 1.0), (0.0, 3, 1.0), (3, 1, 0.5)):
        assert_close(student.relative_error(a, b), error)


@exercise("relative_error", points=0.5)
def test_relative_error_takes_empty_arrays(student):
    """Arrays without entries give 0.0

    The maximum of nothing is an error in NumPy, unless it is told where to begin.
    """
    assert_close(student.relative_error(EMPTY, EMPTY), 0.0)


@exercise("relative_error", points=0.5, form=True)
def test_form_of_relative_error(student, reference):
    """The result is a number in the precision of float64"""
    a, b = np.linspace(1.0, 2.0, 6).reshape(2, 3), np.linspace(2.0, 1.0, 6).reshape(2, 3)
    assert_form_agrees(student.relative_error, reference.relative_error, a, b)


@exercise("relative_error", points=0.5)
def test_relative_error_leaves_its_arguments_unchanged(student):
    """relative_error leaves a and b unchanged"""
    a, b = CUBE, CUBE + 1.0
    error_of(student, a, b)
    assert_pure(student.relative_error, a, b)
