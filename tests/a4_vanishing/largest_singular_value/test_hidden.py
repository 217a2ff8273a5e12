"""Hidden tests of `largest_singular_value`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    arrays,
    assert_close,
    assert_form_agrees,
    assert_pure,
    exercise,
    seeds,
)

from ..shared_hidden import CANCELLING, SQUARES, TRAP, orthogonal, state_and_weights


@exercise("largest_singular_value", points=2)
@settings(max_examples=15)
@given(W=SQUARES)
@example(W=np.array([[0.0, 1.0], [4.0, 0.0]]))
def test_largest_singular_value_agrees_with_its_formula(student, reference, W):
    """It is the most by which W stretches a vector

    Its *square* is the largest eigenvalue of Wᵀ W. The default of `np.linalg.norm` for a matrix is
    another norm.
    """
    assert_close(student.largest_singular_value(W), reference.largest_singular_value(W))


@exercise("largest_singular_value", points=1)
@settings(max_examples=6)
@given(W=st.sampled_from(((2, 3), (4, 2), (1, 3), (3, 1))).flatmap(arrays))
def test_largest_singular_value_takes_any_matrix(student, reference, W):
    """W need not be square: every matrix has singular values"""
    assert_close(student.largest_singular_value(W), reference.largest_singular_value(W))


@exercise("largest_singular_value", points=0.5)
@settings(max_examples=5)
@given(size=st.sampled_from((2, 3, 4)), seed=seeds)
def test_all_singular_values_of_an_orthogonal_matrix_are_one(student, size, seed):
    """For 1.5 times an orthogonal matrix it is 1.5; for the diagonal matrix of 1 and −3 it is 3"""
    W = 1.5 * orthogonal(size, seed)
    assert_close(student.largest_singular_value(W), 1.5)
    assert_close(student.largest_singular_value(np.diag([1.0, -3.0])), 3.0)


@exercise("largest_singular_value", points=0.5)
def test_largest_singular_value_of_non_normal_matrices(student):
    """For [[.5, 10], [0, .5]] it is 10.025, and for [[2, 1.99], [−1.99, −2]] it is 3.99

    If you get 0.5 and 0.2, these are the spectral radii.
    """
    assert_close(student.largest_singular_value(TRAP), 0.5 * (np.sqrt(101.0) + 10.0))
    assert_close(student.largest_singular_value(CANCELLING), 3.99)


@exercise("largest_singular_value", points=0.5, form=True)
def test_form_of_largest_singular_value(student, reference):
    """The result is a real number in the precision of float64"""
    W = state_and_weights(3, 1)[1]
    assert_form_agrees(student.largest_singular_value, reference.largest_singular_value, W)


@exercise("largest_singular_value", points=0.5)
def test_largest_singular_value_leaves_w_unchanged(student, reference):
    """largest_singular_value leaves W unchanged"""
    W = state_and_weights(3, 3)[1]
    assert_pure(student.largest_singular_value, W, like=reference.largest_singular_value)
