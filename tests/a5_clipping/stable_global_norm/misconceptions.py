"""Typical wrong answers to `stable_global_norm`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _norm


def _entries(grads):
    return np.concatenate([np.ravel(g) for g in grads.values()]).astype(np.float64)


@misconception("stable_global_norm")
def squares_before_scaling(grads):
    """Your function squares the entries as they are: the square of a large number is infinite, and
    that of a tiny one is 0. Divide by the largest absolute value first."""
    return _norm(grads)


@misconception("stable_global_norm")
def only_more_digits(grads):
    """Your function squares large numbers in float64. That moves the problem from 1e19 to 1e154,
    and it is still there: divide by the largest absolute value of all arrays first, and do not
    square a norm again afterwards."""
    return float(np.sqrt(np.sum(_entries(grads) ** 2)))


@misconception("stable_global_norm")
def scale_not_put_back(grads):
    """Your function divides by the largest entry and does not multiply by it again at the end."""
    entries = _entries(grads)
    largest = np.max(np.abs(entries))
    return float(np.sqrt(np.sum((entries / (largest or 1.0)) ** 2)))


@misconception("stable_global_norm")
def zero_by_zero(grads):
    """Your function divides by the largest entry also when that is 0: 0 / 0 is NaN. Treat
    gradients that are all 0 on their own."""
    entries = _entries(grads)
    largest = np.max(np.abs(entries))
    return float(largest * np.sqrt(np.sum((entries / largest) ** 2)))


@misconception("stable_global_norm")
def scale_with_a_constant(grads):
    """Your function adds a small constant to the scale. Beside tiny gradients it is huge, and their
    squares underflow to 0 again. Treat 0 on its own instead."""
    entries = _entries(grads)
    largest = np.max(np.abs(entries)) + 1e-12
    return float(largest * np.sqrt(np.sum((entries / largest) ** 2)))


@misconception("stable_global_norm")
def largest_without_absolute_value(grads):
    """Your scale is the largest entry, not the largest *absolute* value: where the largest is
    negative the norm becomes negative, and where it is tiny the squares overflow."""
    entries = _entries(grads)
    largest = np.max(entries)
    if largest == 0:
        return 0.0
    return float(largest * np.sqrt(np.sum((entries / largest) ** 2)))


@misconception("stable_global_norm")
def stable_norms_added_up(grads):
    """Your function adds up the norms of the arrays. The global norm is the root of one sum of
    squares."""
    return sum(float(np.linalg.norm(np.ravel(g).astype(np.longdouble))) for g in grads.values())
