"""Hidden tests of `rnn_step_forward`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings

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

from ..shared_hidden import next_state

STEP = {"x": "ND", "prev_h": "NH", "Wx": "DH", "Wh": "HH", "b": "H"}


@exercise("rnn_step_forward", points=2.5)
@settings(max_examples=10)
@given(inputs=wide(STEP))
def test_step_from_a_zero_state(student, reference, inputs):
    """From a state of zeros, a step is tanh(x @ Wx + b)

    Wh plays no part here: this is about Wx, the bias and the activation.
    """
    inputs = {**inputs, "prev_h": np.zeros(inputs["prev_h"].shape)}
    assert_forward_agrees(student.rnn_step_forward, reference.rnn_step_forward, inputs)


@exercise("rnn_step_forward", points=3)
@settings(max_examples=10)
@given(inputs=wide(STEP))
def test_step_without_a_bias(student, reference, inputs):
    """With b = 0, a step is tanh(x @ Wx + prev_h @ Wh)

    If it is right from a state of zeros and not here: how does prev_h come in? `Wh` is square, so
    a transposed one raises no error.
    """
    inputs = {**inputs, "b": np.zeros(inputs["b"].shape)}
    assert_forward_agrees(student.rnn_step_forward, reference.rnn_step_forward, inputs)


@exercise("rnn_step_forward", points=2.5)
@settings(max_examples=10)
@given(inputs=wide(STEP))
def test_step_agrees_with_its_formula(student, reference, inputs):
    """next_h = tanh(x @ Wx + prev_h @ Wh + b), all together"""
    assert_forward_agrees(student.rnn_step_forward, reference.rnn_step_forward, inputs)


@exercise("rnn_step_forward", points=1, ones=True)
@settings(max_examples=4)
@given(inputs=tensors(**STEP))
@with_an_axis_of_one(STEP)
def test_step_keeps_axes_of_one(student, reference, inputs):
    """next_h has the shape (N, H), also where N, D or H is 1

    If this alone fails: does something remove axes of length 1, as `squeeze` does?
    """
    assert_forward_agrees(student.rnn_step_forward, reference.rnn_step_forward, inputs)


@exercise("rnn_step_forward", points=1)
@settings(max_examples=6)
@given(inputs=wide(STEP, scale=0.5))
def test_step_hears_prev_h_through_wh_alone(student, inputs):
    """With Wh = 0 the state before makes no difference; with another Wh it does"""
    other = {**inputs, "prev_h": inputs["prev_h"] + 1.0}
    silent = {"Wh": np.zeros(inputs["Wh"].shape)}
    here = next_state(student.rnn_step_forward, {**inputs, **silent})
    there = next_state(student.rnn_step_forward, {**other, **silent})
    assert_close(there, here, what="next state for another prev_h, with Wh = 0,")
    with_wh = next_state(student.rnn_step_forward, inputs)
    assert not np.array_equal(with_wh, here), "Wh makes no difference to the next state"


@exercise("rnn_step_forward", points=1.5)
@settings(max_examples=6)
@given(inputs=wide(STEP, scale=0.5), seed=seeds)
def test_step_treats_each_sequence_on_its_own(student, inputs, seed):
    """The sequences of a batch have nothing to do with each other

    Rows in another order give the same next states in that order, and a sequence alone gets what
    it gets in a batch.
    """
    h = next_state(student.rnn_step_forward, inputs)
    order = np.random.default_rng(seed).permutation(len(h))
    shuffled = {**inputs, "x": inputs["x"][order], "prev_h": inputs["prev_h"][order]}
    what = "next state of the same sequences in another order"
    assert_close(next_state(student.rnn_step_forward, shuffled), h[order], what=what)
    moves = []
    for step in (10.0, -10.0):
        changed = np.array(inputs["x"])
        changed[0] += step
        moved = next_state(student.rnn_step_forward, {**inputs, "x": changed})
        assert_close(moved[1:], h[1:], what="next state of the other sequences, when x[0] changes,")
        moves.append(not np.array_equal(moved[0], h[0]))
    assert any(moves), "next_h[0] stays as it was when x[0] changes"


@exercise("rnn_step_forward", points=1.5)
@settings(max_examples=6)
@given(inputs=wide(STEP))
@example(inputs=made(STEP, {"N": 2, "D": 3, "H": 4}))
def test_step_saturates_at_one(student, inputs):
    """A state is −1 or 1 where the pre-activation is large, about 1e3, and never further out

    NaN? exp(1000) is too large for a float64: `np.tanh` knows better than a formula with exp. 0 in
    place of −1? That is another activation. Beyond 1? Then there is none, or something is added
    after it.
    """
    x, prev_h, Wx, Wh, b = inputs.values()
    x = 1e3 * x
    a = x @ Wx + prev_h @ Wh + b
    h = next_state(student.rnn_step_forward, {**inputs, "x": x})
    far = np.abs(a) > 30.0
    assert_close(h[far], np.sign(a[far]), what="states with large pre-activations")
    if np.any(np.abs(h) > 1.0):
        largest = f"{np.max(np.abs(h)):.4g}"
        raise StudentFailure("a state leaves the range of tanh", got=largest, expected="at most 1")


@exercise("rnn_step_forward", points=0.5, form=True)
def test_form_of_rnn_step_forward(student, reference):
    """next_h is a float64 array of shape (N, H)"""
    inputs = made(STEP, {"N": 2, "D": 3, "H": 4})
    assert_forward_form(student.rnn_step_forward, reference.rnn_step_forward, inputs)


@exercise("rnn_step_forward", points=0.5)
def test_step_leaves_its_arguments_unchanged(student, reference):
    """rnn_step_forward leaves its arguments unchanged"""
    inputs = made(STEP, {"N": 2, "D": 3, "H": 4})
    assert_forward_leaves_unchanged(student.rnn_step_forward, reference.rnn_step_forward, inputs)
