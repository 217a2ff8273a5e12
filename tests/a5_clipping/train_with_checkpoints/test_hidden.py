"""Hidden tests of `train_with_checkpoints`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_form,
    assert_pure,
    assert_structure,
    exercise,
    show,
)

from ..shared_hidden import Watched

STATE = {
    "W": np.array([[2.5, -0.5, 0.25], [-3.0, 0.75, 1.5]]),
    "age": np.zeros(1),
    "b": np.array([-0.125, 4.0, 2.0]),
}
BROKEN_ARRAYS = {"both": ("W", np.nan), "first": ("W", np.nan), "last": ("b", np.inf)}


def descent(accidents, kind="both"):
    """A step towards 1, 2, 3, …, which goes wrong at some ages where the learning rate is too high.

    ``accidents`` maps ages (the number of steps behind the params) to the highest rates at which
    nothing happens. ``kind`` says what breaks then: the first array, the last one, the loss (which
    becomes nan, inf or -inf) or both.
    """

    def step(params, learning_rate):
        age = params["age"][0]
        with np.errstate(over="ignore", invalid="ignore"):  # where a broken state goes on
            loss = float(np.sum(params["W"] ** 2) + np.sum(params["b"] ** 2))
            moved = {name: p + learning_rate * (_goal(p) - p) for name, p in params.items()}
        moved["age"] = params["age"] + 1.0
        if learning_rate > accidents.get(age, np.inf):
            if kind in BROKEN_ARRAYS:
                name, value = BROKEN_ARRAYS[kind]
                moved[name].flat[-1] = value
            if kind not in ("first", "last"):
                loss = float("nan" if kind == "both" else kind)
        return moved, loss

    return Watched(step, STATE)


def _goal(p):
    return np.arange(1.0, p.size + 1.0).reshape(p.shape)


def trained(student, step, n_steps, every):
    """What the student's train_with_checkpoints returns, if it is params and a number."""
    got = student.train_with_checkpoints(step, STATE, n_steps, every)
    assert_structure(got, (STATE, 0), what="result")
    return got


def assert_trains(student, reference, step, n_steps, every):
    """Assert that the student's run ends where the reference's does, after as many restarts."""
    expected = reference.train_with_checkpoints(step.function, STATE, n_steps, every)
    params, restarts = trained(student, step, n_steps, every)
    assert_close(restarts, expected[1], what="number of restarts")
    ages = params["age"][0], expected[0]["age"][0]
    if ages[0] != ages[1]:
        raise StudentFailure(
            "the params returned do not have the right number of good steps behind them",
            got=f"{show(ages[0])} steps",
            expected=f"{show(ages[1])} steps",
        )
    assert_close(params, expected[0], what="params")


def assert_recovers(student, step, n_steps, every):
    """Assert that the student's run survives its one accident; returns what it has reached."""
    params, restarts = trained(student, step, n_steps, every)
    assert_close(restarts, 1, what="number of restarts")
    for name, p in params.items():
        assert np.all(np.isfinite(p)), f"params[{name!r}] has broken numbers in the end"
    return params


@st.composite
def runs(draw, most_accidents=1, rates=(0.09, 0.04, 0.02)):
    """n_steps, every and accidents: ages, and the rates that are low enough there.

    None happens where a checkpoint would be due: that has a test of its own.
    """
    n_steps, every = draw(st.integers(3, 10)), draw(st.integers(2, 5))
    possible = [age for age in range(n_steps) if (age + 1) % every]
    ages = st.lists(st.sampled_from(possible), min_size=1, max_size=most_accidents, unique=True)
    return n_steps, every, {age: draw(st.sampled_from(rates)) for age in draw(ages)}


@exercise("train_with_checkpoints", points=2.5, after="all_finite")
@settings(max_examples=6)
@given(n_steps=st.integers(1, 10), every=st.integers(1, 5))
@example(n_steps=7, every=3)
@example(n_steps=4, every=20)
def test_a_run_without_accidents_takes_all_its_steps(student, reference, n_steps, every):
    """Where no step is bad, params are those after n_steps steps at 0.1, and restarts is 0

    Return the current params: the last checkpoint may be older.
    """
    assert_trains(student, reference, descent({}), n_steps, every)


@exercise("train_with_checkpoints", points=2, after="all_finite")
@settings(max_examples=5)
@given(run=runs(rates=(0.09,)))
@example(run=(8, 3, {4: 0.09}))
@example(run=(6, 5, {0: 0.09}))
def test_one_accident_means_one_restart(student, run):
    """After one bad step there is one restart, and the params at the end are finite

    The step that broke at 0.1 is a good one at 0.05: there, the learning rate has to be lower.
    """
    n_steps, every, accidents = run
    assert_recovers(student, descent(accidents), n_steps, every)


