"""Public tests of `make_latch`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, exercise

from ..shared_public import assert_batch, assert_one_marker, assert_repeatable


@exercise("make_latch")
def test_latch_has_one_early_mark(student):
    """One early step is marked with −1 or 1, all others hold weak noise, and y is the mark

    With T = 12 the mark is at one of the steps 0 to 2. A value that is almost 1 has noise added to
    it: assign the mark. There is noise before the mark, too.
    """
    x, y = assert_batch(
        student.make_latch(60, 12, np.random.default_rng(0)), np.zeros((60, 12, 2)), np.zeros(60)
    )
    values, markers = x[:, :, 0], x[:, :, 1]
    assert_one_marker(markers[:, :3], "among the steps 0 to 2, for T = 12")
    assert_close(markers[:, 3:], np.zeros((60, 9)), what="markers behind the first quarter")
    assert_close(np.unique(y), np.array([-1.0, 1.0]), what="numbers that y holds")
    assert_close(values[markers == 1], y, what="marked values")
    noise = values[markers == 0]
    assert np.all(np.abs(noise) <= 0.1), "noise is beyond 0.1"
    assert np.all(noise != 0), "a value is 0, where there should be noise"
    assert np.all(markers[:, :3].any(axis=0)), "among 60 sequences, an early step is never marked"


@exercise("make_latch")
def test_latch_draws_in_order_and_from_rng(student):
    """rng alone decides, in the stated order: noise for all steps, marked steps, signs"""
    x, y = assert_batch(
        student.make_latch(5, 8, np.random.default_rng(7)), np.zeros((5, 8, 2)), np.zeros(5)
    )
    same = np.random.default_rng(7)
    noise = same.uniform(-0.1, 0.1, size=(5, 8))
    is_marked = x[:, :, 1] == 1
    assert_close(x[~is_marked][:, 0], noise[~is_marked], what="noise")
    assert_close(np.argmax(is_marked, axis=1), same.integers(2, size=5), what="marked steps")
    assert_close(y, 2.0 * same.integers(2, size=5) - 1.0, what="y")
    assert_repeatable(student.make_latch)
