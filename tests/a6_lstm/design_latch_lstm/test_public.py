"""Public tests of `design_latch_lstm`."""

from __future__ import annotations

import numpy as np

from autograder.testing import StudentFailure, assert_structure, exercise


def one_unit(weights, x_seq):
    """The states, the cells and the gates of an LSTM with one unit, for one sequence (T, 2)."""
    Wx, Wh, b = weights
    h = c = np.zeros(1)
    rows = []
    for x in x_seq:
        a = x @ Wx + h @ Wh + b
        gates = np.exp(-np.logaddexp(0.0, -a[:3]))  # the sigmoid, without overflow
        c = gates[1] * c + gates[0] * np.tanh(a[3])
        h = gates[2] * np.tanh(c)
        rows.append([*h, *c, *gates])
    return np.array(rows).T


def latch(student):
    """The student's weights, of the right shapes."""
    weights = student.design_latch_lstm()
    expected = np.zeros((2, 4)), np.zeros((1, 4)), np.zeros(4)
    assert_structure(weights, expected, what="tuple (Wx, Wh, b)")
    return weights


def assert_near(got, wanted, what, advice):
    """Assert that ``got`` is within 1e-5 of ``wanted`` at each step."""
    error = np.max(np.abs(got - wanted))
    if not error <= 1e-5:  # so that a NaN lands here
        raise StudentFailure(
            f"the {what}: {advice}", got=f"an error of {error:.3g}", expected="at most 1e-05"
        )


def values(T):
    """Values of −1 and 1 in no order, and no mark."""
    x_seq = np.zeros((T, 2))
    x_seq[:, 0] = np.random.default_rng(0).choice((-1.0, 1.0), T)
    return x_seq


@exercise("design_latch_lstm")
def test_latch_takes_what_is_marked(student):
    """After a mark on a 1 the cell is 1 and the state tanh(1); on a −1 they are negative

    At the mark, the input gate is to be 1, the candidate ±1 and the output gate 1. Weights of 1 or
    2 are far too small for that.
    """
    for value in (1.0, -1.0):
        h, c, i, _, o = one_unit(latch(student), np.array([[value, 1.0]]))
        what = f"cell after a mark on {value:g}"
        assert_near(c, value, what, f"it is {c[0]:.6g}, with an input gate of {i[0]:.6g}")
        what = f"state after a mark on {value:g}"
        assert_near(h, np.tanh(value), what, f"it is {h[0]:.6g}, with an output gate of {o[0]:.6g}")


@exercise("design_latch_lstm")
def test_latch_holds_for_a_thousand_steps(student):
    """The cell is 0 before the mark at step 10, and then the marked value until step 999

    The other values are noise and stay outside. What is lost per step is 1 − f, what leaks in is i,
    and both happen a thousand times.
    """
    x_seq = values(1000)
    x_seq[10, 1] = 1.0
    h, c, i, f, _ = one_unit(latch(student), x_seq)
    quiet = x_seq[:, 1] == 0
    gates = (
        f"without a mark the input gate is up to {i[quiet].max():.3g} "
        f"and the forget gate down to {f[quiet].min():.10g}"
    )
    assert_near(c[:10], 0.0, "cell before the mark", gates)
    assert_near(c[10:], x_seq[10, 0], "cell from the mark on", gates)
    assert_near(
        h[10:], np.tanh(x_seq[10, 0]), "state from the mark on", "is it shown all the time?"
    )


@exercise("design_latch_lstm")
def test_latch_can_be_set_again(student):
    """A mark on 1, then one on −1, then two on 1: the cell is 1, −1, 1, 1

    Sums instead? At a mark the old value has to be forgotten before the new one is added.
    """
    x_seq = np.array([[1.0, 1.0], [-1.0, 1.0], [1.0, 1.0], [1.0, 1.0]])
    _, c, _, f, _ = one_unit(latch(student), x_seq)
    advice = f"they are {np.round(c, 4).tolist()}, with a forget gate of {f.max():.3g} at the marks"
    assert_near(c, x_seq[:, 0], "cells after each of four marks", advice)
