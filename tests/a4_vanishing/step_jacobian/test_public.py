"""Public tests of `step_jacobian`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    assert_close,
    assert_gradients,
    assert_pure,
    assert_structure,
    exercise,
    seeds,
)

from ..shared_public import HS, WH


@exercise("step_jacobian")
def test_jacobian_of_known_numbers(student):
    """For next_h = [0, 0.5] and Wh = [[1, 2], [3, 4]] it is [[1, 3], [1.5, 3]]

    tanh′ is 1 and 0.75 here. New unit 1 reads column 1 of Wh, (2, 4), and its row is multiplied by
    0.75. Compare yours: transposed, scaled by columns, or not scaled at all?
    """
    jacobian = student.step_jacobian(HS[0], WH)
    assert_close(jacobian, np.array([[1.0, 3.0], [1.5, 3.0]]), what="Jacobian")


@exercise("step_jacobian")
@settings(max_examples=5)
@given(seed=seeds)
def test_jacobian_by_differences(student, seed):
    """It is the derivative of a tanh step, by central differences

    If the known numbers are right and this is not, look at the sign of next_h: it may be negative.
    """
    rng = np.random.default_rng(seed)
    prev_h, Wh, dh = (rng.standard_normal(shape) for shape in (3, (3, 3), 3))
    jacobian = student.step_jacobian(np.tanh(prev_h @ Wh), Wh)
    assert_structure(jacobian, Wh, what="Jacobian")
    step = lambda prev_h: np.tanh(prev_h @ Wh)  # noqa: E731
    assert_gradients(step, {"prev_h": prev_h}, [dh], {"prev_h": dh @ jacobian}, rng)


@exercise("step_jacobian")
def test_jacobian_of_one_unit(student):
    """For one unit it is (1 − h²) w, in an array of shape (1, 1), and nothing is changed

    With h = 0.6 and w = 2 that is 0.64 · 2.
    """
    jacobian = student.step_jacobian(np.array([0.6]), np.array([[2.0]]))
    assert_close(jacobian, np.array([[1.28]]), what="Jacobian")
    assert_pure(student.step_jacobian, HS[0], WH)
