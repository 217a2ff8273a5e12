"""Typical wrong answers to `clip_by_global_norm`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _norm, _times


@misconception("clip_by_global_norm")
def norm_of_each_array(grads, threshold):
    """Your function clips each array by a norm of its own. Then some arrays are scaled and others
    are not, and the direction of the whole changes: use one norm and one factor for all."""
    clipped = {}
    for name, g in grads.items():
        norm = np.linalg.norm(g)
        clipped[name] = g * (threshold / norm) if norm > threshold else g.copy()
    return clipped, _norm(grads)


@misconception("clip_by_global_norm")
def always_scaled(grads, threshold):
    """Your function scales every gradient to the threshold, short ones up as well (and 0 becomes
    NaN). Scale only where the norm is above the threshold."""
    norm = _norm(grads)
    return _times(grads, np.float64(threshold) / norm), norm


@misconception("clip_by_global_norm")
def nan_at_zero(grads, threshold):
    """Your function divides by the norm in any case, also where nothing has to be clipped: if all
    gradients are 0 that is 0 / 0, NaN, and elsewhere the last digits change. Divide only where the
    norm is above the threshold."""
    norm = np.float64(_norm(grads))
    return {name: g / norm * min(norm, threshold) for name, g in grads.items()}, float(norm)


@misconception("clip_by_global_norm")
def norm_after_clipping(grads, threshold):
    """Your function returns the norm after clipping, which is never above the threshold. Return the
    one before: it is what tells you that a gradient has exploded."""
    norm = _norm(grads)
    clipped = _times(grads, threshold / norm) if norm > threshold else grads
    return clipped, _norm(clipped)


@misconception("clip_by_global_norm")
def norms_added_up(grads, threshold):
    """Your norm is the sum of the norms of the arrays. Add up the *squares* of all arrays, and take
    one root at the end."""
    norm = float(sum(np.linalg.norm(g) for g in grads.values()))
    return _times(grads, threshold / norm if norm > threshold else 1.0), norm


@misconception("clip_by_global_norm")
def root_forgotten(grads, threshold):
    """Your norm is the sum of the squares: the root is missing."""
    norm = _norm(grads) ** 2
    return _times(grads, threshold / norm if norm > threshold else 1.0), norm


@misconception("clip_by_global_norm")
def small_constant_added(grads, threshold):
    """Your function adds a small constant to the norm before it divides. There is no division by 0
    to protect from, as only norms above the threshold are divided by, and the result is a bit too
    short."""
    norm = _norm(grads)
    return _times(grads, threshold / (norm + 1e-6) if norm > threshold else 1.0), norm


@misconception("clip_by_global_norm")
def value_for_norm(grads, threshold):
    """Your function cuts off the entries one by one: that is clipping by value. Here all entries
    are multiplied by one factor."""
    return {name: np.clip(g, -threshold, threshold) for name, g in grads.items()}, _norm(grads)


@misconception("clip_by_global_norm")
def largest_entry_as_norm(grads, threshold):
    """Your norm is the largest entry. The global norm is the root of the sum of all squares."""
    norm = max(float(np.max(np.abs(g))) for g in grads.values())
    return _times(grads, threshold / norm if norm > threshold else 1.0), norm


@misconception("clip_by_global_norm")
def scaled_to_norm_one(grads, threshold):
    """Your function scales long gradients to norm 1 instead of the threshold: the factor is
    threshold / norm."""
    norm = _norm(grads)
    return _times(grads, 1.0 / norm if norm > threshold else 1.0), norm


@misconception("clip_by_global_norm")
def norm_clipped_in_place(grads, threshold):
    """Your function scales the caller's arrays (`g *= …`). Build new ones."""
    norm = _norm(grads)
    if norm > threshold:
        for g in grads.values():
            g *= threshold / norm
    return grads, norm
