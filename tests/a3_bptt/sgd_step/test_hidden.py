"""Hidden tests of `sgd_step`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    assert_bitwise_equal,
    assert_close,
    assert_form_agrees,
    assert_pure,
    assert_raises,
    assert_structure,
    exercise,
    seeds,
    tensors,
)

PARAMETERS = tensors(Wx="DH", Wh="HH", b="H", Wo="HV")
SOME_PARAMETERS = {
    "Wh": np.array([[0.5, -1.0], [2.0, 0.25]]),
    "b": np.array([1.0, -3.0]),
    "Wo": np.array([[0.1], [-0.2]]),
}


def gradients_for(params, seed):
    """A random gradient for each parameter."""
    rng = np.random.default_rng(seed)
    return {name: np.round(rng.standard_normal(value.shape), 2) for name, value in params.items()}


def assert_moves(got, params, grads, learning_rate):
    """Assert that each parameter has moved by learning_rate * gradient, uphill or downhill."""
    assert_structure(got, params, what="new parameters")
    moved = {name: np.abs(got[name] - params[name]) for name in params}
    lengths = {name: np.abs(learning_rate * grads[name]) for name in params}
    assert_close(moved, lengths, what="size of the step")


@exercise("sgd_step", points=2.5)
@settings(max_examples=12)
@given(params=PARAMETERS, seed=seeds, rate=st.sampled_from((0.01, 0.1, 0.5, 2.0)))
@example(params=SOME_PARAMETERS, seed=1, rate=0.1)
def test_sgd_step_agrees_with_its_formula(student, reference, params, seed, rate):
    """new = old − learning_rate · gradient, for every parameter

    Downhill is against the gradient. The result is a new dict with the same keys.
    """
    grads = gradients_for(params, seed)
    got = student.sgd_step(params, grads, rate)
    assert_close(got, reference.sgd_step(params, grads, rate), what="new parameters")


@exercise("sgd_step", points=1)
@settings(max_examples=5)
@given(params=PARAMETERS, seed=seeds)
def test_sgd_step_ignores_other_gradients(student, params, seed):
    """Gradients of other things than parameters, of an input for example, are ignored

    Loop over the parameters, and look their gradients up.
    """
    others = {"x_seq": np.ones((2, 3, 4)), "h0": np.ones((2, 4))}
    grads = {**others, **gradients_for(params, seed)}
    assert_moves(student.sgd_step(params, grads, 0.1), params, grads, 0.1)


@exercise("sgd_step", points=1)
def test_sgd_step_refuses_a_missing_gradient(student):
    """A parameter without a gradient raises KeyError

    It would never learn, and nobody would notice.
    """
    grads = gradients_for(SOME_PARAMETERS, 3)
    assert_moves(student.sgd_step(SOME_PARAMETERS, grads, 0.1), SOME_PARAMETERS, grads, 0.1)
    for name in SOME_PARAMETERS:
        others = {key: value for key, value in grads.items() if key != name}
        assert_raises(student.sgd_step, KeyError, SOME_PARAMETERS, others, 0.1)


@exercise("sgd_step", points=1)
def test_sgd_step_refuses_other_shapes(student):
    """A gradient of another shape than its parameter raises ValueError, also where NumPy broadcasts

    A bias of shape (2,) minus a gradient of shape (1, 2) is an array of shape (1, 2). Compare the
    shapes first.
    """
    grads = gradients_for(SOME_PARAMETERS, 4)
    assert_moves(student.sgd_step(SOME_PARAMETERS, grads, 0.1), SOME_PARAMETERS, grads, 0.1)
    for name, shape in (("b", (1, 2)), ("b", (1,)), ("Wh", (2,)), ("Wh", (2, 1)), ("Wo", (2, 2))):
        odd = {**grads, name: np.full(shape, 0.5)}
        assert_raises(student.sgd_step, ValueError, SOME_PARAMETERS, odd, 0.1)


@exercise("sgd_step", points=0.5)
def test_sgd_step_of_length_zero(student):
    """With a learning rate of 0 the new parameters are the old ones"""
    grads = gradients_for(SOME_PARAMETERS, 5)
    assert_moves(student.sgd_step(SOME_PARAMETERS, grads, 0.5), SOME_PARAMETERS, grads, 0.5)
    still = student.sgd_step(SOME_PARAMETERS, grads, 0.0)
    assert_bitwise_equal(still, SOME_PARAMETERS, what="new parameters")


@exercise("sgd_step", points=0.5, form=True)
def test_form_of_sgd_step(student, reference):
    """The new parameters are a dict of float64 arrays of the shapes of the old ones"""
    args = SOME_PARAMETERS, gradients_for(SOME_PARAMETERS, 1), 0.1
    assert_form_agrees(student.sgd_step, reference.sgd_step, *args)


@exercise("sgd_step", points=0.5)
def test_sgd_step_leaves_its_arguments_unchanged(student, reference):
    """sgd_step leaves params, grads and the arrays in them unchanged

    `params[name] -= …` changes the caller's array, even if `params` is a copy of the dict.
    """
    grads = gradients_for(SOME_PARAMETERS, 6)
    assert_pure(student.sgd_step, SOME_PARAMETERS, grads, 0.1, like=reference.sgd_step)
