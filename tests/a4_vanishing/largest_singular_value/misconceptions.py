"""Typical wrong answers to `largest_singular_value`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


@misconception("largest_singular_value")
def frobenius_norm(W):
    """Your function returns the Frobenius norm, the default of `np.linalg.norm`: it adds up the
    squares of *all* singular values. The second argument says which norm you want."""
    return float(np.linalg.norm(W))


@misconception("largest_singular_value")
def eigenvalue_for_singular_value(W):
    """Your function returns the spectral radius. Eigenvalues do not tell how much a vector is
    stretched, unless W is normal; and only square matrices have any."""
    return float(np.max(np.abs(np.linalg.eigvals(W))))


@misconception("largest_singular_value")
def square_root_forgotten(W):
    """Your function returns the largest eigenvalue of Wᵀ W: that is the *square* of the largest
    singular value."""
    return float(np.linalg.norm(W, 2) ** 2)


@misconception("largest_singular_value")
def largest_entry(W):
    """Your function returns the largest absolute value of an entry of W. Entries of a row or column
    work together."""
    return float(np.max(np.abs(W)))


@misconception("largest_singular_value")
def smallest_singular_value(W):
    """Your function returns the smallest singular value. NumPy sorts them from large to small."""
    return float(np.linalg.svd(W, compute_uv=False)[-1])


@misconception("largest_singular_value")
def sum_of_singular_values(W):
    """Your function adds up the singular values. The most by which a vector can be stretched is the
    largest one alone."""
    return float(np.sum(np.linalg.svd(W, compute_uv=False)))


@misconception("largest_singular_value")
def largest_column_sum(W):
    """Your function returns the largest sum of absolute values in a column, `norm(W, 1)`. The norm
    with the second argument 2 is the largest singular value."""
    return float(np.linalg.norm(W, 1))
