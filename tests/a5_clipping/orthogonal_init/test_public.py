"""Public tests of `orthogonal_init`."""

from __future__ import annotations

import numpy as np

from autograder.testing import StudentFailure, assert_close, assert_structure, exercise, show


@exercise("orthogonal_init")
def test_columns_are_orthonormal(student):
    """Qᵀ Q = I, to 1e-12

    On its diagonal are the squared lengths of the columns, beside it their inner products. Columns
    of length 1 are not enough.
    """
    for H in (1, 2, 5):
        Q = student.orthogonal_init(H, np.random.default_rng(H))
        assert_structure(Q, np.zeros((H, H)), what="Q")
        assert_close(Q.T @ Q, np.eye(H), rtol=1e-12, what="product Qᵀ Q")


@exercise("orthogonal_init")
def test_decomposition(student):
    """Qᵀ A is upper triangular with a positive diagonal, where A = rng.standard_normal((3, 3))

    Qᵀ A is R. If some of its diagonal is negative, the columns of Q that belong to these entries
    need the other sign. If it is not triangular, your Q does not come from this A.
    """
    for seed in range(3):
        Q = student.orthogonal_init(3, np.random.default_rng(seed))
        assert_structure(Q, np.zeros((3, 3)), what="Q")
        R = Q.T @ np.random.default_rng(seed).standard_normal((3, 3))
        assert_close(np.tril(R, -1) + 1.0, np.ones((3, 3)), what="1 + what is below R's diagonal")
        if not np.all(np.diag(R) > 0):
            raise StudentFailure(
                "the diagonal of R is not positive", got=show(np.diag(R)), expected="above 0"
            )
