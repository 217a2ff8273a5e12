"""Typical wrong answers to `output_forward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


@misconception("output_forward")
def reshaped_to_the_wrong_order(h, Wo, bo):
    """Your scores have the right shape, and steps and sequences are mixed up: the states were
    flattened with time first and put back with the sequences first (or the other way round). Use
    the same order both times, or no reshape at all."""
    N, T, H = h.shape
    flat = np.swapaxes(h, 0, 1).reshape(T * N, H)
    return (flat @ Wo + bo).reshape(N, T, -1), (h, Wo)


@misconception("output_forward")
def output_time_first(h, Wo, bo):
    """Your scores have the shape (T, N, V). Sequences come first: (N, T, V)."""
    return np.swapaxes(h @ Wo + bo, 0, 1), (h, Wo)


@misconception("output_forward")
def scores_of_the_last_step_only(h, Wo, bo):
    """Your function gives scores for the last step only. Every step has its scores."""
    return h[:, -1] @ Wo + bo, (h, Wo)


@misconception("output_forward")
def steps_in_one_row(h, Wo, bo):
    """Your scores have the shape (N·T, V): you flattened the states and did not give the scores
    their axes back."""
    return h.reshape(-1, h.shape[2]) @ Wo + bo, (h, Wo)


@misconception("output_forward")
def bias_of_the_scores_forgotten(h, Wo, bo):
    """Your scores lack the bias `bo`."""
    return h @ Wo, (h, Wo)


@misconception("output_forward")
def softmax_applied(h, Wo, bo):
    """Your function returns probabilities. Scores are wanted, before any softmax: the loss takes
    care of that."""
    e = np.exp(h @ Wo + bo)
    return e / e.sum(axis=2, keepdims=True), (h, Wo)


@misconception("output_forward")
def tanh_of_the_scores(h, Wo, bo):
    """Your scores go through tanh. They are a linear function of the state and have no limits."""
    return np.tanh(h @ Wo + bo), (h, Wo)
