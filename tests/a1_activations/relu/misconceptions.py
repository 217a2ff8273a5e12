"""Typical wrong answers to `relu`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


@misconception("relu")
def absolute_value(x):
    """Your function turns negative numbers into positive ones. ReLU stops them: they become 0."""
    return np.abs(np.asarray(x, dtype=np.float64))


@misconception("relu")
def leaky_relu(x):
    """Your function lets a little of negative numbers through: that is a leaky ReLU. Here
    everything below 0 becomes 0."""
    x = np.asarray(x, dtype=np.float64)
    return np.where(x > 0, x, 0.01 * x)


@misconception("relu")
def mask_for_value(x):
    """Your function returns 1 where x is positive: that is the derivative. ReLU returns x
    itself there."""
    return np.where(np.asarray(x) > 0, 1.0, 0.0)


@misconception("relu")
def max_over_an_axis(x):
    """Your function uses `np.max(x, 0)`, whose second argument is an axis: it gives the largest
    number of each column. You want the larger of two numbers, entry by entry."""
    return np.max(np.asarray(x, dtype=np.float64), 0)


@misconception("relu")
def writes_into_x(x):
    """Your function sets the negative entries of the caller's own array to 0. Compute a new
    array."""
    x[x < 0] = 0.0
    return x


@misconception("relu")
def integers_stay_integers(x):
    """Your function gives an array of integers for an array of integers. Its result is always
    float64: compare with 0.0, or convert x first."""
    return np.maximum(x, 0)
