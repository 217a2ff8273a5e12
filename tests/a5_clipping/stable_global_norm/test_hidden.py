"""Hidden tests of `stable_global_norm`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    assert_close,
    assert_form_agrees,
    assert_pure,
    assert_silent,
    exercise,
)

from ..shared_hidden import GRADS, MIXED, SINGLE, ZEROS, norm_of, scaled


@exercise("stable_global_norm", points=2)
@settings(max_examples=12)
@given(grads=GRADS, size=st.sampled_from((1.0, 1e-3, 1e6)))
@example(grads=MIXED, size=1.0)
@example(grads={"b": np.array([-3.0]), "c": np.array([[-4.0]])}, size=1.0)
def test_stable_norm_is_the_global_norm(student, grads, size):
    """It is the root of the sum of the squares of all entries of all arrays

    Is the scale the largest *absolute* value, over all arrays, and do you multiply by it again?
    """
    grads = scaled(grads, size)
    assert_close(student.stable_global_norm(grads), norm_of(grads), what="norm")


@exercise("stable_global_norm", points=2)
@settings(max_examples=6)
@given(grads=GRADS, power=st.sampled_from((20, 25, 30)))
@example(grads={"b": np.array([1.0])}, power=20)
def test_large_float32_gradients_have_a_finite_norm(student, grads, power):
    """Entries of 1e20 to 1e30 in float32 have a finite, right norm

    1e20 squared is 1e40, and float32 ends at 3.4e38. Divide by the largest entry before you square.
    """
    single = {name: (10.0**power * g).astype(np.float32) for name, g in grads.items()}
    wanted = 10.0**power * norm_of(grads)
    assert_close(student.stable_global_norm(single), wanted, rtol=1e-6, what="norm")


@exercise("stable_global_norm", points=1.5)
@settings(max_examples=5)
@given(grads=GRADS, power=st.sampled_from((160, 180, 199)))
@example(grads=MIXED, power=199)
def test_large_float64_gradients_have_a_finite_norm(student, grads, power):
    """Entries of 1e160 to 1e200 in float64 have a finite, right norm

    float64 ends at 1.8e308, and squares reach it at 1e154. The scale must be that of all arrays
    together: what is squared later must not be large any more.
    """
    factor = 10.0**power
    got = student.stable_global_norm(scaled(grads, factor))
    assert_close(got, factor * norm_of(grads), what="norm")


@exercise("stable_global_norm", points=1)
@settings(max_examples=4)
@given(grads=GRADS, power=st.sampled_from((-170, -190, -198)))
def test_tiny_gradients_have_a_norm_above_zero(student, grads, power):
    """Entries of 1e-200 have a right norm, too, not 0

    Their squares underflow to 0. A small constant added to the scale drowns them.
    """
    factor = 10.0**power
    got = student.stable_global_norm(scaled(grads, factor))
    assert_close(got, factor * norm_of(grads), what="norm")


@exercise("stable_global_norm", points=1)
def test_stable_norm_of_zeros_is_zero(student):
    """If all entries are 0 the norm is 0.0, without a warning; one array of zeros does no harm

    For NaN: 0 / 0.
    """
    assert_close(student.stable_global_norm({**ZEROS, **SINGLE}), 5.0, what="norm")
    for grads in (ZEROS, {"b": np.zeros(1)}):
        assert_close(student.stable_global_norm(grads), 0.0, what="norm")
        assert_silent(student.stable_global_norm, grads)


@exercise("stable_global_norm", points=0.5)
def test_stable_norm_is_silent(student, reference):
    """The norm of large numbers is found without a warning

    A square overflows somewhere, even if its result is not used.
    """
    single = {"b": np.array([3e20, -4e20], dtype=np.float32)}
    assert_close(student.stable_global_norm(single), 5e20, rtol=1e-6, what="norm")
    assert_silent(student.stable_global_norm, single)
    large = scaled(MIXED, 1e170)
    assert_silent(student.stable_global_norm, large, like=reference.stable_global_norm)


@exercise("stable_global_norm", points=0.5, form=True)
def test_form_of_stable_global_norm(student, reference):
    """The result is a number in the precision of float64"""
    assert_form_agrees(student.stable_global_norm, reference.stable_global_norm, MIXED)


@exercise("stable_global_norm", points=0.5)
def test_stable_global_norm_leaves_its_arguments_unchanged(student, reference):
    """stable_global_norm leaves grads and its arrays unchanged

    `g /= …` writes into the caller's arrays.
    """
    assert_pure(student.stable_global_norm, MIXED, like=reference.stable_global_norm)
