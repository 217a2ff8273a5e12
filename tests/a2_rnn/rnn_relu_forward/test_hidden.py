"""Hidden tests of `rnn_relu_forward`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_forward_agrees,
    assert_forward_form,
    assert_forward_leaves_unchanged,
    exercise,
    made,
    seeds,
    tensors,
    wide,
    with_an_axis_of_one,
)

from ..shared_hidden import SEQUENCE, assert_causal, states


@exercise("rnn_relu_forward", points=3.5)
@settings(max_examples=16)
@given(inputs=wide(SEQUENCE))
def test_relu_sequence_agrees_with_its_formula(student, reference, inputs):
    """h[:, t] = max(x_seq[:, t] @ Wx + h[:, t − 1] @ Wh + b, 0), from any h0

    The state that is handed on is the one after the ReLU, and h0 is taken as it is.
    """
    assert_forward_agrees(student.rnn_relu_forward, reference.rnn_relu_forward, inputs)


@exercise("rnn_relu_forward", points=1, ones=True)
@settings(max_examples=4)
@given(inputs=tensors(**SEQUENCE))
@with_an_axis_of_one(SEQUENCE)
def test_relu_sequence_keeps_axes_of_one(student, reference, inputs):
    """h has the shape (N, T, H), also for one sequence, one step, one input or one unit"""
    assert_forward_agrees(student.rnn_relu_forward, reference.rnn_relu_forward, inputs)


@exercise("rnn_relu_forward", points=1.5)
@settings(max_examples=8)
@given(inputs=wide(SEQUENCE))
def test_relu_sequence_sums_up(student, inputs):
    """With Wh = I, b = 0, h0 = 0 and no negative input, h is the running sum of x_seq @ Wx

    If the sum stops at 1, or grows ever more slowly, something still limits the state.
    """
    x_seq, Wx = np.abs(inputs["x_seq"]), np.abs(inputs["Wx"])
    h0, b = np.zeros(inputs["h0"].shape), np.zeros(inputs["b"].shape)
    sums = {"x_seq": x_seq, "h0": h0, "Wx": Wx, "Wh": np.eye(b.size), "b": b}
    h = states(student.rnn_relu_forward, sums)
    assert_close(h, np.cumsum(x_seq @ Wx, axis=1), what="running sum")


@exercise("rnn_relu_forward", points=1)
@settings(max_examples=6)
@given(inputs=wide(SEQUENCE))
def test_relu_states_are_never_negative(student, inputs):
    """No state is negative, and where a pre-activation is, the state is exactly 0"""
    h = states(student.rnn_relu_forward, inputs)
    if np.any(h < 0):
        raise StudentFailure("a state is negative", got=f"{h.min():.4g}", expected="0 or more")
    low = {**inputs, "b": np.full(inputs["b"].shape, -1e4)}
    h = states(student.rnn_relu_forward, low)
    assert_close(h, np.zeros(h.shape), what="state for b = −1e4")
    high = {**inputs, "Wh": np.zeros(inputs["Wh"].shape), "b": np.full(inputs["b"].shape, 1e4)}
    h = states(student.rnn_relu_forward, high)
    assert np.all(h > 5e3), "for b = 1e4 and Wh = 0 the states should be of that size"


@exercise("rnn_relu_forward", points=1)
@settings(max_examples=4)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_relu_states_do_not_depend_on_later_inputs(student, inputs, seed):
    """Causality holds here, too: a change of x_seq[:, t:] leaves h[:, :t] as it is, bit by bit"""
    positive = {name: np.abs(value) for name, value in inputs.items()}  # so that no unit is off
    assert_causal(student.rnn_relu_forward, positive, seed)


@exercise("rnn_relu_forward", points=0.5, form=True)
def test_form_of_rnn_relu_forward(student, reference):
    """h is a float64 array of shape (N, T, H)"""
    inputs = made(SEQUENCE, {"N": 2, "T": 3, "D": 5, "H": 4})
    assert_forward_form(student.rnn_relu_forward, reference.rnn_relu_forward, inputs)


@exercise("rnn_relu_forward", points=0.5)
def test_relu_sequence_leaves_its_arguments_unchanged(student, reference):
    """rnn_relu_forward leaves its arguments unchanged"""
    inputs = made(SEQUENCE, {"N": 2, "T": 3, "D": 4, "H": 5})
    function = student.rnn_relu_forward
    assert_forward_leaves_unchanged(function, reference.rnn_relu_forward, inputs)
