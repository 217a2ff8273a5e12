"""Typical wrong answers to `embedding_forward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


@misconception("embedding_forward")
def counts_from_one(words, W):
    """Your words are counted from 1: word v gets row v − 1, and word 0 gets the last row. Rows are
    counted from 0 here."""
    return W[words - 1], (words, W.shape)


@misconception("embedding_forward")
def columns_for_rows(words, W):
    """Your function takes columns of the table, `W[:, words]`. A word is a row of it: index the
    first axis."""
    return W[:, words], (words, W.shape)


@misconception("embedding_forward")
def embedding_time_first(words, W):
    """Your result has the shape (T, N, D). It has the axes of `words` first, (N, T, D)."""
    return W[words.T], (words, W.shape)


@misconception("embedding_forward")
def bag_of_words(words, W):
    """Your function sums the vectors of a sequence, to (N, D). The network reads them one by one:
    keep the axis of the steps."""
    return W[words].sum(axis=1), (words, W.shape)


@misconception("embedding_forward")
def one_hot_returned(words, W):
    """Your function returns one-hot vectors, with one entry per word of the vocabulary. They have
    yet to be multiplied by W, which looks up its rows."""
    return np.eye(len(W))[words], (words, W.shape)


@misconception("embedding_forward")
def embedding_squeezed(words, W):
    """Your result loses every axis of length 1, as with `squeeze`. Leave the axes as they are."""
    return np.squeeze(W[words]), (words, W.shape)
