"""Hidden tests of `lag_contributions`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings

from autograder.testing import assert_close, assert_form, assert_structure, exercise, seeds

from ..shared_hidden import (
    A_SEQUENCE,
    DEEP,
    LARGE,
    SEQUENCE,
    SEQUENCES,
    SINGLE,
    SMALL,
    assert_leaves_all_unchanged,
    cotangent,
    forth,
    made,
)

A_LAST_STATE = np.array([[0.5, -1.0, 2.0, 0.25], [-0.75, 1.5, 1.0, -2.0]])  # a cotangent of it


def assert_lags(student, reference, inputs, seed, scale=SMALL):
    """Assert that lag_contributions agrees with the reference, for a random dh_T."""
    h, cache, reference_cache = forth(student, reference, "rnn_forward", inputs)
    dh_last = cotangent(seed, h[:, -1].shape, scale)
    expected = reference.lag_contributions(dh_last, reference_cache)
    assert_close(student.lag_contributions(dh_last, cache), expected, what="contributions")


@exercise("lag_contributions", points=4.5, after="rnn_step_backward")
@settings(max_examples=12)
@given(inputs=SEQUENCES, seed=seeds)
@example(inputs=A_SEQUENCE, seed=1)
def test_lag_contributions_agree_with_their_formula(student, reference, inputs, seed):
    """Entry k is h_{T−k−1}ᵀ da_{T−k}, with da carried back step by step

    At each step, first the slope 1 − h² of that step, then the product with the state before it,
    and only then Wh.T to the step before. The order matters: matrices do not commute.
    """
    assert_lags(student, reference, inputs, seed)


@exercise("lag_contributions", points=2, after="rnn_step_backward")
@settings(max_examples=6)
@given(inputs=DEEP, seed=seeds)
def test_lag_zero_is_the_immediate_term(student, reference, inputs, seed):
    """Entry 0 is the last use of Wh: h_{T−1}ᵀ (dh_T · (1 − h_T²))

    If this is your last entry instead, the order is that of time. It is to be that of distance.
    """
    h, cache, _ = forth(student, reference, "rnn_forward", inputs)
    dh_last = cotangent(seed, h[:, -1].shape)
    got = student.lag_contributions(dh_last, cache)
    assert_structure(got, np.zeros((h.shape[1], *inputs["Wh"].shape)), what="contributions")
    immediate = np.einsum("ni,nj->ij", h[:, -2], dh_last * (1.0 - h[:, -1] ** 2))
    assert_close(got[0], immediate, what="entry 0")


@exercise("lag_contributions", points=3, after="rnn_step_backward")
@settings(max_examples=6)
@given(inputs=DEEP, seed=seeds)
def test_lag_contributions_sum_to_dwh(student, reference, inputs, seed):
    """The sum over all lags is the dWh of back-propagation for a loss at the last step"""
    h, cache, reference_cache = forth(student, reference, "rnn_forward", inputs)
    dh_last = cotangent(seed, h[:, -1].shape)
    dh = np.zeros(h.shape)
    dh[:, -1] = dh_last
    got = student.lag_contributions(dh_last, cache)
    assert_structure(got, np.zeros((h.shape[1], *inputs["Wh"].shape)), what="contributions")
    dwh = reference.rnn_backward(dh, reference_cache)[3]
    assert_close(np.sum(got, axis=0), dwh, what="sum of the contributions")


@exercise("lag_contributions", points=1, after="rnn_step_backward")
@settings(max_examples=4)
@given(inputs=DEEP, seed=seeds)
def test_lag_k_depends_on_the_last_steps_only(student, reference, inputs, seed):
    """A sequence that begins later, from the state reached by then, has the same first lags"""
    h, cache, _ = forth(student, reference, "rnn_forward", inputs)
    dh_last = cotangent(seed, h[:, -1].shape)
    late = {**inputs, "x_seq": inputs["x_seq"][:, 1:], "h0": h[:, 0]}
    _, late_cache, _ = forth(student, reference, "rnn_forward", late)
    of_all = student.lag_contributions(dh_last, cache)
    of_late = student.lag_contributions(dh_last, late_cache)
    assert_structure(of_all, np.zeros((h.shape[1], *inputs["Wh"].shape)), what="contributions")
    assert all(np.any(part) for part in of_all), "a contribution is 0 everywhere"
    assert_close(of_late, of_all[:-1], what="contributions of the later steps")


@exercise("lag_contributions", points=1, after="rnn_step_backward", ones=True)
def test_lag_contributions_keep_axes_of_length_one(student, reference):
    """Every axis may have length 1, T among them, and stays

    For T = 1 there is one entry, and it contains h0.
    """
    for seed, lengths in enumerate(SINGLE):
        assert_lags(student, reference, made(SEQUENCE, lengths, seed), seed)


@exercise("lag_contributions", points=0.5, after="rnn_step_backward")
@settings(max_examples=4)
@given(inputs=SEQUENCES, seed=seeds)
@example(inputs=A_SEQUENCE, seed=1)
def test_lag_contributions_for_large_gradients(student, reference, inputs, seed):
    """Contributions of any size are right: nothing is clipped"""
    assert_lags(student, reference, inputs, seed, scale=LARGE)


@exercise("lag_contributions", points=0.5, form=True)
def test_form_of_lag_contributions(student, reference):
    """The result is a float64 array of shape (T, H, H)"""
    _, cache, reference_cache = forth(student, reference, "rnn_forward", A_SEQUENCE)
    expected = reference.lag_contributions(A_LAST_STATE, reference_cache)
    assert_form(student.lag_contributions(A_LAST_STATE, cache), expected, what="contributions")


@exercise("lag_contributions", points=0.5, after="rnn_step_backward")
def test_lag_contributions_leave_their_arguments_unchanged(student, reference):
    """lag_contributions leaves dh_T and the cache unchanged, so that it can be called again"""
    _, cache, reference_cache = forth(student, reference, "rnn_forward", A_SEQUENCE)
    expected = reference.lag_contributions(A_LAST_STATE, reference_cache)
    assert_leaves_all_unchanged(student.lag_contributions, A_LAST_STATE, cache, expected=expected)
