"""Public tests of `jacobian_norm_bound`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, exercise

from ..shared_public import QUARTER_TURN, SIGMA_OF_TRAP, TRAP


@exercise("jacobian_norm_bound", after="largest_singular_value")
def test_bound_of_known_numbers(student):
    """For hs = [[0, .5], [.6, .8]] and a Wh with singular value 5, it is 25 · 1 · 0.64 = 16

    The derivatives are (1, 0.75) and (0.64, 0.36), and of each step the larger one counts. If yours
    is smaller: is it a norm of Jacobians? The bound takes weights and derivatives apart.
    """
    hs, Wh = np.array([[0.0, 0.5], [0.6, 0.8]]), np.array([[3.0, 4.0], [0.0, 0.0]])
    assert_close(student.jacobian_norm_bound(hs, Wh), 16.0, what="bound")
    assert_pure(student.jacobian_norm_bound, hs, Wh)


@exercise("jacobian_norm_bound", after="largest_singular_value")
def test_bound_when_units_take_turns(student):
    """With hs = [[0, .8], [.8, 0]] and an Wh of singular value 2 it is 4

    At each step one of the units is fully open. The maximum comes before the product.
    """
    hs = np.array([[0.0, 0.8], [0.8, 0.0]])
    assert_close(student.jacobian_norm_bound(hs, QUARTER_TURN), 4.0, what="bound")


@exercise("jacobian_norm_bound", after="largest_singular_value")
def test_bound_of_the_trap(student):
    """With all states 0 and Wh = [[.5, 10], [0, .5]] it is 10.02 for one step, and its powers

    Here the product is a power of Wh, whose norm is far above any power of the eigenvalue 0.5.
    """
    for steps in (1, 2, 5):
        bound = student.jacobian_norm_bound(np.zeros((steps, 2)), TRAP)
        assert_close(bound, SIGMA_OF_TRAP**steps, what="bound")
