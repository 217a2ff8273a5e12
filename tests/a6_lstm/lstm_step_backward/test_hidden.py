"""Hidden tests of `lstm_step_backward`."""

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
    STEP,
    SURE,
    assert_named,
    assert_some_gradient,
    part,
    step_of,
    with_gates,
)


def step_pairs(student, reference):
    """The student's and the reference's (forward, backward) of a step."""
    return (
        (student.lstm_step_forward, student.lstm_step_backward),
        (reference.lstm_step_forward, reference.lstm_step_backward),
    )


def assert_step_back(student, reference, inputs, seed, names=(), of_part="", shares=(1.0, 1.0)):
    """Assert that gradients of a step are right, for cotangents of h and c times ``shares``."""
    outputs, theirs = outputs_and_cache(reference.lstm_step_forward, inputs)
    drawn = cotangents_like(outputs, np.random.default_rng(seed))
    douts = tuple(share * dout for share, dout in zip(shares, drawn, strict=True))
    step_of(student.lstm_step_forward, inputs)
    _, cache = outputs_and_cache(student.lstm_step_forward, inputs)
    columns = part(of_part, inputs["b"].size // 4) if of_part else slice(None)
    got = student.lstm_step_backward(*douts, cache)
    assert_named(got, reference.lstm_step_backward(*douts, theirs), inputs, names, columns)


STEP_PAIR = {"after": "lstm_step_forward"}


@exercise("lstm_step_backward", points=2, **STEP_PAIR)
@settings(max_examples=6)
@given(inputs=wide(STEP), seed=seeds)
def test_gradients_from_the_cell_alone(student, reference, inputs, seed):
    """All gradients are right where dnext_h = 0, so that everything comes through the cell

    The cell is f ∘ prev_c + i ∘ g: four factors, so four gradients, and the output gate has no
    share.
    """
    assert_step_back(student, reference, inputs, seed, shares=(0.0, 1.0))


@exercise("lstm_step_backward", points=2, **STEP_PAIR)
@settings(max_examples=6)
@given(inputs=wide(STEP), seed=seeds)
def test_gradients_from_the_state_alone(student, reference, inputs, seed):
    """All gradients are right where dnext_c = 0, so that everything comes through the state

    next_h = o ∘ tanh(next_c): one part goes to the output gate, the other one through tanh into the
    cell, and from there on to i, f, g and prev_c.
    """
    assert_step_back(student, reference, inputs, seed, shares=(1.0, 0.0))


@exercise("lstm_step_backward", points=2, **STEP_PAIR)
@settings(max_examples=8)
@given(inputs=wide(STEP), seed=seeds)
def test_gradient_of_the_old_cell(student, reference, inputs, seed):
    """dprev_c = dc ∘ f, where dc is all that reaches the new cell

    That is dnext_c plus what comes from dnext_h, through the output gate and the slope of tanh at
    next_c.
    """
    assert_step_back(student, reference, inputs, seed, ["prev_c"])


@exercise("lstm_step_backward", points=1.5, **STEP_PAIR)
@settings(max_examples=6)
@given(inputs=wide(STEP), seed=seeds)
def test_gradient_of_the_input_gate(student, reference, inputs, seed):
    """The columns 0 to H − 1 of dWx, those of the input gate, are right

    In i ∘ g, the gradient of i is multiplied by g; then comes the slope i (1 − i).
    """
    assert_step_back(student, reference, inputs, seed, ["Wx"], of_part="i")


@exercise("lstm_step_backward", points=1.5, **STEP_PAIR)
@settings(max_examples=6)
@given(inputs=wide(STEP), seed=seeds)
def test_gradient_of_the_forget_gate(student, reference, inputs, seed):
    """The columns H to 2H − 1 of dWx, those of the forget gate, are right

    The gate multiplies the cell before the step; then comes the slope f (1 − f).
    """
    assert_step_back(student, reference, inputs, seed, ["Wx"], of_part="f")


@exercise("lstm_step_backward", points=1.5, **STEP_PAIR)
@settings(max_examples=6)
@given(inputs=wide(STEP), seed=seeds)
def test_gradient_of_the_output_gate(student, reference, inputs, seed):
    """The columns 2H to 3H − 1 of dWx, those of the output gate, are right

    The gate multiplies tanh(next_c), and it hears dnext_h alone; then comes the slope o (1 − o).
    """
    assert_step_back(student, reference, inputs, seed, ["Wx"], of_part="o")


@exercise("lstm_step_backward", points=1.5, **STEP_PAIR)
@settings(max_examples=6)
@given(inputs=wide(STEP), seed=seeds)
def test_gradient_of_the_candidate(student, reference, inputs, seed):
    """The columns 3H to 4H − 1 of dWx, those of the candidate, are right

    In i ∘ g, the gradient of g is multiplied by i; then comes the slope of a tanh, 1 − g².
    """
    assert_step_back(student, reference, inputs, seed, ["Wx"], of_part="g")


@exercise("lstm_step_backward", points=1.5, **STEP_PAIR)
@settings(max_examples=6)
@given(inputs=wide(STEP), seed=seeds)
def test_gradients_of_input_and_old_state(student, reference, inputs, seed):
    """dx = da @ Wx.T and dprev_h = da @ Wh.T, with da of shape (N, 4H)"""
    assert_step_back(student, reference, inputs, seed, ["x", "prev_h"])


@exercise("lstm_step_backward", points=1.5, **STEP_PAIR)
@settings(max_examples=6)
@given(inputs=wide(STEP), seed=seeds)
def test_gradient_of_wh(student, reference, inputs, seed):
    """dWh = prev_h.T @ da, summed over the batch

    Wh multiplied the state *before* the step.
    """
    assert_step_back(student, reference, inputs, seed, ["Wh"])


@exercise("lstm_step_backward", points=1, **STEP_PAIR)
@settings(max_examples=6)
@given(inputs=wide(STEP), seed=seeds)
def test_gradient_of_the_bias(student, reference, inputs, seed):
    """db is the sum of da over the batch, of shape (4H,)

    A sum, not a mean: each of the N sequences uses the bias once. And no axis is kept.
    """
    assert_step_back(student, reference, inputs, seed, ["b"])


@exercise("lstm_step_backward", points=0.5, **STEP_PAIR)
@settings(max_examples=4)
@given(inputs=wide(STEP), seed=seeds)
def test_step_gradients_are_not_clipped(student, reference, inputs, seed):
    """Gradients twenty times as large are right as well

    A backward function computes the gradient. To clip it is another function's task.
    """
    pairs = step_pairs(student, reference)
    assert_backward_agrees(*pairs, inputs, np.random.default_rng(seed), scale=20.0)


@exercise("lstm_step_backward", points=0.5, **STEP_PAIR, ones=True)
@settings(max_examples=2)
@given(inputs=wide(STEP))
@with_an_axis_of_one(STEP)
def test_step_gradients_keep_axes_of_one(student, reference, inputs):
    """Each gradient has the shape of its input, also where N, D or H is 1"""
    assert_backward_agrees(*step_pairs(student, reference), inputs, np.random.default_rng(0))


@exercise("lstm_step_backward", points=0.5, **STEP_PAIR)
@settings(max_examples=5)
@given(inputs=wide(STEP), seed=seeds)
def test_open_forget_gate_hands_the_gradient_back(student, reference, inputs, seed):
    """With f = 1 and o = 0, dprev_c is dnext_c; with f = 0 it is 0

    This is what the network is made for: no matrix and no tanh′ on the way from cell to cell.
    """
    for pre_activation in (SURE, -SURE):
        gated = with_gates(inputs, f=pre_activation, o=-SURE)
        outputs, theirs = outputs_and_cache(reference.lstm_step_forward, gated)
        step_of(student.lstm_step_forward, gated)
        _, cache = outputs_and_cache(student.lstm_step_forward, gated)
        douts = cotangents_like(outputs, np.random.default_rng(seed))
        got = student.lstm_step_backward(*douts, cache)
        expected = reference.lstm_step_backward(*douts, theirs)
        assert_named(got, expected, gated, ["prev_c"])


@exercise("lstm_step_backward", points=1, **STEP_PAIR)
@settings(max_examples=5)
@given(inputs=wide(STEP, scale=0.7), seed=seeds)
def test_step_gradients_fit_the_forward(student, reference, inputs, seed):
    """The gradients are the slopes of your own lstm_step_forward, by central differences"""
    assert_backward_fits(*step_pairs(student, reference), inputs, seed)


@exercise("lstm_step_backward", points=0.5, **STEP_PAIR)
@settings(max_examples=4)
@given(inputs=wide(STEP), seed=seeds)
def test_step_gradients_are_linear(student, inputs, seed):
    """Twice the cotangents give twice the gradients, and one cache can be used again and again

    If the second use of a cache gives something else, the first one has changed it.
    """
    functions = student.lstm_step_forward, student.lstm_step_backward
    rng = np.random.default_rng(seed)
    assert_backward_is_linear(functions, inputs, rng)
    outputs, cache = outputs_and_cache(functions[0], inputs)
    assert_some_gradient(functions[1](*cotangents_like(outputs, rng), cache), inputs)


@exercise("lstm_step_backward", points=0.5, form=True)
def test_form_of_lstm_step_backward(student, reference):
    """Each gradient is a float64 array of the shape of its input"""
    inputs = made(STEP, {"N": 2, "D": 3, "H": 4})
    assert_backward_form(*step_pairs(student, reference), inputs)


@exercise("lstm_step_backward", points=0.5, **STEP_PAIR)
def test_step_backward_leaves_its_arguments_unchanged(student, reference):
    """lstm_step_backward leaves dnext_h, dnext_c and the arrays in the cache unchanged

    `dnext_c += …` adds to the caller's own array. Write `dc = dnext_c + …`.
    """
    inputs = made(STEP, {"N": 2, "D": 3, "H": 4})
    outputs, theirs = outputs_and_cache(reference.lstm_step_forward, inputs)
    douts = cotangents_like(outputs, np.random.default_rng(0))
    _, cache = outputs_and_cache(student.lstm_step_forward, inputs)
    expected = reference.lstm_step_backward(*douts, theirs)
    assert_pure(student.lstm_step_backward, *douts, cache, like=lambda *_: expected)
