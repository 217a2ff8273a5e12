"""Hidden tests of `count_parameters`."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.testing import (
    assert_close,
    assert_form_agrees,
    assert_raises,
    assert_structure,
    exercise,
)


def assert_counts(student, reference, kind, D, H):
    expected = reference.count_parameters(kind, D, H)
    assert_close(student.count_parameters(kind, D, H), expected, what="number of parameters")


LENGTHS = {"D": st.integers(1, 40), "H": st.integers(1, 40)}


@exercise("count_parameters", points=1)
@settings(max_examples=4)
@given(**LENGTHS)
def test_parameters_of_the_plain_network(student, reference, D, H):
    """A plain layer has a matrix for x, one for h, and one bias vector"""
    assert_counts(student, reference, "rnn", D, H)


@exercise("count_parameters", points=0.75)
@settings(max_examples=4)
@given(**LENGTHS)
def test_parameters_of_the_gru(student, reference, D, H):
    """A GRU has the parameters of its two gates and of its candidate"""
    assert_counts(student, reference, "gru", D, H)


@exercise("count_parameters", points=1)
@settings(max_examples=4)
@given(**LENGTHS)
def test_parameters_of_the_lstm(student, reference, D, H):
    """An LSTM has the parameters of its three gates and of its candidate"""
    assert_counts(student, reference, "lstm", D, H)


@exercise("count_parameters", points=0.5)
@settings(max_examples=4)
@given(**LENGTHS)
def test_parameters_are_in_a_fixed_ratio(student, D, H):
    """The numbers are as 1 : 3 : 4, whatever D and H are"""
    numbers = [student.count_parameters(kind, D, H) for kind in ("rnn", "gru", "lstm")]
    assert_structure(numbers, [1, 3, 4], what="list of the three numbers")
    assert numbers[0] > 0, "a plain layer has no parameters"
    assert_close(numbers, [k * numbers[0] for k in (1, 3, 4)], what="list of the three numbers")


@exercise("count_parameters", points=0.25, form=True)
def test_form_of_count_parameters(student, reference):
    """The result is an integer"""
    assert_form_agrees(student.count_parameters, reference.count_parameters, "gru", 3, 4)


@exercise("count_parameters", points=0.5)
def test_parameters_of_an_unknown_kind(student, reference):
    """Any other kind raises ValueError"""
    assert_counts(student, reference, "gru", 2, 3)
    for kind in ("transformer", "GRU", ""):
        assert_raises(student.count_parameters, ValueError, kind, 2, 3)
