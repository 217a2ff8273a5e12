"""Public tests of `spectral_radius`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, exercise

from ..shared_public import QUARTER_TURN, TRAP


@exercise("spectral_radius")
def test_spectral_radius_of_known_matrices(student):
    """The diagonal matrix of 1 and −3 has 3, and [[.5, 10], [0, .5]] has 0.5

    Eigenvalues count by their absolute value. If you get 10.02 for the second one, you have a
    singular value; if you get 0.5 for [[.5, 0], [10, .5]] only, a solver for symmetric matrices.
    """
    assert_close(student.spectral_radius(np.diag([1.0, -3.0])), 3.0)
    assert_close(student.spectral_radius(TRAP), 0.5, rtol=1e-6)
    assert_close(student.spectral_radius(TRAP.T), 0.5, rtol=1e-6)
    assert_pure(student.spectral_radius, TRAP)


@exercise("spectral_radius")
def test_spectral_radius_of_a_rotation(student):
    """Twice a rotation by 90 degrees has the eigenvalues 2i and −2i, so the spectral radius is 2

    0? The real parts were taken. A complex result? The absolute value is missing.
    """
    assert_close(student.spectral_radius(QUARTER_TURN), 2.0)
