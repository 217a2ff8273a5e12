"""Hidden tests of `identity_init`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    StudentFailure,
    assert_bitwise_equal,
    assert_close,
    assert_form,
    assert_structure,
    describe,
    exercise,
    seeds,
)

from ..shared_hidden import assert_repeatable, rng_of

SIZES = st.permutations((2, 3, 4, 5)).map(lambda lengths: tuple(lengths[:2]))
SCALES = st.sampled_from((1.0, 0.5, 2.0))


def initial(student, reference, sizes, scale, seed):
    """Wx, Wh and b of the student and of the reference."""
    weights = student.identity_init(*sizes, scale, rng_of(seed))
    if not isinstance(weights, tuple | list) or len(weights) != 3:
        raise StudentFailure(
            "`identity_init` does not return three arrays, Wx, Wh and b", got=describe(weights)
        )
    return weights, reference.identity_init(*sizes, scale, rng_of(seed))


@exercise("identity_init", points=2.5)
@settings(max_examples=10)
@given(sizes=SIZES, scale=SCALES, seed=seeds)
@example(sizes=(3, 4), scale=1.0, seed=1)
@example(sizes=(4, 2), scale=0.9, seed=2)
def test_recurrent_matrix_is_a_multiple_of_the_identity(student, reference, sizes, scale, seed):
    """Wh (H, H) has scale on its diagonal and 0 elsewhere"""
    weights, expected = initial(student, reference, sizes, scale, seed)
    assert_close(weights[1], expected[1], what="weight matrix Wh")


@exercise("identity_init", points=2)
@settings(max_examples=10)
@given(sizes=SIZES, scale=SCALES, seed=seeds)
@example(sizes=(3, 4), scale=0.5, seed=1)
@example(sizes=(2, 3), scale=1.0, seed=2)
def test_input_weights_are_gaussian(student, reference, sizes, scale, seed):
    """Wx (D, H) is rng.standard_normal((D, H)) / sqrt(D)

    If only the size is off: the divisor is the root of D, and scale is for Wh alone.
    """
    weights, expected = initial(student, reference, sizes, scale, seed)
    assert_close(weights[0], expected[0], what="weight matrix Wx")


@exercise("identity_init", points=1.5)
@settings(max_examples=6)
@given(sizes=SIZES, seed=seeds)
@example(sizes=(3, 4), seed=1)
def test_bias_is_zero(student, reference, sizes, seed):
    """b is an array of H zeros, of one axis"""
    weights, expected = initial(student, reference, sizes, 1.0, seed)
    assert_close(weights[2], expected[2], what="bias b")


@exercise("identity_init", points=1.5)
@settings(max_examples=5)
@given(sizes=SIZES, seed=seeds)
@example(sizes=(2, 4), seed=1)
def test_relu_network_starts_with_jacobians_of_exactly_one(student, reference, sizes, seed):
    """With scale = 1 and active ReLU units, the Jacobian product of 20 steps is exactly I"""
    (Wx, Wh, b), expected = initial(student, reference, sizes, 1.0, seed)
    assert_structure((Wx, Wh, b), expected, what="weights")
    x_seq = np.random.default_rng(seed).uniform(0.0, 0.1, (20, sizes[0]))
    h, product = np.full(sizes[1], 50.0), np.eye(sizes[1])
    for x in x_seq:
        a = x @ Wx + h @ Wh + b
        h, product = np.maximum(a, 0.0), ((a > 0)[:, None] * Wh.T) @ product
    assert_bitwise_equal(product, np.eye(sizes[1]), what="Jacobian product")


@exercise("identity_init", points=0.5, form=True)
def test_form_of_identity_init(student, reference):
    """Wx, Wh and b are float64 arrays of the shapes (D, H), (H, H) and (H,), also of length 1"""
    for sizes in ((2, 3), (1, 3), (2, 1)):
        weights, expected = initial(student, reference, sizes, 0.5, 1)
        assert_form(weights, expected, what="triple of weights")


@exercise("identity_init", points=1)
def test_identity_init_draws_from_rng(student):
    """Wx comes from rng: equal generators give equal weights, another one gives others

    A generator made inside the function draws the same numbers in every call; NumPy's global one
    cannot be repeated.
    """

    def drawn(seed):
        return np.asarray(student.identity_init(3, 4, 1.0, rng_of(seed))[0])

    assert_repeatable(drawn)
