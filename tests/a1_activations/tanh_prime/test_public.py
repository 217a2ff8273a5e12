"""Public tests of `tanh_prime`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    StudentFailure,
    arrays,
    assert_close,
    assert_gradients,
    assert_structure,
    exercise,
    shapes,
    show,
)

from ..shared_public import ROWS, assert_keeps_shapes


@exercise("tanh_prime")
def test_tanh_prime_of_known_numbers(student):
    """tanh′(0) = 1 and tanh′(±log 2) = 16/25

    tanh(log 2) is 3/5, and 1 − 9/25 is 16/25. If you get 0.712, tanh was taken twice; 0.4 and 1.6
    mean that the square is missing; 9/25, that "1 −" is; 25/16, that it was turned upside down.
    """
    x = np.array([[0.0, np.log(2.0), -np.log(2.0)]])
    assert_close(student.tanh_prime(x), np.array([[1.0, 0.64, 0.64]]))


@exercise("tanh_prime")
@settings(max_examples=10)
@given(x=ROWS)
def test_tanh_prime_lies_between_zero_and_one(student, x):
    """tanh′ lies above 0 and is at most 1, for |x| ≤ 5

    A derivative of tanh that is negative or above 1 treats x as something that it is not, or has
    lost a square.
    """
    slope = student.tanh_prime(x)
    assert_structure(slope, x)
    if not np.all((slope > 0) & (slope <= 1)):
        raise StudentFailure("it leaves the interval", got=show(slope), expected="above 0, to 1")


@exercise("tanh_prime")
@settings(max_examples=5)
@given(x=arrays(shapes(1, most=4), largest=3.0))
def test_tanh_prime_fits_tanh(student, x):
    """tanh′ is the slope of np.tanh, by central differences

    x is the argument of tanh, not its value.
    """
    rng = np.random.default_rng(0)
    slope = student.tanh_prime(x)
    assert_gradients(lambda x: np.tanh(x), {"x": x}, [np.ones(x.shape)], {"x": slope}, rng)


@exercise("tanh_prime")
def test_tanh_prime_keeps_shapes(student):
    """tanh_prime takes numbers, integers and arrays of any shape, and leaves x unchanged"""
    assert_keeps_shapes(student.tanh_prime)
