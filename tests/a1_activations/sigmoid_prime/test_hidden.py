"""Hidden tests of `sigmoid_prime`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_form_agrees,
    assert_gradients,
    assert_silent,
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


@exercise("sigmoid_prime", points=2, after="sigmoid")
@given(x=values())
@example(x=CUBE)
def test_sigmoid_prime_agrees_with_its_formula(student, reference, x):
    """σ′(x) = s (1 − s) with s = σ(x), for arrays of any shape

    x is the argument of σ, so s has to be computed from it, once.
    """
    assert_like_reference(student.sigmoid_prime, reference.sigmoid_prime, x)


@exercise("sigmoid_prime", points=1.5, after="sigmoid")
@settings(max_examples=6)
@given(x=values(scale=1.5), seed=seeds, scale=SCALES)
def test_sigmoid_prime_is_the_slope_of_the_students_sigmoid(student, x, seed, scale):
    """σ′ is the slope of your own sigmoid, by central differences"""
    rng = np.random.default_rng(seed)
    cotangent = np.asarray(scale * rng.standard_normal(x.shape))
    slope = student.sigmoid_prime(x)
    assert_structure(slope, x)
    assert np.all(slope > 0), "σ′ is not above 0"
    assert_gradients(student.sigmoid, {"x": x}, [cotangent], {"x": cotangent * slope}, rng)


@exercise("sigmoid_prime", points=1, after="sigmoid")
@settings(max_examples=10)
@given(x=values(away_from_zero=0.01))
def test_sigmoid_prime_is_at_most_a_quarter(student, x):
    """σ′ is 0.25 at 0 and smaller everywhere else"""
    assert_close(student.sigmoid_prime(np.zeros(2)), np.full(2, 0.25), what="slope at 0")
    slope = student.sigmoid_prime(x)
    assert_structure(slope, x)
    if np.any(slope >= 0.25):
        raise StudentFailure("σ′ is not below 0.25", got=show(slope), expected="below 0.25")


@exercise("sigmoid_prime", points=0.5, after="sigmoid")
@settings(max_examples=6)
@given(x=values(largest=7.0))
def test_sigmoid_prime_is_even_and_falls_on_both_sides(student, x):
    """σ′(−x) = σ′(x), and σ′ falls on both sides of 0"""
    assert_falls_on_both_sides(student.sigmoid_prime, x)


@exercise("sigmoid_prime", points=0.5, after="sigmoid")
def test_sigmoid_prime_is_zero_far_out(student):
    """σ′ is 0 at ±1e4 and further out, without a warning"""
    for far in (1e4, -1e4, 1e6, -1e6):
        x = np.array([0.0, far])
        assert_close(student.sigmoid_prime(x), np.array([0.25, 0.0]))
        assert_silent(student.sigmoid_prime, x)


@exercise("sigmoid_prime", points=0.5, after="sigmoid", ones=True)
def test_sigmoid_prime_takes_numbers_integers_and_empty_arrays(student, reference):
    """σ′ works for numbers, for integers and for empty arrays; axes of length 1 stay"""
    assert_like_reference(
        student.sigmoid_prime,
        reference.sigmoid_prime,
        0.5,
        -2,
        np.array([[-3], [0], [1]]),
        EMPTY,
        ROW,
    )


@exercise("sigmoid_prime", points=0.5, form=True)
def test_form_of_sigmoid_prime(student, reference):
    """The result is a float64 array of the shape of x"""
    assert_form_agrees(student.sigmoid_prime, reference.sigmoid_prime, CUBE)


@exercise("sigmoid_prime", points=0.5, after="sigmoid")
def test_sigmoid_prime_leaves_x_unchanged(student):
    """sigmoid_prime leaves x unchanged"""
    assert_leaves_unchanged(student.sigmoid_prime, CUBE)
