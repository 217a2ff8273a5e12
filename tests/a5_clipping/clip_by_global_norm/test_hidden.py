"""Hidden tests of `clip_by_global_norm`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    StudentFailure,
    assert_bitwise_equal,
    assert_close,
    assert_form_agrees,
    assert_pure,
    assert_silent,
    assert_structure,
    exercise,
    show,
)

from ..shared_hidden import FACTORS, GRADS, MIXED, SINGLE, ZEROS, norm_of, scaled

NEARLY = 1e-5  # for a right idea with a small constant in it: one test asks for the last digits


def clipped_and_norm(student, grads, threshold):
    """What the student's clip_by_global_norm returns, if it is a dict like grads and a number."""
    result = student.clip_by_global_norm(grads, threshold)
    assert_structure(result, (grads, 0.0))
    return result


@exercise("clip_by_global_norm", points=3)
@settings(max_examples=12)
@given(grads=GRADS, factor=FACTORS)
@example(grads=MIXED, factor=0.5)
@example(grads=scaled(MIXED, 1e80), factor=1e-80)
def test_clip_by_global_norm_agrees_with_its_formula(student, reference, grads, factor):
    """Gradients longer than the threshold c become (c / n) g, with n the global norm of all arrays

    One factor for all entries of all arrays.
    """
    threshold = factor * norm_of(grads)
    clipped, _ = clipped_and_norm(student, grads, threshold)
    expected, _ = reference.clip_by_global_norm(grads, threshold)
    assert_close(clipped, expected, rtol=NEARLY, what="clipped")


@exercise("clip_by_global_norm", points=2)
@settings(max_examples=10)
@given(grads=GRADS, factor=st.sampled_from((0.25, 4.0)))
@example(grads=MIXED, factor=0.5)
def test_norm_returned_is_the_one_before_clipping(student, grads, factor):
    """The norm returned is the global norm of the gradients before clipping

    The root of *one* sum of squares, over all arrays.
    """
    norm = norm_of(grads)
    _, returned = clipped_and_norm(student, grads, factor * norm)
    assert_close(returned, norm, what="norm")


@exercise("clip_by_global_norm", points=1.5)
@settings(max_examples=6)
@given(grads=GRADS, factor=FACTORS)
def test_norm_after_clipping_is_the_threshold(student, grads, factor):
    """What has been clipped has the threshold as its global norm, to rounding

    If it is a tiny bit too short: has a small constant been added somewhere?
    """
    threshold = factor * norm_of(grads)
    clipped, _ = clipped_and_norm(student, grads, threshold)
    assert_close(norm_of(clipped), threshold, what="norm of what is returned")


@exercise("clip_by_global_norm", points=2)
@settings(max_examples=8)
@given(grads=GRADS, which=st.integers(0, 2), size=st.sampled_from((1e-3, 1e3)))
@example(grads={"W": np.ones((3, 4)), "b": np.ones(4)}, which=0, size=1e3)
def test_direction_is_kept(student, grads, which, size):
    """The direction stays: the cosine of the gradients before and after is 1

    Also where one array is a thousand times larger than the others. A factor of its own for each
    array, or for each entry, turns the gradient.
    """
    name = list(grads)[which % len(grads)]
    uneven = {**grads, name: size * grads[name]}
    before = norm_of(uneven)
    clipped, _ = clipped_and_norm(student, uneven, 0.5 * before)
    after = norm_of(clipped)
    if not after > 0:
        raise StudentFailure("nothing is left of the gradients", got=show(clipped))
    assert after < before, "the gradients are longer than the threshold, and are not clipped"
    inner = sum(float(np.sum(clipped[key] * g)) for key, g in uneven.items())
    assert_close(inner / before / after, 1.0, what="cosine")
    assert_close(scaled(clipped, 1 / after), scaled(uneven, 1 / before), what="direction")


@exercise("clip_by_global_norm", points=2)
@settings(max_examples=8)
@given(grads=GRADS, factor=st.sampled_from((1.001, 2.0, 100.0)))
@example(grads=MIXED, factor=10.0)
def test_short_gradients_stay_as_they_are(student, grads, factor):
    """Gradients no longer than the threshold stay as they are, to the last bit

    A longer threshold must not make them longer.
    """
    norm = norm_of(grads)
    clipped, returned = clipped_and_norm(student, grads, factor * norm)
    assert_close(returned, norm, what="norm")
    assert_bitwise_equal(clipped, grads, what="clipped")


@exercise("clip_by_global_norm", points=1)
def test_zero_gradients_stay_zero(student):
    """Gradients that are all 0 stay 0, with norm 0 and without a warning

    For NaN: 0 / 0. There is no need to divide where nothing is clipped.
    """
    assert_close(clipped_and_norm(student, MIXED, 1.5)[1], norm_of(MIXED), what="norm")
    for grads in (ZEROS, {"b": np.zeros(1)}):
        clipped, norm = clipped_and_norm(student, grads, 1.5)
        assert_close(clipped, grads, what="clipped")
        assert_close(norm, 0.0, what="norm")
        assert_silent(student.clip_by_global_norm, grads, 1.5)


@exercise("clip_by_global_norm", points=1, ones=True)
def test_clip_by_global_norm_takes_any_names_and_shapes(student, reference):
    """Any number of arrays, of any names and shapes, count in the norm and come back"""
    many = {f"W{i}": np.linspace(-3.0, 2.5, 6).reshape(shape) for i, shape in enumerate(
        ((6,), (1, 6), (6, 1), (2, 3), (3, 1, 2), (1, 2, 1, 3))
    )}  # fmt: skip
    for grads in (SINGLE, many, {"b": np.array([[-7.5]])}):
        expected = reference.clip_by_global_norm(grads, 2.0)
        assert_close(student.clip_by_global_norm(grads, 2.0), expected, rtol=NEARLY)


@exercise("clip_by_global_norm", points=0.5)
def test_norm_equal_to_the_threshold_is_not_clipped(student):
    """Gradients whose norm equals the threshold stay as they are, to the last bit"""
    assert_bitwise_equal(student.clip_by_global_norm(SINGLE, 5.0), (SINGLE, 5.0))


@exercise("clip_by_global_norm", points=0.5, form=True)
def test_form_of_clip_by_global_norm(student, reference):
    """The result is a dict of float64 arrays of the shapes of grads, and a number"""
    for threshold in (1.0, 1e3):
        assert_form_agrees(
            student.clip_by_global_norm, reference.clip_by_global_norm, MIXED, threshold
        )


@exercise("clip_by_global_norm", points=0.5)
def test_clip_by_global_norm_leaves_its_arguments_unchanged(student, reference):
    """clip_by_global_norm leaves grads and its arrays unchanged

    `g *= …` writes into the caller's arrays.
    """
    expected, _ = reference.clip_by_global_norm(MIXED, 2.0)
    assert_close(student.clip_by_global_norm(MIXED, 2.0)[0], expected, rtol=NEARLY, what="clipped")
    assert_pure(student.clip_by_global_norm, MIXED, 2.0)
