"""Public tests of `make_adding`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, exercise

from ..shared_public import assert_batch, assert_one_marker, assert_repeatable


@exercise("make_adding")
def test_adding_has_the_right_shape_and_markers(student):
    """x is (n, T, 2): values from 0 to 1, and one marker in each half of every sequence

    Two markers in one half? The first step is drawn from 0 .. T//2 − 1, the second one from T//2 ..
    T − 1, each for every sequence anew. `rng.integers` does not draw its upper end.
    """
    make = student.make_adding
    x, _ = assert_batch(make(50, 5, np.random.default_rng(0)), np.zeros((50, 5, 2)), np.zeros(50))
    assert np.all((x[:, :, 0] >= 0) & (x[:, :, 0] < 1)), "a value is not in [0, 1)"
    assert_one_marker(x[:, :2, 1], "among the steps 0 and 1, for T = 5")
    assert_one_marker(x[:, 2:, 1], "among the steps 2 to 4, for T = 5")
    assert np.all(x[:, :, 1].any(axis=0)), "among 50 sequences, a step is never marked"


@exercise("make_adding")
def test_adding_answers_with_the_sum(student):
    """y is the sum of the two marked values, and a guess of 1 costs about 1/6

    A y that is off in every sequence is often taken one step beside the marker, or over all values.
    """
    n = 2000
    x, y = assert_batch(
        student.make_adding(n, 10, np.random.default_rng(1)), np.zeros((n, 10, 2)), np.zeros(n)
    )
    assert_close(y, np.sum(x[:, :, 0] * x[:, :, 1], axis=1), what="y")
    baseline = np.mean((y - 1.0) ** 2)
    assert 0.14 < baseline < 0.19, f"a guess of 1 costs {baseline:.3f}"


@exercise("make_adding")
def test_adding_draws_in_order_and_from_rng(student):
    """rng alone decides, in the stated order: values, first steps, second steps

    The first numbers that the generator gives are the values. A generator of your own, or the
    hidden one behind `np.random.rand`, is of no use here.
    """
    x, _ = assert_batch(
        student.make_adding(2, 6, np.random.default_rng(7)), np.zeros((2, 6, 2)), np.zeros(2)
    )
    same = np.random.default_rng(7)
    assert_close(x[:, :, 0], same.random((2, 6)), what="values")
    drawn = np.stack([same.integers(3, size=2), same.integers(3, 6, size=2)], axis=1)
    steps = np.argsort(x[:, :, 1], axis=1, kind="stable")[:, -2:]
    assert_close(np.sort(steps, axis=1), drawn, what="marked steps")
    assert_repeatable(student.make_adding)
