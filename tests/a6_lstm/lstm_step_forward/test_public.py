"""Public tests of `lstm_step_forward`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, assert_silent, exercise

from ..shared_public import HALF, OPEN, SHUT, STEP, L, step, step_inputs


def of_bias(student, prev_c, *biases):
    """The state and the cell after a step of one unit whose i, f, o, g hear their biases alone."""
    one, row = np.ones((1, 1)), np.zeros((1, 4))
    args = one, 0.9 * one, prev_c * one, row, row, np.array(biases)
    next_h, next_c = step(student, dict(zip(STEP, args, strict=True)))
    return np.array([next_h[0, 0], next_c[0, 0]])


@exercise("lstm_step_forward")
def test_step_of_one_unit_by_hand(student):
    """One unit whose four parts have pre-activations known from its bias, in the order i, f, o, g

    Gates of 0, 1 or 0.5 and a candidate of 3/5: each case can be done in the head, and says in its
    name what it is about. If the first one fails: do the four parts stand in the order i, f, o, g?
    """
    cases = {
        "when all gates are open": (0.0, (OPEN, OPEN, OPEN, L), 0.6),
        "when only half is written": (0.0, (HALF, OPEN, OPEN, L), 0.3),
        "when half of the old is kept": (2.0, (SHUT, HALF, OPEN, L), 1.0),
        "when the forget gate is open and the input gate shut": (2.0, (SHUT, OPEN, OPEN, L), 2.0),
        "when both are open": (2.0, (OPEN, OPEN, OPEN, L), 2.6),
        "when both are shut": (2.0, (SHUT, SHUT, OPEN, L), 0.0),
        "when a negative candidate is written": (2.0, (OPEN, OPEN, OPEN, -L), 1.4),
    }
    for name, (prev_c, biases, cell) in cases.items():
        got = of_bias(student, prev_c, *biases)
        assert_close(got[1], cell, what=f"cell {name}, before it {prev_c:g},")
        assert_close(got[0], np.tanh(cell), what=f"state {name} (the tanh of the cell)")


@exercise("lstm_step_forward")
def test_output_gate_by_hand(student):
    """With o = 0.5 the state is half of tanh(c), with o = 0 it is 0; the cell does not notice

    A cell of L has a tanh of 3/5, so the state is 0.3. For 0.35 tanh is missing, for 0.33 the gate
    has got inside of it.
    """
    for gate, state in ((OPEN, 0.6), (HALF, 0.3), (SHUT, 0.0)):
        got = of_bias(student, L, SHUT, OPEN, gate, L)
        assert_close(got, np.array([state, L]), what="pair (state, cell)")


@exercise("lstm_step_forward")
def test_pre_activation_by_hand(student):
    """The candidates hear x through Wx, prev_h through Wh, and the bias

    Two units, gates all open, empty cells. In Wx, Wh and b, only the columns of g are not 0: they
    are the last two of eight. If a term seems to be missing, it is. If the values are there and in
    the wrong unit, look at how you cut the columns: a part is H neighbouring ones.
    """
    Wx, Wh, b = np.zeros((1, 8)), np.zeros((2, 8)), np.full(8, OPEN)
    Wx[0, 6:], Wh[0, 7], b[6:] = (L, 0.0), L, (0.0, L)
    x, prev_h, prev_c = (
        np.array([[1.0], [-1.0]]),
        np.array([[0.0, 0.5], [-1.0, 0.5]]),
        np.zeros((2, 2)),
    )
    _, c = step(student, dict(zip(STEP, (x, prev_h, prev_c, Wx, Wh, b), strict=True)))
    assert_close(c, np.array([[0.6, 0.6], [-0.6, 0.0]]), what="array of cells")


@exercise("lstm_step_forward")
def test_step_keeps_its_axes_and_its_arguments(student):
    """Results are (N, H), also where an axis is 1; no argument changes, and nothing overflows

    Does something remove axes of length 1? If an argument has changed: `prev_c *= f` writes into
    the caller's array. If there is a warning: use the `sigmoid` that is given.
    """
    for N, D, H in ((3, 4, 2), (1, 4, 2), (3, 1, 2), (3, 4, 1), (1, 1, 1)):
        inputs = step_inputs(N, D, H)
        step(student, inputs)
        assert_pure(student.lstm_step_forward, *inputs.values())
        inputs["b"] = np.where(inputs["b"] > 0, OPEN, SHUT)
        assert_silent(student.lstm_step_forward, *inputs.values())
