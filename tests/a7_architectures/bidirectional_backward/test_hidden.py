"""Hidden tests of `bidirectional_backward`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    assert_backward_fits_forward,
    assert_backward_form,
    assert_close,
    assert_pure,
    assert_structure,
    exercise,
    named_gradients,
    outputs_and_cache,
    seeds,
)

from ..shared_hidden import (
    A_BATCH,
    BIDIRECTIONAL,
    ITS_LENGTHS,
    SCALES,
    SMALL,
    arguments,
    assert_gradients,
    bidirectional,
    cotangent,
    made,
    padded,
    real_steps,
)


def assert_readers(student, reference, case, seed, names, scale=SMALL, half=slice(None)):
    """Assert gradients for a dout of 0 at padding, and outside of the slice ``half``."""
    inputs, lengths = case
    both = bidirectional(student, lengths), bidirectional(reference, lengths)
    drawn, _ = cotangent(both[1], inputs, seed, scale)
    dout = np.zeros(drawn.shape)
    dout[:, :, half] = np.where(real_steps(inputs, lengths), drawn, 0.0)[:, :, half]
    assert_gradients(*both, inputs, seed, names, dout=dout)


@exercise("bidirectional_backward", points=1, after="bidirectional_forward")
@settings(max_examples=4)
@given(case=padded(), seed=seeds)
def test_bidirectional_dx_of_the_forward_half(student, reference, case, seed):
    """dx is right where dout is 0 in the backward half"""
    forward_half = slice(case[0]["b of fwd"].size)
    assert_readers(student, reference, case, seed, ["x_seq"], half=forward_half)


@exercise("bidirectional_backward", points=1.5, after="bidirectional_forward")
@settings(max_examples=4)
@given(case=padded(), seed=seeds, scale=SCALES)
def test_bidirectional_dx(student, reference, case, seed, scale):
    """dx is the sum of what comes from the two readers, each word in its own place"""
    assert_readers(student, reference, case, seed, ["x_seq"], scale)


@exercise("bidirectional_backward", points=1.5, after="bidirectional_forward")
@settings(max_examples=4)
@given(case=padded(), seed=seeds)
def test_bidirectional_dfwd(student, reference, case, seed):
    """dfwd holds the gradients of the forward reader's weights"""
    names = ["Wx of fwd", "Wh of fwd", "b of fwd"]
    assert_readers(student, reference, case, seed, names)


@exercise("bidirectional_backward", points=2, after="bidirectional_forward")
@settings(max_examples=4)
@given(case=padded(), seed=seeds)
def test_bidirectional_dbwd(student, reference, case, seed):
    """dbwd holds the gradients of the backward reader's weights

    Its part of dout has to be turned round, like its input, before it goes back.
    """
    names = ["Wx of bwd", "Wh of bwd", "b of bwd"]
    assert_readers(student, reference, case, seed, names)


@exercise("bidirectional_backward", points=1, after="bidirectional_forward")
@settings(max_examples=4)
@given(case=padded(), seed=seeds)
def test_bidirectional_backward_fits_the_students_forward(student, case, seed):
    """The gradients are those of your own bidirectional_forward, by central differences"""
    inputs, lengths = case
    real = real_steps(inputs, lengths)
    whole_forward, whole_backward = bidirectional(student, lengths)
    like = np.zeros((*real.shape[:2], 2 * inputs["b of fwd"].size))

    def forward(*args):  # padding has a test of its own
        (out, *_), cache = outputs_and_cache(whole_forward, dict(zip(inputs, args, strict=True)))
        assert_structure(out, like, what="output")
        return np.where(real, out, 0.0), cache

    def backward(dout, cache):
        return whole_backward(np.where(real, dout, 0.0), cache)

    dx = backward(np.ones(like.shape), forward(*inputs.values())[1])[0]
    assert_structure(dx, inputs["x_seq"], what="gradient of `x_seq`")
    assert np.any(dx), "dx is 0 everywhere"
    assert_backward_fits_forward((forward, backward), inputs, np.random.default_rng(seed))


@exercise("bidirectional_backward", points=0.5, after="bidirectional_forward")
@settings(max_examples=4)
@given(case=padded(), seed=seeds)
def test_bidirectional_gradients_ignore_padding(student, reference, case, seed):
    """Neither dout at padding nor NaN in the padding of x_seq makes a difference"""
    inputs, lengths = case
    references = bidirectional(reference, lengths)
    dout, _ = cotangent(references, inputs, seed)
    expected = references[1](dout, outputs_and_cache(references[0], inputs)[1])
    real = real_steps(inputs, lengths)
    forward, backward = bidirectional(student, lengths)
    spoilt = {**inputs, "x_seq": np.where(real, inputs["x_seq"], np.nan)}
    _, cache = outputs_and_cache(forward, spoilt)
    for another in (dout, np.where(real, dout, 7.0)):
        ours, wanted = (
            named_gradients(backward(another, cache), inputs),
            named_gradients(expected, inputs),
        )
        for name in inputs:
            assert_close(ours[name], wanted[name], what=f"gradient of `{name}`")


@exercise("bidirectional_backward", points=0.5, form=True)
def test_form_of_bidirectional_backward(student, reference):
    """Each gradient is a float64 array of the shape of its input, also where N or D is 1"""
    single = {"N": 1, "T": 3, "D": 2, "H": 4}, {"N": 2, "T": 4, "D": 1, "H": 3}
    cases = [(A_BATCH, ITS_LENGTHS)]
    cases += [(made(BIDIRECTIONAL, each), np.full(each["N"], 2)) for each in single]
    for inputs, lengths in cases:
        pairs = (bidirectional(owner, lengths) for owner in (student, reference))
        assert_backward_form(*pairs, inputs)


@exercise("bidirectional_backward", points=0.5, after="bidirectional_forward")
def test_bidirectional_backward_leaves_its_arguments_unchanged(student, reference):
    """bidirectional_backward leaves dout and the cache unchanged"""
    given_to_both = arguments(A_BATCH, ITS_LENGTHS)
    out, reference_cache = reference.bidirectional_forward(*given_to_both)
    dout = np.random.default_rng(1).standard_normal(out.shape) * (out != 0)
    expected = reference.bidirectional_backward(dout, reference_cache)
    result = student.bidirectional_forward(*given_to_both)
    assert isinstance(result, tuple), "bidirectional_forward does not return (out, cache)"
    cache = result[-1]
    assert_pure(student.bidirectional_backward, dout, cache, like=lambda *_: expected)
