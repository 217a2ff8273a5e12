"""Hidden tests of `embedding_backward`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.testing import (
    assert_backward_agrees,
    assert_backward_fits,
    assert_backward_form,
    assert_backward_is_linear,
    assert_close,
    assert_pure,
    assert_structure,
    cotangents_like,
    exercise,
    outputs_and_cache,
    seeds,
)

from ..shared_hidden import LENGTHS, SINGLES, TEXTS, assert_finite, partners, text


def all_different(lengths, seed=0):
    """Words (N, T), none of them twice, and a table with more words than there are places."""
    rng = np.random.default_rng(seed)
    N, T, spare, D = lengths
    V = N * T + spare
    words = rng.permutation(V)[: N * T].reshape(N, T)
    return {"words": words, "W": np.round(rng.standard_normal((V, D)), 2)}


TEXTS_WITHOUT_REPEATS = st.builds(all_different, LENGTHS, seeds)


def of_table(pair, words):
    """A pair of embedding functions, the forward one of W alone: one gradient per input."""

    def embedding_forward(W):
        return pair[0](words, W)

    return embedding_forward, pair[1]


def embedding_pair(student):
    """The student's embedding_forward and embedding_backward."""
    return partners(student.embedding_forward, student.embedding_backward)


def embedding_references(reference):
    """The right ones."""
    return reference.embedding_forward, reference.embedding_backward


def assert_table_gradient_agrees(student, reference, inputs, seed, scale=1.0):
    """Assert that dW is the reference's, for a random dout times ``scale``."""
    words, W = inputs["words"], inputs["W"]
    assert_backward_agrees(
        of_table(embedding_pair(student), words),
        of_table(embedding_references(reference), words),
        {"W": W},
        np.random.default_rng(seed),
        scale,
    )


@exercise("embedding_backward", points=3, after="embedding_forward")
@settings(max_examples=8)
@given(inputs=TEXTS_WITHOUT_REPEATS, seed=seeds)
def test_table_gradient_of_words_that_occur_once(student, reference, inputs, seed):
    """For a word that occurs once, dW[v] is dout at its place; for one that does not, 0

    dW has a row for each word of the table, also for the unused ones.
    """
    assert_table_gradient_agrees(student, reference, inputs, seed)


@exercise("embedding_backward", points=2.5, after="embedding_forward")
@settings(max_examples=10)
@given(inputs=TEXTS, seed=seeds)
def test_table_gradient_of_repeated_words(student, reference, inputs, seed):
    """For a word that occurs more than once, dW[v] is the sum of dout over its places

    NumPy's `dW[words] += dout` stores one result per place, and of several that go to the same row
    one survives.
    """
    assert_table_gradient_agrees(student, reference, inputs, seed)


@exercise("embedding_backward", points=0.5, after="embedding_forward")
@settings(max_examples=4)
@given(inputs=TEXTS, seed=seeds)
def test_table_gradient_is_not_clipped(student, reference, inputs, seed):
    """The same for a dout twenty times as large"""
    assert_table_gradient_agrees(student, reference, inputs, seed, scale=20.0)


@exercise("embedding_backward", points=0.5, after="embedding_forward", ones=True)
def test_table_gradient_keeps_axes_of_one(student, reference):
    """dW has the shape of W, also where one of N, T, V, D is 1"""
    for lengths in SINGLES:
        assert_table_gradient_agrees(student, reference, text(lengths), seed=0)


@exercise("embedding_backward", points=1, after="embedding_forward")
@settings(max_examples=5)
@given(inputs=TEXTS, seed=seeds)
def test_nothing_of_dout_is_lost(student, inputs, seed):
    """The columns of dW add up to the sums of dout over all places

    Each place sends its dout to one row. If less arrives than was sent, repeats are lost.
    """
    outputs, cache = outputs_and_cache(embedding_pair(student)[0], inputs)
    assert_structure(outputs[0], np.zeros((*inputs["words"].shape, inputs["W"].shape[1])))
    (dout,) = cotangents_like(outputs, np.random.default_rng(seed))
    dW = student.embedding_backward(dout, cache)
    assert_structure(dW, inputs["W"], what="gradient of `W`")
    assert_close(dW.sum(axis=0), dout.sum(axis=(0, 1)), what="sum of each column of dW")


@exercise("embedding_backward", points=1, after="embedding_forward")
@settings(max_examples=4)
@given(inputs=TEXTS, seed=seeds)
def test_table_gradient_fits_the_forward(student, reference, inputs, seed):
    """dW is the slope of your own embedding_forward, by central differences"""
    words, W = inputs["words"], inputs["W"]
    assert_backward_fits(
        of_table(embedding_pair(student), words),
        of_table(embedding_references(reference), words),
        {"W": W},
        seed,
    )


@exercise("embedding_backward", points=0.5, after="embedding_forward")
@settings(max_examples=4)
@given(inputs=TEXTS, seed=seeds)
def test_table_gradient_is_linear(student, inputs, seed):
    """Twice the dout gives twice the dW, and one cache can be used again and again"""
    words, W = inputs["words"], inputs["W"]
    functions = of_table(embedding_pair(student), words)
    rng = np.random.default_rng(seed)
    assert_backward_is_linear(functions, {"W": W}, rng)
    outputs, cache = outputs_and_cache(functions[0], {"W": W})
    dW = functions[1](*cotangents_like(outputs, rng), cache)
    assert_finite(dW, "gradient of `W`")
    assert np.any(dW != 0), "dW is 0 everywhere"


@exercise("embedding_backward", points=0.5, form=True)
def test_form_of_embedding_backward(student, reference):
    """dW is a float64 array of the shape of W"""
    words, W = text((2, 3, 5, 4)).values()
    pairs = embedding_pair(student), embedding_references(reference)
    assert_backward_form(*(of_table(pair, words) for pair in pairs), {"W": W})


@exercise("embedding_backward", points=0.5, after="embedding_forward")
def test_embedding_backward_leaves_its_arguments_unchanged(student, reference):
    """embedding_backward leaves dout, and the arrays in the cache, unchanged"""
    inputs = text((2, 3, 5, 4))
    outputs, theirs = outputs_and_cache(reference.embedding_forward, inputs)
    (dout,) = cotangents_like(outputs, np.random.default_rng(0))
    _, cache = outputs_and_cache(embedding_pair(student)[0], inputs)
    expected = reference.embedding_backward(dout, theirs)
    assert_pure(student.embedding_backward, dout, cache, like=lambda *_: expected)
