"""Typical wrong answers to `lag_contributions`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _back


def _lags(dh_last, cache):
    """A right list of contributions, near ones first."""
    parts, carried = [], dh_last
    for each in reversed(cache):
        _, carried, _, dwh, _ = _back(carried, each)
        parts.append(dwh)
    return np.stack(parts)


@misconception("lag_contributions")
def powers_of_wh_in_front(dh_T, cache):
    """Your function multiplies with a power of Wh and with the product of all slopes. A row of
    slopes stands between any two copies of Wh, and matrices do not commute: go back step by
    step."""
    parts, slopes = [], np.ones(dh_T.shape)
    for k, (_, prev_h, next_h, _, Wh) in enumerate(reversed(cache)):
        slopes = slopes * (1.0 - next_h**2)
        parts.append(prev_h.T @ ((dh_T @ np.linalg.matrix_power(Wh.T, k)) * slopes))
    return np.stack(parts)


@misconception("lag_contributions")
def order_of_time(dh_T, cache):
    """Your contributions are in the order of time, the first step first. They are sorted by
    distance: entry 0 is that of the last step."""
    return _lags(dh_T, cache)[::-1]


@misconception("lag_contributions")
def slope_of_the_current_step_missing(dh_T, cache):
    """Your product with the previous state takes what *arrives* at a step, before its slope. The
    weights act inside tanh, so multiply with 1 − h² of that step first."""
    parts, carried = [], dh_T
    for each in reversed(cache):
        parts.append(each[1].T @ carried)
        carried = _back(carried, each)[1]
    return np.stack(parts)


@misconception("lag_contributions")
def slopes_missing_on_the_way(dh_T, cache):
    """Your contributions have the slope of their own step, but on the way there only Wh.T: each
    step that is crossed multiplies by its slope as well."""
    parts, carried = [], dh_T
    for _, prev_h, next_h, _, Wh in reversed(cache):
        parts.append(prev_h.T @ (carried * (1.0 - next_h**2)))
        carried = carried @ Wh.T
    return np.stack(parts)


@misconception("lag_contributions")
def no_slope_at_all(dh_T, cache):
    """Your contributions have no slope of tanh. Each step multiplies by 1 − h², the last one
    included."""
    parts, carried = [], dh_T
    for _, prev_h, _, _, Wh in reversed(cache):
        parts.append(prev_h.T @ carried)
        carried = carried @ Wh.T
    return np.stack(parts)


@misconception("lag_contributions")
def wh_not_transposed_on_the_way(dh_T, cache):
    """Entry 0 is right and the others are not: on the way back the matrix is transposed,
    da @ Wh.T."""
    parts, carried = [], dh_T
    for each in reversed(cache):
        da = carried * (1.0 - each[2] ** 2)
        parts.append(each[1].T @ da)
        carried = da @ each[4]
    return np.stack(parts)


@misconception("lag_contributions")
def state_of_the_same_step(dh_T, cache):
    """Your products take the state that a step *made*. Wh multiplied the state before it, so lag 0
    goes with h_{T−1} and the last lag with h0."""
    parts, carried = [], dh_T
    for each in reversed(cache):
        parts.append(each[2].T @ (carried * (1.0 - each[2] ** 2)))
        carried = _back(carried, each)[1]
    return np.stack(parts)


@misconception("lag_contributions")
def running_sum(dh_T, cache):
    """Your entry k is the sum of the lags 0 to k. Each lag is to have its own entry: do not add
    them up."""
    return np.cumsum(_lags(dh_T, cache), axis=0)


@misconception("lag_contributions")
def contributions_transposed(dh_T, cache):
    """Your contributions are transposed: the product is previous state.T @ da, in this order, as in
    dWh."""
    return _lags(dh_T, cache).transpose(0, 2, 1)


@misconception("lag_contributions")
def loss_at_every_step(dh_T, cache):
    """Your function adds dh_T again at every step on the way. There is one loss here, at the last
    step: elsewhere there is only what is carried."""
    parts, carried = [], np.zeros(dh_T.shape)
    for each in reversed(cache):
        _, carried, _, dwh, _ = _back(carried + dh_T, each)
        parts.append(dwh)
    return np.stack(parts)
