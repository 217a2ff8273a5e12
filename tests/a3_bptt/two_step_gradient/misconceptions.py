"""Typical wrong answers to `two_step_gradient`, each with its hint."""

from __future__ import annotations

from autograder.testing import misconception

from ..shared_misconceptions import _slope


@misconception("two_step_gradient")
def state_inside_the_parentheses(w, z, h):
    """Your last term has tanh′ of a *product*: the factor dh_1/dw = tanh′(z_1) h_0 slipped into the
    parentheses, as in the article's misprint. It is a factor of its own."""
    return h[2] + w * _slope(z[1]) * h[1] + w**2 * _slope(z[1] * _slope(z[0]) * h[0])


@misconception("two_step_gradient")
def state_added_to_the_argument(w, z, h):
    """Your last term has tanh′ of a product of both slopes' arguments: tanh′(z_2) and tanh′(z_1)
    are two factors, each of its own z."""
    return h[2] + w * _slope(z[1]) * h[1] + w**2 * _slope(z[1] * z[0]) * h[0]


@misconception("two_step_gradient")
def last_use_only(w, z, h):
    """Your function returns h_2, the derivative with h_2 held fixed. But h_2 depends on w as well:
    the two earlier uses of w are missing."""
    return h[2]


@misconception("two_step_gradient")
def third_term_missing(w, z, h):
    """Your function goes one step back and stops: the term of the first use of w, with h_0, is
    missing."""
    return h[2] + w * _slope(z[1]) * h[1]


@misconception("two_step_gradient")
def w_not_squared(w, z, h):
    """Your third term has w once. Two steps are crossed on the way from h_0's use to z_3, and each
    of them multiplies by w."""
    return h[2] + w * _slope(z[1]) * (h[1] + _slope(z[0]) * h[0])


@misconception("two_step_gradient")
def slope_of_one_step_only(w, z, h):
    """Your third term has one slope. Two steps are crossed, so both tanh′(z_2) and tanh′(z_1)
    belong to it."""
    return h[2] + w * _slope(z[1]) * h[1] + w**2 * _slope(z[1]) * h[0]


@misconception("two_step_gradient")
def no_slopes(w, z, h):
    """Your terms have no tanh′: that would be right for a network without an activation. Each step
    that is crossed multiplies by w *and* by the slope at its z."""
    return h[2] + w * h[1] + w**2 * h[0]


@misconception("two_step_gradient")
def tanh_taken_twice(w, z, h):
    """Your slopes are those of tanh at the states h. They are to be taken at z: 1 − tanh²(z), which
    is one minus the square of the state, without another tanh."""
    return h[2] + w * _slope(h[2]) * (h[1] + w * _slope(h[1]) * h[0])


@misconception("two_step_gradient")
def slopes_exchanged(w, z, h):
    """Your slopes are exchanged: z[0] is z_1 and z[1] is z_2. From h_1 to z_3 one crosses step
    2."""
    return h[2] + w * _slope(z[0]) * (h[1] + w * _slope(z[1]) * h[0])


@misconception("two_step_gradient")
def states_in_reversed_order(w, z, h):
    """Your function takes h[0] for the latest state. The array holds h_0, h_1 and h_2 in this
    order."""
    return h[0] + w * _slope(z[1]) * (h[1] + w * _slope(z[0]) * h[2])
