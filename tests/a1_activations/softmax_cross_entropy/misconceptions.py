"""Typical wrong answers to `softmax_cross_entropy`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


def _log_softmax(scores, axis=2):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def _p_of_right_words(scores, y):
    p = np.exp(_log_softmax(scores))
    return np.take_along_axis(p, y[:, :, None], axis=2)[:, :, 0]  # (N, T)


def _result(log_p, y, mask, count=None):
    """Loss and dscores of the log-probabilities; right when ``count``, the divisor, is N."""
    count = len(log_p) if count is None else count
    weight = np.asarray(mask, dtype=np.float64)[:, :, None] / count
    truth = np.eye(log_p.shape[2])[y]  # (N, T, V), one-hot
    return float(-np.sum(weight * truth * log_p)), weight * (np.exp(log_p) - truth)


@misconception("softmax_cross_entropy")
def exponentials_overflow(scores, y, mask):
    """Your function exponentiates the scores as they are: exp(1000) is infinite, and infinity by
    infinity is NaN. Subtract the largest score of each step first; p stays the same."""
    e = np.exp(scores)
    return _result(np.log(e / e.sum(axis=2, keepdims=True)), y, mask)


@misconception("softmax_cross_entropy")
def log_of_an_underflowed_p(scores, y, mask):
    """Your function takes the log of p. For a very unlikely word p has underflowed to 0 and its log
    is −∞. Compute log p from the shifted scores, without going through p."""
    _, dscores = _result(_log_softmax(scores), y, mask)
    return float(-np.sum(mask * np.log(_p_of_right_words(scores, y))) / len(scores)), dscores


@misconception("softmax_cross_entropy")
def epsilon_inside_the_log(scores, y, mask):
    """Your function seems to add a small constant to p before it takes the log. The loss is then
    never large, however wrong the prediction is, and no longer fits its gradient. Compute log p
    from the shifted scores."""
    _, dscores = _result(_log_softmax(scores), y, mask)
    p = _p_of_right_words(scores, y) + 1e-12
    return float(-np.sum(mask * np.log(p)) / len(scores)), dscores


@misconception("softmax_cross_entropy")
def one_maximum_for_all_steps(scores, y, mask):
    """Your function subtracts one maximum, that of all scores. Where a step's own scores are far
    below it, all its exponentials become 0 and p is 0 by 0. Take the maximum over the last axis,
    with keepdims=True."""
    e = np.exp(scores - scores.max())
    return _result(np.log(e / e.sum(axis=2, keepdims=True)), y, mask)


@misconception("softmax_cross_entropy")
def softmax_over_time(scores, y, mask):
    """Your softmax runs over the steps instead of the words: p should add up to 1 over the last
    axis."""
    return _result(_log_softmax(scores, axis=1), y, mask)


@misconception("softmax_cross_entropy")
def mean_over_time(scores, y, mask):
    """Your loss and gradient are divided by T as well. Here the loss is the *sum* over the steps of
    a sequence, and the mean over the N sequences only."""
    return _result(_log_softmax(scores), y, mask, y.size)


@misconception("softmax_cross_entropy")
def mean_over_the_mask(scores, y, mask):
    """Your function divides by the number of steps that count, the sum of the mask. Here it is
    divided by N, the number of sequences (and if all is masked you would divide by 0)."""
    return _result(_log_softmax(scores), y, mask, np.sum(mask, dtype=np.float64))


@misconception("softmax_cross_entropy")
def sum_over_the_batch(scores, y, mask):
    """Your loss and gradient are sums over the batch: the division by N, the number of sequences,
    is missing."""
    return _result(_log_softmax(scores), y, mask, 1)


@misconception("softmax_cross_entropy")
def gradient_not_divided_by_n(scores, y, mask):
    """Your loss is divided by N and dscores is not. The gradient of a mean is a mean as well."""
    loss, dscores = _result(_log_softmax(scores), y, mask)
    return loss, dscores * len(scores)


@misconception("softmax_cross_entropy")
def gradient_not_masked(scores, y, mask):
    """Your loss respects the mask and dscores does not: masked steps still get a gradient, so the
    network would learn from padding. Multiply the gradient by the mask, too."""
    loss, _ = _result(_log_softmax(scores), y, mask)
    return loss, _result(_log_softmax(scores), y, np.ones(y.shape))[1]


@misconception("softmax_cross_entropy")
def loss_not_masked(scores, y, mask):
    """Your dscores respects the mask and your loss does not: masked steps still count in it.
    Multiply each step's −log p by its mask before you sum."""
    _, dscores = _result(_log_softmax(scores), y, mask)
    return _result(_log_softmax(scores), y, np.ones(y.shape))[0], dscores


@misconception("softmax_cross_entropy")
def mask_ignored(scores, y, mask):
    """Your function does not use its mask: steps of padding count in the loss and in dscores."""
    return _result(_log_softmax(scores), y, np.ones(y.shape))


@misconception("softmax_cross_entropy")
def without_minus_one_at_the_target(scores, y, mask):
    """Your dscores is p itself, always positive. At the right word 1 has to be subtracted: the
    gradient is probability minus truth."""
    loss, _ = _result(_log_softmax(scores), y, mask)
    weight = np.asarray(mask, dtype=np.float64)[:, :, None] / len(scores)
    return loss, weight * np.exp(_log_softmax(scores))


@misconception("softmax_cross_entropy")
def shifts_the_callers_scores(scores, y, mask):
    """Your function subtracts the maximum from the caller's own array (`scores -= …`). Put the
    shifted scores into an array of your own."""
    scores -= scores.max(axis=2, keepdims=True)
    return _result(_log_softmax(scores), y, mask)
