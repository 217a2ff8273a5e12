"""Typical wrong answers to `embedding_backward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


def _table_gradient(dout, cache):
    words, shape = cache
    dW = np.zeros(shape)
    np.add.at(dW, words, dout)
    return dW


@misconception("embedding_backward")
def repeats_lost(dout, cache):
    """Of a word that occurs more than once, only one place counts. That is what
    `dW[words] += dout` does: it stores one row per place, each over the one before. Add them up one
    by one, or find NumPy's unbuffered form of `+=`."""
    words, shape = cache
    dW = np.zeros(shape)
    dW[words] += dout
    return dW


@misconception("embedding_backward")
def only_the_first_place_counts(dout, cache):
    """Of a word that occurs more than once, only its first place counts. Every place adds its
    dout to the word's row."""
    words, shape = cache
    dW = np.zeros(shape)
    dW[words.ravel()[::-1]] = dout.reshape(-1, shape[1])[::-1]
    return dW


@misconception("embedding_backward")
def assigned_within_a_loop(dout, cache):
    """Of a word that occurs more than once, only the place that comes last *in time* counts: your
    loop runs over the steps and stores with `=` what should be added. Every place adds its
    dout."""
    words, shape = cache
    dW = np.zeros(shape)
    for t in range(words.shape[1]):
        dW[words[:, t]] = dout[:, t]
    return dW


@misconception("embedding_backward")
def repeats_within_a_step_lost(dout, cache):
    """Your loop adds one step of all sequences at a time, with `dW[words[:, t]] += …`. Where two
    sequences have the same word at the same step, one of them is lost. Add place by place."""
    words, shape = cache
    dW = np.zeros(shape)
    for t in range(words.shape[1]):
        dW[words[:, t]] += dout[:, t]
    return dW


@misconception("embedding_backward")
def mean_over_the_places(dout, cache):
    """Your dW is the mean of dout over a word's places. A shared weight gets the sum over its
    uses."""
    words, shape = cache
    count = np.bincount(words.ravel(), minlength=shape[0])[:, None]
    return _table_gradient(dout, cache) / np.maximum(count, 1)


@misconception("embedding_backward")
def no_rows_for_unused_words(dout, cache):
    """Your dW has no rows for the last words of the table when they do not occur. It has the shape
    of W: keep that in the cache."""
    words, _ = cache
    return _table_gradient(dout, cache)[: words.max() + 1]


@misconception("embedding_backward")
def dout_per_place(dout, cache):
    """Your function returns dout itself, one row per place. One row per *word* is wanted: collect
    the places of each."""
    return np.array(dout)


@misconception("embedding_backward")
def counts_the_words(dout, cache):
    """Your dW counts how often each word occurs and does not use dout. Add dout's row at each
    place, not 1."""
    return _table_gradient(np.ones_like(dout), cache)


@misconception("embedding_backward")
def dout_clipped(dout, cache):
    """Your function limits the size of dout before it uses it. Gradients are clipped elsewhere, if
    at all; here every number counts as it is."""
    return _table_gradient(np.clip(dout, -5.0, 5.0), cache)
