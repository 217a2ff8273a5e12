"""Typical wrong answers to `rnn_step_backward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _back, _of_step, _slope


@misconception("rnn_step_backward")
def slope_of_tanh_forgotten(dnext_h, cache):
    """Your gradients lack the slope of tanh: what arrives at next_h has to be multiplied with
    1 − next_h² before it goes on."""
    return _of_step(dnext_h, cache)


@misconception("rnn_step_backward")
def square_forgotten(dnext_h, cache):
    """Your slope of tanh is 1 − next_h. The square is missing: 1 − next_h²."""
    return _of_step(dnext_h * (1.0 - cache[2]), cache)


@misconception("rnn_step_backward")
def tanh_of_the_state(dnext_h, cache):
    """Your slope is 1 − tanh²(next_h). next_h is tanh(a) already, so the slope at a is
    1 − next_h²."""
    return _of_step(dnext_h * _slope(cache[2]), cache)


@misconception("rnn_step_backward")
def slope_of_the_sigmoid(dnext_h, cache):
    """Your slope is next_h (1 − next_h), which is the sigmoid's. This network has tanh:
    1 − next_h²."""
    return _of_step(dnext_h * cache[2] * (1.0 - cache[2]), cache)


@misconception("rnn_step_backward")
def slope_at_the_previous_state(dnext_h, cache):
    """Your slope is that of the step before, 1 − prev_h². The tanh of this step gave next_h."""
    return _of_step(dnext_h * (1.0 - cache[1] ** 2), cache)


@misconception("rnn_step_backward")
def wh_not_transposed(dnext_h, cache):
    """Your dprev_h is da @ Wh: on the way back the matrix is transposed. Wh is square, so NumPy
    cannot tell you."""
    dx, _, dwx, dwh, db = _back(dnext_h, cache)
    return dx, (dnext_h * (1.0 - cache[2] ** 2)) @ cache[4], dwx, dwh, db


@misconception("rnn_step_backward")
def dprev_h_without_the_slope(dnext_h, cache):
    """Your dprev_h is dnext_h @ Wh.T. It has to pass through the tanh, too: use da, as for the
    other gradients."""
    dx, _, dwx, dwh, db = _back(dnext_h, cache)
    return dx, dnext_h @ cache[4].T, dwx, dwh, db


@misconception("rnn_step_backward")
def next_state_for_the_previous_one(dnext_h, cache):
    """Your dWh is next_h.T @ da. In the forward step Wh multiplied the previous state, so it is
    prev_h.T @ da."""
    dx, dprev_h, dwx, _, db = _back(dnext_h, cache)
    return dx, dprev_h, dwx, cache[2].T @ (dnext_h * (1.0 - cache[2] ** 2)), db


@misconception("rnn_step_backward")
def dwh_transposed(dnext_h, cache):
    """Your dWh is transposed. Entry (i, j) of Wh leads from entry i of prev_h to entry j of the
    pre-activation, so it is prev_h.T @ da."""
    dx, dprev_h, dwx, dwh, db = _back(dnext_h, cache)
    return dx, dprev_h, dwx, dwh.T, db


@misconception("rnn_step_backward")
def mean_of_the_bias(dnext_h, cache):
    """Your db is a mean over the batch. The bias is used once for each sequence, and its gradient
    is the *sum*."""
    dx, dprev_h, dwx, dwh, db = _back(dnext_h, cache)
    return dx, dprev_h, dwx, dwh, db / len(dnext_h)


@misconception("rnn_step_backward")
def means_over_the_batch(dnext_h, cache):
    """Your dWx, dWh and db are divided by N. They are sums over the batch: where a mean is wanted,
    the loss has the division, and it is in dnext_h already."""
    dx, dprev_h, *of_weights = _back(dnext_h, cache)
    return dx, dprev_h, *(gradient / len(dnext_h) for gradient in of_weights)


@misconception("rnn_step_backward")
def bias_keeps_the_batch_axis(dnext_h, cache):
    """Your db has the shape (1, H). The bias has the shape (H,), and so has its gradient: sum over
    the batch without keepdims."""
    dx, dprev_h, dwx, dwh, db = _back(dnext_h, cache)
    return dx, dprev_h, dwx, dwh, db[None]


@misconception("rnn_step_backward")
def bias_not_summed(dnext_h, cache):
    """Your db still has one row per sequence. All sequences share the bias: sum over the batch."""
    dx, dprev_h, dwx, dwh, _ = _back(dnext_h, cache)
    return dx, dprev_h, dwx, dwh, dnext_h * (1.0 - cache[2] ** 2)


@misconception("rnn_step_backward")
def gradients_clipped(dnext_h, cache):
    """Your gradients are cut off at some size. Clipping has its place, in assignment 5 and outside
    of the backward function: this one returns the gradient as it is."""
    return tuple(np.clip(gradient, -5.0, 5.0) for gradient in _back(dnext_h, cache))


@misconception("rnn_step_backward")
def writes_into_dnext_h(dnext_h, cache):
    """Your gradients are right, but `dnext_h *= …` changes the caller's array. Put the product into
    a new one: da = dnext_h * …"""
    dnext_h *= 1.0 - cache[2] ** 2
    return _of_step(dnext_h, cache)


@misconception("rnn_step_backward")
def divided_by_the_slope(dnext_h, cache):
    """You divide by the slope of tanh, 1 − next_h². The chain rule multiplies: what arrives at
    next_h, times the slope."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return _of_step(dnext_h / (1.0 - cache[2] ** 2), cache)
