"""What the public tests share; released with them."""

from __future__ import annotations

import numpy as np

from autograder.testing import StudentFailure, assert_close, show

TRAP = np.array([[0.5, 10.0], [0.0, 0.5]])
SIGMA_OF_TRAP = 0.5 * (np.sqrt(101.0) + 10.0)
QUARTER_TURN = np.array([[0.0, -2.0], [2.0, 0.0]])  # twice a rotation by 90 degrees
WH = np.array([[1.0, 2.0], [3.0, 4.0]])
HS = np.array([[0.0, 0.5], [0.5, 0.0]])  # (T, H)


def assert_count(got, expected):
    """Assert that a number of steps is the integer ``expected``, or None where that is expected."""
    if expected is None and got is not None:
        raise StudentFailure("the result must be None here", got=show(got), expected="None")
    if expected is not None:
        assert_close(got, expected, what="number of steps")
