"""Hidden tests of `step_jacobian`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    arrays,
    assert_close,
    assert_form_agrees,
    assert_gradients,
    assert_pure,
    assert_structure,
    exercise,
    seeds,
)

from ..shared_hidden import NETWORKS, SCALES, STATES, state_and_weights

NUMBERS = st.integers(-200, 200).map(lambda n: n / 100)


@exercise("step_jacobian", points=4)
@settings(max_examples=15)
@given(case=STATES)
@example(case=(np.array([0.5, -0.5, 0.0]), np.arange(9.0).reshape(3, 3)))
def test_step_jacobian_agrees_with_its_formula(student, reference, case):
    """J[i, j] = (1 − next_h[i]²) · Wh[j, i]

    Row i belongs to the new unit i and is scaled by *its* derivative; its weights stand in column i
    of Wh. next_h is tanh(a) already.
    """
    assert_close(student.step_jacobian(*case), reference.step_jacobian(*case), what="Jacobian")


@exercise("step_jacobian", points=2.5)
@settings(max_examples=10)
@given(case=NETWORKS, seed=seeds, scale=SCALES)
def test_step_jacobian_is_the_derivative_of_a_step(student, case, seed, scale):
    """J is the derivative of a tanh step, by central differences"""
    prev_h, (drive, *_), Wh = case
    rng = np.random.default_rng(seed)
    cotangent = scale * rng.standard_normal(prev_h.shape)
    jacobian = student.step_jacobian(np.tanh(drive + prev_h @ Wh), Wh)
    assert_structure(jacobian, Wh, what="Jacobian")
    assert_gradients(
        lambda prev_h: np.tanh(drive + prev_h @ Wh),
        {"prev_h": prev_h},
        [cotangent],
        {"prev_h": cotangent @ jacobian},
        rng,
    )


@exercise("step_jacobian", points=1.5)
@settings(max_examples=8)
@given(case=STATES, seed=seeds)
def test_a_saturated_unit_passes_nothing_on(student, reference, case, seed):
    """A saturated unit, h = ±1, has a row of zeros; one unit's state changes its own row only

    If a *column* becomes 0, the derivatives stand on the wrong side of the weights.
    """
    next_h, Wh = case
    unit = seed % len(next_h)
    before = student.step_jacobian(next_h, Wh)
    assert_structure(before, Wh, what="Jacobian")
    assert np.any(before != 0), "the Jacobian is 0 everywhere"
    is_unit = np.arange(len(next_h)) == unit
    for limit in (1.0, -1.0):
        jacobian = student.step_jacobian(np.where(is_unit, limit, next_h), Wh)
        assert_close(jacobian, np.where(is_unit[:, None], 0.0, before), what="Jacobian")


@exercise("step_jacobian", points=1)
@settings(max_examples=5)
@given(Wh=st.sampled_from((2, 3, 4)).flatmap(lambda size: arrays((size, size))))
def test_open_units_pass_the_weights_on(student, Wh):
    """Where all states are 0, tanh′ is 1 and J is the transpose of Wh"""
    assert_close(student.step_jacobian(np.zeros(len(Wh)), Wh), Wh.T, what="Jacobian")


@exercise("step_jacobian", points=2, ones=True)
@settings(max_examples=5)
@given(h=st.integers(-99, 99).map(lambda n: n / 100), w=NUMBERS)
def test_step_jacobian_of_one_unit(student, h, w):
    """For one unit J is (1 − h²) w, an array of shape (1, 1)"""
    jacobian = student.step_jacobian(np.array([h]), np.array([[w]]))
    assert_close(jacobian, np.array([[(1.0 - h**2) * w]]), what="Jacobian")


@exercise("step_jacobian", points=0.5, form=True)
def test_form_of_step_jacobian(student, reference):
    """J is a float64 array of shape (H, H)"""
    case = state_and_weights(3, 1)
    assert_form_agrees(student.step_jacobian, reference.step_jacobian, *case)


@exercise("step_jacobian", points=0.5)
def test_step_jacobian_leaves_its_arguments_unchanged(student, reference):
    """step_jacobian leaves next_h and Wh unchanged"""
    assert_pure(student.step_jacobian, *state_and_weights(3, 1), like=reference.step_jacobian)
