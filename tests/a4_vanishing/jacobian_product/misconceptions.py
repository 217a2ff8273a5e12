"""Typical wrong answers to `jacobian_product`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _chain, _jacobians, _slope


@misconception("jacobian_product")
def reversed_order(hs, Wh):
    """Your product has the first step on the left. The chain rule goes from the last state to the
    first: each new Jacobian is multiplied from the left."""
    return _chain(_jacobians(hs, Wh)[::-1], len(Wh))


@misconception("jacobian_product")
def weights_taken_out_to_the_left(hs, Wh):
    """Your function collects the weights in a power in front of all the derivatives. Matrices do
    not commute: each diagonal matrix stays between its two weight matrices."""
    return np.linalg.matrix_power(Wh.T, len(hs)) @ np.diag(np.prod(_slope(hs), axis=0))


@misconception("jacobian_product")
def weights_taken_out_to_the_right(hs, Wh):
    """Your function collects the derivatives in front of a power of the weights. Matrices do not
    commute: each diagonal matrix stays between its two weight matrices."""
    return np.prod(_slope(hs), axis=0)[:, None] * np.linalg.matrix_power(Wh.T, len(hs))


@misconception("jacobian_product")
def transposed_product(hs, Wh):
    """Your product is transposed: P[i, j] is the derivative of the last state's unit i by the
    initial state's unit j."""
    return _chain(_jacobians(hs, Wh), len(Wh)).T.copy()


@misconception("jacobian_product")
def last_step_only(hs, Wh):
    """Your function returns the Jacobian of the last step. All T of them have to be multiplied."""
    return _jacobians(hs, Wh)[-1]


@misconception("jacobian_product")
def first_step_skipped(hs, Wh):
    """Your product leaves the first step out: it goes back to hs[0], the state *after* the first
    step. The state h_0 comes before it, so there are T factors."""
    return _chain(_jacobians(hs, Wh)[1:], len(Wh))


@misconception("jacobian_product")
def multiplied_entry_by_entry(hs, Wh):
    """Your Jacobians are multiplied entry by entry, with `*`. The chain rule asks for the matrix
    product, `@`."""
    return np.prod(_jacobians(hs, Wh), axis=0)


@misconception("jacobian_product")
def summed_up(hs, Wh):
    """Your function adds the Jacobians of the steps. A path through all steps multiplies them."""
    return np.sum(_jacobians(hs, Wh), axis=0)


@misconception("jacobian_product")
def power_of_the_weights(hs, Wh):
    """Your product is a power of the transposed weights: tanh′ is missing at every step."""
    return np.linalg.matrix_power(Wh.T, len(hs))
