"""Hidden tests of `highway_backward`."""

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
    HIGHWAY,
    SCALES,
    assert_backward_leaves_unchanged,
    assert_fits,
    assert_gradients,
    made,
    pair,
    wide,
)


@exercise("highway_backward", points=2.5, after="highway_forward")
@settings(max_examples=4)
@given(inputs=wide(HIGHWAY), seed=seeds, scale=SCALES)
def test_highway_dx(student, reference, inputs, seed, scale):
    """dx has three terms: past the layer, through the transform, and through the gate"""
    both = pair(student, "highway"), pair(reference, "highway")
    assert_gradients(*both, inputs, seed, ["x"], scale)


@exercise("highway_backward", points=1.5, after="highway_forward")
@settings(max_examples=4)
@given(inputs=wide(HIGHWAY), seed=seeds, scale=SCALES)
def test_highway_gradients_of_the_transform(student, reference, inputs, seed, scale):
    """dW and db are those of the transform, which the gate lets through in part"""
    both = pair(student, "highway"), pair(reference, "highway")
    assert_gradients(*both, inputs, seed, ["W", "b"], scale)


@exercise("highway_backward", points=1.5, after="highway_forward")
@settings(max_examples=4)
@given(inputs=wide(HIGHWAY), seed=seeds, scale=SCALES)
def test_highway_gradients_of_the_gate(student, reference, inputs, seed, scale):
    """dWt and dbt are those of the gate, which chooses between tanh(x @ W + b) and x"""
    both = pair(student, "highway"), pair(reference, "highway")
    assert_gradients(*both, inputs, seed, ["Wt", "bt"], scale)


@exercise("highway_backward", points=1, after="highway_forward")
@settings(max_examples=4)
@given(inputs=wide(HIGHWAY), seed=seeds)
def test_highway_backward_fits_the_students_forward(student, inputs, seed):
    """The gradients are those of your own highway_forward, by central differences"""
    assert_fits(pair(student, "highway"), inputs, seed)


@exercise("highway_backward", points=0.5, after="highway_forward")
@settings(max_examples=4)
@given(inputs=wide(HIGHWAY), seed=seeds)
def test_highway_backward_with_a_gate_open_and_closed(student, inputs, seed):
    """With t = 0, dx is dout; with t = 1 it is a plain layer's"""
    x, W = inputs["x"], inputs["W"]
    dout = np.random.default_rng(seed).standard_normal(x.shape)
    plain = (dout * (1.0 - np.tanh(x @ W + inputs["b"]) ** 2)) @ W.T
    forward, backward = pair(student, "highway")
    for bias, expected in ((-50.0, dout), (50.0, plain)):
        _, cache = outputs_and_cache(forward, {**inputs, "bt": np.full(inputs["bt"].shape, bias)})
        dx = named_gradients(backward(dout, cache), inputs)["x"]
        assert_close(dx, expected, what="gradient of `x`")


@exercise("highway_backward", points=0.5, form=True)
def test_form_of_highway_backward(student, reference):
    """Each gradient is a float64 array of the shape of its input, also where N or D is 1"""
    both = pair(student, "highway"), pair(reference, "highway")
    for N, D in ((2, 3), (1, 3), (3, 1)):
        assert_backward_form(*both, made(HIGHWAY, {"N": N, "D": D}))


@exercise("highway_backward", points=0.5, after="highway_forward")
def test_highway_backward_leaves_its_arguments_unchanged(student, reference):
    """highway_backward leaves dout and the cache unchanged"""
    both = pair(student, "highway"), pair(reference, "highway")
    assert_backward_leaves_unchanged(*both, made(HIGHWAY, {"N": 2, "D": 3}))
