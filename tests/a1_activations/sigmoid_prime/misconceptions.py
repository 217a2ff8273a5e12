"""Typical wrong answers to `sigmoid_prime`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _sigmoid


@misconception("sigmoid_prime")
def plus_for_minus(x):
    """Your function computes s (1 + s). The derivative is s times *one minus* s."""
    s = _sigmoid(x)
    return s * (1.0 + s)


@misconception("sigmoid_prime")
def sigmoid_taken_twice(x):
    """Your function takes the sigmoid of the sigmoid: its result is never above 0.235. It is given
    x itself, so apply sigmoid once and then use s (1 − s)."""
    s = _sigmoid(_sigmoid(x))
    return s * (1.0 - s)


@misconception("sigmoid_prime")
def without_one_minus_s(x):
    """Your function returns the sigmoid itself: the factor (1 − s) is missing."""
    return _sigmoid(x)


@misconception("sigmoid_prime")
def x_taken_for_s(x):
    """Your function computes x (1 − x): it treats its argument as if it were σ(x) already. Here x
    is the argument of the sigmoid, so compute s = σ(x) first."""
    x = np.asarray(x, dtype=np.float64)
    return x * (1.0 - x)


@misconception("sigmoid_prime")
def quotient_that_overflows(x):
    """Your function computes exp(−x) / (1 + exp(−x))², which is infinity by infinity for large
    negative x. Write the derivative with your sigmoid, which is safe."""
    e = np.exp(-np.asarray(x))
    return e / (1.0 + e) ** 2


@misconception("sigmoid_prime")
def slope_of_an_overflowing_sigmoid(x):
    """Your derivative is right, but the sigmoid in it overflows for large negative x. Mend that,
    or call your own sigmoid once it is safe."""
    s = 1.0 / (1.0 + np.exp(-np.asarray(x)))
    return s * (1.0 - s)
