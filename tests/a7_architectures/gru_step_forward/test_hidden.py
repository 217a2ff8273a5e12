"""Hidden tests of `gru_step_forward`."""

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
    show,
)

from ..shared_hidden import GRU_STEP, made, output_of, third, wide, with_an_axis_of_one, with_biases


@exercise("gru_step_forward", points=1.5)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP))
def test_gru_step_from_a_zero_state(student, reference, inputs):
    """From a state of zeros, next_h = u · n

    The reset gate plays no part here: this is about the order u, r, n and the activations.
    """
    inputs = {**inputs, "prev_h": np.zeros(inputs["prev_h"].shape)}
    assert_forward_agrees(student.gru_step_forward, reference.gru_step_forward, inputs)


@exercise("gru_step_forward", points=1.5)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP))
def test_gru_step_with_a_gate_half_open(student, reference, inputs):
    """With u = 1/2, next_h is half of prev_h and half of n

    This is about the candidate: tanh, and r · prev_h in its product.
    """
    H = inputs["prev_h"].shape[1]
    half = {name: np.array(inputs[name]) for name in ("Wx", "Wh", "b")}
    for array in half.values():
        array[..., :H] = 0.0
    inputs = {**inputs, **half}
    assert_forward_agrees(student.gru_step_forward, reference.gru_step_forward, inputs)


@exercise("gru_step_forward", points=1)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP))
def test_gru_step_agrees_with_its_formula(student, reference, inputs):
    """next_h = (1 − u) · prev_h + u · n, with u, r and n as in the text

    If this holds from a state of zeros only: which side of u does prev_h stand on, and is it
    multiplied by r before the matrix product?
    """
    assert_forward_agrees(student.gru_step_forward, reference.gru_step_forward, inputs)


@exercise("gru_step_forward", points=1)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP))
def test_gru_step_keeps_the_state_when_u_is_zero(student, inputs):
    """With u = 0 the state is kept, whatever the input

    If the state is lost here and kept with u = 1, your gate is the z of the other convention.
    """
    prev_h = inputs["prev_h"]
    next_h = output_of(student.gru_step_forward, with_biases(inputs, u=-50.0), prev_h)
    assert_close(next_h, prev_h, what="next state")
    moved = output_of(student.gru_step_forward, inputs, prev_h)
    assert np.any(moved != prev_h), "the state is kept with other gates, too"


@exercise("gru_step_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP))
def test_gru_step_drops_the_state_when_r_is_zero(student, inputs):
    """With u = 1 and r = 0 the next state is tanh(x @ Wxn + bn): the old one is dropped"""
    closed = with_biases(inputs, u=50.0, r=-50.0)
    next_h = output_of(student.gru_step_forward, closed, inputs["prev_h"])
    a = inputs["x"] @ third(inputs["Wx"], "n") + third(inputs["b"], "n")
    assert_close(next_h, np.tanh(a), what="next state")


@exercise("gru_step_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP, scale=2.0))
def test_gru_step_stays_between_the_old_state_and_the_candidate(student, inputs):
    """next_h lies between prev_h and a number from −1 to 1

    It is a mixture of the two, with the weights 1 − u and u.
    """
    prev_h = inputs["prev_h"]
    next_h = output_of(student.gru_step_forward, inputs, prev_h)
    low, high = np.minimum(prev_h, -1.0), np.maximum(prev_h, 1.0)
    if not np.all((next_h >= low - 1e-12) & (next_h <= high + 1e-12)):
        raise StudentFailure("a state leaves its range", got=show(next_h), expected="a mixture")
    assert np.any(next_h != prev_h), "the state does not change"
    assert np.any(next_h), "the next state is 0 everywhere"


@exercise("gru_step_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP))
@example(inputs=made(GRU_STEP, {"N": 2, "D": 3, "H": 4}))
def test_gru_step_is_right_far_out(student, reference, inputs):
    """Pre-activations of about 1e3 in size give no NaN, and the right state

    exp(1000) is too large for a float64: `np.tanh` and the `sigmoid` that is given know better than
    a formula with exp.
    """
    far = {**inputs, "x": 2e3 * inputs["x"]}
    assert_forward_agrees(student.gru_step_forward, reference.gru_step_forward, far)


@exercise("gru_step_forward", points=0.5, ones=True)
@settings(max_examples=2)
@given(inputs=wide(GRU_STEP))
@with_an_axis_of_one(GRU_STEP)
def test_gru_step_keeps_axes_of_one(student, reference, inputs):
    """next_h has the shape (N, H), also where N, D or H is 1"""
    assert_forward_agrees(student.gru_step_forward, reference.gru_step_forward, inputs)


@exercise("gru_step_forward", points=0.5, form=True)
def test_form_of_gru_step_forward(student, reference):
    """next_h is a float64 array of shape (N, H)"""
    inputs = made(GRU_STEP, {"N": 2, "D": 3, "H": 4})
    assert_forward_form(student.gru_step_forward, reference.gru_step_forward, inputs)


@exercise("gru_step_forward", points=0.5)
def test_gru_step_leaves_its_arguments_unchanged(student, reference):
    """gru_step_forward leaves its arguments unchanged"""
    inputs = made(GRU_STEP, {"N": 2, "D": 3, "H": 4})
    assert_forward_leaves_unchanged(student.gru_step_forward, reference.gru_step_forward, inputs)
