"""Public tests of `memory_horizon`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, exercise


@exercise("memory_horizon")
def test_horizon_of_known_norms(student):
    """Of 1, 0.5, 0.25, 0.125 the horizon is 2 for eps = 0.2, and 1 for eps = 0.5

    The first norm is of lag 0, so the index is the lag. A norm that equals eps counts.
    """
    norms = np.array([1.0, 0.5, 0.25, 0.125])
    assert_close(student.memory_horizon(norms, 0.2), 2)
    assert_close(student.memory_horizon(norms, 0.5), 1)
    assert_close(student.memory_horizon(norms, 1.0), 0)
    assert_pure(student.memory_horizon, norms, 0.2)


@exercise("memory_horizon")
def test_horizon_beyond_a_gap(student):
    """Of 0.8, 0.01, 0.02, 0.3, 0.01 the horizon for eps = 0.1 is 3

    Norms need not decrease. The last one that is large enough counts, not the end of the first run.
    """
    assert_close(student.memory_horizon(np.array([0.8, 0.01, 0.02, 0.3, 0.01]), 0.1), 3)


@exercise("memory_horizon")
def test_horizon_of_nothing(student):
    """Where no norm is large enough, and where there is none, the answer is None

    Each norm is compared on its own: their sum does not count.
    """
    assert_close(student.memory_horizon(np.array([0.6, 0.4]), 0.5), 0)
    assert_close(student.memory_horizon(np.array([0.4, 0.4]), 0.5), None)
    assert_close(student.memory_horizon(np.zeros(0), 0.5), None)
