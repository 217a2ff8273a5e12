"""Typical wrong answers to `relu_prime`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


@misconception("relu_prime")
def truth_values(x):
    """Your function returns the comparison itself, an array of True and False. Convert it to
    float64 numbers."""
    return np.asarray(x) > 0


@misconception("relu_prime")
def one_everywhere(x):
    """Your function is 1 everywhere. ReLU is flat for negative x, so its derivative is 0 there."""
    return np.ones(np.shape(x))


@misconception("relu_prime")
def one_at_the_kink(x):
    """Your function is 1 at x = 0. There is no derivative there, and this course takes 0: compare
    with > and not with >=."""
    return np.where(np.asarray(x) >= 0, 1.0, 0.0)


@misconception("relu_prime")
def leaky_slope(x):
    """Your function has a small slope for negative x: that is the derivative of a leaky ReLU.
    Here it is 0."""
    return np.where(np.asarray(x) > 0, 1.0, 0.01)


@misconception("relu_prime")
def sign_of_x(x):
    """Your function returns the sign of x, −1 for negative numbers. The derivative of ReLU is 0
    there; the sign you want is that of relu(x)."""
    return np.sign(np.asarray(x, dtype=np.float64))


@misconception("relu_prime")
def value_for_slope(x):
    """Your function returns relu(x), not its derivative: where x is positive the slope is 1,
    however large x is."""
    return np.maximum(x, 0.0)
