"""Public tests of `train_with_checkpoints`."""

from __future__ import annotations

import numpy as np

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_pure,
    assert_structure,
    exercise,
    show,
)

from ..shared_public import assert_like

START = {"w": np.array([1.0, -1.0]), "age": np.zeros(1)}  # age: how many steps lie behind


def walk(accidents=(), *, broken_loss=1.0, in_place=False):
    """A step that adds learning_rate to w and 1 to age.

    ``accidents`` are pairs (age, rate): at this age, at rates above this one, it breaks. Then w
    becomes NaN or, where ``broken_loss`` is given, the loss this number.
    """

    def step(*given, **named):
        if len(given) + len(named) != 2:
            raise StudentFailure(
                f"`step` is called with {len(given) + len(named)} arguments",
                expected="step(params, learning_rate)",
            )
        params = given[0] if given else named.get("params")
        learning_rate = given[1] if len(given) > 1 else named.get("learning_rate")
        assert_like(params, START, "step")
        if not isinstance(learning_rate, float) or not learning_rate > 1e-6:
            raise StudentFailure(
                "`step` is called with a learning rate that is not right",
                got=show(learning_rate),
                expected="0.1, halved at most ten times",
            )
        age = params["age"][0]
        is_bad = any(age == when and learning_rate > rate for when, rate in accidents)
        moved = params if in_place else {name: p.copy() for name, p in params.items()}
        moved["w"] += learning_rate
        moved["age"] += 1.0
        if is_bad and broken_loss == 1.0:
            moved["w"][1] = np.nan
        return dict(moved), broken_loss if is_bad else 1.0

    return step


def assert_ends(student, step, n_steps, every, *, w, age, restarts):
    """Assert that a run from START ends with these numbers added to w, in age and in restarts."""
    result = student.train_with_checkpoints(step, START, n_steps, every)
    assert_structure(result, (START, 0))
    params, times = result
    assert_close(times, restarts, what="number of restarts")
    assert_close(params["age"][0], float(age), what="number of good steps behind the result")
    assert_close(params["w"], START["w"] + w, what="w")


@exercise("train_with_checkpoints", after="all_finite")
def test_a_run_without_accidents(student):
    """Five good steps at a learning rate of 0.1, with a checkpoint after every two

    Each step adds its learning rate to w: 0.5 in all. If only four steps are in the result, it is
    the checkpoint that is returned. And the given params stay what they were.
    """
    assert_ends(student, walk(), 5, 2, w=0.5, age=5, restarts=0)
    assert_pure(student.train_with_checkpoints, walk(), START, 5, 2)


@exercise("train_with_checkpoints", after="all_finite")
def test_a_run_with_an_accident(student):
    """After a bad fifth step, a run of six goes on from the checkpoint after three, at 0.05

    Three steps at 0.1, then three at 0.05: w grows by 0.45. A result with a NaN: look at the new
    params, not only at the loss, and save nothing before you have looked. Fewer steps: the count
    has to go back, too. Another w: which state, which rate?
    """
    assert_ends(student, walk([(4, 0.07)]), 6, 3, w=0.45, age=6, restarts=1)
    # the sixth step itself is bad, when a checkpoint would be due and the run would end
    assert_ends(student, walk([(5, 0.07)]), 6, 3, w=0.45, age=6, restarts=1)
    for loss in (np.nan, np.inf):
        bad_loss = walk([(4, 0.07)], broken_loss=loss)
        assert_ends(student, bad_loss, 6, 3, w=0.45, age=6, restarts=1)


@exercise("train_with_checkpoints", after="all_finite")
def test_steps_that_work_in_place(student):
    """A step may change the arrays that it is given: the checkpoint and the given params do not

    If this fails and the others pass, what you save, or what you go back to, is another name for
    arrays that step is going to change. `dict(params)` copies the dict and not its arrays.
    """
    step = walk([(1, 0.03), (4, 0.03)], in_place=True)
    assert_ends(student, step, 5, 3, w=0.125, age=5, restarts=2)
    late = walk([(4, 0.03)], in_place=True)
    assert_ends(student, late, 6, 3, w=0.3 + 0.075, age=6, restarts=2)
    assert_pure(student.train_with_checkpoints, late, START, 6, 3)


@exercise("train_with_checkpoints", after="all_finite")
def test_a_run_that_never_gets_through(student):
    """After ten restarts the next bad step ends the run, with the last checkpoint

    Here the fourth step is bad at every rate that ten halvings can reach. The result is the state
    after two steps, and it is a good one.
    """
    assert_ends(student, walk([(3, 1e-5)]), 6, 2, w=0.2, age=2, restarts=10)
