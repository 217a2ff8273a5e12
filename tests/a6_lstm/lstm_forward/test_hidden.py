"""Hidden tests of `lstm_forward`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    StudentFailure,
    assert_bitwise_equal,
    assert_close,
    assert_forward_agrees,
    assert_forward_form,
    assert_forward_leaves_unchanged,
    exercise,
    made,
    seeds,
    wide,
    with_an_axis_of_one,
)

from ..shared_hidden import SEQUENCE, states, step_of


@exercise("lstm_forward", points=3, after="lstm_step_forward")
@settings(max_examples=8)
@given(inputs=wide(SEQUENCE))
def test_sequence_from_a_zero_state(student, reference, inputs):
    """From h0 = 0, each step continues from the state and the cell that the last one left

    Two arrays are handed on from step to step. Which of them is yours, and is it the new one?
    """
    inputs = {**inputs, "h0": np.zeros(inputs["h0"].shape)}
    assert_forward_agrees(student.lstm_forward, reference.lstm_forward, inputs)


@exercise("lstm_forward", points=2.5, after="lstm_step_forward")
@settings(max_examples=10)
@given(inputs=wide(SEQUENCE))
def test_sequence_from_any_state(student, reference, inputs):
    """The same from any h0, with a first cell of zeros

    If it holds from h0 = 0 only: h0 is the first state, and it is not the first cell.
    """
    assert_forward_agrees(student.lstm_forward, reference.lstm_forward, inputs)


@exercise("lstm_forward", points=1, after="lstm_step_forward", ones=True)
@settings(max_examples=2)
@given(inputs=wide(SEQUENCE))
@with_an_axis_of_one(SEQUENCE)
def test_sequence_keeps_axes_of_one(student, reference, inputs):
    """h has the shape (N, T, H), also for one sequence, one step, one input or one unit

    `squeeze` removes every axis of length 1, also one that is meant.
    """
    assert_forward_agrees(student.lstm_forward, reference.lstm_forward, inputs)


@exercise("lstm_forward", points=1.5, after="lstm_step_forward")
@settings(max_examples=5)
@given(inputs=wide(SEQUENCE, scale=0.7))
def test_a_sequence_can_be_read_in_two_parts(student, inputs):
    """Reading a beginning, and then the rest step by step from its state and cell, changes nothing

    The first part is read by lstm_forward and by your lstm_step_forward, which also tells the cell;
    from there on your step continues. All states must be those of the whole sequence.
    """
    h, x_seq = states(student.lstm_forward, inputs), inputs["x_seq"]
    cut = x_seq.shape[1] // 2
    first = states(student.lstm_forward, {**inputs, "x_seq": x_seq[:, :cut]})
    assert_close(first, h[:, :cut], what="states of the first part")
    weights = {name: inputs[name] for name in ("Wx", "Wh", "b")}
    state, cell = inputs["h0"], np.zeros(inputs["h0"].shape)
    for t in range(x_seq.shape[1]):
        before = {"x": x_seq[:, t], "prev_h": state, "prev_c": cell}
        state, cell = step_of(student.lstm_step_forward, {**before, **weights})
        assert_close(h[:, t], state, what=f"state h[:, {t}], beside that of {t + 1} single steps,")
    assert np.any(h != 0), "all states are 0"


@exercise("lstm_forward", points=1, after="lstm_step_forward")
@settings(max_examples=4)
@given(inputs=wide(SEQUENCE, scale=0.4), seed=seeds)
def test_no_state_depends_on_later_inputs(student, inputs, seed):
    """Causality: a change of x_seq[:, t:] leaves h[:, :t] as it is, to the last bit

    A state that knows the future was computed from a wrong place, often from one that wraps around
    to the end of an array.
    """
    h, x_seq = states(student.lstm_forward, inputs), inputs["x_seq"]
    noise = np.abs(np.random.default_rng(seed).standard_normal(x_seq.shape)) + 0.5
    for t in range(1, x_seq.shape[1]):
        changed = np.array(x_seq)
        changed[:, t:] += noise[:, t:]
        moved = states(student.lstm_forward, {**inputs, "x_seq": changed})
        what = f"states before step {t}, when only inputs from step {t} on change"
        assert_bitwise_equal(moved[:, :t], h[:, :t], what=what)
        if np.array_equal(moved[:, t], h[:, t]):
            raise StudentFailure(f"h[:, {t}] stays as it was when x_seq[:, {t}] changes")


@exercise("lstm_forward", points=1, after="lstm_step_forward")
@settings(max_examples=5)
@given(inputs=wide(SEQUENCE, scale=0.7))
def test_the_cell_carries_what_the_state_cannot(student, reference, inputs):
    """With Wh = 0, the last state still depends on the first input: the cell has carried it

    If it does not, each of your steps starts from an empty cell.
    """
    silent = {**inputs, "Wh": np.zeros(inputs["Wh"].shape)}
    h = states(student.lstm_forward, silent)
    changed = np.array(inputs["x_seq"])
    changed[:, 0] += 1.0
    moved = states(student.lstm_forward, {**silent, "x_seq": changed})
    assert not np.array_equal(moved[:, -1], h[:, -1]), (
        "h[:, -1] stays as it was when x_seq[:, 0] changes, with Wh = 0"
    )
    assert_close(h, states(reference.lstm_forward, silent), what="array of states for Wh = 0")


@exercise("lstm_forward", points=0.5, form=True)
def test_form_of_lstm_forward(student, reference):
    """h is a float64 array of shape (N, T, H)"""
    inputs = made(SEQUENCE, {"N": 2, "T": 3, "D": 5, "H": 4})
    assert_forward_form(student.lstm_forward, reference.lstm_forward, inputs)


@exercise("lstm_forward", points=0.5, after="lstm_step_forward")
def test_sequence_leaves_its_arguments_unchanged(student, reference):
    """lstm_forward leaves its arguments unchanged

    `h = h0` makes no copy: what is stored in `h[...]` is stored in the caller's h0.
    """
    inputs = made(SEQUENCE, {"N": 2, "T": 3, "D": 4, "H": 5})
    assert_forward_leaves_unchanged(student.lstm_forward, reference.lstm_forward, inputs)
