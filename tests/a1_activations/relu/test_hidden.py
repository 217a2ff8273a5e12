"""Hidden tests of `relu`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given

from autograder.testing import assert_form_agrees, exercise

from ..shared_hidden import (
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
def test_relu_agrees_with_its_formula(student, reference, x):
    """relu(x) = max(x, 0), entry by entry"""
    assert_like_reference(student.relu, reference.relu, x)


@exercise("relu", points=0.5, ones=True)
def test_relu_takes_numbers_integers_and_empty_arrays(student, reference):
    """relu takes numbers, integers (and gives floats), empty arrays, and axes of length 1"""
    assert_like_reference(
        student.relu, reference.relu, 2.5, -1.5, np.array([[-3], [0], [4]]), EMPTY, ROW
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
