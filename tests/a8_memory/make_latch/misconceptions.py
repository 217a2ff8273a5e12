"""Typical wrong answers to `make_latch`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _marked


def _latch(n, T, rng):
    values, step = rng.uniform(-0.1, 0.1, size=(n, T)), rng.integers(T // 4, size=n)
    return values, step, 2.0 * rng.integers(2, size=n) - 1.0


def _with_mark(values, step, marks):
    x = _marked(values, step)
    x[np.arange(len(values)), step, 0] = marks
    return x


@misconception("make_latch")
def labels_of_zero_and_one(n, T, rng):
    """Your marks are 0 and 1. A mark is −1 or 1: map the drawn 0 to −1."""
    values, step, y = _latch(n, T, rng)
    y = 0.5 * (y + 1.0)
    return _with_mark(values, step, y), y


@misconception("make_latch")
def marks_anywhere(n, T, rng):
    """Your marks may come at any step. The task is to hold them for long, so they are early: at one
    of the steps 0 .. T//4 − 1."""
    values, step = rng.uniform(-0.1, 0.1, size=(n, T)), rng.integers(T, size=n)
    y = 2.0 * rng.integers(2, size=n) - 1.0
    return _with_mark(values, step, y), y


@misconception("make_latch")
def always_marked_first(n, T, rng):
    """Your mark is always at step 0. It is at one of the steps 0 .. T//4 − 1, a different one in
    each sequence, with noise before it."""
    values, _, y = _latch(n, T, rng)
    return _with_mark(values, np.zeros(n, dtype=int), y), y


@misconception("make_latch")
def mark_on_top_of_noise(n, T, rng):
    """Your mark is added to the noise of its step. The value there is exactly −1 or 1: assign
    it."""
    values, step, y = _latch(n, T, rng)
    return _with_mark(values, step, y + values[np.arange(n), step]), y


@misconception("make_latch")
def silence_before_the_mark(n, T, rng):
    """Your values are 0 before the mark. There is noise before it, too: at all steps but the
    marked one."""
    values, step, y = _latch(n, T, rng)
    values[np.arange(T) < step[:, None]] = 0.0
    return _with_mark(values, step, y), y


@misconception("make_latch")
def label_not_in_the_value(n, T, rng):
    """Your marker is there, but the value at the marked step is still noise, so nothing in x tells
    the answer. Put y there."""
    values, step, y = _latch(n, T, rng)
    return _marked(values, step), y


@misconception("make_latch")
def standard_normal_noise(n, T, rng):
    """Your noise is normally distributed and as large as the mark. It should be uniform in
    [−0.1, 0.1): `rng.uniform`."""
    values, step = rng.standard_normal((n, T)), rng.integers(T // 4, size=n)
    y = 2.0 * rng.integers(2, size=n) - 1.0
    return _with_mark(values, step, y), y


@misconception("make_latch")
def latch_seeded_anew(n, T, rng):
    """Your function does not draw from the rng that it is given: a generator of its own, with a
    fixed seed, gives the same batch in every call."""
    values, step, y = _latch(n, T, np.random.default_rng(0))
    return _with_mark(values, step, y), y
