"""Public tests of `sigmoid`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import assert_close, assert_silent, exercise

from ..shared_public import LOG3, ROWS, assert_keeps_shapes


@exercise("sigmoid")
def test_sigmoid_of_known_numbers(student):
    """σ(0) = 1/2, σ(log 3) = 3/4 and σ(−log 3) = 1/4

    exp(−log 3) is 1/3, so 1 / (1 + exp(−x)) is 3/4 at log 3. If yours is exactly the other way
    round, the exponent has the wrong sign; if it is off by a tiny bit, something was added that
    the formula does not have.
    """
    x = np.array([[0.0, LOG3, -LOG3]])
    assert_close(student.sigmoid(x), np.array([[0.5, 0.75, 0.25]]))


@exercise("sigmoid")
@settings(max_examples=10)
@given(x=ROWS)
def test_sigmoid_is_symmetric(student, x):
    """σ(−x) = 1 − σ(x) for every x

    If this fails and single values are right, look at how your function treats the two signs of x,
    and at what it does with an array that holds both.
    """
    assert_close(student.sigmoid(-x), 1.0 - np.asarray(student.sigmoid(x)))


@exercise("sigmoid")
def test_sigmoid_far_out(student):
    """σ(−1e4) = 0 and σ(1e4) = 1, without a warning

    exp overflows above 709. Which exponential do you compute for x = −1e4, and which for 1e4? Note
    that `np.where(condition, a, b)` computes all of a and all of b before it chooses.
    """
    x = np.array([1e4, 0.0, -1e4])
    assert_close(student.sigmoid(x), np.array([1.0, 0.5, 0.0]))
    assert_silent(student.sigmoid, x)


@exercise("sigmoid")
def test_sigmoid_keeps_shapes(student):
    """sigmoid takes numbers, integers and arrays of any shape, and leaves x unchanged

    A number has no entries: `np.asarray(x, dtype=np.float64)` at the beginning turns it into an
    array without axes, and integers into floats.
    """
    assert_keeps_shapes(student.sigmoid)
