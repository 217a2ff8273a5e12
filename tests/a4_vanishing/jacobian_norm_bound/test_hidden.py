"""Hidden tests of `jacobian_norm_bound`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_form_agrees,
    assert_pure,
    assert_structure,
    exercise,
    seeds,
    show,
)

from ..shared_hidden import LONGER, NETWORKS, STATES, TRAP, network, orthogonal, run

# the bound


@exercise("jacobian_norm_bound", points=4.5, after="largest_singular_value")
@settings(max_examples=15)
@given(case=NETWORKS)
@example(case=network(3, 2, 2))
def test_the_bound_agrees_with_its_formula(student, reference, case):
    """The bound is s**T · ∏ₜ max_i (1 − hs[t, i]²), s the largest singular value of Wh

    For each step one factor s and the largest derivative *of that step*.
    """
    hs, Wh = run(*case), case[2]
    expected = reference.jacobian_norm_bound(hs, Wh)
    assert_close(student.jacobian_norm_bound(hs, Wh), expected, what="bound")


def skewed(T, H, seed):
    """A network near 0 whose weights are large on one side of the diagonal and 0 on the other."""
    h0, drive, _ = network(T, H, seed)
    return 0.1 * h0, 0.1 * drive, 0.5 * np.eye(H) + 3.0 * np.triu(np.ones((H, H)), 1)


@exercise("jacobian_norm_bound", points=1.5, after="largest_singular_value")
@settings(max_examples=8)
@given(case=st.builds(skewed, st.integers(2, 5), st.integers(2, 4), seeds))
@example(case=skewed(2, 3, 1))
def test_the_bound_lies_above_the_true_norm(student, reference, case):
    """The bound is never below the norm of the Jacobian product, nor above s**T

    Below it: is s the largest singular value, or an eigenvalue? Above s**T: the Frobenius norm is
    too generous.
    """
    hs, Wh = run(*case), case[2]
    bound = student.jacobian_norm_bound(hs, Wh)
    assert_structure(bound, 0.0, what="bound")
    norm = float(np.linalg.norm(reference.jacobian_product(hs, Wh), 2))
    most = float(np.linalg.norm(Wh, 2)) ** len(hs)
    if not norm * (1 - 1e-9) <= bound <= most * (1 + 1e-9):
        raise StudentFailure(
            "the bound is not between the true norm and s**T",
            got=show(bound),
            expected=f"from {show(norm)}, the true norm, to {show(most)}, s**T",
        )


@exercise("jacobian_norm_bound", points=1, after="largest_singular_value")
@settings(max_examples=5)
@given(size=st.sampled_from((2, 3)), radius=st.sampled_from((0.5, 1.5, 2.0)), seed=seeds)
def test_the_most_open_unit_may_change(student, size, radius, seed):
    """Where at every step another unit is open, nothing is lost: the bound is s**T

    The maximum is taken at each step, before the product. The other way round, no unit is open all
    the time.
    """
    hs = np.full((size, size), 0.8)
    np.fill_diagonal(hs, 0.0)
    bound = student.jacobian_norm_bound(hs, radius * orthogonal(size, seed))
    assert_close(bound, radius**size, what="bound")


@exercise("jacobian_norm_bound", points=1, after="largest_singular_value")
@settings(max_examples=5)
@given(case=LONGER, seed=seeds)
def test_bounds_of_two_parts_multiply(student, reference, case, seed):
    """The bound of a run is the product of the bounds of its two parts, however it is cut"""
    hs, Wh = run(*case), case[2]
    first = student.jacobian_norm_bound(hs[:1], Wh)
    assert_close(first, reference.jacobian_norm_bound(hs[:1], Wh), what="bound of the first step")
    cut = 1 + seed % (len(hs) - 1)
    parts = [student.jacobian_norm_bound(part, Wh) for part in (hs[:cut], hs[cut:])]
    for part in parts:
        assert_structure(part, 0.0, what="bound")
    bound = student.jacobian_norm_bound(hs, Wh)
    assert_close(bound, float(parts[0] * parts[1]), what="bound of the whole run")


@exercise("jacobian_norm_bound", points=0.5, after="largest_singular_value")
@settings(max_examples=5)
@given(case=STATES)
def test_the_bound_of_one_step(student, reference, case):
    """For one step the bound is s times the largest derivative"""
    next_h, Wh = case
    expected = reference.jacobian_norm_bound(next_h[None], Wh)
    assert_close(student.jacobian_norm_bound(next_h[None], Wh), expected, what="bound")


@exercise("jacobian_norm_bound", points=0.5, after="largest_singular_value")
def test_the_bound_at_rest_is_a_power_of_the_singular_value(student):
    """Where all states are 0, the bound is s**T: for [[.5, 10], [0, .5]] and T = 3 it is 1007.5

    An eigenvalue for s would give 0.125, although the norm of the cube is 7.5.
    """
    s = 0.5 * (np.sqrt(101.0) + 10.0)
    assert_close(student.jacobian_norm_bound(np.zeros((3, 2)), TRAP), s**3, what="bound")


@exercise("jacobian_norm_bound", points=0.5, form=True)
def test_form_of_jacobian_norm_bound(student, reference):
    """The bound is a number in the precision of float64"""
    case = network(3, 2, 1)
    args = run(*case), case[2]
    assert_form_agrees(student.jacobian_norm_bound, reference.jacobian_norm_bound, *args)


@exercise("jacobian_norm_bound", points=0.5, after="largest_singular_value")
def test_jacobian_norm_bound_leaves_its_arguments_unchanged(student, reference):
    """jacobian_norm_bound leaves hs and Wh unchanged"""
    h0, drive, Wh = network(3, 2, 5)
    hs = run(h0, drive, Wh)
    assert_pure(student.jacobian_norm_bound, hs, Wh, like=reference.jacobian_norm_bound)
