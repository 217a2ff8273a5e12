"""Typical wrong answers to `last_valid_state`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


@misconception("last_valid_state")
def last_of_the_array(h, lengths):
    """Your function takes h[:, -1] and does not use the lengths: for a padded sequence that is a
    state after padding."""
    return h[:, -1].copy()


@misconception("last_valid_state")
def one_step_too_late(h, lengths):
    """Your index is one too large: a sequence of length 3 has its steps at 0, 1 and 2. For one that
    is not padded you run beyond the end."""
    return h[np.arange(len(h)), lengths]


@misconception("last_valid_state")
def one_step_too_late_and_cut_off(h, lengths):
    """Your index is one too large where there is room for it: a sequence of length 3 has its steps
    at 0, 1 and 2. To cut the index off at T − 1 hides the error message, and not the error."""
    return h[np.arange(len(h)), np.minimum(lengths, h.shape[1] - 1)]


@misconception("last_valid_state")
def one_step_too_early(h, lengths):
    """Your index is one too small: the last step of a sequence of length 3 is at 2. For a length of
    1 you even wrap around to the end of the array."""
    return h[np.arange(len(h)), lengths - 2]


@misconception("last_valid_state")
def each_with_all_lengths(h, lengths):
    """`h[:, lengths - 1]` takes *every* length for every sequence and gives (N, N, H). Each
    sequence goes with its own: index the first axis with 0, 1, …, N − 1 as well."""
    return h[:, lengths - 1]


@misconception("last_valid_state")
def longest_for_all(h, lengths):
    """Your function takes the longest sequence's last step for all of them. Each has a length of
    its own."""
    return h[:, lengths.max() - 1].copy()


@misconception("last_valid_state")
def mean_of_the_valid_states(h, lengths):
    """Your function averages the real steps of a sequence. Only the last of them is wanted."""
    return np.array([row[:n].mean(axis=0) for row, n in zip(h, lengths, strict=True)])


@misconception("last_valid_state")
def padding_multiplied_by_zero(h, lengths):
    """Your function multiplies all states by a mask and sums. The padding is read that way: NaN
    times 0 is NaN. Pick the one state that you want instead."""
    chosen = np.arange(h.shape[1]) == lengths[:, None] - 1  # (N, T)
    return (h * chosen[:, :, None]).sum(axis=1)


@misconception("last_valid_state")
def lengths_counted_down(h, lengths):
    """Your states are right, but `lengths -= 1` changes the caller's lengths. Use `lengths - 1`."""
    lengths -= 1
    return h[np.arange(len(h)), lengths]
