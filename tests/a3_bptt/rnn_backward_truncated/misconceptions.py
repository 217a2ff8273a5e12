"""Typical wrong answers to `rnn_backward_truncated`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _back, _full


def _cut(dh, cache, first, is_h0_reached):
    """Gradients where the loss of step t reaches back to step first(t); dh0 as is_h0_reached(t)."""
    N, T, H = dh.shape
    _, _, _, Wx, Wh = cache[0]
    dx, dh0 = np.zeros((N, T, Wx.shape[0])), np.zeros((N, H))
    of_weights = [np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(H)]
    for t in range(T):
        carried = dh[:, t]
        for s in range(t, max(first(t), 0) - 1, -1):
            dx_s, carried, *found = _back(carried, cache[s])
            dx[:, s] += dx_s
            of_weights = [a + b for a, b in zip(of_weights, found, strict=True)]
        if is_h0_reached(t):
            dh0 = dh0 + carried
    return dx, dh0, *of_weights


@misconception("rnn_backward_truncated")
def one_step_too_far(dh, cache, k):
    """Each of your losses reaches back k + 1 steps: its own step is the first of the k. Look at
    where the inner loop ends."""
    return _cut(dh, cache, lambda t: t - k, lambda t: t <= k)


@misconception("rnn_backward_truncated")
def one_step_too_short(dh, cache, k):
    """Each of your losses reaches back k − 1 steps. Its own step is the first of the k, so for
    k = 1 there is one step, not none. Look at where the inner loop ends."""
    return _cut(dh, cache, lambda t: t - k + 2, lambda t: t < k - 1)


@misconception("rnn_backward_truncated")
def blocks_of_k_steps(dh, cache, k):
    """Your function cuts the sequence into blocks of k steps, so a loss at the beginning of a block
    reaches back one step only. Here each loss has k steps of its own."""
    return _cut(dh, cache, lambda t: t - t % k, lambda t: t < k)


@misconception("rnn_backward_truncated")
def blocks_from_the_end(dh, cache, k):
    """Your function drops what is carried after every k steps, counted from the end, so some losses
    reach back one step only. Here each loss has k steps of its own."""
    T = len(cache)

    def first(t):
        return T - k * ((T - 1 - t) // k + 1)

    return _cut(dh, cache, first, lambda t: first(t) <= 0)


@misconception("rnn_backward_truncated")
def only_the_last_k_steps(dh, cache, k):
    """Your sweep does the last k steps of the sequence and stops. Truncation is per loss: the loss
    of every step, an early one too, reaches back k steps from there."""
    start = len(cache) - k
    late = np.where(np.arange(dh.shape[1])[:, None] >= start, dh, 0.0)
    return _cut(late, cache, lambda t: start if t >= start else t, lambda t: start <= 0)


@misconception("rnn_backward_truncated")
def not_truncated(dh, cache, k):
    """Your function does not use k: it is the full sweep."""
    return _full(dh, cache)


@misconception("rnn_backward_truncated")
def dh0_of_every_window(dh, cache, k):
    """Your dh0 adds up what is carried out of every window. Only the windows that begin at step 0
    lead to h0: the others end at a state that counts as constant."""
    return _cut(dh, cache, lambda t: t - k + 1, lambda t: True)


@misconception("rnn_backward_truncated")
def dh0_left_out(dh, cache, k):
    """Your dh0 is 0. The losses of the first k steps reach h0, even for k = 1."""
    return _cut(dh, cache, lambda t: t - k + 1, lambda t: False)


@misconception("rnn_backward_truncated")
def h0_is_a_step_of_its_own(dh, cache, k):
    """Your dh0 lacks the loss of step k − 1. That loss passes through the steps k − 1 to 0, which
    are k steps, and what comes out of step 0 belongs to h0. h0 does not count as a step."""
    return _cut(dh, cache, lambda t: t - k + 1, lambda t: t < k - 1)


@misconception("rnn_backward_truncated")
def dx_truncated_alone(dh, cache, k):
    """Your dx is truncated, and the gradients of the weights are those of the full sweep. All of
    them are sums over the same k steps of every loss."""
    dx, dh0, *_ = _cut(dh, cache, lambda t: t - k + 1, lambda t: t < k)
    return dx, dh0, *_full(dh, cache)[2:]


@misconception("rnn_backward_truncated")
def writes_the_carry_into_dh(dh, cache, k):
    """Your gradients are right, but the caller's dh has changed: `carried = dh[:, t]` is a view of
    it, so work that is done in place goes into dh. Copy first."""
    result = _cut(dh, cache, lambda t: t - k + 1, lambda t: t < k)
    dh *= 0.5
    return result
