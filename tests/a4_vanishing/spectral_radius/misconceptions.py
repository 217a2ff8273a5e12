"""Typical wrong answers to `spectral_radius`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


@misconception("spectral_radius")
def symmetric_solver(W):
    """Your function uses a solver for symmetric matrices (`eigvalsh`, `eigh`). It looks at one half
    of W only, and never finds a complex eigenvalue: use `eigvals`."""
    return float(np.max(np.abs(np.linalg.eigvalsh(W))))


@misconception("spectral_radius")
def largest_real_part(W):
    """Your function takes the largest real part of the eigenvalues. Their size is the absolute
    value: |−3| is 3, and |2i| is 2."""
    return float(np.max(np.linalg.eigvals(W).real))


@misconception("spectral_radius")
def size_of_the_real_part(W):
    """Your function drops the imaginary parts before it takes absolute values, so a rotation seems
    to be small. Take the absolute value of the complex number."""
    return float(np.max(np.abs(np.linalg.eigvals(W).real)))


@misconception("spectral_radius")
def no_absolute_value(W):
    """Your function returns an eigenvalue, not its size: it may be negative or complex. Take
    absolute values before the maximum."""
    return np.max(np.linalg.eigvals(W))


@misconception("spectral_radius")
def singular_value_for_eigenvalue(W):
    """Your function returns the largest singular value. The two agree for symmetric matrices and
    rotations, and differ for most others: here eigenvalues are asked for."""
    return float(np.linalg.norm(W, 2))


@misconception("spectral_radius")
def smallest_eigenvalue(W):
    """Your function returns the absolute value of the *smallest* eigenvalue, or of whichever comes
    first. NumPy does not sort them: take the maximum."""
    return float(np.min(np.abs(np.linalg.eigvals(W))))


@misconception("spectral_radius")
def first_eigenvalue(W):
    """Your function takes the first eigenvalue. NumPy does not sort them: take the maximum of the
    absolute values."""
    return float(np.abs(np.linalg.eigvals(W)[0]))
