"""A value is compared by kind, shape, finiteness and then value, and the difference is shown."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from autograder.core.errors import StudentFailure
from autograder.students.local import LocalStudent
from autograder.testing.compare import (
    assert_bitwise_equal,
    assert_close,
    assert_pure,
    assert_raises,
    assert_silent,
    assert_structure,
    describe,
    show,
)


def failure(got, expected, **options) -> StudentFailure:
    with pytest.raises(StudentFailure) as raised:
        assert_close(got, expected, **options)
    return raised.value


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (1.0, 1.0),
        (np.float64(1.0), 1.0),
        (np.array(1.0), 1.0),
        (1, 1.0),
        (np.float32(1.0), 1.0),
        (np.ones(3), np.ones(3)),
        ((1.0, np.ones(2)), (1.0, np.ones(2))),
        ([1.0, 2.0], (1.0, 2.0)),
        ({"W": np.ones(2)}, {"W": np.ones(2)}),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (None, None),
        ("vanishes", "vanishes"),
        (True, True),
        (np.bool_(True), True),
        (np.array([1, 2]), np.array([1, 2])),
    ],
    ids=repr,
)
def test_equal_values_pass(got, expected):
    assert_close(got, expected)


def test_rounding_of_the_largest_entry_is_forgiven_to_the_smallest():
    expected = np.array([1e6, 1e-9])
    assert_close(expected + np.array([0, 1e-5]), expected)
    assert (
        "1 of 2 entries of the result is wrong"
        in failure(expected + np.eye(2)[1], expected).summary
    )


@pytest.mark.parametrize(
    ("got", "expected", "summary"),
    [
        (None, np.ones(2), "the result is not what it should be: None (is a `return` missing?)"),
        ("1", 1.0, "not what it should be: str"),
        ([1.0, 1.0], np.ones(2), "not what it should be: list of 2"),
        (np.ones((2, 1)), np.ones(2), "has shape (2, 1) where (2,) is expected"),
        (np.ones(2), 1.0, "has shape (2,) where () is expected"),
        (1.0, np.ones(2), "has shape () where (2,) is expected"),
        (np.ones(2, int), np.ones(2), "dtype int64 where float64 is expected"),
        (np.ones(2, bool), np.ones(2), "dtype bool where float64 is expected"),
        (np.ones(2, complex), np.ones(2), "dtype complex128 where float64 is expected"),
        (1.0, True, "dtype float64 where bool is expected"),
        (np.array([1, np.nan]), np.ones(2), "1 of 2 entries of the result is NaN"),
        (np.array([np.inf, np.inf]), np.ones(2), "2 of 2 entries of the result are infinite"),
        (float("nan"), 1.0, "the value of the result is NaN"),
        (2.0, 1.0, "the result is wrong"),
        (False, True, "the result is wrong"),
        (np.ones(2), np.array([1, np.nan]), "result with which the result is compared is NaN"),
        (np.array([1, 3]), np.array([1, 2]), "1 of 2 entries of the result is wrong"),
        (1.0, (1.0, 2.0), "not what it should be: float"),
        ((1.0,), (1.0, 2.0), "has 1 parts where 2 are expected"),
        (1.0, {"W": 1.0}, "not what it should be: float"),
        ({"V": 1.0}, {"W": 1.0}, "has other keys than expected"),
        ({"W": 2.0}, {"W": 1.0}, "the result['W'] is wrong"),
        ((1.0, np.ones(3)), (1.0, np.ones(2)), "the result[1] has shape (3,)"),
        ("explodes", "vanishes", "the result is wrong"),
        (1.0, "vanishes", "not what it should be: float"),
        (1.0, None, "not what it should be: float"),
        (np.ones(2), None, "not what it should be: array of shape (2,)"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_difference_is_a_sentence(got, expected, summary):
    assert summary in failure(got, expected).summary


def test_the_value_can_be_named():
    assert failure(1.0, 2.0, what="loss").summary == "the loss is wrong"


def test_small_arrays_are_shown_whole():
    found = failure(np.array([1.0, 2.5]), np.array([1.0, 2.0]))
    assert (found.got, found.expected) == ("[1., 2.5]", "[1., 2.]")
    assert "the largest difference is 0.5" in found.summary


def test_a_difference_beyond_the_digits_shown_is_shown_with_all_digits():
    found = failure(np.array([0.123456712]), np.array([0.123456798]))
    assert (found.got, found.expected) == ("[0.123456712]", "[0.123456798]")


def test_of_large_arrays_the_wrong_entries_are_shown_with_their_indices():
    got = np.zeros((10, 10))
    got[3, 4] = got[5:8, 6] = 1.0
    got[9, 9] = 2.0
    found = failure(got, np.zeros((10, 10)))
    assert found.got == "[3, 4] 1;  [5, 6] 1;  [6, 6] 1;  [7, 6] 1;  …"
    assert found.expected.startswith("[3, 4] 0;")


def test_bitwise_equality_forgives_nothing():
    assert_bitwise_equal(np.ones(2), np.ones(2))
    with pytest.raises(StudentFailure):
        assert_bitwise_equal(np.array([1.0 + 2e-16]), np.array([1.0]))


def test_structure_alone_ignores_values():
    assert_structure((1.0, np.ones(2)), (2.0, np.zeros(2)))
    with pytest.raises(StudentFailure):
        assert_structure((1.0, np.ones(3)), (2.0, np.zeros(2)))


def test_a_function_that_changes_its_argument_is_named_with_it():
    def spoil(x, y):
        y[0] = 7
        return x

    with pytest.raises(StudentFailure, match="`spoil` changes its argument `y`"):
        assert_pure(LocalStudent({"spoil": spoil}).spoil, np.ones(2), np.ones(2))
    assert_pure(LocalStudent({"copy": np.copy}).copy, np.ones(2))


def test_doing_no_harm_is_not_enough_where_the_value_is_asked_for():
    student = LocalStudent({"zero": lambda x: 0 * x})
    assert_pure(student.zero, np.ones(2))
    with pytest.raises(StudentFailure, match="2 of 2 entries"):
        assert_pure(student.zero, np.ones(2), like=np.exp)
    with pytest.raises(StudentFailure, match="2 of 2 entries"):
        assert_silent(student.zero, np.ones(2), like=np.exp)


def test_a_function_that_overflows_is_told():
    student = LocalStudent({"f": np.exp})
    assert_silent(student.f, np.ones(2))
    with pytest.raises(StudentFailure, match="`f` warns: RuntimeWarning: overflow"):
        assert_silent(student.f, np.array([1e4]))


def test_only_warnings_of_the_numerics_count():
    def f(x):
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        return x

    assert_silent(LocalStudent({"f": f}).f, np.ones(2))


def test_an_exception_can_be_asked_for():
    def refuse(kind):
        raise {"value": ValueError, "type": TypeError}[kind]("no")

    student = LocalStudent({"refuse": refuse, "accept": lambda kind: 7})
    assert_raises(student.refuse, ValueError, "value")
    with pytest.raises(StudentFailure, match="`refuse` raises TypeError: no"):
        assert_raises(student.refuse, ValueError, "type")
    with pytest.raises(StudentFailure, match="returns a value where it must raise ValueError"):
        assert_raises(student.accept, ValueError, "value")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.ones((2, 3)), "array of shape (2, 3), dtype float64"),
        (np.float32(1), "float32 number"),
        ((1.0, None), "tuple of 2: (float, None (is a `return` missing?))"),
        ([1] * 9, "list of 9: (int, int, int, int, …)"),
        ({}, "dict"),
    ],
    ids=repr,
)
def test_a_value_is_described_by_kind_and_shape(value, text):
    assert describe(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, "0.1"),
        (np.float64(2.0), "2"),
        (np.int64(3), "3"),
        (True, "True"),
        (np.array(0.5), "0.5"),
        (np.array([]), "[]"),
        (np.array([0.25, -1]), "[0.25, -1.]"),
        (np.array([[0.25, -1]]), "[[ 0.25, -1.  ]]"),
        ((1, 2.5), "(1, 2.5)"),
        ([1], "[1]"),
        ({"a": 1}, "{'a': 1}"),
        ((np.ones(12), np.ones((3, 4)), np.ones(12), np.ones(12)), "<tuple of 4>"),
        ("text", "'text'"),
        ("x" * 200, "'" + "x" * 76 + "..."),
        (None, "None"),
        (object(), "<object>"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_value_is_shown_as_it_would_be_typed(value, text):
    assert show(value) == text


def test_a_large_array_is_shown_by_its_edges_and_shape():
    assert show(np.arange(100.0)) == "[0., 1., ..., 98., 99.]  shape (100,)"
