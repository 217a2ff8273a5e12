"""Hidden tests of `make_latch`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_form,
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


@exercise("make_latch", points=2.5)
@settings(max_examples=12)
@given(size=batches_of(4), seed=seeds)
def test_latch_has_one_early_mark_and_weak_noise(student, reference, size, seed):
    """One of the steps 0 .. T//4 − 1 is marked, and all other values are noise in [−0.1, 0.1)

    There is noise before the mark, too.
    """
    x, _ = drawn(student.make_latch, size, seed, reference.make_latch, ("x",))
    assert_marks(x, ((0, size["T"] // 4),))
    noise = x[:, :, 0][x[:, :, 1] == 0]
    if not np.all(np.abs(noise) <= 0.1) or np.any(noise == 0):
        raise StudentFailure(
            "a value without a mark is not noise in [−0.1, 0.1)", got=show(x[:, :, 0])
        )


@exercise("make_latch", points=1)
@settings(max_examples=8)
@given(size=batches_of(4), seed=seeds)
def test_latch_marks_with_a_sign(student, reference, size, seed):
    """The marked value is exactly −1 or 1

    It takes the place of the noise: assign it, and do not add it.
    """
    x, _ = drawn(student.make_latch, size, seed, reference.make_latch, ("x",))
    assert np.all(x[:, :, 1].any(axis=1)), "there is a sequence without a marker"
    marks = x[:, :, 0][x[:, :, 1] == 1]
    if not np.all(np.abs(marks) == 1):
        raise StudentFailure("a marked value is not −1 or 1", got=show(marks))


@exercise("make_latch", points=2.5)
@settings(max_examples=12)
@given(size=batches_of(4), seed=seeds)
def test_latch_answers_with_the_marked_sign(student, reference, size, seed):
    """y is the marked value of your own x, for every sequence"""
    x, y = drawn(student.make_latch, size, seed, reference.make_latch)
    assert np.all(x[:, :, 1].any(axis=1)), "there is a sequence without a marker"
    assert_close(y, np.sum(x[:, :, 0] * x[:, :, 1], axis=1), what="y")


@exercise("make_latch", points=1.5)
@settings(max_examples=10)
@given(size=batches_of(4), seed=seeds)
@example(size={"n": 5, "T": 9}, seed=1)  # one sequence alone says little of the order
def test_latch_draws_in_the_stated_order(student, reference, size, seed):
    """x is to the last digit what the stated order of drawing gives

    First the noise of all steps, the marked ones too; then all marked steps; then all signs.
    """
    assert_same_draw(student.make_latch, reference.make_latch, size, seed)


@exercise("make_latch", points=1)
def test_latch_spreads_marks_and_signs(student, reference):
    """Every early step is marked equally often, and both signs come equally often"""
    size = {"n": LARGE // 2, "T": 19}
    x, y = drawn(student.make_latch, size, 3, reference.make_latch)
    assert_often(x[:, :4, 1].sum(axis=0), LARGE / 8, "a mark at one of the steps 0 to 3")
    signs = np.array([np.sum(y == -1), np.sum(y == 1)])
    assert_often(signs, LARGE / 4, "each of the two signs")
    fifths = np.histogram(x[:, 4:, 0], bins=5, range=(-0.1, 0.1))[0]
    assert_often(fifths, 1.5 * LARGE, "noise in each fifth of [−0.1, 0.1)")


@exercise("make_latch", points=0.5, form=True)
def test_form_of_make_latch(student, reference):
    """x is a float64 array of shape (n, T, 2), and y one of shape (n,), also for n = 1"""
    for n in (3, 1):
        rngs = (np.random.default_rng(1) for _ in range(2))
        assert_form(student.make_latch(n, 8, next(rngs)), reference.make_latch(n, 8, next(rngs)))


@exercise("make_latch", points=1)
def test_latch_draws_from_rng_only(student):
    """The same state of rng gives the same batch, and another state another one

    Is there an `np.random.…` that draws from a generator other than rng?
    """
    assert_uses_only_rng(student.make_latch)
