"""Hidden tests of `output_backward`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    StudentFailure,
    assert_backward_agrees,
    assert_backward_fits,
    assert_backward_form,
    assert_backward_is_linear,
    assert_close,
    assert_pure,
    cotangents_like,
    describe,
    exercise,
    made,
    outputs_and_cache,
    seeds,
    tensors,
    wide,
    with_an_axis_of_one,
)

from ..shared_hidden import OUTPUT, assert_finite, partners


def output_pair(student):
    """The student's output_forward and output_backward."""
    return partners(student.output_forward, student.output_backward)


def assert_output_gradient_agrees(student, reference, inputs, seed, which):
    """Assert that one of dh, dWo and dbo is right, whatever the others are."""
    outputs, theirs = outputs_and_cache(reference.output_forward, inputs)
    (dscores,) = cotangents_like(outputs, np.random.default_rng(seed))
    _, cache = outputs_and_cache(output_pair(student)[0], inputs)
    got = student.output_backward(dscores, cache)
    if not isinstance(got, tuple | list) or len(got) != 3:
        raise StudentFailure(
            "`output_backward` must return three gradients: `return dh, dWo, dbo`",
            got=describe(got),
        )
    position = list(inputs).index(which)
    expected = reference.output_backward(dscores, theirs)[position]
    assert_close(got[position], expected, what=f"gradient of `{which}`")


@exercise("output_backward", points=1.5, after="output_forward")
@settings(max_examples=6)
@given(inputs=wide(OUTPUT), seed=seeds)
def test_gradient_of_the_states(student, reference, inputs, seed):
    """dh[n, t] = dscores[n, t] @ Wo.T, for every sequence and step"""
    assert_output_gradient_agrees(student, reference, inputs, seed, "h")


@exercise("output_backward", points=2, after="output_forward")
@settings(max_examples=8)
@given(inputs=wide(OUTPUT), seed=seeds)
def test_gradient_of_the_output_weights(student, reference, inputs, seed):
    """dWo is the sum, over all sequences and steps, of h[n, t] times dscores[n, t]

    A sum over both axes: not a mean, not one step, and both of the same place.
    """
    assert_output_gradient_agrees(student, reference, inputs, seed, "Wo")


@exercise("output_backward", points=1.5, after="output_forward")
@settings(max_examples=6)
@given(inputs=wide(OUTPUT), seed=seeds)
def test_gradient_of_the_output_bias(student, reference, inputs, seed):
    """dbo is the sum of dscores over all sequences and steps

    A sum over both axes: not a mean, and of shape (V,).
    """
    assert_output_gradient_agrees(student, reference, inputs, seed, "bo")


@exercise("output_backward", points=1, after="output_forward")
@settings(max_examples=4)
@given(inputs=wide(OUTPUT), seed=seeds)
def test_output_gradients_are_not_clipped(student, reference, inputs, seed):
    """All three are right for a dscores twenty times as large

    A backward function computes the gradient. To clip it is another function's task.
    """
    assert_backward_agrees(
        output_pair(student),
        (reference.output_forward, reference.output_backward),
        inputs,
        np.random.default_rng(seed),
        scale=20.0,
    )


@exercise("output_backward", points=1, after="output_forward", ones=True)
@settings(max_examples=4)
@given(inputs=tensors(**OUTPUT))
@with_an_axis_of_one(OUTPUT)
def test_output_gradients_keep_axes_of_one(student, reference, inputs):
    """dh, dWo and dbo have the shapes of h, Wo and bo, also where an axis is 1"""
    assert_backward_agrees(
        output_pair(student),
        (reference.output_forward, reference.output_backward),
        inputs,
        np.random.default_rng(0),
    )


@exercise("output_backward", points=1.5, after="output_forward")
@settings(max_examples=5)
@given(inputs=wide(OUTPUT), seed=seeds)
def test_output_gradients_fit_the_forward(student, reference, inputs, seed):
    """The gradients are the slopes of your own output_forward, by central differences"""
    assert_backward_fits(
        output_pair(student),
        (reference.output_forward, reference.output_backward),
        inputs,
        seed,
    )


@exercise("output_backward", points=1.5, after="output_forward")
@settings(max_examples=5)
@given(inputs=wide(OUTPUT), seed=seeds)
def test_output_gradients_are_linear(student, inputs, seed):
    """Twice the dscores gives twice the gradients, and one cache can be used again and again

    A gradient is linear in what comes from above. If the second use of a cache gives something
    else, the first one has changed it.
    """
    functions = output_pair(student)
    rng = np.random.default_rng(seed)
    assert_backward_is_linear(functions, inputs, rng)
    outputs, cache = outputs_and_cache(functions[0], inputs)
    gradients = functions[1](*cotangents_like(outputs, rng), cache)
    for name, gradient in zip(inputs, gradients, strict=True):
        assert_finite(gradient, f"gradient of `{name}`")
        assert np.any(gradient != 0), f"the gradient of `{name}` is 0 everywhere"


@exercise("output_backward", points=0.5, form=True)
def test_form_of_output_backward(student, reference):
    """dh, dWo and dbo are float64 arrays of the shapes of h, Wo and bo"""
    references = reference.output_forward, reference.output_backward
    assert_backward_form(
        output_pair(student), references, made(OUTPUT, {"N": 2, "T": 3, "H": 4, "V": 5})
    )


@exercise("output_backward", points=0.5, after="output_forward")
def test_output_backward_leaves_its_arguments_unchanged(student, reference):
    """output_backward leaves dscores, and the arrays in the cache, unchanged"""
    inputs = made(OUTPUT, {"N": 2, "T": 3, "H": 4, "V": 5})
    outputs, theirs = outputs_and_cache(reference.output_forward, inputs)
    (dscores,) = cotangents_like(outputs, np.random.default_rng(0))
    _, cache = outputs_and_cache(output_pair(student)[0], inputs)
    expected = reference.output_backward(dscores, theirs)
    assert_pure(student.output_backward, dscores, cache, like=lambda *_: expected)
