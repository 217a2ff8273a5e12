"""Hidden tests of `tanh_prime`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_form_agrees,
    assert_gradients,
    assert_structure,
    exercise,
    seeds,
    show,
)

from ..shared_hidden import (
    CUBE,
    EMPTY,
    ROW,
    SCALES,
    assert_falls_on_both_sides,
    assert_leaves_unchanged,
    assert_like_reference,
    values,
)


@exercise("tanh_prime", points=2)
@given(x=values(largest=5.0))
@example(x=CUBE)
def test_tanh_prime_agrees_with_its_formula(student, reference, x):
    """tanh′(x) = 1 − tanh²(x) for arrays of any shape

    x is the argument of tanh, so tanh has to be taken of it, once.
    """
    assert_like_reference(student.tanh_prime, reference.tanh_prime, x)


@exercise("tanh_prime", points=1)
@settings(max_examples=6)
@given(x=values(scale=1.0, largest=5.0), seed=seeds, scale=SCALES)
def test_tanh_prime_is_the_slope_of_tanh(student, x, seed, scale):
    """tanh′ is the slope of np.tanh, by central differences"""
    rng = np.random.default_rng(seed)
    cotangent = np.asarray(scale * rng.standard_normal(x.shape))
    slope = student.tanh_prime(x)
    assert_structure(slope, x)
    assert_gradients(lambda x: np.tanh(x), {"x": x}, [cotangent], {"x": cotangent * slope}, rng)


@exercise("tanh_prime", points=1)
@settings(max_examples=10)
@given(x=values(largest=5.0, away_from_zero=0.01))
def test_tanh_prime_lies_between_zero_and_one(student, x):
    """tanh′ is exactly 1 at 0, and between 0 and 1 elsewhere"""
    assert_close(student.tanh_prime(np.zeros(2)), np.ones(2), rtol=0.0, what="slope at 0")
    slope = student.tanh_prime(x)
    assert_structure(slope, x)
    if not np.all((slope > 0) & (slope < 1)):
        raise StudentFailure(
            "tanh′ leaves the interval (0, 1)", got=show(slope), expected="above 0 and below 1"
        )


@exercise("tanh_prime", points=0.5)
@settings(max_examples=6)
@given(x=values(largest=4.0))
def test_tanh_prime_is_even_and_falls_on_both_sides(student, x):
    """tanh′(−x) = tanh′(x), and tanh′ falls on both sides of 0"""
    assert_falls_on_both_sides(student.tanh_prime, x)


@exercise("tanh_prime", points=0.5, ones=True)
def test_tanh_prime_takes_numbers_integers_and_empty_arrays(student, reference):
    """tanh′ works for numbers, for integers and for empty arrays; axes of length 1 stay"""
    assert_like_reference(
        student.tanh_prime, reference.tanh_prime, 0.5, -2, np.array([[-3], [0], [1]]), EMPTY, ROW
    )


@exercise("tanh_prime", points=0.5, form=True)
def test_form_of_tanh_prime(student, reference):
    """The result is a float64 array of the shape of x"""
    assert_form_agrees(student.tanh_prime, reference.tanh_prime, CUBE)


@exercise("tanh_prime", points=0.5)
def test_tanh_prime_leaves_x_unchanged(student):
    """tanh_prime leaves x unchanged"""
    assert_leaves_unchanged(student.tanh_prime, CUBE)
