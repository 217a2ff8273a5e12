"""Hidden tests of `jacobian_product`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    assert_close,
    assert_form_agrees,
    assert_gradients,
    assert_pure,
    assert_structure,
    exercise,
    seeds,
    tensors,
)

from ..shared_hidden import LONGER, NETWORKS, SCALES, STATES, network, rounded, run


def product_of(student, hs, Wh):
    """The student's product, which must have the shape of Wh and not be 0."""
    product = student.jacobian_product(hs, Wh)
    assert_structure(product, Wh, what="product")
    assert np.any(product != 0), "the product is 0 everywhere"
    return product


@exercise("jacobian_product", points=4, after="step_jacobian")
@settings(max_examples=15)
@given(case=NETWORKS)
@example(case=network(3, 2, 1))
def test_jacobian_product_agrees_with_its_formula(student, reference, case):
    """P = J_T @ … @ J_2 @ J_1: the last step on the left

    Each diagonal matrix stays between two weight matrices: they cannot be collected. If T = 1 is
    right and T = 2 is not, look at the side on which you multiply.
    """
    hs, Wh = run(*case), case[2]
    expected = reference.jacobian_product(hs, Wh)
    assert_close(student.jacobian_product(hs, Wh), expected, what="product")


@exercise("jacobian_product", points=2.5, after="step_jacobian")
@settings(max_examples=10)
@given(case=NETWORKS, seed=seeds, scale=SCALES)
def test_jacobian_product_is_the_derivative_of_the_run(student, case, seed, scale):
    """P is the derivative of the last state by the initial one, by central differences"""
    h0, drive, Wh = case
    rng = np.random.default_rng(seed)
    cotangent = scale * rng.standard_normal(h0.shape)
    product = product_of(student, run(*case), Wh)
    assert_gradients(
        lambda h0: run(h0, drive, Wh)[-1],
        {"h0": h0},
        [cotangent],
        {"h0": cotangent @ product},
        rng,
    )


@exercise("jacobian_product", points=1, after="step_jacobian")
@settings(max_examples=8)
@given(inputs=tensors(x_seq="NTD", h0="NH", Wx="DH", Wh="HH", b="H", scale=0.7), seed=seeds)
def test_jacobian_product_agrees_with_back_propagation(student, reference, inputs, seed):
    """dh_T @ P is the dh0 that back-propagation through time computes"""
    h, cache = reference.rnn_forward(*inputs.values())
    dh = np.zeros(h.shape)
    dh[:, -1] = np.random.default_rng(seed).standard_normal(inputs["h0"].shape)
    dh0 = reference.rnn_backward(dh, cache)[1]
    product = student.jacobian_product(h[0], inputs["Wh"])
    assert_structure(product, inputs["Wh"], what="product")
    assert_close(dh[0, -1] @ product, dh0[0], what="product dh_T @ P")


@exercise("jacobian_product", points=1, after="step_jacobian")
@settings(max_examples=5)
@given(case=STATES)
def test_one_step_is_its_jacobian(student, reference, case):
    """For one step the product is that step's Jacobian"""
    next_h, Wh = case
    expected = reference.step_jacobian(next_h, Wh)
    assert_close(student.jacobian_product(next_h[None], Wh), expected, what="product")


@exercise("jacobian_product", points=1.5, after="step_jacobian", ones=True)
@settings(max_examples=5)
@given(steps=st.integers(2, 5), seed=seeds)
def test_the_factors_of_one_unit_are_multiplied(student, steps, seed):
    """For one unit P is the product of all (1 − h²) w, an array of shape (1, 1)

    Numbers commute, so here the order does not matter. As many factors as states.
    """
    rng = np.random.default_rng(seed)
    hs, w = np.clip(rounded(rng, steps, 1, scale=0.4), -0.9, 0.9), 1.0 + abs(rounded(rng, 1, 1))
    expected = np.prod((1.0 - hs**2) * w, axis=0, keepdims=True)
    assert_close(student.jacobian_product(hs, w), expected, what="product")


@exercise("jacobian_product", points=2, after="step_jacobian")
@settings(max_examples=8)
@given(case=LONGER, seed=seeds)
def test_a_run_can_be_cut_in_two(student, reference, case, seed):
    """The product over a whole run is that of its later part times that of its earlier part

    In this order. For the other one, your product has its first step on the left.
    """
    hs, Wh = run(*case), case[2]
    first = product_of(student, hs[:1], Wh)
    assert_close(first, reference.step_jacobian(hs[0], Wh), what="product over the first step")
    cut = 1 + seed % (len(hs) - 1)
    whole = product_of(student, hs, Wh)
    later, earlier = product_of(student, hs[cut:], Wh), product_of(student, hs[:cut], Wh)
    assert_close(whole, later @ earlier, what="product over the whole run")


@exercise("jacobian_product", points=0.5, form=True)
def test_form_of_jacobian_product(student, reference):
    """P is a float64 array of shape (H, H)"""
    case = network(3, 2, 1)
    assert_form_agrees(student.jacobian_product, reference.jacobian_product, run(*case), case[2])


@exercise("jacobian_product", points=0.5, after="step_jacobian")
def test_jacobian_product_leaves_its_arguments_unchanged(student, reference):
    """jacobian_product leaves hs and Wh unchanged"""
    h0, drive, Wh = network(3, 2, 4)
    assert_pure(student.jacobian_product, run(h0, drive, Wh), Wh, like=reference.jacobian_product)