@exercise("train_with_checkpoints", points=1.5, after="all_finite")
@settings(max_examples=5)
@given(run=runs(rates=(0.09,)))
@example(run=(8, 3, {4: 0.09}))
@example(run=(6, 5, {3: 0.09}))
def test_the_steps_since_the_checkpoint_are_taken_again(student, run):
    """After a restart the params at the end still have n_steps good steps behind them

    The count goes back together with the params, so a `for` loop over n_steps will not do.
    """
    n_steps, every, accidents = run
    params = assert_recovers(student, descent(accidents), n_steps, every)
    if params["age"][0] != n_steps:
        raise StudentFailure(
            "the params returned do not have the right number of good steps behind them",
            got=f"{show(params['age'][0])} steps",
            expected=f"{n_steps} steps",
        )


@exercise("train_with_checkpoints", points=2, after="all_finite")
@settings(max_examples=6)
@given(run=runs())
@example(run=(8, 3, {4: 0.09}))
@example(run=(7, 2, {4: 0.02}))
def test_after_an_accident_the_run_goes_on_from_the_checkpoint(student, reference, run):
    """A bad step leads back to the last checkpoint, at half the learning rate

    If the number of restarts is right and the params are not, they went on from another state or at
    another rate.
    """
    n_steps, every, accidents = run
    assert_trains(student, reference, descent(accidents), n_steps, every)


@exercise("train_with_checkpoints", points=1.5, after="all_finite")
@settings(max_examples=5)
@given(run=runs(3))
@example(run=(9, 2, {0: 0.09, 4: 0.02, 6: 0.01}))
def test_the_learning_rate_is_halved_at_each_restart(student, reference, run):
    """Each accident halves the learning rate, and it never rises again"""
    n_steps, every, accidents = run
    assert_trains(student, reference, descent(accidents), n_steps, every)


@exercise("train_with_checkpoints", points=1.5, after="all_finite")
@settings(max_examples=4)
@given(every=st.integers(1, 4), times=st.integers(1, 2), kind=st.sampled_from(("first", "last")))
@example(every=3, times=2, kind="first")
@example(every=3, times=2, kind="last")
def test_a_bad_state_is_never_saved(student, every, times, kind):
    """A bad step where a checkpoint is due is thrown away, not saved

    Check first, save afterwards. And the saved arrays must be a copy: what is only another name
    for the current arrays breaks with them.
    """
    age = every * times - 1  # this step would be number every · times
    assert_recovers(student, descent({age: 0.09}, kind), every * times + 2, every)


@exercise("train_with_checkpoints", points=1.5, after="all_finite")
def test_params_and_loss_are_both_looked_at(student):
    """A step is bad if its loss is NaN or infinite, and if an entry of any new array is

    The loss is that of the params before the step: after the last step of all nothing but a look
    at the new params can find a NaN in them.
    """
    for kind in ("first", "last", "nan", "inf", "-inf"):
        for age in (5, 2):
            assert_recovers(student, descent({age: 0.09}, kind), 6, 4)


@exercise("train_with_checkpoints", points=1, after="all_finite")
def test_a_hopeless_run_ends_after_ten_restarts(student, reference):
    """After ten restarts the next bad step ends the run, with the last checkpoint

    What is returned then is a good state, not the broken one. Ten restarts are allowed, and after
    the tenth the run may still succeed.
    """
    for accidents in ({4: 0.1 / 2**12.5}, {0: 0.1 / 2**12.5}, {2: 0.1 / 2**9.5}):
        assert_trains(student, reference, descent(accidents), 7, 2)


@exercise("train_with_checkpoints", points=0.5, after="all_finite")
def test_no_step_is_wasted(student):
    """step is called exactly n_steps times where no step is bad"""
    for n_steps in (5, 1):
        step = descent({})
        trained(student, step, n_steps, 2)
        if step.calls != n_steps:
            raise StudentFailure(
                "step is not called once for each good step",
                got=f"{step.calls} calls",
                expected=f"{n_steps} calls",
            )


@exercise("train_with_checkpoints", points=0.5, form=True)
def test_form_of_train_with_checkpoints(student):
    """params is a dict of float64 arrays like the first one, and restarts is an integer"""
    result = student.train_with_checkpoints(descent({}), STATE, 3, 2)
    assert_form(result, (STATE, 0))


@exercise("train_with_checkpoints", points=0.5, after="all_finite")
def test_train_with_checkpoints_leaves_its_arguments_unchanged(student, reference):
    """train_with_checkpoints leaves params and its arrays unchanged"""
    options = descent({2: 0.09}), STATE, 5, 2
    assert_pure(student.train_with_checkpoints, *options, like=reference.train_with_checkpoints)
