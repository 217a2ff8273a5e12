"""Typical wrong answers to `orthogonal_init`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


@misconception("orthogonal_init")
def columns_only_normalised(H, rng):
    """Your columns have length 1, but they are not orthogonal to each other: QᵀQ has numbers beside
    its diagonal. `np.linalg.qr` does both."""
    drawn = rng.standard_normal((H, H))
    return drawn / np.linalg.norm(drawn, axis=0)


@misconception("orthogonal_init")
def rows_only_normalised(H, rng):
    """Your rows have length 1, but they are not orthogonal to each other. Orthogonalise the
    matrix: `np.linalg.qr` does it."""
    drawn = rng.standard_normal((H, H))
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


@misconception("orthogonal_init")
def gaussian_scaled(H, rng):
    """Your matrix is Gaussian, divided by the root of H. Its columns have length 1 on average only,
    and they are not orthogonal."""
    return rng.standard_normal((H, H)) / np.sqrt(H)


@misconception("orthogonal_init")
def signs_left_to_the_library(H, rng):
    """Your matrix is orthogonal, with the signs that the library happens to choose. Multiply each
    column of Q by the sign of the diagonal entry of R that belongs to it."""
    return np.linalg.qr(rng.standard_normal((H, H)))[0]


@misconception("orthogonal_init")
def signs_on_the_rows(H, rng):
    """Your function multiplies the rows of Q by the signs of R's diagonal. In A = Q R each diagonal
    entry of R belongs to a *column* of Q."""
    Q, R = np.linalg.qr(rng.standard_normal((H, H)))
    return np.sign(np.diag(R))[:, None] * Q


@misconception("orthogonal_init")
def returns_r(H, rng):
    """Your function returns the triangular factor R. The orthogonal one is Q, the first of the
    two."""
    return np.linalg.qr(rng.standard_normal((H, H)))[1]


@misconception("orthogonal_init")
def uniform_for_normal(H, rng):
    """Your matrix comes from uniform numbers. Draw A with rng.standard_normal((H, H)): only then is
    every direction equally likely."""
    Q, R = np.linalg.qr(rng.random((H, H)))
    return Q * np.sign(np.diag(R))


@misconception("orthogonal_init")
def orthogonal_from_its_own_generator(H, rng):
    """Your function makes a generator of its own, so it gives the same matrix in every call. Draw
    from the rng that it is given."""
    Q, R = np.linalg.qr(np.random.default_rng(0).standard_normal((H, H)))
    return Q * np.sign(np.diag(R))
