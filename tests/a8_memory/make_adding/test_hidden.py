"""Hidden tests of `make_adding`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_form,
    assert_structure,
    exercise,
    seeds,
    show,
)

from ..shared_hidden import (
    LARGE,
    assert_marks,
    assert_often,
    assert_same_draw,
    assert_uses_only_rng,
    batches_of,
    drawn,
)


@exercise("make_adding", points=1)
@settings(max_examples=8)
@given(size=batches_of(2), seed=seeds)
def test_adding_has_values_from_0_to_1(student, reference, size, seed):
    """x has the shape (n, T, 2), and x[:, :, 0] holds values in [0, 1)

    Values and markers are the last axis of x, in this order.
    """
    x, _ = drawn(student.make_adding, size, seed, reference.make_adding, ("x",))
    values = x[:, :, 0]
    if not np.all((values >= 0) & (values < 1)) or np.ptp(values) == 0:
        raise StudentFailure("the values are not random numbers in [0, 1)", got=show(values))


@exercise("make_adding", points=2.5)
@settings(max_examples=12)
@given(size=batches_of(2), seed=seeds)
def test_adding_has_one_marker_per_half(student, reference, size, seed):
    """x[:, :, 1] is 1 at one step of each half of every sequence, and 0 elsewhere

    The first half is the steps 0 .. T//2 - 1. The upper end of `rng.integers(low, high)` is not
    drawn.
    """
    x, _ = drawn(student.make_adding, size, seed, reference.make_adding, ("x",))
    half, T = size["T"] // 2, size["T"]
    assert_marks(x, ((0, half), (half, T)))


@exercise("make_adding", points=2.5)
@settings(max_examples=12)
@given(n=st.integers(80, 120), T=st.integers(8, 13), seed=seeds)
def test_adding_answers_with_the_sum_of_the_marked_values(student, reference, n, T, seed):
    """y is the sum of the two marked values of your own x, for every sequence"""
    x, y = drawn(student.make_adding, {"n": n, "T": T}, seed, reference.make_adding)
    marked = x[:, :, 0] * x[:, :, 1]
    has_two = np.count_nonzero(marked, axis=1) == 2
    assert has_two.mean() > 0.5, "most sequences do not have two marked values"
    assert_close(y[has_two], marked[has_two].sum(axis=1), what="y")


@exercise("make_adding", points=2)
@settings(max_examples=10)
@given(size=batches_of(2), seed=seeds)
@example(size={"n": 5, "T": 9}, seed=1)  # one sequence alone says little of the order
def test_adding_draws_in_the_stated_order(student, reference, size, seed):
    """x is to the last digit what the stated order of drawing gives

    First all values, then all first marked steps, then all second ones: three calls.
    """
    assert_same_draw(student.make_adding, reference.make_adding, size, seed)


@exercise("make_adding", points=1.5)
def test_adding_marks_every_step_equally_often(student, reference):
    """Every step of a half is marked equally often, values are uniform, a guess of 1 costs 1/6"""
    x, _ = drawn(student.make_adding, {"n": LARGE, "T": 7}, 1, reference.make_adding, ("x",))
    count = x[:, :, 1].sum(axis=0)
    assert_often(count[:3], LARGE / 3, "a mark at one of the steps 0 to 2")
    assert_often(count[3:], LARGE / 4, "a mark at one of the steps 3 to 6")
    tenths = np.histogram(x[:, :, 0], bins=10, range=(0.0, 1.0))[0]
    assert_often(tenths, LARGE * 0.7, "a value in each tenth of [0, 1)")
    baseline = np.mean((np.sum(x[:, :, 0] * x[:, :, 1], axis=1) - 1.0) ** 2)
    if not abs(baseline - 1.0 / 6.0) <= 0.01:
        raise StudentFailure(
            "a guess of 1 does not cost about 1/6", got=show(baseline), expected="0.157 to 0.177"
        )


@exercise("make_adding", points=1)
def test_adding_draws_from_rng_only(student):
    """The same state of rng gives the same batch, and another state another one

    `np.random.rand` and its like draw from a hidden generator that all code shares, and
    `default_rng()` makes a new one. Draw from the rng that you are given.
    """
    assert_uses_only_rng(student.make_adding)


@exercise("make_adding", points=0.5, form=True)
def test_form_of_make_adding(student, reference):
    """x is a float64 array of shape (n, T, 2), and y one of shape (n,), also for n = 1"""
    for n in (3, 1):
        rngs = (np.random.default_rng(1) for _ in range(2))
        assert_form(student.make_adding(n, 8, next(rngs)), reference.make_adding(n, 8, next(rngs)))


@exercise("make_adding", points=1)
@settings(max_examples=4)
@given(seed=seeds)
def test_adding_in_two_steps(student, seed):
    """With T = 2 both steps are marked, and with one sequence no axis is lost"""
    x, y = student.make_adding(1, 2, np.random.default_rng(seed))
    assert_structure(x, np.zeros((1, 2, 2)))
    assert_close(x[:, :, 1], np.ones((1, 2)), what="markers")
    assert_close(y, x[:, :, 0].sum(axis=1), what="y")
