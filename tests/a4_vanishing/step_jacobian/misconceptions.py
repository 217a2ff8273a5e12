"""Typical wrong answers to `step_jacobian`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _slope


@misconception("step_jacobian")
def transposed_jacobian(next_h, Wh):
    """Your Jacobian is transposed: J[i, j] is the derivative of the *new* unit i by the *old* unit
    j."""
    return Wh * _slope(next_h)


@misconception("step_jacobian")
def weights_not_transposed(next_h, Wh):
    """Your derivatives scale the right rows, but Wh is not transposed: with h = prev_h @ Wh, the
    weight from the old unit j to the new unit i is Wh[j, i]."""
    return _slope(next_h)[:, None] * Wh


@misconception("step_jacobian")
def slope_on_the_wrong_side(next_h, Wh):
    """Your derivatives scale the columns of the Jacobian. tanh′ belongs to the *new* unit, whose
    row it scales: the diagonal matrix stands on the left of Wh's transpose."""
    return Wh.T * _slope(next_h)


@misconception("step_jacobian")
def tanh_prime_left_out(next_h, Wh):
    """Your Jacobian is Wh transposed: that of a linear network. Each row has to be multiplied by
    tanh′, which is 1 − next_h²."""
    return Wh.T.copy()


@misconception("step_jacobian")
def square_left_out(next_h, Wh):
    """Your derivative is 1 − next_h: the square is missing."""
    return (1.0 - next_h)[:, None] * Wh.T


@misconception("step_jacobian")
def tanh_taken_again(next_h, Wh):
    """Your derivative is 1 − tanh²(next_h). next_h is the tanh of the pre-activation already, so
    square it as it is."""
    return _slope(np.tanh(next_h))[:, None] * Wh.T


@misconception("step_jacobian")
def slope_of_the_sigmoid(next_h, Wh):
    """Your derivative is h (1 − h), which belongs to the sigmoid. tanh has 1 − h²."""
    return (next_h * (1.0 - next_h))[:, None] * Wh.T
