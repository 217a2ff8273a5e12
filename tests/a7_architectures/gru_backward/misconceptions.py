"""Typical wrong answers to `gru_backward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _gru_step_back


def _gru_back(dh, cache, *, carry=True, keep=np.add, direct=lambda t, T: True):
    """BPTT for a GRU whose parts can be exchanged; right as it stands."""
    T, dxs, weights, carried = dh.shape[1], [], [0.0] * 3, np.zeros_like(dh[:, 0])
    for t in reversed(range(T)):
        above = dh[:, t] if direct(t, T) else np.zeros_like(carried)
        dx, carried, *step = _gru_step_back(above + (carried if carry else 0.0), cache[t])
        dxs.insert(0, dx)
        weights = [keep(old, new) for old, new in zip(weights, step, strict=True)]
    return np.stack(dxs, axis=1), carried, *weights


@misconception("gru_backward")
def nothing_carried(dh, cache):
    """Your gradient is not carried from a step to the one before, so each loss trains its own step
    alone. Add the dprev_h of step t + 1 to dh[:, t]."""
    return _gru_back(dh, cache, carry=False)


@misconception("gru_backward")
def weights_of_one_step(dh, cache):
    """Your dWx, dWh and db are those of a single step, the first. The weights are used at every
    step: add the gradients up."""
    return _gru_back(dh, cache, keep=lambda old, new: new)


@misconception("gru_backward")
def last_loss_only(dh, cache):
    """Your function uses dh[:, -1] alone. Every step may have a loss of its own: add dh[:, t] at
    each of them."""
    return _gru_back(dh, cache, direct=lambda t, T: t == T - 1)


@misconception("gru_backward")
def divided_by_the_number_of_steps(dh, cache):
    """Your dWx, dWh and db are divided by T. They are sums over the steps."""
    dx, dh0, *weights = _gru_back(dh, cache)
    return dx, dh0, *(each / dh.shape[1] for each in weights)


@misconception("gru_backward")
def dh0_is_zero(dh, cache):
    """Your dh0 is 0. It is what is carried out of the first step: the state h0 was used there."""
    dx, dh0, *weights = _gru_back(dh, cache)
    return dx, np.zeros_like(dh0), *weights


@misconception("gru_backward")
def empties_the_cache(dh, cache):
    """Your gradients are right, and `cache.pop()` has emptied the list that you were given: a
    second call with the same cache fails. Use `reversed(cache)`, or an index."""
    result = _gru_back(dh, list(cache))
    cache.clear()
    return result
