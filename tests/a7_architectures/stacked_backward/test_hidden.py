"""Hidden tests of `stacked_backward`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.testing import assert_backward_form, assert_pure, exercise, seeds

from ..shared_hidden import (
    A_STACK,
    SCALES,
    SINGLE,
    SMALL,
    assert_fits,
    assert_gradients,
    in_layers,
    stacked,
    stacks,
)


def of_layers(inputs):
    """The names of all weights of a stack."""
    return [name for name in inputs if "of layer" in name]


def assert_stack_gradients(student, reference, inputs, skip, seed, names=(), scale=SMALL):
    both = stacked(student, skip), stacked(reference, skip)
    assert_gradients(*both, inputs, seed, names, scale)


@exercise("stacked_backward", points=1.5, after="stacked_forward")
@settings(max_examples=4)
@given(inputs=stacks(1, 2, 3), seed=seeds)
def test_stacked_dx(student, reference, inputs, seed):
    """Without skip, dx is what comes down through all layers

    What a layer returns for its input is the gradient of the output of the layer below.
    """
    assert_stack_gradients(student, reference, inputs, False, seed, ["x_seq"])


@exercise("stacked_backward", points=1, after="stacked_forward")
@settings(max_examples=4)
@given(inputs=stacks(1, 2, 3), seed=seeds)
def test_stacked_gradients_of_the_top_layer(student, reference, inputs, seed):
    """Without skip, the last tuple of dlayers holds the gradients of the top layer's weights"""
    assert_stack_gradients(student, reference, inputs, False, seed, of_layers(inputs)[-3:])


@exercise("stacked_backward", points=1, after="stacked_forward")
@settings(max_examples=4)
@given(inputs=stacks(2, 3), seed=seeds)
def test_stacked_gradients_of_the_weights(student, reference, inputs, seed):
    """Without skip, dlayers holds the gradients of each layer's own weights, in their order"""
    assert_stack_gradients(student, reference, inputs, False, seed, of_layers(inputs))


@exercise("stacked_backward", points=0.5, after="stacked_forward")
@settings(max_examples=4)
@given(inputs=stacks(2, 3), seed=seeds)
def test_stacked_dh0(student, reference, inputs, seed):
    """Without skip, dh0[l] is the gradient of the first state of layer l"""
    assert_stack_gradients(student, reference, inputs, False, seed, ["h0"])


@exercise("stacked_backward", points=1, after="stacked_forward")
@settings(max_examples=4)
@given(inputs=stacks(2, 3) | stacks(2, square=True), seed=seeds, scale=SCALES)
def test_stacked_gradients_with_skip(student, reference, inputs, seed, scale):
    """With skip, the gradient comes down past each layer as well as through it"""
    names = ["x_seq", *of_layers(inputs)]
    assert_stack_gradients(student, reference, inputs, True, seed, names, scale)


@exercise("stacked_backward", points=1, after="stacked_forward")
@settings(max_examples=4)
@given(inputs=stacks(2, 3), seed=seeds, skip=st.booleans())
def test_stacked_backward_fits_the_students_forward(student, inputs, seed, skip):
    """The gradients are those of your own stacked_forward, by central differences"""
    assert_fits(stacked(student, skip), inputs, seed)


@exercise("stacked_backward", points=0.5, form=True)
def test_form_of_stacked_backward(student, reference):
    """Each gradient is a float64 array of the shape of its input, also where an axis is 1"""
    for inputs in (A_STACK, *SINGLE):
        pairs = (stacked(owner, True) for owner in (student, reference))
        assert_backward_form(*pairs, inputs)


@exercise("stacked_backward", points=0.5, after="stacked_forward")
def test_stacked_backward_leaves_its_arguments_unchanged(student, reference):
    """stacked_backward leaves dout and the cache unchanged"""
    x_seq, h0, *weights = A_STACK.values()
    given_to_both = x_seq, h0, in_layers(weights), True
    out, reference_cache = reference.stacked_forward(*given_to_both)
    dout = np.random.default_rng(1).standard_normal(out.shape)
    expected = reference.stacked_backward(dout, reference_cache)
    result = student.stacked_forward(*given_to_both)
    assert isinstance(result, tuple), "stacked_forward does not return (out, cache)"
    assert_pure(student.stacked_backward, dout, result[-1], like=lambda *_: expected)
