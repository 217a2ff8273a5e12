"""Hidden tests of `gru_step_backward`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    assert_backward_form,
    assert_close,
    assert_structure,
    exercise,
    named_gradients,
    outputs_and_cache,
    seeds,
)

from ..shared_hidden import (
    GRU_STEP,
    LARGE,
    SMALL,
    assert_backward_leaves_unchanged,
    assert_fits,
    assert_gradients,
    made,
    pair,
    wide,
    with_an_axis_of_one,
    with_biases,
)

STEP_BACK = "gru_step_forward"


def assert_step_back(student, reference, inputs, seed, names=(), part=None, scale=SMALL):
    """Assert that gradients of a GRU step, or their parts u, r or n, are the reference's."""
    both = pair(student, "gru_step"), pair(reference, "gru_step")
    assert_gradients(*both, inputs, seed, names, scale, part=part)


@exercise("gru_step_backward", points=2.5, after=STEP_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP), seed=seeds)
def test_gru_step_dprev_h(student, reference, inputs, seed):
    """dprev_h is the sum of four terms: one for each use of prev_h

    It is kept, goes into u, goes into r, and goes into n behind r.
    """
    assert_step_back(student, reference, inputs, seed, ["prev_h"])


@exercise("gru_step_backward", points=1, after=STEP_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP), seed=seeds)
def test_gru_step_dx(student, reference, inputs, seed):
    """dx = da @ Wx.T, with da of shape (N, 3H)

    If everything that goes through da is wrong, look at its thirds one by one.
    """
    assert_step_back(student, reference, inputs, seed, ["x"])


WEIGHTS = ["Wx", "Wh", "b"]


def one_row(inputs):
    """The inputs with the first sequence of the batch alone."""
    return {**inputs, "x": inputs["x"][:1], "prev_h": inputs["prev_h"][:1]}


@exercise("gru_step_backward", points=1.5, after=STEP_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP), seed=seeds)
def test_gru_step_gradients_of_the_candidate(student, reference, inputs, seed):
    """The thirds n of dWx, dWh and db are those of the candidate, here for a single sequence

    What was multiplied by Whn is r · prev_h.
    """
    assert_step_back(student, reference, one_row(inputs), seed, WEIGHTS, "n")


@exercise("gru_step_backward", points=1, after=STEP_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP), seed=seeds)
def test_gru_step_gradients_of_the_update_gate(student, reference, inputs, seed):
    """The thirds u of dWx, dWh and db are those of the update gate, here for a single sequence

    The derivative of (1 − u) · prev_h + u · n by u has two terms.
    """
    assert_step_back(student, reference, one_row(inputs), seed, WEIGHTS, "u")


@exercise("gru_step_backward", points=1, after=STEP_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP), seed=seeds)
def test_gru_step_gradients_of_the_reset_gate(student, reference, inputs, seed):
    """The thirds r of dWx, dWh and db are those of the reset gate, here for a single sequence

    It acts through the candidate only.
    """
    assert_step_back(student, reference, one_row(inputs), seed, WEIGHTS, "r")


@exercise("gru_step_backward", points=1, after=STEP_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP), seed=seeds)
def test_gru_step_gradients_of_the_weights_of_a_batch(student, reference, inputs, seed):
    """For a batch, dWx, dWh and db are sums over it"""
    assert_step_back(student, reference, inputs, seed, WEIGHTS)


@exercise("gru_step_backward", points=1.5, after=STEP_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP), seed=seeds)
def test_gru_step_backward_fits_the_students_forward(student, inputs, seed):
    """The gradients are those of your own gru_step_forward, by central differences"""
    assert_fits(pair(student, "gru_step"), inputs, seed)


@exercise("gru_step_backward", points=1, after=STEP_BACK)
@settings(max_examples=4)
@given(inputs=wide(GRU_STEP), seed=seeds)
def test_gru_step_backward_with_gates_open_and_closed(student, reference, inputs, seed):
    """With u = 0, dprev_h is dnext_h; with u = 1 and r = 0 it is 0; with both 1, a plain step's"""
    prev_h = inputs["prev_h"]
    dnext_h = np.random.default_rng(seed).standard_normal(prev_h.shape) + 0.1
    forward, backward = pair(student, "gru_step")
    for gates in ({"u": -50.0}, {"u": 50.0, "r": 50.0}, {"u": 50.0, "r": -50.0}):
        gated = with_biases(inputs, **gates)
        _, theirs = outputs_and_cache(reference.gru_step_forward, gated)
        expected = named_gradients(reference.gru_step_backward(dnext_h, theirs), inputs)["prev_h"]
        _, cache = outputs_and_cache(forward, gated)
        got = named_gradients(backward(dnext_h, cache), inputs)["prev_h"]
        assert_structure(got, prev_h, what="gradient of `prev_h`")
        # added to numbers around 1, since 0 is to be met within rounding
        assert_close(got + dnext_h, expected + dnext_h, what="gradient of `prev_h`, plus dnext_h,")


@exercise("gru_step_backward", points=0.5, after=STEP_BACK, ones=True)
@settings(max_examples=1)
@given(inputs=wide(GRU_STEP))
@with_an_axis_of_one(GRU_STEP)
def test_gru_step_backward_keeps_axes_of_one_and_large_gradients(student, reference, inputs):
    """All gradients keep their shapes where an axis is 1, and nothing is clipped"""
    assert_step_back(student, reference, inputs, 1, scale=LARGE)


@exercise("gru_step_backward", points=0.5, form=True)
def test_form_of_gru_step_backward(student, reference):
    """Each gradient is a float64 array of the shape of its input"""
    both = pair(student, "gru_step"), pair(reference, "gru_step")
    assert_backward_form(*both, made(GRU_STEP, {"N": 2, "D": 3, "H": 4}))


@exercise("gru_step_backward", points=0.5, after=STEP_BACK)
def test_gru_step_backward_leaves_its_arguments_unchanged(student, reference):
    """gru_step_backward leaves dnext_h and the cache unchanged"""
    inputs = made(GRU_STEP, {"N": 2, "D": 3, "H": 4})
    both = pair(student, "gru_step"), pair(reference, "gru_step")
    assert_backward_leaves_unchanged(*both, inputs)
