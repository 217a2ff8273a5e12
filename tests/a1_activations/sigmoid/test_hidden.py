"""Hidden tests of `sigmoid`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings

from autograder.testing import (
    StudentFailure,
    arrays,
    assert_close,
    assert_form_agrees,
    assert_silent,
    assert_structure,
    exercise,
    shapes,
    show,
)

from ..shared_hidden import (
    COLUMN,
    CUBE,
    EMPTY,
    ROW,
    assert_leaves_unchanged,
    assert_like_reference,
    values,
)


@exercise("sigmoid", points=3)
@given(x=values())
@example(x=CUBE)
def test_sigmoid_agrees_with_its_formula(student, reference, x):
    """σ(x) = 1 / (1 + exp(−x)) for arrays of any shape"""
    assert_like_reference(student.sigmoid, reference.sigmoid, x)


@exercise("sigmoid", points=0.5)
def test_sigmoid_is_a_half_at_zero(student):
    """σ(0) is exactly 0.5

    A small constant in the denominator protects against nothing here: it is never 0.
    """
    assert_close(student.sigmoid(np.zeros((2, 1))), np.full((2, 1), 0.5), rtol=0.0)


@exercise("sigmoid", points=0.5)
@settings(max_examples=10)
@given(x=values())
def test_sigmoid_is_symmetric(student, x):
    """σ(−x) = 1 − σ(x) for every x"""
    here = student.sigmoid(x)
    assert_structure(here, x)
    assert_close(student.sigmoid(-x), 1.0 - here, what="value at −x")


@exercise("sigmoid", points=1)
@settings(max_examples=10)
@given(x=arrays(shapes(1, most=12), scale=5.0, largest=15.0))
def test_sigmoid_never_decreases(student, x):
    """σ never decreases, and rises from almost 0 to almost 1"""
    rising = np.unique([-15.0, *x, 15.0])
    result = student.sigmoid(rising)
    assert_structure(result, rising)
    falls = np.flatnonzero(np.diff(result) < 0)
    if falls.size:
        here = slice(falls[0], falls[0] + 2)
        raise StudentFailure(
            f"σ falls between x = {show(rising[here][0])} and x = {show(rising[here][1])}",
            got=show(result[here]),
            expected="a second value that is not smaller than the first",
        )
    assert result[-1] - result[0] > 0.99, "σ does not rise from almost 0 to almost 1"


@exercise("sigmoid", points=1)
@settings(max_examples=5)
@given(x=arrays(shapes(1, most=3), scale=1e4, away_from_zero=1e4))
def test_sigmoid_is_right_far_out(student, x):
    """σ is 0 at −1e4 and further out, and 1 at 1e4 and further out

    For NaN: exp overflows to infinity above 709, and infinity by infinity is NaN. For numbers that
    are only almost 0 and 1: x seems to be clipped.
    """
    for far in (np.abs(x), -np.abs(x)):
        inputs = np.append(far, 0.0)
        limits = np.append(np.where(far > 0, 1.0, 0.0), 0.5)
        assert_close(student.sigmoid(inputs), limits, rtol=1e-12)


@exercise("sigmoid", points=1.5)
def test_sigmoid_is_silent_far_out(student):
    """σ rises from −1e4 to 1e4 without an overflow warning

    Some exponential is taken of a large positive number. `np.where` does not help by itself: it
    computes both branches for every entry, and only then chooses.
    """
    for far in (1e4, -1e4, 1e6, -1e6):
        assert_silent(student.sigmoid, np.array([far]))
    x = np.array([-1e4, -720.0, 0.0, 720.0, 1e4])
    assert_silent(student.sigmoid, x)
    result = student.sigmoid(x)
    assert_structure(result, x)
    assert result[0] < result[2] < result[4], "σ does not rise from −1e4 to 0 to 1e4"


@exercise("sigmoid", points=0.5)
def test_sigmoid_takes_numbers(student, reference):
    """σ works for a single number

    If arrays work and numbers do not: `np.asarray(x)` makes an array of shape () of a number.
    """
    assert_like_reference(student.sigmoid, reference.sigmoid, 1.5, -2.25, 0.0, np.array(-0.75))


@exercise("sigmoid", points=0.5)
def test_sigmoid_takes_integers(student, reference):
    """σ works for integers and gives floats

    If floats work and integers do not: `np.zeros_like(x)` of integers is an array of integers, and
    what is stored there loses its fraction.
    """
    assert_like_reference(student.sigmoid, reference.sigmoid, np.array([[-3, 0], [1, 4]]), 2, -1)


@exercise("sigmoid", points=0.5, ones=True)
def test_sigmoid_takes_empty_arrays_and_keeps_axes_of_one(student, reference):
    """σ of an array without entries is such an array, and axes of length 1 stay"""
    inputs = EMPTY, np.zeros(0), ROW, COLUMN
    assert_like_reference(student.sigmoid, reference.sigmoid, *inputs)


@exercise("sigmoid", points=0.5, form=True)
def test_form_of_sigmoid(student, reference):
    """The result is a float64 array of the shape of x"""
    assert_form_agrees(student.sigmoid, reference.sigmoid, CUBE)


@exercise("sigmoid", points=0.5)
def test_sigmoid_leaves_x_unchanged(student):
    """sigmoid leaves x unchanged"""
    assert_leaves_unchanged(student.sigmoid, CUBE)
