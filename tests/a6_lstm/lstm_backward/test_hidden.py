"""Hidden tests of `lstm_backward`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    assert_backward_agrees,
    assert_backward_fits,
    assert_backward_form,
    assert_backward_is_linear,
    assert_pure,
    cotangents_like,
    exercise,
    made,
    outputs_and_cache,
    seeds,
    wide,
    with_an_axis_of_one,
)

from ..shared_hidden import (
    SEQUENCE,
    SURE,
    assert_named,
    assert_some_gradient,
    states,
    with_gates,
)


def sequence_pairs(student, reference):
    """The student's and the reference's (forward, backward) of a sequence."""
    return (
        (student.lstm_forward, student.lstm_backward),
        (reference.lstm_forward, reference.lstm_backward),
    )


SEQUENCE_PAIR = {"after": ("lstm_step_forward", "lstm_step_backward", "lstm_forward")}


def assert_sweep(student, reference, inputs, seed, names=(), only_at_the_end=False):
    """Assert that gradients of a sequence are right, for a random dh."""
    outputs, theirs = outputs_and_cache(reference.lstm_forward, inputs)
    (dh,) = cotangents_like(outputs, np.random.default_rng(seed))
    if only_at_the_end:
        dh[:, :-1] = 0.0
    states(student.lstm_forward, inputs)
    _, cache = outputs_and_cache(student.lstm_forward, inputs)
    got = student.lstm_backward(dh, cache)
    assert_named(got, reference.lstm_backward(dh, theirs), inputs, names)


@exercise("lstm_backward", points=1.5, **SEQUENCE_PAIR)
@settings(max_examples=6)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_gradients_that_come_by_the_cells(student, reference, inputs, seed):
    """With Wh = 0 everything comes back by the cells, and dx is right

    What lstm_step_backward returns as dprev_c is the dnext_c of the step before.
    """
    silent = {**inputs, "Wh": np.zeros(inputs["Wh"].shape)}
    assert_sweep(student, reference, silent, seed, ["x_seq"])


@exercise("lstm_backward", points=1.5, **SEQUENCE_PAIR)
@settings(max_examples=6)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_gradients_that_come_by_the_states(student, reference, inputs, seed):
    """With shut forget gates everything comes back by the states, and dx is right

    What lstm_step_backward returns as dprev_h is added to the dh of the step before.
    """
    assert_sweep(student, reference, with_gates(inputs, f=-SURE), seed, ["x_seq"])


@exercise("lstm_backward", points=2, **SEQUENCE_PAIR)
@settings(max_examples=10)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_gradient_of_the_inputs(student, reference, inputs, seed):
    """dx is right at each step, where both the states and the cells carry gradients back

    dx[:, t] belongs to step t, although the sweep meets the last step first.
    """
    assert_sweep(student, reference, inputs, seed, ["x_seq"])


@exercise("lstm_backward", points=1.5, **SEQUENCE_PAIR)
@settings(max_examples=6)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_gradient_of_the_first_state(student, reference, inputs, seed):
    """dh0 is what is carried, for the state, out of step 0"""
    assert_sweep(student, reference, inputs, seed, ["h0"])


@exercise("lstm_backward", points=2, **SEQUENCE_PAIR)
@settings(max_examples=6)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_gradients_of_the_weights(student, reference, inputs, seed):
    """dWx and dWh are sums over all steps and sequences

    Add up over all T steps, the first one included, and divide by nothing.
    """
    assert_sweep(student, reference, inputs, seed, ["Wx", "Wh"])


@exercise("lstm_backward", points=1, **SEQUENCE_PAIR)
@settings(max_examples=6)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_gradient_of_the_bias_of_a_sequence(student, reference, inputs, seed):
    """db is a sum over all steps and sequences, of shape (4H,)"""
    assert_sweep(student, reference, inputs, seed, ["b"])


@exercise("lstm_backward", points=0.5, **SEQUENCE_PAIR)
@settings(max_examples=4)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_gradients_of_a_loss_at_the_end(student, reference, inputs, seed):
    """All gradients are right for a loss at the last step only, and reach the first step"""
    assert_sweep(student, reference, inputs, seed, only_at_the_end=True)


@exercise("lstm_backward", points=0.5, **SEQUENCE_PAIR)
@settings(max_examples=4)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_sequence_gradients_are_not_clipped(student, reference, inputs, seed):
    """Gradients twenty times as large are right as well"""
    pairs = sequence_pairs(student, reference)
    assert_backward_agrees(*pairs, inputs, np.random.default_rng(seed), scale=20.0)


@exercise("lstm_backward", points=0.5, **SEQUENCE_PAIR, ones=True)
@settings(max_examples=2)
@given(inputs=wide(SEQUENCE))
@with_an_axis_of_one(SEQUENCE)
def test_sequence_gradients_keep_axes_of_one(student, reference, inputs):
    """Each gradient has the shape of its input, also where one of N, T, D, H is 1"""
    assert_backward_agrees(*sequence_pairs(student, reference), inputs, np.random.default_rng(0))


@exercise("lstm_backward", points=1.5, **SEQUENCE_PAIR)
@settings(max_examples=5)
@given(inputs=wide(SEQUENCE, scale=0.5), seed=seeds)
def test_sequence_gradients_fit_the_forward(student, reference, inputs, seed):
    """The gradients are the slopes of your own lstm_forward, by central differences"""
    assert_backward_fits(*sequence_pairs(student, reference), inputs, seed)


@exercise("lstm_backward", points=0.5, **SEQUENCE_PAIR)
@settings(max_examples=4)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_sequence_gradients_are_linear(student, inputs, seed):
    """Twice the dh gives twice the gradients, and one cache can be used again and again"""
    functions = student.lstm_forward, student.lstm_backward
    rng = np.random.default_rng(seed)
    assert_backward_is_linear(functions, inputs, rng)
    outputs, cache = outputs_and_cache(functions[0], inputs)
    assert_some_gradient(functions[1](*cotangents_like(outputs, rng), cache), inputs)


@exercise("lstm_backward", points=0.5, form=True)
def test_form_of_lstm_backward(student, reference):
    """Each gradient is a float64 array of the shape of its input"""
    inputs = made(SEQUENCE, {"N": 2, "T": 3, "D": 5, "H": 4})
    assert_backward_form(*sequence_pairs(student, reference), inputs)


@exercise("lstm_backward", points=0.5, **SEQUENCE_PAIR)
def test_sequence_backward_leaves_its_arguments_unchanged(student, reference):
    """lstm_backward leaves dh, and the arrays in the cache, unchanged

    `dh[:, t] += …` adds to the caller's own array.
    """
    inputs = made(SEQUENCE, {"N": 2, "T": 3, "D": 4, "H": 5})
    outputs, theirs = outputs_and_cache(reference.lstm_forward, inputs)
    (dh,) = cotangents_like(outputs, np.random.default_rng(0))
    _, cache = outputs_and_cache(student.lstm_forward, inputs)
    expected = reference.lstm_backward(dh, theirs)
    assert_pure(student.lstm_backward, dh, cache, like=lambda *_: expected)
