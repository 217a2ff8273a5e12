"""Typical wrong answers to `make_adding`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _marked


def _adding(n, T, rng):
    values = rng.random((n, T))
    return values, rng.integers(T // 2, size=n), rng.integers(T // 2, T, size=n)


def _sum_at(values, first, second):
    rows = np.arange(len(values))
    return values[rows, first] + values[rows, second]


@misconception("make_adding")
def both_markers_anywhere(n, T, rng):
    """Your two markers are drawn from all steps, so both may fall into one half, or on one step,
    where only one is left. The first belongs to the steps 0 .. T//2 − 1, the second to the rest."""
    values = rng.random((n, T))
    first, second = rng.integers(T, size=n), rng.integers(T, size=n)
    return _marked(values, first, second), _sum_at(values, first, second)


@misconception("make_adding")
def both_markers_in_the_first_half(n, T, rng):
    """Both of your markers are in the first half: the second one is drawn from the steps T//2 ..
    T − 1, so its range needs a lower end, too."""
    values = rng.random((n, T))
    first, second = rng.integers(T // 2, size=n), rng.integers(T // 2, size=n)
    return _marked(values, first, second), _sum_at(values, first, second)


@misconception("make_adding")
def last_step_never_marked(n, T, rng):
    """Your second marker is never at the last step. `rng.integers(low, high)` does not draw its
    upper end, so that end is T and not T − 1."""
    values = rng.random((n, T))
    first = rng.integers(T // 2, size=n)
    second = rng.integers(T // 2, max(T - 1, T // 2 + 1), size=n)
    return _marked(values, first, second), _sum_at(values, first, second)


@misconception("make_adding")
def same_steps_in_every_sequence(n, T, rng):
    """Your sequences all have their markers at the same two steps. Draw n first steps and n second
    ones, a pair for each sequence."""
    values = rng.random((n, T))
    first, second = rng.integers(T // 2), rng.integers(T // 2, T)
    x = _marked(values, np.full(n, first), np.full(n, second))
    return x, values[:, first] + values[:, second]


@misconception("make_adding")
def target_of_the_next_step(n, T, rng):
    """Your y is shifted: it adds the values one step behind the markers. It must be the sum of
    x[:, t, 0] at exactly the steps t where x[:, t, 1] is 1."""
    values, first, second = _adding(n, T, rng)
    shifted = np.roll(values, -1, axis=1)
    return _marked(values, first, second), _sum_at(shifted, first, second)


@misconception("make_adding")
def sum_of_all_values(n, T, rng):
    """Your y adds all the values of a sequence. Only the two marked ones count."""
    values, first, second = _adding(n, T, rng)
    return _marked(values, first, second), values.sum(axis=1)


@misconception("make_adding")
def markers_before_values(n, T, rng):
    """The channels of your x are swapped: x[:, :, 0] holds the values and x[:, :, 1] the
    markers."""
    values, first, second = _adding(n, T, rng)
    x = _marked(values, first, second)
    return x[:, :, ::-1], _sum_at(values, first, second)


@misconception("make_adding")
def steps_drawn_before_values(n, T, rng):
    """Your task is right, but it draws the marked steps before the values. The docstring fixes the
    order, so that a seed gives the same data everywhere: values, first steps, second steps."""
    first, second = rng.integers(T // 2, size=n), rng.integers(T // 2, T, size=n)
    values = rng.random((n, T))
    return _marked(values, first, second), _sum_at(values, first, second)


@misconception("make_adding")
def normal_values(n, T, rng):
    """Your values are normally distributed. They should be uniform in [0, 1): `rng.random`."""
    values = rng.standard_normal((n, T))
    first, second = rng.integers(T // 2, size=n), rng.integers(T // 2, T, size=n)
    return _marked(values, first, second), _sum_at(values, first, second)


@misconception("make_adding")
def seeded_anew(n, T, rng):
    """Your function does not draw from the rng that it is given: a generator of its own, with a
    fixed seed, gives the same batch in every call."""
    values, first, second = _adding(n, T, np.random.default_rng(0))
    return _marked(values, first, second), _sum_at(values, first, second)
