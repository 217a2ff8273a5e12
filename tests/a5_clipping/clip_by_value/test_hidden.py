"""Hidden tests of `clip_by_value`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    assert_bitwise_equal,
    assert_close,
    assert_form_agrees,
    assert_pure,
    assert_structure,
    exercise,
)

from ..shared_hidden import GRADS, MIXED, SINGLE, scaled, with_entry


@exercise("clip_by_value", points=3)
@settings(max_examples=12)
@given(grads=GRADS, limit=st.sampled_from((0.5, 1.0, 2.5)))
@example(grads=MIXED, limit=1.0)
@example(grads=scaled(MIXED, 1e6), limit=2.0)
def test_clip_by_value_agrees_with_its_formula(student, reference, grads, limit):
    """Every entry g becomes min(max(g, −limit), limit), in every array"""
    assert_close(student.clip_by_value(grads, limit), reference.clip_by_value(grads, limit))


@exercise("clip_by_value", points=1)
@settings(max_examples=6)
@given(grads=GRADS)
def test_clip_by_value_works_on_both_sides(student, grads):
    """What is above limit becomes limit, and what is below −limit becomes −limit"""
    far = {name: np.where(g < 0, g - 5.0, g + 5.0) for name, g in grads.items()}
    expected = {name: 2.0 * np.sign(g) for name, g in far.items()}
    assert_close(student.clip_by_value(far, 2.0), expected)


@exercise("clip_by_value", points=1.5)
@settings(max_examples=8)
@given(grads=GRADS, which=st.integers(0, 2))
def test_clip_by_value_leaves_small_entries_alone(student, grads, which):
    """Entries within the limit stay as they are, to the last bit, also beside a large one"""
    small = {name: np.clip(g, -0.7, 0.7) / 3.0 for name, g in grads.items()}
    clipped = student.clip_by_value(with_entry(small, which, 0, 50.0), 0.25)
    assert_bitwise_equal(clipped, with_entry(small, which, 0, 0.25))


@exercise("clip_by_value", points=1, ones=True)
def test_clip_by_value_takes_any_names_and_shapes(student, reference):
    """Any number of arrays, of any names and shapes, come back under their names"""
    many = {f"W{i}": np.linspace(-3.0, 2.0, 6).reshape(shape) for i, shape in enumerate(
        ((6,), (1, 6), (6, 1), (2, 3), (3, 1, 2), (1, 2, 1, 3))
    )}  # fmt: skip
    for grads in (SINGLE, many, {"b": np.array([[-7.5]])}):
        assert_close(student.clip_by_value(grads, 1.5), reference.clip_by_value(grads, 1.5))


@exercise("clip_by_value", points=0.5)
@settings(max_examples=4)
@given(grads=GRADS)
def test_clip_by_value_twice_is_clip_by_value_once(student, grads):
    """Clipping what is clipped changes nothing more"""
    once = student.clip_by_value(grads, 1.25)
    assert_structure(once, grads)
    largest = max(float(np.max(np.abs(g))) for g in once.values())
    assert_close(largest, 1.25, what="largest size of an entry")
    assert_bitwise_equal(student.clip_by_value(once, 1.25), once)


@exercise("clip_by_value", points=0.5, form=True)
def test_form_of_clip_by_value(student, reference):
    """The result is a dict of float64 arrays of the shapes of grads"""
    assert_form_agrees(student.clip_by_value, reference.clip_by_value, MIXED, 1.0)


@exercise("clip_by_value", points=0.5)
def test_clip_by_value_leaves_its_arguments_unchanged(student, reference):
    """clip_by_value leaves grads and its arrays unchanged

    `g[g > limit] = limit` and `np.clip(…, out=g)` write into the caller's arrays.
    """
    assert_pure(student.clip_by_value, MIXED, 1.0, like=reference.clip_by_value)
