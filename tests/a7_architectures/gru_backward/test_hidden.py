"""Hidden tests of `gru_backward`."""

from __future__ import annotations

from hypothesis import given, settings

from autograder.testing import assert_backward_form, exercise, seeds

from ..shared_hidden import (
    GRU,
    LARGE,
    assert_backward_leaves_unchanged,
    assert_fits,
    assert_gradients,
    cotangent,
    made,
    pair,
    wide,
    with_an_axis_of_one,
)

GRU_BACK = ("gru_step_forward", "gru_step_backward", "gru_forward")


def assert_gru_back(student, reference, inputs, seed, names, dout=None):
    both = pair(student, "gru"), pair(reference, "gru")
    assert_gradients(*both, inputs, seed, names, dout=dout)


@exercise("gru_backward", points=1, after=GRU_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU), seed=seeds)
def test_gru_dx_of_the_last_loss(student, reference, inputs, seed):
    """For a loss at the last step only, dx is what is carried back to each step

    Carry the gradient from each step to the one before it.
    """
    dh, _ = cotangent(pair(reference, "gru"), inputs, seed)
    dh[:, :-1] = 0.0
    assert_gru_back(student, reference, inputs, seed, ["x_seq"], dh)


@exercise("gru_backward", points=0.5, after=GRU_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU), seed=seeds)
def test_gru_dx(student, reference, inputs, seed):
    """dx[:, t] is what the losses of the step t and of all later ones send to its input

    Add dh[:, t] to what is carried, at every step.
    """
    assert_gru_back(student, reference, inputs, seed, ["x_seq"])


@exercise("gru_backward", points=0.5, after=GRU_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU), seed=seeds)
def test_gru_dh0(student, reference, inputs, seed):
    """dh0 is what has been carried through all steps"""
    assert_gru_back(student, reference, inputs, seed, ["h0"])


@exercise("gru_backward", points=0.5, after=GRU_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU), seed=seeds)
def test_gru_backward_of_one_step(student, reference, inputs, seed):
    """For a sequence of one step, all gradients are those of that step"""
    one = {**inputs, "x_seq": inputs["x_seq"][:, :1]}
    assert_gru_back(student, reference, one, seed, ())


@exercise("gru_backward", points=1, after=GRU_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU), seed=seeds)
def test_gru_gradients_of_the_weights(student, reference, inputs, seed):
    """dWx, dWh and db are sums over all steps"""
    assert_gradients(pair(student, "gru"), pair(reference, "gru"), inputs, seed, ["Wx", "Wh", "b"])


@exercise("gru_backward", points=1, after=GRU_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU), seed=seeds)
def test_gru_backward_fits_the_students_forward(student, inputs, seed):
    """The gradients are those of your own gru_forward, by central differences"""
    assert_fits(pair(student, "gru"), inputs, seed)


@exercise("gru_backward", points=0.5, after=GRU_BACK, ones=True)
@settings(max_examples=1)
@given(inputs=wide(GRU))
@with_an_axis_of_one(GRU)
def test_gru_backward_keeps_axes_of_one_and_large_gradients(student, reference, inputs):
    """All gradients keep their shapes where an axis is 1, and nothing is clipped"""
    assert_gradients(pair(student, "gru"), pair(reference, "gru"), inputs, 1, scale=LARGE)


@exercise("gru_backward", points=0.5, form=True)
def test_form_of_gru_backward(student, reference):
    """Each gradient is a float64 array of the shape of its input"""
    both = pair(student, "gru"), pair(reference, "gru")
    assert_backward_form(*both, made(GRU, {"N": 2, "T": 3, "D": 5, "H": 4}))


@exercise("gru_backward", points=0.5, after=GRU_BACK)
def test_gru_backward_leaves_its_arguments_unchanged(student, reference):
    """gru_backward leaves dh and the cache unchanged"""
    inputs = made(GRU, {"N": 2, "T": 3, "D": 5, "H": 4})
    assert_backward_leaves_unchanged(pair(student, "gru"), pair(reference, "gru"), inputs)
