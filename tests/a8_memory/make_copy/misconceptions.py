"""Typical wrong answers to `make_copy`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


def _copy(symbols, T, now, blank=8, delimiter=9):
    x = np.full((len(symbols), T + 20), blank)
    x[:, :10], x[:, now] = symbols, delimiter
    return x


def _repeat(symbols, T, start, blank=8):
    y = np.full((len(symbols), T + 20), blank)
    y[:, start : start + 10] = symbols
    return y


@misconception("make_copy")
def target_shifted(n, T, rng):
    """Your target begins one step too early: the first symbol is due right *after* the delimiter,
    at step T + 10, and the last one at the last step."""
    symbols = rng.integers(8, size=(n, 10))
    return _copy(symbols, T, T + 9), _repeat(symbols, T, T + 9)


@misconception("make_copy")
def delimiter_one_late(n, T, rng):
    """Your delimiter comes one step late. There are T − 1 blanks between the symbols and it, so it
    is at step T + 9."""
    symbols = rng.integers(8, size=(n, 10))
    return _copy(symbols, T, T + 10), _repeat(symbols, T, T + 10)


@misconception("make_copy")
def without_delimiter(n, T, rng):
    """Your input has no delimiter: at step T + 9 there is a 9 that says *now*."""
    symbols = rng.integers(8, size=(n, 10))
    return _copy(symbols, T, T + 9, delimiter=8), _repeat(symbols, T, T + 10)


@misconception("make_copy")
def target_in_reverse(n, T, rng):
    """Your target holds the symbols in reverse. They are to be repeated in the order in which they
    came."""
    symbols = rng.integers(8, size=(n, 10))
    return _copy(symbols, T, T + 9), _repeat(symbols[:, ::-1], T, T + 10)


@misconception("make_copy")
def target_is_drawn_anew(n, T, rng):
    """Your target holds other symbols than your input: draw them once, and use them twice."""
    symbols, others = rng.integers(8, size=(n, 10)), rng.integers(8, size=(n, 10))
    return _copy(symbols, T, T + 9), _repeat(others, T, T + 10)


@misconception("make_copy")
def symbols_from_one(n, T, rng):
    """Your symbols are 1 to 8, and 8 is the blank. The eight symbols are 0 to 7."""
    symbols = rng.integers(1, 9, size=(n, 10))
    return _copy(symbols, T, T + 9), _repeat(symbols, T, T + 10)


@misconception("make_copy")
def seven_symbols(n, T, rng):
    """Symbol 7 never comes: `rng.integers` does not draw its upper end, so write 8 there."""
    symbols = rng.integers(7, size=(n, 10))
    return _copy(symbols, T, T + 9), _repeat(symbols, T, T + 10)


@misconception("make_copy")
def blank_is_zero(n, T, rng):
    """Your blanks are 0, which is one of the symbols. The blank is token 8."""
    symbols = rng.integers(8, size=(n, 10))
    return _copy(symbols, T, T + 9, blank=0), _repeat(symbols, T, T + 10, blank=0)


@misconception("make_copy")
def tokens_as_floats(n, T, rng):
    """Your tokens are floats, since `np.zeros`, `np.ones` and `np.empty` make floats unless told
    otherwise. Tokens are used as indices, so they must be integers."""
    symbols = rng.integers(8, size=(n, 10))
    return 1.0 * _copy(symbols, T, T + 9), 1.0 * _repeat(symbols, T, T + 10)
