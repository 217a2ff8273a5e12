"""Hidden tests of `gru_forward`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    assert_close,
    assert_forward_agrees,
    assert_forward_form,
    assert_forward_leaves_unchanged,
    exercise,
)

from ..shared_hidden import GRU, made, output_of, wide, with_an_axis_of_one


@exercise("gru_forward", points=1.5, after="gru_step_forward")
@settings(max_examples=4)
@given(inputs=wide(GRU))
def test_gru_from_a_zero_state(student, reference, inputs):
    """h[:, t] is a step from h[:, t − 1], from h0 = 0

    Is each step given the state that the last one left, and is each state stored in its own place?
    """
    inputs = {**inputs, "h0": np.zeros(inputs["h0"].shape)}
    assert_forward_agrees(student.gru_forward, reference.gru_forward, inputs)


@exercise("gru_forward", points=1, after="gru_step_forward")
@settings(max_examples=4)
@given(inputs=wide(GRU))
def test_gru_from_any_state(student, reference, inputs):
    """The same from any h0"""
    assert_forward_agrees(student.gru_forward, reference.gru_forward, inputs)


@exercise("gru_forward", points=0.5, after="gru_step_forward", ones=True)
@settings(max_examples=2)
@given(inputs=wide(GRU))
@with_an_axis_of_one(GRU)
def test_gru_keeps_axes_of_one(student, reference, inputs):
    """h has the shape (N, T, H), also for one sequence, one step, one input or one unit"""
    assert_forward_agrees(student.gru_forward, reference.gru_forward, inputs)


@exercise("gru_forward", points=0.5, after="gru_step_forward")
@settings(max_examples=4)
@given(inputs=wide(GRU))
def test_gru_can_be_split(student, inputs):
    """Reading a sequence in two parts, the second from the last state of the first, is the same"""
    x_seq = inputs["x_seq"]
    like = np.zeros((*x_seq.shape[:2], inputs["h0"].shape[1]))
    whole = output_of(student.gru_forward, inputs, like)
    first = output_of(student.gru_forward, {**inputs, "x_seq": x_seq[:, :1]}, like[:, :1])
    later = {**inputs, "x_seq": x_seq[:, 1:], "h0": first[:, -1]}
    rest = output_of(student.gru_forward, later, like[:, 1:])
    assert_close(np.concatenate([first, rest], axis=1), whole, what="states of the two parts")
    moved = output_of(student.gru_forward, {**inputs, "h0": inputs["h0"] + 1.0}, like)
    assert np.any(moved[:, -1] != whole[:, -1]), "the last state does not depend on h0"


@exercise("gru_forward", points=0.5, after="gru_step_forward")
@settings(max_examples=4)
@given(inputs=wide(GRU))
def test_gru_is_causal(student, inputs):
    """An input moves the states from its own step on, and none before it"""
    x_seq = inputs["x_seq"]
    like = np.zeros((*x_seq.shape[:2], inputs["h0"].shape[1]))
    h = output_of(student.gru_forward, inputs, like)
    for t in range(1, x_seq.shape[1]):
        changed = np.array(x_seq)
        changed[:, t] += 1.0
        moved = output_of(student.gru_forward, {**inputs, "x_seq": changed}, like)
        what = f"states before step {t}, when the input of step {t} changes"
        assert_close(moved[:, :t], h[:, :t], rtol=1e-12, what=what)
        assert np.all(np.any(moved[:, t] != h[:, t], axis=-1)), f"h[:, {t}] does not feel its input"


@exercise("gru_forward", points=0.5, form=True)
def test_form_of_gru_forward(student, reference):
    """h is a float64 array of shape (N, T, H)"""
    inputs = made(GRU, {"N": 2, "T": 3, "D": 5, "H": 4})
    assert_forward_form(student.gru_forward, reference.gru_forward, inputs)


@exercise("gru_forward", points=0.5, after="gru_step_forward")
def test_gru_forward_leaves_its_arguments_unchanged(student, reference):
    """gru_forward leaves its arguments unchanged"""
    inputs = made(GRU, {"N": 2, "T": 3, "D": 5, "H": 4})
    assert_forward_leaves_unchanged(student.gru_forward, reference.gru_forward, inputs)
