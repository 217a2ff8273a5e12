"""Hidden tests of `residual_forward`."""

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

from ..shared_hidden import RESIDUAL, made, output_of, wide, with_an_axis_of_one


@exercise("residual_forward", points=1.75)
@settings(max_examples=7)
@given(inputs=wide(RESIDUAL))
def test_residual_agrees_with_its_formula(student, reference, inputs):
    """out = x + tanh(x @ W + b)"""
    assert_forward_agrees(student.residual_forward, reference.residual_forward, inputs)


@exercise("residual_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=wide(RESIDUAL))
def test_residual_without_weights_is_the_identity(student, inputs):
    """With W = 0 and b = 0, out is x"""
    nothing = {name: np.zeros(inputs[name].shape) for name in ("W", "b")}
    out = output_of(student.residual_forward, {**inputs, **nothing}, inputs["x"])
    assert_close(out, inputs["x"], what="output")
    moved = output_of(student.residual_forward, inputs, inputs["x"])
    assert np.any(moved != inputs["x"]), "the output is x with other weights, too"


@exercise("residual_forward", points=0.5, ones=True)
@settings(max_examples=2)
@given(inputs=wide(RESIDUAL))
@with_an_axis_of_one(RESIDUAL)
def test_residual_keeps_axes_of_one(student, reference, inputs):
    """out has the shape of x, also where N or D is 1"""
    assert_forward_agrees(student.residual_forward, reference.residual_forward, inputs)


@exercise("residual_forward", points=0.25, form=True)
def test_form_of_residual_forward(student, reference):
    """out is a float64 array of the shape of x"""
    inputs = made(RESIDUAL, {"N": 2, "D": 3})
    assert_forward_form(student.residual_forward, reference.residual_forward, inputs)


@exercise("residual_forward", points=0.5)
def test_residual_forward_leaves_its_arguments_unchanged(student, reference):
    """residual_forward leaves its arguments unchanged

    `x += …` adds to the caller's own array.
    """
    inputs = made(RESIDUAL, {"N": 2, "D": 3})
    assert_forward_leaves_unchanged(student.residual_forward, reference.residual_forward, inputs)
