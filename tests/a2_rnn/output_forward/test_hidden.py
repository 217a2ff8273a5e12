"""Hidden tests of `output_forward`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    assert_close,
    assert_forward_agrees,
    assert_forward_form,
    assert_forward_leaves_unchanged,
    assert_structure,
    exercise,
    made,
    outputs_and_cache,
    seeds,
    tensors,
    wide,
    with_an_axis_of_one,
)

from ..shared_hidden import OUTPUT, assert_finite


@exercise("output_forward", points=1.5)
@settings(max_examples=8)
@given(inputs=wide(OUTPUT))
def test_output_without_a_bias(student, reference, inputs):
    """With bo = 0, scores[n, t] = h[n, t] @ Wo"""
    inputs = {**inputs, "bo": np.zeros(inputs["bo"].shape)}
    assert_forward_agrees(student.output_forward, reference.output_forward, inputs)


@exercise("output_forward", points=2)
@settings(max_examples=10)
@given(inputs=wide(OUTPUT))
def test_output_agrees_with_its_formula(student, reference, inputs):
    """scores[n, t] = h[n, t] @ Wo + bo, for every sequence and every step

    If shapes are right and numbers are not: a `reshape` keeps the order of the numbers in memory,
    it does not exchange axes.
    """
    assert_forward_agrees(student.output_forward, reference.output_forward, inputs)


@exercise("output_forward", points=1, ones=True)
@settings(max_examples=4)
@given(inputs=tensors(**OUTPUT))
@with_an_axis_of_one(OUTPUT)
def test_output_keeps_axes_of_one(student, reference, inputs):
    """scores has the shape (N, T, V), also where one of N, T, H, V is 1"""
    assert_forward_agrees(student.output_forward, reference.output_forward, inputs)


@exercise("output_forward", points=1.5)
@settings(max_examples=6)
@given(inputs=wide(OUTPUT), seed=seeds)
def test_scores_of_a_step_come_from_its_state(student, inputs, seed):
    """A change of h[n, t] changes scores[n, t], and no other scores"""
    (scores, *_), _ = outputs_and_cache(student.output_forward, inputs)
    (N, T, _), V = inputs["h"].shape, inputs["bo"].size
    assert_structure(scores, np.zeros((N, T, V)), what="array of scores")
    assert_finite(scores, "array of scores")
    n, t = np.random.default_rng(seed).integers((N, T))
    changed = np.array(inputs["h"])
    changed[n, t] += 1.0
    (moved, *_), _ = outputs_and_cache(student.output_forward, {**inputs, "h": changed})
    here = np.zeros((N, T), dtype=bool)
    here[n, t] = True
    what = f"scores elsewhere, when h[{n}, {t}] changes,"
    assert_close(moved[~here], scores[~here], what=what)
    assert not np.array_equal(moved[here], scores[here]), f"scores[{n}, {t}] stays as it was"


@exercise("output_forward", points=0.5, form=True)
def test_form_of_output_forward(student, reference):
    """scores is a float64 array of shape (N, T, V)"""
    inputs = made(OUTPUT, {"N": 2, "T": 3, "H": 4, "V": 5})
    assert_forward_form(student.output_forward, reference.output_forward, inputs)


@exercise("output_forward", points=0.5)
def test_output_leaves_its_arguments_unchanged(student, reference):
    """output_forward leaves its arguments unchanged"""
    inputs = made(OUTPUT, {"N": 2, "T": 3, "H": 4, "V": 5})
    assert_forward_leaves_unchanged(student.output_forward, reference.output_forward, inputs)
