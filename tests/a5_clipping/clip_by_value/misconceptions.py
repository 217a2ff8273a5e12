"""Typical wrong answers to `clip_by_value`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _norm, _times


@misconception("clip_by_value")
def upper_side_only(grads, limit):
    """Your function cuts off what is above limit and lets large negative entries through. Cut at
    −limit, too."""
    return {name: np.minimum(g, limit) for name, g in grads.items()}


@misconception("clip_by_value")
def sign_lost(grads, limit):
    """Your function turns large negative entries into +limit: uphill instead of downhill. What is
    below −limit becomes −limit."""
    return {name: np.where(np.abs(g) > limit, limit, g) for name, g in grads.items()}


@misconception("clip_by_value")
def norm_for_value(grads, limit):
    """Your function clips by the global norm: it scales all entries by one factor. Here each entry
    is cut off on its own."""
    return _times(grads, limit / max(_norm(grads), limit))


@misconception("clip_by_value")
def largest_entry_scaled_to_the_limit(grads, limit):
    """Your function divides everything by the largest entry, so small entries change, too. Cut off
    each entry on its own."""
    largest = max(float(np.max(np.abs(g))) for g in grads.values())
    return _times(grads, limit / max(largest, limit))


@misconception("clip_by_value")
def large_entries_dropped(grads, limit):
    """Your function sets entries beyond the limit to 0: the largest gradients give no step at all.
    They should become limit or −limit."""
    return {name: np.where(np.abs(g) > limit, 0.0, g) for name, g in grads.items()}


@misconception("clip_by_value")
def values_clipped_in_place(grads, limit):
    """Your function writes into the caller's arrays (`g[…] = …` or `out=g`). Build new ones."""
    for g in grads.values():
        np.clip(g, -limit, limit, out=g)
    return grads


@misconception("clip_by_value")
def first_array_only(grads, limit):
    """Your function clips one array and leaves the others as they are. Loop over all of them."""
    first, *_ = grads
    return {**grads, first: np.clip(grads[first], -limit, limit)}
