"""Typical wrong answers to `identity_init`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


def _weights(D, H, scale, rng):
    return rng.standard_normal((D, H)) / np.sqrt(D), scale * np.eye(H), np.zeros(H)


@misconception("identity_init")
def matrix_of_ones(D, H, scale, rng):
    """Your Wh is scale everywhere. A matrix of ones multiplies by H at every step; the "one" among
    matrices has ones on the diagonal only."""
    Wx, _, b = _weights(D, H, scale, rng)
    return Wx, scale * np.ones((H, H)), b


@misconception("identity_init")
def identity_for_the_input(D, H, scale, rng):
    """Your Wx is the identity, too. The recipe is for Wh alone: Wx is drawn from rng."""
    _, Wh, b = _weights(D, H, scale, rng)
    return np.eye(D, H), Wh, b


@misconception("identity_init")
def bias_as_a_matrix(D, H, scale, rng):
    """Your b is a matrix. There is one bias for each unit: an array of shape (H,)."""
    Wx, Wh, _ = _weights(D, H, scale, rng)
    return Wx, Wh, np.zeros((H, H))


@misconception("identity_init")
def bias_as_a_row(D, H, scale, rng):
    """Your b has shape (1, H). It should have one axis only, (H,)."""
    Wx, Wh, _ = _weights(D, H, scale, rng)
    return Wx, Wh, np.zeros((1, H))


@misconception("identity_init")
def scale_forgotten(D, H, scale, rng):
    """Your Wh is the identity whatever scale is: multiply it by scale."""
    Wx, _, b = _weights(D, H, scale, rng)
    return Wx, np.eye(H), b


@misconception("identity_init")
def scale_on_the_input_weights(D, H, scale, rng):
    """Your scale multiplies Wx. It belongs to Wh: Wh = scale * I, and Wx does not depend on it."""
    Wx, _, b = _weights(D, H, scale, rng)
    return scale * Wx, np.eye(H), b


@misconception("identity_init")
def input_weights_not_divided(D, H, scale, rng):
    """Your Wx is not divided by the root of D: with many inputs, x @ Wx would be large."""
    Wx, Wh, b = _weights(D, H, scale, rng)
    return Wx * np.sqrt(D), Wh, b


@misconception("identity_init")
def divided_by_the_state_size(D, H, scale, rng):
    """Your Wx is divided by the root of H. The sum in x @ Wx has D terms, so the divisor is the
    root of D."""
    Wx, Wh, b = _weights(D, H, scale, rng)
    return Wx * np.sqrt(D) / np.sqrt(H), Wh, b


@misconception("identity_init")
def generator_of_its_own(D, H, scale, rng):
    """Your function makes a generator of its own, so it draws the same numbers in every call. Draw
    from the rng that it is given."""
    return _weights(D, H, scale, np.random.default_rng(0))
