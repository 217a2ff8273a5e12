"""Typical wrong answers to `forget_bias_init`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


def _bias_with(b, value, start, stop):
    started = b.copy()
    started[start:stop] = value
    return started


@misconception("forget_bias_init")
def first_part_set(b, value):
    """Your function sets the first part, b[:H], that of the *input* gate. The forget gate is the
    second part."""
    return _bias_with(b, value, 0, len(b) // 4)


@misconception("forget_bias_init")
def third_part_set(b, value):
    """Your function sets the third part, that of the output gate. Count the parts from 0: i, f, o,
    g; the forget gate is H to 2H."""
    return _bias_with(b, value, len(b) // 2, 3 * len(b) // 4)


@misconception("forget_bias_init")
def second_half_of_the_first_half(b, value):
    """Your function sets b[H:], from the forget gate to the end. The part ends at 2H."""
    return _bias_with(b, value, len(b) // 4, len(b))


@misconception("forget_bias_init")
def first_two_parts_set(b, value):
    """Your function sets b[:2H]: the input gate has got the value as well. The part of the forget
    gate begins at H."""
    return _bias_with(b, value, 0, len(b) // 2)


@misconception("forget_bias_init")
def all_gates_set(b, value):
    """Your function sets all the biases. Only the forget gate is to start open."""
    return np.full_like(b, value)


@misconception("forget_bias_init")
def every_fourth_entry(b, value):
    """Your function sets every fourth entry. A part is H neighbouring entries."""
    started = b.copy()
    started[1::4] = value
    return started


@misconception("forget_bias_init")
def value_added(b, value):
    """Your function adds the value to what is there. It should take its place."""
    started = b.copy()
    started[len(b) // 4 : len(b) // 2] += value
    return started


@misconception("forget_bias_init")
def rest_is_zero(b, value):
    """Your result is zero outside of the forget gate. The other parts keep the entries of b."""
    return _bias_with(np.zeros_like(b), value, len(b) // 4, len(b) // 2)


@misconception("forget_bias_init")
def sets_the_callers_bias(b, value):
    """Your numbers are right, and they are written into the caller's own `b`. Copy it first."""
    b[len(b) // 4 : len(b) // 2] = value
    return b
