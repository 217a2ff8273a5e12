"""Hidden tests of `residual_backward`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    assert_backward_form,
    assert_close,
    exercise,
    named_gradients,
    outputs_and_cache,
    seeds,
)

from ..shared_hidden import (
    RESIDUAL,
    SCALES,
    assert_backward_leaves_unchanged,
    assert_fits,
    assert_gradients,
    made,
    pair,
    wide,
)


@exercise("residual_backward", points=0.5, after="residual_forward")
@settings(max_examples=4)
@given(inputs=wide(RESIDUAL), seed=seeds)
def test_residual_dx_without_weights(student, reference, inputs, seed):
    """With W = 0, dx is dout: only the way around the layer is open"""
    inputs = {**inputs, "W": np.zeros(inputs["W"].shape)}
    both = pair(student, "residual"), pair(reference, "residual")
    assert_gradients(*both, inputs, seed, ["x"])


@exercise("residual_backward", points=1.5, after="residual_forward")
@settings(max_examples=4)
@given(inputs=wide(RESIDUAL), seed=seeds, scale=SCALES)
def test_residual_dx(student, reference, inputs, seed, scale):
    """dx = dout + da @ W.T: both ways add up"""
    both = pair(student, "residual"), pair(reference, "residual")
    assert_gradients(*both, inputs, seed, ["x"], scale)


@exercise("residual_backward", points=1, after="residual_forward")
@settings(max_examples=4)
@given(inputs=wide(RESIDUAL), seed=seeds, scale=SCALES)
def test_residual_gradients_of_the_weights(student, reference, inputs, seed, scale):
    """dW = x.T @ da and db is the sum of da, with da = dout · (1 − f²)

    f is tanh(x @ W + b), and not the output.
    """
    both = pair(student, "residual"), pair(reference, "residual")
    assert_gradients(*both, inputs, seed, ["W", "b"], scale)


@exercise("residual_backward", points=0.5, after="residual_forward")
@settings(max_examples=4)
@given(inputs=wide(RESIDUAL), seed=seeds)
def test_residual_backward_fits_the_students_forward(student, inputs, seed):
    """The gradients are those of your own residual_forward, by central differences"""
    assert_fits(pair(student, "residual"), inputs, seed)


@exercise("residual_backward", points=0.5, after="residual_forward")
@settings(max_examples=4)
@given(inputs=wide(RESIDUAL))
def test_residual_jacobian_is_the_identity_and_more(student, inputs):
    """The Jacobian of the layer is I + J_f"""
    W, D = inputs["W"], len(inputs["W"])
    x = np.repeat(inputs["x"][:1], D, axis=0)
    forward, backward = pair(student, "residual")
    _, cache = outputs_and_cache(forward, {**inputs, "x": x})
    slope = 1.0 - np.tanh(x[0] @ W + inputs["b"]) ** 2
    dx = named_gradients(backward(np.eye(D), cache), inputs)["x"]
    assert_close(dx, np.eye(D) + slope[:, None] * W.T, what="Jacobian")


@exercise("residual_backward", points=0.5, form=True)
def test_form_of_residual_backward(student, reference):
    """Each gradient is a float64 array of the shape of its input, also where N or D is 1"""
    both = pair(student, "residual"), pair(reference, "residual")
    for N, D in ((2, 3), (1, 3), (3, 1)):
        assert_backward_form(*both, made(RESIDUAL, {"N": N, "D": D}))


@exercise("residual_backward", points=0.5, after="residual_forward")
def test_residual_backward_leaves_its_arguments_unchanged(student, reference):
    """residual_backward leaves dout and the cache unchanged"""
    both = pair(student, "residual"), pair(reference, "residual")
    assert_backward_leaves_unchanged(*both, made(RESIDUAL, {"N": 2, "D": 3}))
