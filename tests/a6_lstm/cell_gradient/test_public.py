"""Public tests of `cell_gradient`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, exercise


@exercise("cell_gradient")
def test_cell_gradient_by_hand(student):
    """Gates of 0.3, 0.5, 0.2, 0.5 give rows of 0.05, 0.1, 0.5, 1

    The last cell is the last cell: 1. One step back it was multiplied by the last gate, 0.5; one
    more, by 0.2 as well. The very first gate, 0.3, is in none of the rows. In the second unit a
    gate is shut: 0 before it, and no NaN.
    """
    f = np.array([[0.3, 0.9], [0.5, 0.8], [0.2, 0.0], [0.5, 0.7]])
    expected = np.array([[0.05, 0.0], [0.1, 0.0], [0.5, 0.7], [1.0, 1.0]])
    assert_close(student.cell_gradient(f), expected)


@exercise("cell_gradient")
def test_cell_gradient_keeps_its_axes_and_its_argument(student):
    """The result has the shape of f, also for one step or one unit, and f stays unchanged"""
    assert_close(student.cell_gradient(np.array([[0.3, 0.4]])), np.ones((1, 2)), what="only row")
    f = np.array([[0.5], [0.25]])
    assert_close(student.cell_gradient(f), np.array([[0.25], [1.0]]))
    assert_pure(student.cell_gradient, f)
