"""Public tests of `sigmoid_prime`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    arrays,
    assert_close,
    assert_gradients,
    assert_silent,
    exercise,
    shapes,
)

from ..shared_public import LOG3, assert_keeps_shapes


@exercise("sigmoid_prime", after="sigmoid")
def test_sigmoid_prime_of_known_numbers(student):
    """σ′(0) = 1/4 and σ′(±log 3) = 3/16

    At log 3, σ is 3/4, and 3/4 times 1/4 is 3/16. If you get 0.218 there, sigmoid was taken twice;
    if you get more than 1/4, look at the sign in (1 − s), and at whether s is σ(x) or x.
    """
    x = np.array([[0.0, LOG3, -LOG3]])
    assert_close(student.sigmoid_prime(x), np.array([[0.25, 0.1875, 0.1875]]))


@exercise("sigmoid_prime", after="sigmoid")
@settings(max_examples=5)
@given(x=arrays(shapes(1, most=4), largest=3.0))
def test_sigmoid_prime_fits_your_sigmoid(student, x):
    """σ′ is the slope of your own sigmoid, by central differences

    The two have to fit each other. If the known numbers are right and this is not, the mistake is
    in `sigmoid`.
    """
    slope = student.sigmoid_prime(x)
    rng = np.random.default_rng(0)
    assert_gradients(student.sigmoid, {"x": x}, [np.ones(x.shape)], {"x": slope}, rng)


@exercise("sigmoid_prime", after="sigmoid")
def test_sigmoid_prime_far_out(student):
    """σ′(±1e4) = 0, without a warning

    If `sigmoid` is silent out there and this is not, you exponentiate again: s is all you need.
    """
    x = np.array([1e4, 0.0, -1e4])
    assert_close(student.sigmoid_prime(x), np.array([0.0, 0.25, 0.0]))
    assert_silent(student.sigmoid_prime, x)


@exercise("sigmoid_prime", after="sigmoid")
def test_sigmoid_prime_keeps_shapes(student):
    """sigmoid_prime takes numbers, integers and arrays of any shape, and leaves x unchanged"""
    assert_keeps_shapes(student.sigmoid_prime)
