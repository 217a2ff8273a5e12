"""Typical wrong answers to `numerical_gradient`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


def _differences(f, x, df, ahead, behind):
    """sum(df * (f(x + ahead e_i) - f(x - behind e_i))) / (ahead + behind) for each entry i."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        unit = np.zeros(x.shape)
        unit[i] = 1.0
        difference = f(x + ahead * unit) - f(x - behind * unit)
        gradient[i] = np.sum(df * difference) / (ahead + behind)
    return gradient


@misconception("numerical_gradient")
def one_sided_difference(f, x, df, h=1e-5):
    """Your function computes the one-sided difference (f(x + h) − f(x)) / h. Its error falls only
    as h: use the central difference, f(x + h) − f(x − h) by 2h."""
    return _differences(f, x, df, h, 0.0)


@misconception("numerical_gradient")
def divided_by_h(f, x, df, h=1e-5):
    """Your gradient is twice as large as it should be: x + h and x − h are 2h apart, so divide by
    2h."""
    return 2.0 * _differences(f, x, df, h, h)


@misconception("numerical_gradient")
def cotangent_ignored(f, x, df, h=1e-5):
    """Your function does not use df: it sums the differences of f with equal weights. Multiply by
    df before you sum."""
    return _differences(f, x, 1.0, h, h)


@misconception("numerical_gradient")
def step_ignored(f, x, df, h=1e-5):
    """Your function does not use the h that it is given, but a step of its own."""
    return _differences(f, x, df, 1e-5, 1e-5)


@misconception("numerical_gradient")
def all_entries_at_once(f, x, df, h=1e-5):
    """Your function moves all entries of x together. Each entry of the gradient needs a move of
    that entry alone: loop over the entries."""
    slope = np.sum(df * (f(x + h) - f(x - h))) / (2.0 * h)
    return np.full(x.shape, slope)


@misconception("numerical_gradient")
def entries_never_put_back(f, x, df, h=1e-5):
    """Your function moves an entry of x and does not put it back, so the next entries are tried at
    a wrong place, and the caller's x has changed. Keep the old value and restore it."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        ahead = np.copy(f(x))
        x[i] -= 2.0 * h
        gradient[i] = np.sum(df * (ahead - f(x))) / (2.0 * h)
    return gradient


@misconception("numerical_gradient")
def put_back_by_arithmetic(f, x, df, h=1e-5):
    """Your gradient is right, but x is afterwards not what it was: adding h, taking away 2h and
    adding h again is not exact in floating point. Keep the old value and put it back."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        ahead = np.copy(f(x))
        x[i] -= 2.0 * h
        behind = np.copy(f(x))
        x[i] += h
        gradient[i] = np.sum(df * (ahead - behind)) / (2.0 * h)
    return gradient


@misconception("numerical_gradient")
def result_not_copied(f, x, df, h=1e-5):
    """Where f returns the very array it is given, your two results are one array, and their
    difference is 0. Copy the first result before you change x again."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + h
        ahead = f(x)
        x[i] = old - h
        behind = f(x)
        x[i] = old
        gradient[i] = np.sum(df * (ahead - behind)) / (2.0 * h)
    return gradient


@misconception("numerical_gradient")
def asks_a_number_for_a_copy(f, x, df, h=1e-5):
    """Your function calls `f(x).copy()`, and a number has no `copy()`: where f returns one, it
    fails. `np.array(f(x))` makes a copy of whatever f returns."""
    gradient, moved = np.zeros(x.shape), np.array(x)
    for i in np.ndindex(x.shape):
        moved[i] = x[i] + h
        above = f(moved).copy()
        moved[i] = x[i] - h
        gradient[i] = np.sum(df * (above - f(moved).copy())) / (2.0 * h)
        moved[i] = x[i]
    return gradient
