"""Hidden tests of `make_copy`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_structure,
    describe,
    exercise,
    seeds,
    show,
)

from ..shared_hidden import LARGE, assert_often, assert_uses_only_rng, batches_of, drawn


def copied(student, size, seed):
    """The student's x and y as integers, also where they are whole numbers of type float."""
    n, T = size["n"], size["T"]
    result = student.make_copy(n, T, np.random.default_rng(seed))
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise StudentFailure("it must return two arrays, x and y", got=describe(result))
    tokens = [np.asarray(part) for part in result]
    for i, part in enumerate(tokens):
        if part.dtype.kind == "f" and np.all(part == np.floor(part)):
            tokens[i] = part.astype(int)
        assert_structure(tokens[i], np.zeros((n, T + 20), dtype=int), what="xy"[i])
    return tokens


@exercise("make_copy", points=3.5)
@settings(max_examples=12)
@given(size=batches_of(1), seed=seeds)
def test_copy_lays_out_the_input(student, size, seed):
    """x is ten symbols, T − 1 blanks, one delimiter at step T + 9, and ten blanks"""
    x, _ = copied(student, size, seed)
    symbols, rest = x[:, :10], x[:, 10:]
    if not np.all((symbols >= 0) & (symbols <= 7)):
        raise StudentFailure(
            "a symbol is not one of the tokens 0 to 7", got=show(symbols), expected="0 to 7"
        )
    expected = np.full((size["n"], size["T"] + 10), 8)
    expected[:, size["T"] - 1] = 9
    assert_close(rest, expected, what="part of x behind the ten symbols")


@exercise("make_copy", points=2)
@settings(max_examples=12)
@given(size=batches_of(1), seed=seeds)
def test_copy_answers_with_its_own_symbols(student, size, seed):
    """The last ten steps of y are the ten symbols of your own x, in their order

    The first symbol is due right after the delimiter, at step T + 10.
    """
    x, y = copied(student, size, seed)
    assert np.ptp(x[:, :10]) > 0, "all symbols of x are the same"
    assert_close(y[:, size["T"] + 10 :], x[:, :10], what="end of y")


@exercise("make_copy", points=1)
@settings(max_examples=8)
@given(size=batches_of(1), seed=seeds)
def test_copy_answers_with_blanks_before(student, size, seed):
    """The first T + 10 steps of y are blanks, token 8"""
    _, y = copied(student, size, seed)
    blanks = np.full((size["n"], size["T"] + 10), 8)
    assert_close(y[:, : size["T"] + 10], blanks, what="beginning of y")


@exercise("make_copy", points=1.5)
@settings(max_examples=8)
@given(size=batches_of(1), seed=seeds)
def test_copy_draws_once(student, reference, size, seed):
    """x and y are those of one call of rng.integers, of shape (n, 10)"""
    got = copied(student, size, seed)
    expected = reference.make_copy(size["n"], size["T"], np.random.default_rng(seed))
    for what, ours, wanted in zip(("x", "y"), got, expected, strict=True):
        assert_close(ours, wanted, what=what)


@exercise("make_copy", points=0.5, form=True)
def test_copy_gives_integers(student, reference):
    """x and y are arrays of integers, also for a single sequence

    `np.zeros`, `np.ones` and `np.empty` make floats unless they are given a dtype.
    """
    for n in (2, 1):
        drawn(student.make_copy, {"n": n, "T": 3}, 1, reference.make_copy)


@exercise("make_copy", points=1)
def test_copy_draws_from_rng_only(student):
    """The same state of rng gives the same batch, and another state another one

    Is there an `np.random.…` that draws from a generator other than rng?
    """
    assert_uses_only_rng(student.make_copy)


@exercise("make_copy", points=0.5)
def test_copy_draws_all_symbols_equally_often(student):
    """At each of the ten places, each of the eight symbols is equally likely

    The upper end of `rng.integers` is not drawn.
    """
    x, _ = copied(student, {"n": LARGE // 4, "T": 1}, 2)
    for place in (0, 5, 9):
        count = np.array([np.sum(x[:, place] == symbol) for symbol in range(8)])
        assert_often(count, LARGE / 32, f"each symbol at step {place}")
