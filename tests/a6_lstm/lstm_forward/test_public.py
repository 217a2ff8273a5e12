"""Public tests of `lstm_forward`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, exercise

from ..shared_public import OPEN, SEQUENCE, SHUT, L, sequence_inputs, states, step


@exercise("lstm_forward", after="lstm_step_forward")
def test_a_cell_that_counts(student):
    """With all gates open and a candidate of 1, the states are the tanh of 1, 2, 3, 4

    Each step adds 1 to the cell. tanh(1) again and again: the cell is not handed on. If the first
    one is not tanh(1): the first cell is 0, whatever h0 is.
    """
    one, row = np.ones((1, 1)), np.zeros((1, 4))
    args = np.zeros((1, 4, 1)), 0.7 * one, row, row, np.full(4, OPEN)
    h = states(student, dict(zip(SEQUENCE, args, strict=True)))
    assert_close(h[0, :, 0], np.tanh([1.0, 2.0, 3.0, 4.0]), what="states of the four steps")


@exercise("lstm_forward", after="lstm_step_forward")
def test_a_state_that_comes_round(student):
    """With shut forget gates and a candidate of tanh(L + prev_h), only the state is handed on

    From h0 = 0 the first state is tanh(3/5), and the next ones can be computed from it one by one.
    The same state at each step: the state is not handed on.
    """
    one, row = np.ones((1, 1)), np.zeros((1, 4))
    Wh, b = np.array([[0.0, 0.0, 0.0, 1.0]]), np.array([OPEN, SHUT, OPEN, L])
    for start in (0.0, -0.5):
        args = np.zeros((1, 4, 1)), start * one, row, Wh, b
        h = states(student, dict(zip(SEQUENCE, args, strict=True)))
        before = np.array([start, *h[0, :-1, 0]])
        assert_close(h[0, :, 0], np.tanh(np.tanh(L + before)), what=f"states from h0 = {start:g}")


@exercise("lstm_forward", after="lstm_step_forward")
def test_sequence_step_by_step(student):
    """lstm_forward gives what your lstm_step_forward gives, step by step

    Each step gets the state and the cell that the last one returned; the first one gets h0 and
    zeros. And no state depends on what comes later.
    """
    inputs = sequence_inputs()
    h = states(student, inputs)
    weights = {name: inputs[name] for name in ("Wx", "Wh", "b")}
    state, cell = inputs["h0"], np.zeros(inputs["h0"].shape)
    for t in range(4):
        before = {"x": inputs["x_seq"][:, t], "prev_h": state, "prev_c": cell}
        state, cell = step(student, {**before, **weights})
        assert_close(h[:, t], state, what=f"state h[:, {t}]")
    first = states(student, {**inputs, "x_seq": inputs["x_seq"][:, :2]})
    assert_close(first, h[:, :2], what="states when only two steps are read")


@exercise("lstm_forward", after="lstm_step_forward")
def test_sequence_keeps_its_axes_and_its_arguments(student):
    """h is (N, T, H), also where an axis is 1, and the arguments stay unchanged

    Does something remove axes of length 1? If h0 has changed: `h = h0` makes no copy.
    """
    for lengths in ((2, 3, 4, 5), (1, 3, 4, 5), (2, 1, 4, 5), (2, 3, 1, 5), (2, 3, 4, 1)):
        inputs = sequence_inputs(*lengths)
        states(student, inputs)
        assert_pure(student.lstm_forward, *inputs.values())
