"""Public tests of `two_step_gradient`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_pure,
    assert_structure,
    exercise,
    seeds,
    show,
)

from ..shared_public import LOG2, LOG3


def run(w, start, u):
    """All z and h of the scalar unit z_t = w h_{t-1} + u_t, h_t = tanh(z_t)."""
    z, h = [], [start]
    for entering in u:
        z.append(w * h[-1] + entering)
        h.append(np.tanh(z[-1]))
    return np.array(z), np.array(h)


@exercise("two_step_gradient")
def test_two_step_gradient_of_known_numbers(student):
    """For w = 2, z = (log 2, log 3) and h = (0.5, 0.6, 0.8) it is 1.6928

    tanh(log 2) = 0.6 and tanh(log 3) = 0.8, so the slopes are 0.64 and 0.36, and the three terms
    0.8, 2 · 0.36 · 0.6 and 4 · 0.36 · 0.64 · 0.5. Which of yours is another?
    """
    z, h = np.array([LOG2, LOG3]), np.array([0.5, 0.6, 0.8])
    assert_close(student.two_step_gradient(2.0, z, h), 0.8 + 0.432 + 0.4608)


@exercise("two_step_gradient")
@settings(max_examples=5)
@given(seed=seeds)
def test_two_step_gradient_is_a_slope(student, seed):
    """It is the slope of z_3 as w is moved, by central differences

    The difference needs no formula, so it cannot have a misprint. If w = 2 above is right and this
    is not, something in your function depends on those numbers.
    """
    w, start, *u = np.random.default_rng(seed).uniform(-1.0, 1.0, 5)
    z, h = run(w, start, u)
    slope = (run(w + 1e-5, start, u)[0][2] - run(w - 1e-5, start, u)[0][2]) / 2e-5
    got = student.two_step_gradient(w, z[:2], h[:3])
    assert_structure(got, slope)
    if not abs(got - slope) <= 1e-6:  # true for NaN, too
        raise StudentFailure("it is not the slope of z_3", got=show(got), expected=show(slope))


@exercise("two_step_gradient")
def test_two_step_gradient_without_a_first_state(student):
    """For h_0 = 0 the third term is 0, and z and h are left unchanged

    The first use of w multiplies h_0. If your result is w² too large, h_0 is not a factor of the
    third term, but stands inside tanh′, where 0 becomes tanh′(0) = 1.
    """
    z, h = np.array([LOG2, LOG3]), np.array([0.0, 0.6, 0.8])
    assert_close(student.two_step_gradient(2.0, z, h), 0.8 + 0.432)
    assert_pure(student.two_step_gradient, 2.0, z, h)
