"""Public tests of `make_copy`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, exercise

from ..shared_public import assert_batch, assert_repeatable


@exercise("make_copy")
def test_copy_lays_out_input_and_target(student):
    """With T = 3: ten symbols, two blanks, the delimiter at step 12, ten blanks; then the answer

    Tokens 0 to 7 are the symbols, 8 is the blank, 9 the delimiter, all of them integers. The target
    is blank for T + 10 steps, so its first symbol comes right behind the delimiter.
    """
    like = np.zeros((4, 23), dtype=int)
    x, y = assert_batch(student.make_copy(4, 3, np.random.default_rng(0)), like, like)
    assert np.all((x[:, :10] >= 0) & (x[:, :10] < 8)), "a symbol is not one of 0 to 7"
    rest = np.array([[8, 8, 9, *[8] * 10]] * 4)
    assert_close(x[:, 10:], rest, what="input behind the ten symbols")
    assert_close(y[:, :13], np.full((4, 13), 8), what="target up to the delimiter")
    assert_close(y[:, 13:], x[:, :10], what="target behind the delimiter")


@exercise("make_copy")
def test_copy_draws_eight_symbols_from_rng(student):
    """All eight symbols come, drawn in one call from rng

    If symbol 7 never comes: `rng.integers` does not draw its upper end. If only the numbers differ:
    is there a second draw, or another shape than (n, 10)?
    """
    like = np.zeros((40, 21), dtype=int)
    x, _ = assert_batch(student.make_copy(40, 1, np.random.default_rng(2)), like, like)
    assert_close(np.unique(x[:, :10]), np.arange(8), what="symbols that come")
    expected = np.random.default_rng(2).integers(8, size=(40, 10))
    assert_close(x[:, :10], expected, what="symbols")
    assert_repeatable(student.make_copy)
