"""Hidden tests of `rnn_forward`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    assert_close,
    assert_forward_agrees,
    assert_forward_form,
    assert_forward_leaves_unchanged,
    exercise,
    made,
    seeds,
    tensors,
    wide,
    with_an_axis_of_one,
)

from ..shared_hidden import SEQUENCE, assert_causal, next_state, states


@exercise("rnn_forward", points=4.5, after="rnn_step_forward")
@settings(max_examples=10)
@given(inputs=wide(SEQUENCE))
def test_sequence_from_a_zero_state(student, reference, inputs):
    """h[:, t] = tanh(x_seq[:, t] @ Wx + h[:, t − 1] @ Wh + b), from h0 = 0

    Is each step given the state that the last one left, and is each state stored in its own place?
    """
    inputs = {**inputs, "h0": np.zeros(inputs["h0"].shape)}
    assert_forward_agrees(student.rnn_forward, reference.rnn_forward, inputs)


@exercise("rnn_forward", points=4, after="rnn_step_forward")
@settings(max_examples=12)
@given(inputs=wide(SEQUENCE))
def test_sequence_from_any_state(student, reference, inputs):
    """The same from any h0

    If it holds from zeros only, h0 does not get into step 0.
    """
    assert_forward_agrees(student.rnn_forward, reference.rnn_forward, inputs)


@exercise("rnn_forward", points=2, after="rnn_step_forward", ones=True)
@settings(max_examples=4)
@given(inputs=tensors(**SEQUENCE))
@with_an_axis_of_one(SEQUENCE)
def test_sequence_keeps_axes_of_one(student, reference, inputs):
    """h has the shape (N, T, H), also for one sequence, one step, one input or one unit

    If this alone fails: does something remove axes of length 1, as `squeeze` does?
    """
    assert_forward_agrees(student.rnn_forward, reference.rnn_forward, inputs)


@exercise("rnn_forward", points=1, after="rnn_step_forward")
@settings(max_examples=6)
@given(inputs=wide(SEQUENCE))
def test_first_state_is_a_step_from_h0(student, reference, inputs):
    """h[:, 0] is one step from h0

    Which state does your step 0 start from? `h[:, -1]` is the last place of an array, not h0.
    """
    first = {"x": inputs["x_seq"][:, 0], "prev_h": inputs["h0"]}
    rest = {name: inputs[name] for name in ("Wx", "Wh", "b")}
    expected = next_state(reference.rnn_step_forward, {**first, **rest})
    assert_close(states(student.rnn_forward, inputs)[:, 0], expected, what="state h[:, 0]")


@exercise("rnn_forward", points=3, after="rnn_step_forward")
@settings(max_examples=8)
@given(inputs=wide(SEQUENCE, scale=0.4), seed=seeds)
def test_no_state_depends_on_later_inputs(student, inputs, seed):
    """Causality: a change of x_seq[:, t:] leaves h[:, :t] as it is, to the last bit

    A state that knows the future was computed from a wrong place, often from one that wraps around
    to the end of an array, or was overwritten later.
    """
    assert_causal(student.rnn_forward, inputs, seed)


@exercise("rnn_forward", points=2.5, after="rnn_step_forward")
@settings(max_examples=6)
@given(inputs=wide(SEQUENCE, scale=0.5))
def test_a_sequence_can_be_read_in_two_parts(student, inputs):
    """Reading a sequence in two parts, the second from where the first one ended, changes nothing

    Everything that the second part has to know of the first is its last state, given as h0.
    """
    x_seq = np.concatenate([inputs["x_seq"], inputs["x_seq"][:, ::-1]], axis=1)
    cut = x_seq.shape[1] // 2  # at least 2: single steps have a test of their own
    h = states(student.rnn_forward, {**inputs, "x_seq": x_seq})
    first = states(student.rnn_forward, {**inputs, "x_seq": x_seq[:, :cut]})
    rest = {**inputs, "x_seq": x_seq[:, cut:]}
    second = states(student.rnn_forward, {**rest, "h0": first[:, -1]})
    afresh = states(student.rnn_forward, {**rest, "h0": np.zeros(inputs["h0"].shape)})
    assert_close(first, h[:, :cut], what="states of the first part")
    assert_close(second, h[:, cut:], what="states of the second part")
    assert not np.array_equal(second, afresh), "h0 makes no difference to the states"


@exercise("rnn_forward", points=2, after="rnn_step_forward")
@settings(max_examples=6)
@given(inputs=wide(SEQUENCE, scale=0.4), seed=seeds)
def test_the_last_state_depends_on_the_beginning(student, inputs, seed):
    """The last state still depends on the first input and on h0

    If it does not, the chain is broken: some step starts afresh instead of from the state before.
    """
    last = states(student.rnn_forward, inputs)[:, -1]
    noise = np.random.default_rng(seed).standard_normal(inputs["x_seq"].shape)
    changed = np.array(inputs["x_seq"])
    changed[:, 0] += np.sign(noise[:, 0])
    for name, value in (("x_seq", changed), ("h0", inputs["h0"] + 1.0)):
        moved = states(student.rnn_forward, {**inputs, name: value})[:, -1]
        where = "x_seq[:, 0]" if name == "x_seq" else name
        assert not np.array_equal(moved, last), f"h[:, -1] stays as it was when {where} changes"


@exercise("rnn_forward", points=0.5, form=True)
def test_form_of_rnn_forward(student, reference):
    """h is a float64 array of shape (N, T, H)"""
    inputs = made(SEQUENCE, {"N": 2, "T": 3, "D": 5, "H": 4})
    assert_forward_form(student.rnn_forward, reference.rnn_forward, inputs)


@exercise("rnn_forward", points=0.5, after="rnn_step_forward")
def test_sequence_leaves_its_arguments_unchanged(student, reference):
    """rnn_forward leaves its arguments unchanged

    `h = h0` makes no copy: what is stored in `h[...]` is stored in the caller's h0.
    """
    inputs = made(SEQUENCE, {"N": 2, "T": 3, "D": 4, "H": 5})
    assert_forward_leaves_unchanged(student.rnn_forward, reference.rnn_forward, inputs)
