"""Typical wrong answers to `steps_until_below`, each with its hint."""

from __future__ import annotations

import math

from autograder.testing import misconception


def _first_below(size, eps):
    steps, left = 1, size
    while left >= eps:
        steps, left = steps + 1, left * size
    return steps


@misconception("steps_until_below")
def last_step_not_below(a, eps):
    """Your result is one step early: it is the last k whose power is *not* yet below eps."""
    return None if abs(a) >= 1 else _first_below(abs(a), eps) - 1


@misconception("steps_until_below")
def one_step_late(a, eps):
    """Your result is one step late: the power is below eps one step before already. Where does your
    count begin?"""
    return None if abs(a) >= 1 else _first_below(abs(a), eps) + 1


@misconception("steps_until_below")
def logarithm_from_one_on(a, eps):
    """Your function uses the logarithm also where |a| ≥ 1: that divides by 0 for 1, and gives a
    number of steps that is not positive above 1. Return None there, before you compute."""
    size = abs(a)
    if size < 1:
        return _first_below(size, eps)
    return math.floor(math.log(eps) / math.log(size)) + 1


@misconception("steps_until_below")
def gives_up_after_many_steps(a, eps):
    """Your function counts up to some large number and returns that where |a| ≥ 1. No number is
    right there: return None."""
    return _first_below(abs(a), eps) if abs(a) < 1 else 10_000


@misconception("steps_until_below")
def negative_power_taken_as_small(a, eps):
    """Your function compares a**k itself with eps. For a negative a that is below eps at the first
    step, although nothing has faded: compare the absolute value."""
    return None if abs(a) >= 1 else 1 if a < 0 else _first_below(a, eps)


@misconception("steps_until_below")
def logarithm_of_a_negative_number(a, eps):
    """Your function takes the logarithm of a, which fails for a negative a. Take it of |a|."""
    if abs(a) >= 1:
        return None
    if a < 0:
        raise ValueError("math domain error")
    return _first_below(a, eps)


@misconception("steps_until_below")
def logarithm_of_zero(a, eps):
    """Your function takes the logarithm of a = 0, which does not exist. After one step nothing is
    left: treat this case on its own."""
    if a == 0:
        raise ValueError("math domain error")
    return None if abs(a) >= 1 else _first_below(abs(a), eps)


@misconception("steps_until_below")
def plain_logarithms(a, eps):
    """Your function computes with the logarithm of a and asks nothing first: it fails for negative
    a and for 0, where it should use |a| and the answer 1, and for |a| ≥ 1, where it should return
    None."""
    steps = math.floor(math.log(eps) / math.log(a)) + 1
    return steps


@misconception("steps_until_below")
def logarithms_of_the_size(a, eps):
    """Your formula with the logarithms of eps and |a| is right between 0 and 1. But for |a| ≥ 1 the
    answer is None, and for 0 it is 1: ask for both before you compute."""
    steps = math.floor(math.log(eps) / math.log(abs(a))) + 1
    return steps


@misconception("steps_until_below")
def at_most_for_below(a, eps):
    """Your function stops where the power *equals* eps. "Below" is strict here: 0.5 falls below
    0.25 at the third step."""
    if abs(a) >= 1:
        return None
    steps, left = 1, abs(a)
    while left > eps:
        steps, left = steps + 1, left * abs(a)
    return steps


@misconception("steps_until_below")
def whole_number_as_a_float(a, eps):
    """Your number of steps is a float, as `np.ceil` and `np.floor` give it. A count is an integer:
    convert it with int."""
    return None if abs(a) >= 1 else float(_first_below(abs(a), eps))


@misconception("steps_until_below")
def fraction_of_a_step(a, eps):
    """Your function returns the quotient of two logarithms, which is no whole number. The first
    step below is the next integer above it."""
    if abs(a) >= 1:
        return None
    return 1.0 if a == 0 else math.log(eps) / math.log(abs(a))
