"""Public tests of `lstm_step_backward`."""

from __future__ import annotations

import numpy as np

from autograder.testing import (
    assert_backward_fits_forward,
    assert_backward_is_linear,
    assert_close,
    assert_pure,
    assert_structure,
    exercise,
    outputs_and_cache,
)

from ..shared_public import STEP, L, arrays_of, step, step_inputs


def step_gradients(student, inputs, dnext_h, dnext_c):
    """What the student's lstm_step_backward returns, six arrays of the right shapes."""
    step(student, inputs)
    _, cache = outputs_and_cache(student.lstm_step_forward, inputs)
    gradients = student.lstm_step_backward(dnext_h, dnext_c, cache)
    what = "tuple (dx, dprev_h, dprev_c, dWx, dWh, db)"
    assert_structure(gradients, tuple(inputs.values()), what=what)
    return gradients


@exercise("lstm_step_backward", after="lstm_step_forward")
def test_gradients_of_one_unit_by_hand(student):
    """All gates at 0.5, a candidate of 3/5, an old cell of 2 ln 2 − 3/5: the new cell is ln 2

    Its tanh is 3/5, with the slope 0.64. For dnext_h = 1 the gradient of the cell is 0.5 · 0.64 =
    0.32, for dnext_c = 1 it is 1, and dprev_c is half of that. The bias has the gradients of the
    four pre-activations, in the order i, f, o, g; each contains the slope of its activation, 0.25
    for a gate and 0.64 for the candidate. Which factor is missing in yours, or is too many?
    """
    one, row, before = np.ones((1, 1)), np.zeros((1, 4)), 2.0 * L - 0.6
    args = one, one, before * one, row, row, np.array([0.0, 0.0, 0.0, L])
    inputs = dict(zip(STEP, args, strict=True))
    slopes = np.array([0.6 * 0.25, before * 0.25, 0.0, 0.5 * 0.64])
    shown = np.array([0.0, 0.0, 0.6 * 0.25, 0.0])
    for dh, dc in ((0.0, 1.0), (1.0, 0.0), (1.0, -2.0)):
        into_cell = dc + 0.32 * dh
        got = step_gradients(student, inputs, dh * one, dc * one)
        name = f"for dnext_h = {dh:g} and dnext_c = {dc:g}"
        assert_close(got[2], 0.5 * into_cell * one, what=f"dprev_c {name}")
        assert_close(got[5], into_cell * slopes + dh * shown, what=f"db {name}")


@exercise("lstm_step_backward", after="lstm_step_forward")
def test_step_gradients_are_slopes(student):
    """The gradients are the slopes of your lstm_step_forward, and linear in the cotangents

    If only some are named, the others are right: `prev_c` is about dc ∘ f alone, `b` about the four
    parts. If the message is about 2a − 3b, something is clipped, or the cache is changed by its
    first use.
    """
    functions = student.lstm_step_forward, student.lstm_step_backward
    for seed, lengths in enumerate(((2, 3, 4), (3, 2, 1), (1, 4, 2))):
        inputs, rng = step_inputs(*lengths, seed=seed), np.random.default_rng(seed)
        step(student, inputs)
        assert_backward_fits_forward(functions, inputs, rng, scale=20.0)
        assert_backward_is_linear(functions, inputs, rng)


@exercise("lstm_step_backward", after="lstm_step_forward")
def test_step_backward_leaves_its_arguments_unchanged(student):
    """lstm_step_backward leaves dnext_h, dnext_c and the arrays in the cache unchanged

    `dc = dnext_c` is a second name for the same array, and `+=` writes into it.
    """
    inputs = step_inputs()
    dnext_h, dnext_c = arrays_of((2, 4), (2, 4))
    _, cache = outputs_and_cache(student.lstm_step_forward, inputs)
    assert_pure(student.lstm_step_backward, dnext_h, dnext_c, cache)
