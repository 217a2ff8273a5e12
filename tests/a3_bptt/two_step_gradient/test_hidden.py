"""Hidden tests of `two_step_gradient`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_form_agrees,
    assert_pure,
    assert_structure,
    exercise,
    seeds,
    show,
)


def run_of(w, start, u):
    """z_1, z_2, … and h_0, h_1, … of the scalar unit with recurrent weight w and inputs u."""
    z, h = [], [start]
    for entering in u:
        z.append(w * h[-1] + entering)
        h.append(float(np.tanh(z[-1])))
    return np.array(z), np.array(h)


def arguments(w, start, u):
    """The arguments w, z, h of two_step_gradient for such a run."""
    z, h = run_of(w, start, u)
    return w, z[:2], h[:3]


def scalar_run(w, seed):
    """w, h_0 and three inputs."""
    rng = np.random.default_rng(seed)
    start, *u = np.round(rng.uniform(0.2, 0.9, 4) * rng.choice((-1.0, 1.0), 4), 2)
    return w, float(start), u


RUNS = st.builds(
    scalar_run, st.sampled_from((-1.7, -0.9, -0.6, 0.3, 0.5, 0.8, 1.2, 1.6, 2.0)), seeds
)


@exercise("two_step_gradient", points=1.5)
@given(run=RUNS)
@example(run=(0.8, 0.5, [0.1, -0.4, 0.3]))
@example(run=(-1.5, 0.25, [0.5, 0.2, -0.1]))
def test_two_step_gradient_agrees_with_its_formula(student, reference, run):
    """It is h_2 + w tanh′(z_2) h_1 + w² tanh′(z_2) tanh′(z_1) h_0

    Three terms: each is a state, multiplied by w and by a slope once for every step that lies
    between it and z_3. The slope of a step is taken at its z, and the state stands beside it.
    """
    given_to_both = arguments(*run)
    assert_close(
        student.two_step_gradient(*given_to_both), reference.two_step_gradient(*given_to_both)
    )


@exercise("two_step_gradient", points=1.5)
@settings(max_examples=8)
@given(run=RUNS)
def test_two_step_gradient_is_the_slope_of_z_3(student, run):
    """It is the slope of z_3 as w is moved, by central differences

    If yours is too large by nearly w²: is the last state a factor of its own, outside of tanh′?
    """
    w, start, u = run
    step = 1e-5
    ahead, behind = run_of(w + step, start, u), run_of(w - step, start, u)
    slope = (ahead[0][2] - behind[0][2]) / (2.0 * step)
    got = student.two_step_gradient(*arguments(*run))
    assert_structure(got, slope)
    if not abs(got - slope) <= 1e-6 * max(1.0, abs(slope)):
        raise StudentFailure("it is not the slope of z_3", got=show(got), expected=show(slope))


@exercise("two_step_gradient", points=0.5)
@settings(max_examples=4)
@given(run=RUNS)
def test_two_step_gradient_for_a_weight_of_zero(student, run):
    """For w = 0 it is h_2 alone: nothing comes from earlier steps"""
    _, start, u = run
    args = arguments(0.0, start, u)
    assert_close(student.two_step_gradient(*args), args[2][2])


@exercise("two_step_gradient", points=1.5)
@settings(max_examples=4)
@given(run=RUNS)
def test_two_step_gradient_for_a_first_state_of_zero(student, run):
    """For h_0 = 0 the third term is 0

    The first use of w multiplies h_0, so it contributes nothing.
    """
    w, z, h = arguments(run[0], 0.0, run[2])
    assert_close(student.two_step_gradient(w, z, h), h[2] + w * h[1] / np.cosh(z[1]) ** 2)


@exercise("two_step_gradient", points=0.5, form=True)
def test_form_of_two_step_gradient(student, reference):
    """The result is a number in the precision of float64"""
    args = arguments(0.8, 0.5, [0.1, -0.4, 0.3])
    assert_form_agrees(student.two_step_gradient, reference.two_step_gradient, *args)


@exercise("two_step_gradient", points=0.5)
def test_two_step_gradient_leaves_its_arguments_unchanged(student, reference):
    """two_step_gradient leaves z and h unchanged"""
    args = arguments(0.7, 0.4, (0.3, 0.4, 0.1))
    assert_pure(student.two_step_gradient, *args, like=reference.two_step_gradient)
