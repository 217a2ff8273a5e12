"""Public tests of `design_latch_rnn`."""

from __future__ import annotations

import numpy as np

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_raises,
    assert_structure,
    exercise,
    show,
)


def last_state(weights, x):
    """The last state of a tanh unit with these weights, for one sequence x (T, 2)."""
    Wx, Wh, b = weights
    h = np.zeros(1)
    for step in x:
        h = np.tanh(step @ Wx + h @ Wh + b)
    return float(h[0])


def latch_weights(student, w):
    """The student's weights, of the right shapes and with w in place."""
    weights = student.design_latch_rnn(w)
    assert_structure(weights, (np.zeros((2, 1)), np.zeros((1, 1)), np.zeros(1)), what="weights")
    assert_close(weights[1], np.array([[w]]), what="Wh")
    return weights


@exercise("design_latch_rnn")
def test_latch_rnn_holds_the_mark(student):
    """A marked 1 or −1 is still there after 100 steps of noise that pushes against it

    If it is lost, 0.1 u is too large for w, or the mark is not read at all: which of the two inputs
    is the value?
    """
    for w in (2.0, 4.0):
        weights = latch_weights(student, w)
        for mark in (1.0, -1.0):
            x = np.zeros((101, 2))
            x[:, 0], x[0] = -0.1 * mark, (mark, 1.0)
            state = last_state(weights, x)
            if not state * mark > 0.5:
                raise StudentFailure(
                    f"with w = {w:g} a mark of {mark:+g} at the first step is not held",
                    got=f"last state {show(state)}",
                    expected=f"a state near {mark:+g}",
                )


@exercise("design_latch_rnn")
def test_latch_rnn_can_be_turned_over(student):
    """Noise that came first does not win against the mark

    After forty steps of noise the unit holds itself with almost w. The mark enters with u: what
    must u be compared with, and how much must be left?
    """
    for w in (2.0, 4.0):
        weights = latch_weights(student, w)
        for mark in (1.0, -1.0):
            x = np.zeros((81, 2))
            x[:, 0], x[40] = -0.1 * mark, (mark, 1.0)
            state = last_state(weights, x)
            if not state * mark > 0.5:
                raise StudentFailure(
                    f"with w = {w:g} a mark of {mark:+g} does not turn the unit over",
                    got=f"last state {show(state)}",
                    expected=f"a state near {mark:+g}",
                )


@exercise("design_latch_rnn")
def test_latch_rnn_refuses_small_weights(student):
    """w = 1, 0.5 and −2 raise ValueError: there is no such latch"""
    for w in (1.0, 0.5, -2.0):
        assert_raises(student.design_latch_rnn, ValueError, w)
