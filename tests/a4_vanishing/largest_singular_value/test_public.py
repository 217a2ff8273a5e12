"""Public tests of `largest_singular_value`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, exercise

from ..shared_public import QUARTER_TURN, SIGMA_OF_TRAP, TRAP


@exercise("largest_singular_value")
def test_largest_singular_value_of_known_matrices(student):
    """[[3, 0], [4, 0]] stretches by 5, and [[.5, 10], [0, .5]] by (√101 + 10) / 2

    25 for the first one is the square. 3 is an eigenvalue, 4 an entry, 7 a sum.
    """
    assert_close(student.largest_singular_value(np.array([[3.0, 0.0], [4.0, 0.0]])), 5.0)
    assert_close(student.largest_singular_value(TRAP), SIGMA_OF_TRAP)


@exercise("largest_singular_value")
def test_largest_singular_value_of_orthogonal_and_oblong_matrices(student):
    """Twice a rotation stretches by 2, the (3, 3) identity by 1, and a (2, 3) matrix has one, too

    √3 for the identity is the Frobenius norm, 3 the sum of its singular values.
    """
    assert_close(student.largest_singular_value(QUARTER_TURN), 2.0)
    assert_close(student.largest_singular_value(np.eye(3)), 1.0)
    oblong = np.array([[0.0, 2.0, 0.0], [-1.0, 0.0, 0.0]])
    assert_close(student.largest_singular_value(oblong), 2.0)
    assert_pure(student.largest_singular_value, oblong)
