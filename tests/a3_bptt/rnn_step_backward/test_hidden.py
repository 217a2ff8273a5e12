"""Hidden tests of `rnn_step_backward`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    assert_backward_fits_forward,
    assert_backward_form,
    exercise,
    seeds,
    tensors,
)

from ..shared_hidden import (
    LARGE,
    SINGLE,
    SMALL,
    assert_agree,
    assert_leaves_all_unchanged,
    assert_linear,
    cotangent,
    forth,
    inputs_of,
    made,
)

STEP = {"x": "ND", "prev_h": "NH", "Wx": "DH", "Wh": "HH", "b": "H"}
STEPS = tensors(scale=0.7, **STEP)
A_STEP = made(STEP, {"N": 3, "D": 2, "H": 4}, 1)


def assert_step(student, reference, inputs, seed, names=(), scale=SMALL):
    """Assert that a step's gradients of ``names`` are the reference's, for a random dnext_h."""
    next_h, cache, reference_cache = forth(student, reference, "rnn_step_forward", inputs)
    dnext_h = cotangent(seed, next_h.shape, scale)
    expected = reference.rnn_step_backward(dnext_h, reference_cache)
    assert_agree(student.rnn_step_backward(dnext_h, cache), expected, inputs, names)


@exercise("rnn_step_backward", points=2.5)
@settings(max_examples=10)
@given(inputs=STEPS, seed=seeds)
@example(inputs=A_STEP, seed=1)
def test_step_dx(student, reference, inputs, seed):
    """dx = da @ Wx.T with da = dnext_h · (1 − next_h²)

    If all five gradients are wrong, look at da: the slope of tanh is one minus the *square* of
    next_h, which is in the cache and needs no second tanh.
    """
    assert_step(student, reference, inputs, seed, ["x"])


@exercise("rnn_step_backward", points=4)
@settings(max_examples=10)
@given(inputs=STEPS, seed=seeds)
@example(inputs=A_STEP, seed=1)
def test_step_dprev_h(student, reference, inputs, seed):
    """dprev_h = da @ Wh.T

    Wh is square, so no error of shape tells whether it is transposed.
    """
    assert_step(student, reference, inputs, seed, ["prev_h"])


@exercise("rnn_step_backward", points=2.5)
@settings(max_examples=10)
@given(inputs=STEPS, seed=seeds)
@example(inputs=A_STEP, seed=1)
def test_step_dwx(student, reference, inputs, seed):
    """dWx = x.T @ da, summed over the batch"""
    assert_step(student, reference, inputs, seed, ["Wx"])


@exercise("rnn_step_backward", points=2.5)
@settings(max_examples=10)
@given(inputs=STEPS, seed=seeds)
@example(inputs=A_STEP, seed=1)
def test_step_dwh(student, reference, inputs, seed):
    """dWh = prev_h.T @ da, summed over the batch

    Wh multiplied the *previous* state. And is the product in this order, not da.T @ prev_h?
    """
    assert_step(student, reference, inputs, seed, ["Wh"])


@exercise("rnn_step_backward", points=2.5)
@settings(max_examples=10)
@given(inputs=STEPS, seed=seeds)
@example(inputs=A_STEP, seed=1)
def test_step_db(student, reference, inputs, seed):
    """db is the sum of da over the batch, of shape (H,)

    A sum, not a mean: each of the N sequences uses the bias once. And no axis is kept.
    """
    assert_step(student, reference, inputs, seed, ["b"])


@exercise("rnn_step_backward", points=2)
@settings(max_examples=5)
@given(inputs=inputs_of(STEP, st.just(1)), seed=seeds)
def test_step_backward_where_the_slope_is_one(student, reference, inputs, seed):
    """Where next_h is 0, da is dnext_h itself, and dx, dWx, dWh and db follow from it

    If this passes and other inputs fail, look at the slope 1 − next_h².
    """
    exact = {name: np.copysign(np.ceil(4 * np.abs(v)) / 4, v) for name, v in inputs.items()}
    one = {**exact, "x": exact["x"][:1], "prev_h": exact["prev_h"][:1]}
    one["b"] = -(one["x"] @ one["Wx"] + one["prev_h"] @ one["Wh"])[0]  # quarters: no round-off
    assert_step(student, reference, one, seed, ["x", "Wx", "Wh", "b"])


@exercise("rnn_step_backward", points=1)
@settings(max_examples=5)
@given(inputs=STEPS, seed=seeds)
def test_step_backward_fits_the_forward_function(student, inputs, seed):
    """The five gradients are those of your own rnn_step_forward, by central differences"""
    pair = student.rnn_step_forward, student.rnn_step_backward
    assert_backward_fits_forward(pair, inputs, np.random.default_rng(seed))


@exercise("rnn_step_backward", points=1)
@settings(max_examples=5)
@given(inputs=STEPS, seed=seeds)
@example(inputs=A_STEP, seed=2)
def test_step_backward_for_large_gradients(student, reference, inputs, seed):
    """Gradients of any size are right: nothing is clipped"""
    assert_step(student, reference, inputs, seed, scale=LARGE)


@exercise("rnn_step_backward", points=0.5)
@settings(max_examples=4)
@given(inputs=inputs_of(STEP, st.just(1)), seed=seeds)
def test_step_backward_is_linear(student, inputs, seed):
    """The result is linear in dnext_h, 0 for a dnext_h of 0, and not 0 in general"""
    assert_linear(student.rnn_step_forward, student.rnn_step_backward, inputs, seed)


@exercise("rnn_step_backward", points=0.5, ones=True)
def test_step_backward_keeps_axes_of_length_one(student, reference):
    """Every axis may have length 1, and stays

    `squeeze` removes such axes, and an outer product is only right for a batch of one.
    """
    for seed, lengths in enumerate(SINGLE):
        assert_step(student, reference, made(STEP, lengths, seed), seed)


@exercise("rnn_step_backward", points=0.5, form=True)
def test_form_of_rnn_step_backward(student, reference):
    """Each gradient is a float64 array of the shape of its input"""
    functions = student.rnn_step_forward, student.rnn_step_backward
    references = reference.rnn_step_forward, reference.rnn_step_backward
    assert_backward_form(functions, references, A_STEP)


@exercise("rnn_step_backward", points=0.5)
def test_step_backward_leaves_its_arguments_unchanged(student, reference):
    """rnn_step_backward leaves dnext_h and the cache unchanged, so that it can be called again

    `dnext_h *= …` writes into the caller's array, and `cache.pop()` empties the caller's cache.
    """
    next_h, cache, reference_cache = forth(student, reference, "rnn_step_forward", A_STEP)
    dnext_h = np.cos(np.arange(next_h.size)).reshape(next_h.shape)
    expected = reference.rnn_step_backward(dnext_h, reference_cache)
    assert_leaves_all_unchanged(student.rnn_step_backward, dnext_h, cache, expected=expected)
