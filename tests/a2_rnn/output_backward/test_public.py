"""Public tests of `output_backward`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    assert_backward_fits_forward,
    assert_backward_is_linear,
    assert_close,
    assert_pure,
    exercise,
    outputs_and_cache,
    seeds,
    tensors,
)

from ..shared_public import BO, H_KNOWN, WO, arrays_of


@exercise("output_backward", after="output_forward")
def test_output_gradients_of_known_numbers(student):
    """With dscores of ones, dbo is 6 twice and dWo is 21 twice: sums over 2 × 3 places

    1 + 2 + 3 + 4 + 5 + 6 = 21. Less than that: a mean, or not all places. Each dh is 1 + 10. Right
    here, and wrong where only sequence 1 at step 0 has a dscores, of 20 and −30? Then see how
    dscores gets in, and whether something cuts it off.
    """
    _, cache = outputs_and_cache(student.output_forward, {"h": H_KNOWN, "Wo": WO, "bo": BO})
    expected = (np.full((2, 3, 1), 11.0), np.array([[21.0, 21.0]]), np.array([6.0, 6.0]))
    got = student.output_backward(np.ones((2, 3, 2)), cache)
    assert_close(got, expected, what="(dh, dWo, dbo)")
    dscores, dh = np.zeros((2, 3, 2)), np.zeros((2, 3, 1))
    dscores[1, 0] = 20.0, -30.0
    dh[1, 0] = 20.0 - 300.0
    expected = (dh, np.array([[80.0, -120.0]]), np.array([20.0, -30.0]))
    what = "(dh, dWo, dbo) for dscores at one place"
    assert_close(student.output_backward(dscores, cache), expected, what=what)


@exercise("output_backward", after="output_forward")
@settings(max_examples=4)
@given(inputs=tensors(h="NTH", Wo="HV", bo="V"), seed=seeds)
def test_output_gradients_are_slopes(student, inputs, seed):
    """The gradients are the slopes of your output_forward, and linear in dscores

    If only `Wo` is named: are states and dscores of the *same* sequence and step multiplied? If the
    message is about 2a − 3b: is something clipped, or is the cache changed by its first use?
    """
    functions, rng = (student.output_forward, student.output_backward), np.random.default_rng(seed)
    assert_backward_fits_forward(functions, inputs, rng, scale=20.0)
    assert_backward_is_linear(functions, inputs, rng)


@exercise("output_backward", after="output_forward")
def test_output_backward_leaves_its_arguments_unchanged(student):
    """output_backward leaves dscores, and the arrays in the cache, unchanged"""
    h, Wo, bo, dscores = arrays_of((2, 3, 4), (4, 5), (5,), (2, 3, 5))
    _, cache = outputs_and_cache(student.output_forward, {"h": h, "Wo": Wo, "bo": bo})
    assert_pure(student.output_backward, dscores, cache)
