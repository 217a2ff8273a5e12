"""Hidden tests of `lstm_step_forward`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    assert_bitwise_equal,
    assert_close,
    assert_forward_agrees,
    assert_forward_form,
    assert_forward_leaves_unchanged,
    assert_silent,
    exercise,
    made,
    outputs_and_cache,
    seeds,
    wide,
    with_an_axis_of_one,
)

from ..shared_hidden import STEP, SURE, part, step_of, with_gates


@exercise("lstm_step_forward", points=2.5)
@settings(max_examples=8)
@given(inputs=wide(STEP))
def test_cell_from_nothing(student, reference, inputs):
    """From a state and a cell of zeros, and without a bias, next_c = i ∘ g

    Here the forget gate plays no part. Do you take the parts in the order i, f, o, g? The first
    three are sigmoids, the last one is a tanh.
    """
    nothing = np.zeros(inputs["prev_h"].shape)
    unbiased = {**inputs, "b": np.zeros(inputs["b"].shape)}
    inputs = {**unbiased, "prev_h": nothing, "prev_c": nothing}
    (_, expected), _ = outputs_and_cache(reference.lstm_step_forward, inputs)
    assert_close(step_of(student.lstm_step_forward, inputs)[1], expected, what="next cell")


@exercise("lstm_step_forward", points=3.5)
@settings(max_examples=12)
@given(inputs=wide(STEP))
def test_cell_agrees_with_its_formula(student, reference, inputs):
    """next_c = f ∘ prev_c + i ∘ g

    If this holds from zeros only: the old cell is multiplied by the forget gate as it is, and
    prev_h and the bias are parts of the pre-activation.
    """
    (_, expected), _ = outputs_and_cache(reference.lstm_step_forward, inputs)
    assert_close(step_of(student.lstm_step_forward, inputs)[1], expected, what="next cell")


@exercise("lstm_step_forward", points=3)
@settings(max_examples=8)
@given(inputs=wide(STEP))
def test_state_shows_the_new_cell(student, reference, inputs):
    """next_h = o ∘ tanh(next_c), whatever your own next_c is

    The tanh is taken of the new cell, and the output gate multiplies the result.
    """
    h, c = step_of(student.lstm_step_forward, inputs)
    assert np.all(np.any(c != 0, axis=0)), "a cell is 0 for all sequences"
    a = inputs["x"] @ inputs["Wx"] + inputs["prev_h"] @ inputs["Wh"] + inputs["b"]
    o = reference.sigmoid(a[:, part("o", h.shape[1])])
    assert_close(h, o * np.tanh(c), what="next state, beside o ∘ tanh of your own next cell,")


@exercise("lstm_step_forward", points=3)
@settings(max_examples=6)
@given(inputs=wide(STEP))
def test_step_where_the_order_does_not_matter(student, reference, inputs):
    """Where all parts have the same weights, and no bias, the step is right whatever their order

    If this passes and other inputs fail, look at the order of the parts: i, f, o, g.
    """
    H = inputs["b"].size // 4
    alike = {name: np.tile(inputs[name][..., :H], 4) for name in ("Wx", "Wh")}
    inputs = {**inputs, **alike, "b": np.zeros(4 * H)}
    expected, _ = outputs_and_cache(reference.lstm_step_forward, inputs)
    got = step_of(student.lstm_step_forward, inputs)
    for name, ours, wanted in zip(("next state", "next cell"), got, expected, strict=True):
        assert_close(ours, wanted, what=name)


@exercise("lstm_step_forward", points=1, ones=True)
@settings(max_examples=2)
@given(inputs=wide(STEP))
@with_an_axis_of_one(STEP)
def test_step_keeps_axes_of_one(student, reference, inputs):
    """next_h and next_c have the shape (N, H), also where N, D or H is 1

    `squeeze` removes every axis of length 1, also one that is meant.
    """
    assert_forward_agrees(student.lstm_step_forward, reference.lstm_step_forward, inputs)


@exercise("lstm_step_forward", points=1)
@settings(max_examples=6)
@given(inputs=wide(STEP))
def test_open_forget_gate_keeps_the_cell(student, inputs):
    """With f = 1 and i = 0 the cell is kept to the last bit; with f = 0 and i = 0 it is cleared

    An open forget gate forgets nothing. And f is computed for itself: it is not 1 − i.
    """
    keep, clear = with_gates(inputs, i=-SURE, f=SURE), with_gates(inputs, i=-SURE, f=-SURE)
    _, kept = step_of(student.lstm_step_forward, keep)
    assert_bitwise_equal(kept, inputs["prev_c"], what="cell for f = 1, i = 0")
    _, cleared = step_of(student.lstm_step_forward, clear)
    assert_close(cleared, np.zeros(kept.shape), what="cell for f = 0, i = 0")


@exercise("lstm_step_forward", points=1)
@settings(max_examples=6)
@given(inputs=wide(STEP))
def test_output_gate_shows_the_tanh_of_the_cell(student, inputs):
    """With o = 0 the state is 0 and the cell is not; with o = 1 the state is tanh(next_c)"""
    hidden_h, hidden_c = step_of(student.lstm_step_forward, with_gates(inputs, o=-SURE))
    shown_h, shown_c = step_of(student.lstm_step_forward, with_gates(inputs, o=SURE))
    assert_close(hidden_h, np.zeros(hidden_h.shape), what="state for o = 0")
    assert np.any(hidden_c != 0), "the cell is 0 everywhere when the output gate is shut"
    assert_close(shown_c, hidden_c, what="cell for o = 1, beside that for o = 0,")
    assert_close(shown_h, np.tanh(shown_c), what="state for o = 1")


@exercise("lstm_step_forward", points=0.5)
@settings(max_examples=4)
@given(inputs=wide(STEP))
def test_the_cell_has_no_limit(student, inputs):
    """With f = i = 1 and a saturated candidate, each step adds 1 to the cell, also beyond 1

    Only what is shown goes through tanh; the cell itself is a sum.
    """
    counting = with_gates(inputs, i=SURE, f=SURE, g=SURE)
    for start in (0.0, 1.0, 7.5):
        counting["prev_c"] = np.full(inputs["prev_c"].shape, start)
        _, c = step_of(student.lstm_step_forward, counting)
        assert_close(c, counting["prev_c"] + 1.0, what=f"cell after {start:g} and one step")


@exercise("lstm_step_forward", points=1)
@settings(max_examples=4)
@given(inputs=wide(STEP))
def test_step_is_silent_far_out(student, reference, inputs):
    """Pre-activations of ±1e4 and more give the right values and no overflow warning

    The `sigmoid` that is given is safe; one of your own, 1 / (1 + exp(−a)), is not.
    """
    sign = np.where(np.arange(inputs["b"].size) % 2 == 0, 1.0, -1.0)
    for b in (SURE * sign, -3.0 * SURE * sign):
        far = {**inputs, "b": b}
        assert_forward_agrees(student.lstm_step_forward, reference.lstm_step_forward, far)
        assert_silent(student.lstm_step_forward, *far.values())


@exercise("lstm_step_forward", points=0.5)
@settings(max_examples=5)
@given(inputs=wide(STEP, scale=0.5), seed=seeds)
def test_step_treats_each_sequence_on_its_own(student, inputs, seed):
    """The sequences of a batch have nothing to do with each other

    Rows in another order give the same results in that order. If yours do not, an array was
    reshaped where it should have been cut along its columns.
    """
    h, c = step_of(student.lstm_step_forward, inputs)
    assert np.any(h != 0), "the state is 0 everywhere"
    order = np.roll(np.random.default_rng(seed).permutation(len(h)), 1)
    rows = {name: inputs[name][order] for name in ("x", "prev_h", "prev_c")}
    shuffled = step_of(student.lstm_step_forward, {**inputs, **rows})
    what = "pair (next_h, next_c) of the same sequences in another order"
    assert_close(shuffled, (h[order], c[order]), what=what)
    changed = np.array(inputs["x"])
    changed[0] += 1.0
    moved_h, moved_c = step_of(student.lstm_step_forward, {**inputs, "x": changed})
    what = "state of the other sequences, when x[0] changes,"
    assert_close(moved_h[1:], h[1:], what=what)
    assert not np.array_equal(moved_c[0], c[0]), "next_c[0] stays as it was when x[0] changes"


@exercise("lstm_step_forward", points=0.5, form=True)
def test_form_of_lstm_step_forward(student, reference):
    """next_h and next_c are float64 arrays of shape (N, H)"""
    inputs = made(STEP, {"N": 2, "D": 3, "H": 4})
    assert_forward_form(student.lstm_step_forward, reference.lstm_step_forward, inputs)


@exercise("lstm_step_forward", points=0.5)
def test_step_leaves_its_arguments_unchanged(student, reference):
    """lstm_step_forward leaves its arguments unchanged

    `prev_c *= f` writes into the array that you were given.
    """
    inputs = made(STEP, {"N": 2, "D": 3, "H": 4})
    assert_forward_leaves_unchanged(student.lstm_step_forward, reference.lstm_step_forward, inputs)
