"""Typical wrong answers to `tanh_prime`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


@misconception("tanh_prime")
def without_the_square(x):
    """Your function computes 1 − tanh(x): the square is missing, so it is above 1 for negative
    x."""
    return 1.0 - np.tanh(x)


@misconception("tanh_prime")
def tanh_taken_twice(x):
    """Your function takes tanh of tanh(x): far out its result stays near 0.42 where it should tend
    to 0. It is given x itself, so apply tanh once."""
    return 1.0 - np.tanh(np.tanh(x)) ** 2


@misconception("tanh_prime")
def x_taken_for_tanh(x):
    """Your function computes 1 − x²: it treats its argument as if it were tanh(x) already, and
    becomes negative beyond 1. Here x is the argument of tanh."""
    return 1.0 - np.asarray(x, dtype=np.float64) ** 2


@misconception("tanh_prime")
def reciprocal(x):
    """Your function computes 1 / (1 − tanh²(x)), which is above 1: that is one over the
    derivative."""
    return 1.0 / (1.0 - np.tanh(x) ** 2)


@misconception("tanh_prime")
def without_one_minus(x):
    """Your function returns tanh²(x), which is 0 at 0 where the derivative is 1: "one minus" is
    missing."""
    return np.tanh(x) ** 2
