"""Typical wrong answers to `overflow_step`, each with its hint."""

from __future__ import annotations

import math

import numpy as np

from autograder.testing import misconception


def _first_infinite(size, largest):
    steps, power = 1, float(size)
    while power <= largest:
        steps, power = steps + 1, power * size
    return steps


def _largest(dtype):
    return float(np.finfo(dtype).max)


@misconception("overflow_step")
def last_finite_step(a, dtype):
    """Your result is one step early: it is the last power that dtype can still hold."""
    return None if abs(a) <= 1 else _first_infinite(abs(a), _largest(dtype)) - 1


@misconception("overflow_step")
def step_after_the_first_inf(a, dtype):
    """Your result is one step late: the power before it is infinite already. Where does your count
    begin?"""
    return None if abs(a) <= 1 else _first_infinite(abs(a), _largest(dtype)) + 1


@misconception("overflow_step")
def always_double_precision(a, dtype):
    """Your function counts in float64 whatever dtype says. Python's floats are float64: use the
    largest number of dtype, or make each power a number of that type."""
    return None if abs(a) <= 1 else _first_infinite(abs(a), _largest("float64"))


@misconception("overflow_step")
def negative_numbers_never_overflow(a, dtype):
    """Your function returns None for every negative a. Their powers grow in size as well, and
    overflow to inf or -inf: use |a|."""
    return None if a <= 1 else _first_infinite(a, _largest(dtype))


@misconception("overflow_step")
def never_returns_none(a, dtype):
    """Your function counts up to some large number and returns that for |a| ≤ 1, where nothing ever
    overflows. Return None there, before you begin to count."""
    return 10_000 if abs(a) <= 1 else _first_infinite(abs(a), _largest(dtype))


@misconception("overflow_step")
def pythons_power_raises(a, dtype):
    """Your function computes |a|**k with Python's floats. Their `**` never gives inf: it raises
    OverflowError beyond float64. Multiply step by step, or compare logarithms."""
    if abs(a) <= 1:
        return None
    steps = 1
    while float(abs(a)) ** steps <= _largest(dtype):
        steps += 1
    return steps


@misconception("overflow_step")
def largest_integer(a, dtype):
    """Your function counts until the power exceeds the largest *integer* of that many bits. A
    float keeps only the leading digits and an exponent, and so reaches much further:
    `np.finfo(dtype).max`."""
    bits = {"float64": 63, "float32": 31}[dtype]
    return None if abs(a) <= 1 else _first_infinite(abs(a), float(2**bits - 1))


@misconception("overflow_step")
def overflow_step_as_a_float(a, dtype):
    """Your step is a float, as `np.ceil` and `np.floor` give it. A count is an integer: convert it
    with int."""
    return None if abs(a) <= 1 else float(_first_infinite(abs(a), _largest(dtype)))


@misconception("overflow_step")
def logarithm_rounded_down_plus_one(a, dtype):
    """Your formula with logarithms is one too large for a = 2: the largest number is just *below*
    a power of 2, and its rounded logarithm does not show it. The step is the quotient of the
    logarithms, rounded up."""
    size = float(abs(a))
    return None if size <= 1 else math.floor(math.log(_largest(dtype)) / math.log(size)) + 1
