"""Hidden tests of `memory_horizon`."""

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
    shapes,
)


def norms_and_eps(values, seed):
    """Norms that need not decrease, and a threshold between two of them."""
    norms = np.unique(np.abs(values))  # sorted
    rank = seed % len(norms)
    below = norms[rank - 1] if rank else 0.0
    order = np.random.default_rng(seed).permutation(len(norms))
    return norms[order], float(0.5 * (below + norms[rank]) + 1e-4)


@exercise("memory_horizon", points=3)
@settings(max_examples=20)
@given(values=arrays(shapes(1, most=9), away_from_zero=0.02), seed=seeds)
@example(values=np.array([1.0, 0.5, 0.25, 0.125]), seed=2)
def test_horizon_is_the_largest_lag(student, reference, values, seed):
    """The horizon is the largest lag whose norm is at least eps, for norms in any order"""
    norms, eps = norms_and_eps(values, seed)
    assert_close(student.memory_horizon(norms, eps), reference.memory_horizon(norms, eps))


@exercise("memory_horizon", points=1.5)
@settings(max_examples=6)
@given(gap=st.integers(1, 4), tail=st.integers(0, 3))
def test_horizon_reaches_across_gaps(student, gap, tail):
    """A weak norm in between does not end the memory: the last one that is large enough counts"""
    norms = np.array([1.0, 0.8, *[0.001] * gap, 0.5, *[0.01] * tail])
    assert_close(student.memory_horizon(norms, 0.1), 2 + gap)


@exercise("memory_horizon", points=1)
def test_horizon_counts_the_threshold_itself(student):
    """A norm that is exactly eps is within the horizon"""
    norms = np.array([1.0, 0.5, 0.25, 0.125])
    for lag in range(4):
        assert_close(student.memory_horizon(norms, 0.5**lag), lag)


@exercise("memory_horizon", points=1.5)
def test_horizon_may_be_none(student):
    """Where no norm reaches eps the answer is None, also for no norms; lag 0 alone is 0

    0 is a lag, and `if lag:` is not true for it. −1 is none.
    """
    assert_close(student.memory_horizon(np.array([0.4, 0.3, 0.35]), 0.5), None)
    assert_close(student.memory_horizon(np.zeros(0), 0.5), None)
    assert_close(student.memory_horizon(np.array([0.6, 0.3]), 0.5), 0)


@exercise("memory_horizon", points=0.5, form=True)
def test_form_of_memory_horizon(student, reference):
    """The horizon is an integer"""
    norms = np.array([1.0, 0.5, 0.25, 0.125])
    assert_form_agrees(student.memory_horizon, reference.memory_horizon, norms, 0.2)


@exercise("memory_horizon", points=0.5)
def test_horizon_leaves_norms_unchanged(student, reference):
    """memory_horizon leaves norms unchanged"""
    args = np.array([0.5, 2.0, 1.0, 0.1]), 0.7
    assert_pure(student.memory_horizon, *args, like=reference.memory_horizon)
