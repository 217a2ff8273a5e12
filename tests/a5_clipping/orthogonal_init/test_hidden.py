"""Hidden tests of `orthogonal_init`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_form,
    assert_structure,
    exercise,
    seeds,
    show,
)

from ..shared_hidden import assert_repeatable, rng_of


def orthogonal(student, H, seed):
    """The student's matrix, of the right shape and, from 2 by 2, with no entry that is just 0."""
    Q = student.orthogonal_init(H, rng_of(seed))
    assert_structure(Q, np.zeros((H, H)), what="Q")
    if H > 1 and not np.all(Q):
        raise StudentFailure(
            "Q has entries that are exactly 0: it is not a random orthogonal matrix", got=show(Q)
        )
    return Q


@exercise("orthogonal_init", points=3.5)
@settings(max_examples=10)
@given(H=st.integers(2, 8), seed=seeds)
@example(H=2, seed=1)
@example(H=20, seed=2)
def test_columns_are_orthonormal(student, H, seed):
    """Qᵀ Q = I, to 1e-12

    The diagonal of Qᵀ Q holds the squared lengths of the columns, the rest their inner products.
    """
    Q = orthogonal(student, H, seed)
    assert_close(Q.T @ Q, np.eye(H), rtol=1e-12, what="product Qᵀ Q")


@exercise("orthogonal_init", points=1.5)
@settings(max_examples=6)
@given(H=st.integers(2, 6), seed=seeds)
def test_lengths_do_not_change(student, H, seed):
    """A vector has the same length after 100 products with Q"""
    Q = orthogonal(student, H, seed)
    v = np.random.default_rng(seed).uniform(0.5, 1.5, H)
    length = float(np.linalg.norm(v))
    with np.errstate(over="ignore", invalid="ignore"):
        moved = float(np.linalg.norm(v @ np.linalg.matrix_power(Q, 100)))
    assert_close(moved, length, what="length after 100 steps")


@exercise("orthogonal_init", points=1.5)
@settings(max_examples=8)
@given(H=st.integers(2, 5), seed=seeds)
def test_decomposition_has_a_positive_diagonal(student, reference, H, seed):
    """Q is that of A = Q R with a positive diagonal of R, and A = rng.standard_normal((H, H))

    If some columns have the wrong sign, the diagonal of your R is not positive everywhere: turn
    the sign of those *columns* of Q. If all is different, A is not drawn as the formula says.
    """
    assert_close(
        student.orthogonal_init(H, rng_of(seed)), reference.orthogonal_init(H, rng_of(seed))
    )


@exercise("orthogonal_init", points=1, ones=True)
def test_both_signs_occur(student):
    """For H = 1 the result is 1 for some generators and −1 for others

    The decomposition of the library always gives the same sign here.
    """
    drawn = [orthogonal(student, 1, seed)[0, 0] for seed in range(8)]
    assert_close(np.abs(drawn), np.ones(8), what="size of Q for H = 1")
    if len(set(np.sign(drawn))) < 2:
        raise StudentFailure(
            "Q is the same for eight generators", got=show(drawn), expected="1 as well as −1"
        )


@exercise("orthogonal_init", points=0.5, form=True)
def test_form_of_orthogonal_init(student):
    """Q is a float64 array of shape (H, H)"""
    assert_form(student.orthogonal_init(3, rng_of(1)), np.eye(3), what="matrix Q")


@exercise("orthogonal_init", points=1)
def test_orthogonal_init_draws_from_rng(student):
    """Q comes from rng: equal generators give equal matrices, another one gives another

    A generator made inside the function draws the same numbers in every call; NumPy's global one
    cannot be repeated.
    """
    assert_repeatable(lambda seed: orthogonal(student, 4, seed))
