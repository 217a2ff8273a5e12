"""Hidden tests of `relu`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given

from autograder.testing import assert_form_agrees, exercise

from ..shared_hidden import (
    COLUMN,
    CUBE,
    EMPTY,
    ROW,
    assert_leaves_unchanged,
    assert_like_reference,
    values,
)


@exercise("relu", points=2.75)
@given(x=values(scale=20.0, largest=np.inf))
@example(x=CUBE)
@example(x=ROW)
@example(x=COLUMN)
def test_relu_agrees_with_its_formula(student, reference, x):
    """relu(x) = max(x, 0), entry by entry"""
    assert_like_reference(student.relu, reference.relu, x)


@exercise("relu", points=0.5)
def test_relu_takes_numbers_integers_and_empty_arrays(student, reference):
    """relu works for numbers, for integers (and gives floats) and for empty arrays"""
    assert_like_reference(
        student.relu, reference.relu, 2.5, -1.5, np.array([[-3], [0], [4]]), EMPTY
    )


@exercise("relu", points=0.25, form=True)
def test_form_of_relu(student, reference):
    """The result is a float64 array of the shape of x"""
    assert_form_agrees(student.relu, reference.relu, CUBE)


@exercise("relu", points=0.5)
def test_relu_leaves_x_unchanged(student):
    """relu leaves x unchanged

    `x[x < 0] = 0` and `np.maximum(x, 0, out=x)` write into the caller's array.
    """
    assert_leaves_unchanged(student.relu, CUBE)
