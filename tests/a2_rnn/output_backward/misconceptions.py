"""Typical wrong answers to `output_backward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


def _output_gradients(dscores, cache):
    h, Wo = cache
    return dscores @ Wo.T, np.einsum("nth,ntv->hv", h, dscores), dscores.sum(axis=(0, 1))


@misconception("output_backward")
def states_and_scores_in_different_orders(dscores, cache):
    """Your dWo multiplies the state of one place with the dscores of another: one of the two was
    flattened with time first. Flatten both in the same order, or sum over both axes directly."""
    dh, _, dbo = _output_gradients(dscores, cache)
    h = cache[0]
    flat = np.swapaxes(h, 0, 1).reshape(-1, h.shape[2])
    return dh, flat.T @ dscores.reshape(-1, dscores.shape[2]), dbo


@misconception("output_backward")
def mean_for_the_bias(dscores, cache):
    """Your dbo is a mean over sequences and steps. A shared weight gets the *sum* over its uses; if
    an average is wanted, it is in dscores already."""
    dh, dWo, _ = _output_gradients(dscores, cache)
    return dh, dWo, dscores.mean(axis=(0, 1))


@misconception("output_backward")
def means_for_both_weights(dscores, cache):
    """Your dWo and dbo are divided by N·T. A shared weight gets the *sum* over its uses; if an
    average is wanted, it is in dscores already."""
    dh, dWo, dbo = _output_gradients(dscores, cache)
    places = dscores.shape[0] * dscores.shape[1]
    return dh, dWo / places, dbo / places


@misconception("output_backward")
def divided_by_the_batch(dscores, cache):
    """Your dWo and dbo are divided by N. That mean is part of the loss, and so of dscores already:
    here everything is summed."""
    dh, dWo, dbo = _output_gradients(dscores, cache)
    return dh, dWo / len(dscores), dbo / len(dscores)


@misconception("output_backward")
def weights_of_one_step_only(dscores, cache):
    """Your dWo and dbo come from the last step alone: inside a loop, `=` has replaced what the
    earlier steps gave. The weights are used at every step, so add up."""
    h, _ = cache
    dh = _output_gradients(dscores, cache)[0]
    return dh, h[:, -1].T @ dscores[:, -1], dscores[:, -1].sum(axis=0)


@misconception("output_backward")
def bias_gradient_per_step(dscores, cache):
    """Your dbo is summed over the sequences only and has the shape (T, V). bo is (V,): sum over the
    steps, too."""
    dh, dWo, _ = _output_gradients(dscores, cache)
    return dh, dWo, dscores.sum(axis=0)


@misconception("output_backward")
def weight_gradient_transposed(dscores, cache):
    """Your dWo has the shape (V, H). A gradient has the shape of its weight, (H, V): the state
    comes first in the product."""
    dh, dWo, dbo = _output_gradients(dscores, cache)
    return dh, dWo.T, dbo


@misconception("output_backward")
def clipped_inside(dscores, cache):
    """Your function limits the size of dscores before it uses it. Gradients are clipped elsewhere,
    if at all; here every number counts as it is."""
    return _output_gradients(np.clip(dscores, -5.0, 5.0), cache)


@misconception("output_backward")
def dscores_ignored(dscores, cache):
    """Your gradients do not depend on dscores: they are those of the plain sum of all scores.
    Multiply by dscores, the gradient that comes from above."""
    return _output_gradients(np.ones_like(dscores), cache)


@misconception("output_backward")
def sums_into_the_callers_array(dscores, cache):
    """Your gradients are right, but a running sum over the steps is kept in the caller's own array
    `dscores`. Sum into an array of your own."""
    gradients = _output_gradients(np.array(dscores), cache)
    for t in range(1, dscores.shape[1]):
        dscores[:, t] += dscores[:, t - 1]
    return gradients
