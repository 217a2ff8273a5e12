"""Hidden tests of `spectral_radius`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import assert_close, assert_form_agrees, assert_pure, exercise, seeds

from ..shared_hidden import CANCELLING, SQUARES, TRAP, orthogonal, rotation, state_and_weights


@exercise("spectral_radius", points=2.5)
@settings(max_examples=15)
@given(W=SQUARES)
@example(W=np.array([[0.0, 1.0], [4.0, 0.0]]))
def test_spectral_radius_agrees_with_its_formula(student, reference, W):
    """It is the largest |λ| among the eigenvalues of W

    NumPy has two functions for eigenvalues; the one whose name ends in h is for symmetric matrices
    and does not look at one half of W.
    """
    assert_close(student.spectral_radius(W), reference.spectral_radius(W), rtol=1e-7)


@exercise("spectral_radius", points=1.5)
@settings(max_examples=8)
@given(angle=st.integers(1, 6), radius=st.integers(1, 40).map(lambda n: n / 10))
@example(angle=3, radius=1.5)
def test_complex_eigenvalues_have_a_size(student, angle, radius):
    """A rotation times r has complex eigenvalues, and the spectral radius r

    The absolute value is that of a complex number, and the result is a real one. The real part
    alone, or the absolute value of it, is too small.
    """
    W = rotation(0.5 * angle, radius)
    assert_close(student.spectral_radius(W), radius)


@exercise("spectral_radius", points=1)
@settings(max_examples=5)
@given(large=st.integers(4, 9), seed=seeds)
def test_negative_eigenvalues_have_a_size(student, large, seed):
    """A negative eigenvalue counts by its absolute value"""
    basis = orthogonal(3, seed)
    W = basis @ np.diag([-float(large), 2.0, 3.0]) @ basis.T
    assert_close(student.spectral_radius(W), float(large))


@exercise("spectral_radius", points=1)
def test_spectral_radius_of_non_normal_matrices(student):
    """[[.5, 10], [0, .5]] has the spectral radius 0.5, and [[2, 1.99], [−1.99, −2]] has 0.1997

    If you get 10.02 and 3.99, these are the largest singular values.
    """
    assert_close(student.spectral_radius(TRAP), 0.5, rtol=1e-6)
    assert_close(student.spectral_radius(CANCELLING), np.sqrt(0.0399), rtol=1e-6)


@exercise("spectral_radius", points=0.5, form=True)
def test_form_of_spectral_radius(student, reference):
    """The result is a real number in the precision of float64"""
    W = state_and_weights(3, 1)[1]
    assert_form_agrees(student.spectral_radius, reference.spectral_radius, W)


@exercise("spectral_radius", points=0.5)
def test_spectral_radius_leaves_w_unchanged(student, reference):
    """spectral_radius leaves W unchanged"""
    assert_pure(student.spectral_radius, state_and_weights(3, 2)[1], like=reference.spectral_radius)
