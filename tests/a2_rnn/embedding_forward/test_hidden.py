"""Hidden tests of `embedding_forward`."""

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
    outputs_and_cache,
)

from ..shared_hidden import SINGLES, TEXTS, assert_finite, text


@exercise("embedding_forward", points=2)
@settings(max_examples=12)
@given(inputs=TEXTS)
def test_embedding_looks_words_up(student, reference, inputs):
    """out[n, t] = W[words[n, t]]

    Words are counted from 0, so word v has row v.
    """
    assert_forward_agrees(student.embedding_forward, reference.embedding_forward, inputs)


@exercise("embedding_forward", points=1, ones=True)
def test_embedding_keeps_axes_of_one(student, reference):
    """out has the shape (N, T, D), also where one of N, T, V, D is 1"""
    for lengths in SINGLES:
        inputs = text(lengths)
        assert_forward_agrees(student.embedding_forward, reference.embedding_forward, inputs)


@exercise("embedding_forward", points=1)
@settings(max_examples=6)
@given(inputs=TEXTS)
def test_a_row_of_the_table_belongs_to_its_word(student, inputs):
    """A change of W[v] changes out where word v stands, and nowhere else"""
    words, W = inputs["words"], inputs["W"]
    (out, *_), _ = outputs_and_cache(student.embedding_forward, inputs)
    assert_structure(out, np.zeros((*words.shape, W.shape[1])), what="array of vectors")
    assert_finite(out, "array of vectors")
    v = words[-1, -1]
    changed = np.array(W)
    changed[v] += 1.0
    (moved, *_), _ = outputs_and_cache(student.embedding_forward, {**inputs, "W": changed})
    expected = np.where((words == v)[:, :, None], out + 1.0, out)
    assert_close(moved, expected, what=f"result when 1 is added to W[{v}]")


@exercise("embedding_forward", points=0.5, form=True)
def test_form_of_embedding_forward(student, reference):
    """out is a float64 array of shape (N, T, D)"""
    inputs = text((2, 3, 5, 4))
    assert_forward_form(student.embedding_forward, reference.embedding_forward, inputs)


@exercise("embedding_forward", points=0.5)
def test_embedding_leaves_its_arguments_unchanged(student, reference):
    """embedding_forward leaves its arguments unchanged"""
    inputs = text((2, 3, 5, 4))
    assert_forward_leaves_unchanged(student.embedding_forward, reference.embedding_forward, inputs)
