"""Typical wrong answers to `input_saliency`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import GIVEN


def _dx(dh, cache):
    return GIVEN.cell_backward(dh, cache)[0]  # (N, T, D)


def _at_the_end(dh_T, cache):
    dh = np.zeros((len(dh_T), cache[1][0].shape[1], dh_T.shape[1]))
    dh[:, -1] = dh_T
    return dh


@misconception("input_saliency")
def loss_at_every_step(dh_T, cache):
    """You give dh_T to every step, so your saliency is that of a loss at each of them. The loss
    depends directly on the last state alone: dh is 0 everywhere else."""
    dh = np.repeat(dh_T[:, None], cache[1][0].shape[1], axis=1)
    return np.sqrt(np.sum(_dx(dh, cache) ** 2, axis=2))


@misconception("input_saliency")
def loss_at_the_first_step(dh_T, cache):
    """Your gradient enters at the first state, so only the first input seems to count. dh_T belongs
    to the last state, dh[:, -1]."""
    dh = np.roll(_at_the_end(dh_T, cache), 1, axis=1)
    return np.sqrt(np.sum(_dx(dh, cache) ** 2, axis=2))


@misconception("input_saliency")
def total_gradient(dh_T, cache):
    """Your saliency is one and the same number at all steps: the norm of the whole gradient of a
    sequence. Take the norm at each step, over the D inputs alone."""
    dx = _dx(_at_the_end(dh_T, cache), cache)
    total = np.sqrt(np.sum(dx**2, axis=(1, 2)))
    return np.repeat(total[:, None], dx.shape[1], axis=1)


@misconception("input_saliency")
def norm_over_the_batch(dh_T, cache):
    """Your norm is over the batch, too, so all sequences get the same saliency. Each one has its
    own: sum over the D inputs alone."""
    dx = _dx(_at_the_end(dh_T, cache), cache)
    return np.repeat(np.sqrt(np.sum(dx**2, axis=(0, 2)))[None], len(dx), axis=0)


@misconception("input_saliency")
def square_of_the_norm(dh_T, cache):
    """You return the square of the norm: the root is missing."""
    return np.sum(_dx(_at_the_end(dh_T, cache), cache) ** 2, axis=2)


@misconception("input_saliency")
def sum_for_norm(dh_T, cache):
    """You add the gradients of a step's inputs, and positive and negative ones cancel. Take the
    Euclidean norm."""
    return np.sum(_dx(_at_the_end(dh_T, cache), cache), axis=2)


@misconception("input_saliency")
def absolute_values_for_norm(dh_T, cache):
    """You add absolute values. The Euclidean norm is the root of the sum of squares."""
    return np.sum(np.abs(_dx(_at_the_end(dh_T, cache), cache)), axis=2)


@misconception("input_saliency")
def sorted_by_lag(dh_T, cache):
    """Your saliency runs backwards in time: entry 0 is the last step. s[n, t] belongs to step t."""
    dx = _dx(_at_the_end(dh_T, cache), cache)
    return np.sqrt(np.sum(dx**2, axis=2))[:, ::-1]


@misconception("input_saliency")
def norm_over_time(dh_T, cache):
    """Your norm is over the steps, so your result has a column for each input. Axis 1 is time, and
    axis 2 are the D inputs of a step."""
    return np.sqrt(np.sum(_dx(_at_the_end(dh_T, cache), cache) ** 2, axis=1))
