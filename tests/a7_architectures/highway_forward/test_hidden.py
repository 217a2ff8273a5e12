"""Hidden tests of `highway_forward`."""

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

from ..shared_hidden import HIGHWAY, made, output_of, wide, with_an_axis_of_one


@exercise("highway_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=wide(HIGHWAY))
def test_highway_with_a_gate_half_open(student, inputs):
    """With t = 1/2, out is half of tanh(x @ W + b) and half of x"""
    x, W, b, Wt, bt = inputs.values()
    half = {**inputs, "Wt": np.zeros(Wt.shape), "bt": np.zeros(bt.shape)}
    out = output_of(student.highway_forward, half, x)
    assert_close(out, 0.5 * (np.tanh(x @ W + b) + x), what="output")


@exercise("highway_forward", points=1.75)
@settings(max_examples=4)
@given(inputs=wide(HIGHWAY))
def test_highway_agrees_with_its_formula(student, reference, inputs):
    """out = t · tanh(x @ W + b) + (1 − t) · x with t = sigmoid(x @ Wt + bt)"""
    assert_forward_agrees(student.highway_forward, reference.highway_forward, inputs)


@exercise("highway_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=wide(HIGHWAY))
def test_highway_with_a_closed_gate_is_the_identity(student, inputs):
    """With t = 0, out is x"""
    closed = {**inputs, "bt": np.full(inputs["bt"].shape, -50.0)}
    out = output_of(student.highway_forward, closed, inputs["x"])
    assert_close(out, inputs["x"], what="output")
    moved = output_of(student.highway_forward, inputs, inputs["x"])
    assert np.any(moved != inputs["x"]), "the output is x with other gates, too"


@exercise("highway_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=wide(HIGHWAY))
def test_highway_with_an_open_gate_is_a_plain_layer(student, inputs):
    """With t = 1, out is tanh(x @ W + b)"""
    wide_open = {**inputs, "bt": np.full(inputs["bt"].shape, 50.0)}
    out = output_of(student.highway_forward, wide_open, inputs["x"])
    expected = np.tanh(inputs["x"] @ inputs["W"] + inputs["b"])
    assert_close(out, expected, what="output")


@exercise("highway_forward", points=0.5, ones=True)
@settings(max_examples=2)
@given(inputs=wide(HIGHWAY))
@with_an_axis_of_one(HIGHWAY)
def test_highway_keeps_axes_of_one(student, reference, inputs):
    """out has the shape of x, also where N or D is 1"""
    assert_forward_agrees(student.highway_forward, reference.highway_forward, inputs)


@exercise("highway_forward", points=0.25, form=True)
def test_form_of_highway_forward(student, reference):
    """out is a float64 array of the shape of x"""
    inputs = made(HIGHWAY, {"N": 2, "D": 3})
    assert_forward_form(student.highway_forward, reference.highway_forward, inputs)


@exercise("highway_forward", points=0.5)
def test_highway_forward_leaves_its_arguments_unchanged(student, reference):
    """highway_forward leaves its arguments unchanged"""
    inputs = made(HIGHWAY, {"N": 2, "D": 3})
    assert_forward_leaves_unchanged(student.highway_forward, reference.highway_forward, inputs)
