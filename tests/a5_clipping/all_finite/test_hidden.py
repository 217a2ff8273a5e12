"""Hidden tests of `all_finite`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import StudentFailure, assert_pure, assert_silent, describe, exercise, show

from ..shared_hidden import BROKEN_PLACES, GRADS, MIXED, SINGLE, with_entry


def assert_answer(student, grads, expected, because):
    """Assert that the student's all_finite answers ``expected``, as a truth value of any kind."""
    answer = student.all_finite(grads)
    if np.shape(answer) != () or np.asarray(answer).dtype != bool:
        raise StudentFailure(
            "`all_finite` answers neither True nor False",
            got=describe(answer),
            expected="True or False",
        )
    if bool(answer) is not expected:
        raise StudentFailure(
            f"`all_finite` answers {bool(answer)} although {because}",
            got=str(bool(answer)),
            expected=str(expected),
        )


@exercise("all_finite", points=3)
@settings(max_examples=10)
@given(grads=GRADS, **BROKEN_PLACES)
@example(grads=MIXED, which=2, entry=7)
@example(grads=MIXED, which=0, entry=0)
def test_a_nan_is_found_wherever_it_is(student, grads, which, entry):
    """A NaN in any entry of any array gives False; without it the answer is True

    Each array has to be looked at, and a comparison with NaN is always False.
    """
    assert_answer(student, grads, True, "every entry is a number")
    broken = with_entry(grads, which, entry, np.nan)
    assert_answer(student, broken, False, "one entry is NaN")


@exercise("all_finite", points=2)
@settings(max_examples=6)
@given(grads=GRADS, sign=st.sampled_from((1.0, -1.0)), **BROKEN_PLACES)
@example(grads=MIXED, which=1, entry=1, sign=-1.0)
@example(grads=MIXED, which=0, entry=2, sign=1.0)
def test_infinities_of_both_signs_are_found(student, grads, which, entry, sign):
    """inf or −inf in any entry gives False; without it the answer is True"""
    assert_answer(student, grads, True, "every entry is a number")
    broken = with_entry(grads, which, entry, sign * np.inf)
    assert_answer(student, broken, False, f"one entry is {sign * np.inf}")


@exercise("all_finite", points=1.5)
def test_large_numbers_are_finite(student):
    """Entries of ±1.7e308 are finite, and so are two of them in one array

    Their sum is not, nor is their square: look at each entry itself.
    """
    large = {"W": np.array([[1.7e308, 1.7e308]]), "b": np.array([-1.7e308, -1.7e308, 1e200])}
    for grads in ({"b": np.array([1e200, -1.0])}, large):
        assert_answer(student, grads, True, "every entry is finite, if large")
    assert_answer(student, with_entry(large, 1, 2, np.nan), False, "one entry is NaN")


@exercise("all_finite", points=0.5)
def test_all_finite_is_silent(student, reference):
    """all_finite gives no warning, whatever is in the arrays"""
    large = {"W": np.array([1.7e308, 1.7e308]), "b": np.array([np.inf, -np.inf])}
    for grads in (large, with_entry(MIXED, 0, 0, np.nan), MIXED):
        assert_answer(student, grads, reference.all_finite(grads), "the entries say otherwise")
        assert_silent(student.all_finite, grads)


@exercise("all_finite", points=0.5, form=True)
def test_the_answer_is_a_python_bool(student, reference):
    """The answer is True or False of Python's own type bool

    NumPy's functions give a NumPy bool: `bool(…)` converts it.
    """
    for grads in (MIXED, SINGLE, with_entry(MIXED, 1, 0, np.inf)):
        answer, expected = student.all_finite(grads), reference.all_finite(grads)
        if answer is not expected:
            raise StudentFailure(
                f"the answer is not the Python bool {expected}",
                got=f"{show(answer)}, of type {type(answer).__name__}",
                expected=f"{expected}, of type bool",
            )


@exercise("all_finite", points=0.5)
def test_all_finite_leaves_its_arguments_unchanged(student, reference):
    """all_finite leaves grads and its arrays unchanged"""
    for grads in (MIXED, with_entry(MIXED, 0, 1, np.nan)):
        assert_pure(student.all_finite, grads, like=reference.all_finite)
