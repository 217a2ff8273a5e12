"""Typical wrong answers to `jacobian_norm_bound`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _chain, _jacobians, _slope


def _most_open(hs):
    return np.max(_slope(hs), axis=1)  # (T,)


@misconception("jacobian_norm_bound")
def bound_with_an_eigenvalue(hs, Wh):
    """Your bound uses the spectral radius of Wh. For a matrix that is not normal the true norm can
    be larger, so it is no bound: use the largest singular value."""
    return float(np.prod(np.max(np.abs(np.linalg.eigvals(Wh))) * _most_open(hs)))


@misconception("jacobian_norm_bound")
def bound_with_the_frobenius_norm(hs, Wh):
    """Your bound uses the Frobenius norm of Wh. It is a bound, but much too loose: an orthogonal
    matrix would seem to stretch by √H. Use the largest singular value."""
    return float(np.prod(np.linalg.norm(Wh) * _most_open(hs)))


@misconception("jacobian_norm_bound")
def bound_of_a_linear_network(hs, Wh):
    """Your bound is s**T: tanh′ is missing. Each step also has the largest of its derivatives."""
    return float(np.linalg.norm(Wh, 2) ** len(hs))


@misconception("jacobian_norm_bound")
def maximum_after_the_product(hs, Wh):
    """Your function multiplies each unit's derivatives over time and then takes the maximum. That
    can be too small: the weights mix the units, so the gradient may pass through another unit at
    every step. Take the maximum first."""
    return float(np.linalg.norm(Wh, 2) ** len(hs) * np.max(np.prod(_slope(hs), axis=0)))


@misconception("jacobian_norm_bound")
def maximum_over_time(hs, Wh):
    """Your maximum runs over the steps and your product over the units. It is the other way round:
    hs is (T, H), and each step gives its largest derivative."""
    return float(np.linalg.norm(Wh, 2) ** len(hs) * np.prod(np.max(_slope(hs), axis=0)))


@misconception("jacobian_norm_bound")
def smallest_derivative(hs, Wh):
    """Your bound takes the smallest derivative of each step. A bound has to allow for the most open
    unit: take the largest (that is the unit whose |h| is smallest)."""
    return float(np.prod(np.linalg.norm(Wh, 2) * np.min(_slope(hs), axis=1)))


@misconception("jacobian_norm_bound")
def mean_derivative(hs, Wh):
    """Your bound takes the mean derivative of each step. Some direction may pass through the most
    open unit alone: take the largest."""
    return float(np.prod(np.linalg.norm(Wh, 2) * np.mean(_slope(hs), axis=1)))


@misconception("jacobian_norm_bound")
def norm_of_the_derivatives_as_a_vector(hs, Wh):
    """Your function takes the length of the *vector* of derivatives. The spectral norm of the
    diagonal matrix is its largest entry."""
    return float(np.prod(np.linalg.norm(Wh, 2) * np.linalg.norm(_slope(hs), axis=1)))


@misconception("jacobian_norm_bound")
def weights_counted_once(hs, Wh):
    """Your bound has the largest singular value once. Wh is multiplied at every step: it enters T
    times."""
    return float(np.linalg.norm(Wh, 2) * np.prod(_most_open(hs)))


@misconception("jacobian_norm_bound")
def the_norm_itself(hs, Wh):
    """Your function returns the norm of the Jacobian product itself. Asked for is the bound, which
    needs no product of matrices: norms of the weights and of the derivatives, multiplied."""
    return float(np.linalg.norm(_chain(_jacobians(hs, Wh), len(Wh)), 2))


@misconception("jacobian_norm_bound")
def norms_of_the_step_jacobians(hs, Wh):
    """Your function multiplies the norms of the steps' Jacobians. That is a bound, too, and a
    tighter one; asked for is the one with the weights and the derivatives taken apart."""
    return float(np.prod([np.linalg.norm(J, 2) for J in _jacobians(hs, Wh)]))
