"""Hidden tests of `stacked_forward`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import assert_forward_agrees, assert_forward_form, assert_pure, exercise

from ..shared_hidden import A_STACK, SINGLE, in_layers, stacked, stacks


def from_zeros(inputs):
    return {**inputs, "h0": np.zeros(inputs["h0"].shape)}


def assert_stack(student, reference, inputs, skip):
    forward, _ = stacked(student, skip)
    assert_forward_agrees(forward, stacked(reference, skip)[0], inputs)


@exercise("stacked_forward", points=1)
@settings(max_examples=4)
@given(inputs=stacks(1))
def test_a_stack_of_one_layer_is_a_plain_network(student, reference, inputs):
    """A stack of one layer is a plain recurrent network"""
    assert_stack(student, reference, inputs, False)


@exercise("stacked_forward", points=1)
@settings(max_examples=4)
@given(inputs=stacks(2, 3))
def test_layers_read_the_layer_below(student, reference, inputs):
    """Without skip and from h0 = 0, each layer reads the states of the one below at the same step

    With its own weights.
    """
    assert_stack(student, reference, from_zeros(inputs), False)


@exercise("stacked_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=stacks(2, 3))
def test_layers_start_from_their_own_states(student, reference, inputs):
    """The same from any h0: layer l starts from h0[l]"""
    assert_stack(student, reference, inputs, False)


@exercise("stacked_forward", points=0.75)
@settings(max_examples=4)
@given(inputs=stacks(2, 3))
def test_skip_adds_the_input_of_a_layer(student, reference, inputs):
    """With skip and D ≠ H, all layers but the lowest add their input to their states

    Only to what they hand up: the state carried from step to step is without it. And it is the
    input of that layer, not the one of the network.
    """
    assert_stack(student, reference, from_zeros(inputs), True)


@exercise("stacked_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=stacks(1, 3, square=True))
def test_skip_adds_in_the_lowest_layer_too(student, reference, inputs):
    """With skip and D = H, the lowest layer adds its input, too; without skip no layer does"""
    assert_stack(student, reference, inputs, True)
    assert_stack(student, reference, inputs, False)


@exercise("stacked_forward", points=0.5, ones=True)
def test_stack_keeps_axes_of_one(student, reference):
    """out has the shape (N, T, H), also where N, T, D or H is 1"""
    for inputs in SINGLE:
        assert_stack(student, reference, inputs, True)


@exercise("stacked_forward", points=0.25, form=True)
def test_form_of_stacked_forward(student, reference):
    """out is a float64 array of shape (N, T, H)"""
    forwards = (stacked(owner, True)[0] for owner in (student, reference))
    assert_forward_form(*forwards, A_STACK)


@exercise("stacked_forward", points=0.5)
def test_stacked_forward_leaves_its_arguments_unchanged(student, reference):
    """stacked_forward leaves its arguments unchanged, also the list of layers"""
    assert_stack(student, reference, A_STACK, True)
    x_seq, h0, *weights = A_STACK.values()
    assert_pure(student.stacked_forward, x_seq, h0, in_layers(weights), True)
