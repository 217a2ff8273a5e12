"""Typical wrong answers to `gradient_factor`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


def _power(a, steps):
    with np.errstate(over="ignore"):
        return np.float64(a) ** np.asarray(steps)


@misconception("gradient_factor")
def one_step_too_few(a, steps):
    """Your factor is that of one step less: k steps back mean k multiplications."""
    with np.errstate(divide="ignore"):
        return _power(a, np.asarray(steps) - 1.0)


@misconception("gradient_factor")
def one_step_too_many(a, steps):
    """Your factor is that of one step more: k steps back mean k multiplications, and after no step
    the factor is 1."""
    return _power(a, np.asarray(steps) + 1)


@misconception("gradient_factor")
def sign_dropped(a, steps):
    """Your factor is never negative: it seems to be |a|**steps. A negative derivative changes the
    sign of the gradient at every step."""
    return _power(abs(a), steps)


@misconception("gradient_factor")
def multiplied_by_the_steps(a, steps):
    """Your function multiplies a by the number of steps. Each step multiplies what is left by a:
    that is a power."""
    return np.float64(a) * np.asarray(steps)


@misconception("gradient_factor")
def exponential_of_a_logarithm(a, steps):
    """Your function goes through log(a), which does not exist for a negative a and is -∞ for 0. Use
    the power itself."""
    with np.errstate(over="ignore"):
        return np.exp(np.asarray(steps) * np.log(a))


@misconception("gradient_factor")
def pythons_own_power(a, steps):
    """Your function uses Python's `**` on what it is given: floats then raise OverflowError where
    the power is too large, and an integer a stays an integer, which NumPy's arrays wrap round.
    Make a float64 of a first: `np.float64(a)`."""
    return a**steps


@misconception("gradient_factor")
def numbers_of_steps_only(a, steps):
    """Your function loops over `range(steps)`, which takes one number. steps may be an array as
    well: NumPy's power works for both."""
    factor = np.float64(1.0)
    with np.errstate(over="ignore"):
        for _ in range(steps):
            factor = factor * a
    return factor
