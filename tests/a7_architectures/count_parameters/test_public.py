"""Public tests of `count_parameters`."""

from __future__ import annotations

from autograder.testing import assert_close, assert_raises, exercise


@exercise("count_parameters")
def test_parameters_of_small_layers(student):
    """With D = 2 and H = 3, a plain layer has 6 + 9 + 3 parameters, a GRU 54 and an LSTM 72

    A D × H matrix, an H × H matrix and one bias of H. A GRU has two gates *and* a candidate, an
    LSTM three gates *and* a candidate.
    """
    for kind, number in (("rnn", 18), ("gru", 54), ("lstm", 72)):
        assert_close(student.count_parameters(kind, 2, 3), number, what=f"number for {kind!r}")


@exercise("count_parameters")
def test_parameters_of_the_lecture_notes(student):
    """With D = 10 and H = 20 the numbers are 620, 1860 and 2480"""
    for kind, number in (("rnn", 620), ("gru", 1860), ("lstm", 2480)):
        assert_close(student.count_parameters(kind, 10, 20), number, what=f"number for {kind!r}")


@exercise("count_parameters")
def test_unknown_kinds_raise(student):
    """An unknown kind raises ValueError

    A dictionary raises KeyError by itself, and an `else` gives an answer to everything.
    """
    assert_raises(student.count_parameters, ValueError, "gru2", 2, 3)
