"""Hidden tests of `relu_prime`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings

from autograder.testing import assert_close, assert_form_agrees, exercise

from ..shared_hidden import CUBE, EMPTY, ROW, as_floats, assert_leaves_unchanged, values


@exercise("relu_prime", points=2.5, after="relu")
@given(x=values(scale=20.0, largest=np.inf, away_from_zero=0.01))
@example(x=CUBE)
def test_relu_prime_agrees_with_its_formula(student, reference, x):
    """relu′(x) is 1 where x > 0 and 0 where x < 0"""
    assert_close(as_floats(student.relu_prime(x)), reference.relu_prime(x))


@exercise("relu_prime", points=1, after="relu")
def test_relu_prime_is_zero_at_the_kink(student):
    """relu′(0) = 0: the value that this course has chosen"""
    x = np.array([1.0, 0.0, -0.0, 0.01])
    assert_close(as_floats(student.relu_prime(x)), np.array([1.0, 0.0, 0.0, 1.0]))


@exercise("relu_prime", points=0.5, after="relu", form=True)
@settings(max_examples=5)
@given(x=values(away_from_zero=0.01))
def test_relu_prime_gives_floats(student, reference, x):
    """relu′ gives float64 arrays of the shape of x, for floats and for integers

    A comparison gives truth values, and numbers without a decimal point make an array of integers:
    `~`, `-` or `+` do something else with those.
    """
    for each in (x, np.where(x > 0, 2, -1)):
        assert_form_agrees(student.relu_prime, reference.relu_prime, each)


@exercise("relu_prime", points=0.5, after="relu", ones=True)
def test_relu_prime_takes_numbers_and_empty_arrays(student):
    """relu′ works for numbers and for empty arrays, and axes of length 1 stay"""
    for x, slope in ((2.5, 1.0), (-1.5, 0.0), (3, 1.0), (EMPTY, EMPTY), (ROW, ROW > 0)):
        assert_close(as_floats(student.relu_prime(x)), as_floats(slope))


@exercise("relu_prime", points=0.5, after="relu")
def test_relu_prime_leaves_x_unchanged(student):
    """relu_prime leaves x unchanged"""
    assert_leaves_unchanged(student.relu_prime, CUBE)
