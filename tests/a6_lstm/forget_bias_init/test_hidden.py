"""Hidden tests of `forget_bias_init`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    assert_bitwise_equal,
    assert_close,
    assert_form_agrees,
    assert_pure,
    assert_structure,
    exercise,
    seeds,
)

from ..shared_hidden import part


def bias(H, seed):
    return np.round(np.random.default_rng(seed).standard_normal(4 * H), 2)


BIASES = st.builds(bias, st.integers(2, 6), seeds)
VALUES = st.sampled_from((1.0, 3.0, 0.0, -2.5, 10.0))


@exercise("forget_bias_init", points=1.5)
@settings(max_examples=12)
@given(b=BIASES, value=VALUES)
def test_forget_bias_is_set(student, reference, b, value):
    """b[H:2H] is `value`, and the rest is that of b

    The forget gate is the second of the four parts. The value replaces what is there.
    """
    assert_close(student.forget_bias_init(b, value), reference.forget_bias_init(b, value))


@exercise("forget_bias_init", points=1.5)
@settings(max_examples=5)
@given(b=BIASES, value=VALUES)
@example(b=bias(3, 1), value=0.0)
def test_forget_gate_gets_the_value(student, b, value):
    """The H entries of the forget gate are exactly `value`, whatever they were, and not all are"""
    result = student.forget_bias_init(b, value)
    assert_structure(result, b)
    forget = part("f", b.size // 4)
    what = "part of the forget gate"
    assert_bitwise_equal(result[forget], np.full(b.size // 4, value), what=what)
    assert np.any(result != value), "all four parts have got the value"


@exercise("forget_bias_init", points=1.5)
@settings(max_examples=5)
@given(b=BIASES, value=VALUES)
@example(b=bias(3, 1), value=0.0)
def test_other_biases_stay(student, b, value):
    """The 3H entries of the other parts are bitwise those of b"""
    result = student.forget_bias_init(b, value)
    assert_structure(result, b)
    assert not np.array_equal(result, b), "nothing was set"
    forget = part("f", b.size // 4)
    what = "three other parts of the bias"
    assert_bitwise_equal(np.delete(result, forget), np.delete(b, forget), what=what)


@exercise("forget_bias_init", points=0.5)
def test_forget_bias_of_one_unit(student):
    """For one unit it is the entry b[1] alone"""
    result = student.forget_bias_init(np.array([0.1, 0.2, 0.3, 0.4]), 1.0)
    assert_close(result, np.array([0.1, 1.0, 0.3, 0.4]))


@exercise("forget_bias_init", points=0.5, form=True)
def test_form_of_forget_bias_init(student, reference):
    """The result is a float64 array of shape (4H,)"""
    assert_form_agrees(student.forget_bias_init, reference.forget_bias_init, bias(3, 1), 1.0)


@exercise("forget_bias_init", points=0.5)
def test_forget_bias_init_leaves_b_unchanged(student, reference):
    """forget_bias_init leaves b unchanged

    `started = b` is a second name for the same array; `b.copy()` is a new one.
    """
    assert_pure(student.forget_bias_init, bias(3, 0), 1.0, like=reference.forget_bias_init)
