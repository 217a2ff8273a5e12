"""Hidden tests of `design_latch_rnn`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_form,
    assert_raises,
    assert_structure,
    exercise,
    generators,
    show,
)

LATCH_SHAPES = (np.zeros((2, 1)), np.zeros((1, 1)), np.zeros(1))


def latch_states(student, reference, w, x):
    """The states (n, T) of the student's latch on x, by the given forward function."""
    Wx, Wh, b = weights = student.design_latch_rnn(w)
    assert_structure(weights, LATCH_SHAPES, what="weights")
    assert_close(Wh, np.full((1, 1), w), what="Wh")
    h, _ = reference.rnn_forward(x, np.zeros((len(x), 1)), Wx, Wh, b)
    return h[:, :, 0]


def assert_holds(states, y, when):
    """Assert that the last state of each sequence has the sign of y."""
    signs = np.sign(states[:, -1])
    if not np.array_equal(signs, y):
        lost = int(np.sum(signs != y))
        raise StudentFailure(
            f"{lost} of {len(y)} marks {'is' if lost == 1 else 'are'} lost {when}",
            got="signs of the last states: " + show(signs),
            expected="signs of the marks: " + show(y),
        )


def latch_inputs(marks, before, after, push):
    """Sequences with one mark each, and noise that pushes with ``push`` times the mark."""
    x = np.zeros((len(marks), before + 1 + after, 2))
    x[:, :, 0] = push * marks[:, None]
    x[:, before] = np.stack([marks, np.ones(len(marks))], axis=1)
    return x


SIGNS = np.array([-1.0, 1.0])


@exercise("design_latch_rnn", points=1, form=True)
@settings(max_examples=4)
@given(w=st.sampled_from((2, 2.5, 3.0, 7.0)))
@example(w=2)
def test_latch_rnn_has_the_weights_of_one_unit(student, w):
    """Wx (2, 1), Wh = [[w]] and b (1,) are float64, also where w is an integer

    `np.array([[w]])` of an integer is an array of integers.
    """
    weights = student.design_latch_rnn(w)
    assert_form(weights, LATCH_SHAPES, what="weights")
    assert_close(weights[1], np.full((1, 1), float(w)), what="Wh")


@exercise("design_latch_rnn", points=4.5)
@settings(max_examples=8)
@given(w=st.sampled_from((2.0, 2.5, 3.0, 4.0, 6.0)), T=st.integers(50, 200), rng=generators)
@example(w=2.0, T=50, rng=np.random.default_rng(0))
def test_latch_rnn_holds_the_mark_through_noise(student, reference, w, T, rng):
    """The sign of the last state is the sign of the mark, on sequences of the latch task

    The unit has already been pushed to one side by the noise before the mark. Is u large enough to
    turn it over, and still small enough for noise of 0.1 not to?
    """
    x, y = reference.make_latch(30, T, rng)
    assert_holds(latch_states(student, reference, w, x), y, f"in {T} steps of noise")


@exercise("design_latch_rnn", points=1.5)
@settings(max_examples=4)
@given(w=st.sampled_from((2.0, 2.5, 3.0, 5.0)))
@example(w=2.0)
def test_latch_rnn_lets_the_mark_win(student, reference, w):
    """A mark turns the unit over, even if all noise before and after it pushes the other way

    Before the mark the unit holds itself with almost w. The mark enters with u, and what is left of
    it must be far enough on the other side.
    """
    x = latch_inputs(SIGNS, 60, 60, -0.1)
    assert_holds(latch_states(student, reference, w, x), SIGNS, "when noise pushes against them")


@exercise("design_latch_rnn", points=1)
@settings(max_examples=4)
@given(w=st.sampled_from((2.0, 2.5, 3.0, 8.0)))
@example(w=2.0)
def test_latch_rnn_does_not_give_way_to_noise(student, reference, w):
    """A mark at the first step is held for 1000 steps of noise of 0.1 against it

    For w = 2 the unit gives way to a lasting push of 0.54, so 0.1 u must stay below that.
    """
    x = latch_inputs(SIGNS, 0, 1000, -0.1)
    assert_holds(latch_states(student, reference, w, x), SIGNS, "in 1000 steps of steady noise")


@exercise("design_latch_rnn", points=0.5)
@settings(max_examples=3)
@given(w=st.sampled_from((2.0, 3.0, 4.5)))
def test_latch_rnn_reads_a_mark_at_the_last_step(student, reference, w):
    """A mark at the very last step is held, too, and one in a sequence of a single step"""
    for before in (0, 40):
        x = latch_inputs(SIGNS, before, 0, -0.1)
        assert_holds(latch_states(student, reference, w, x), SIGNS, "at the last step")


@exercise("design_latch_rnn", points=1)
def test_latch_rnn_stores_and_vanishes(student, reference):
    """With w = 2 the bit is there after 50 steps, and its gradient is below 1e-30"""
    x = latch_inputs(SIGNS, 0, 50, 0.0)
    Wx, Wh, b = student.design_latch_rnn(2.0)
    assert_structure((Wx, Wh, b), LATCH_SHAPES, what="weights")
    h, cache = reference.rnn_forward(x, np.zeros((2, 1)), Wx, Wh, b)
    assert_holds(h[:, :, 0], SIGNS, "in 50 steps without input")
    dh = np.zeros(h.shape)
    dh[:, -1] = 1.0
    slope = np.max(np.abs(reference.rnn_backward(dh, cache)[0][:, 0, 0]))
    if not slope < 1e-30:
        raise StudentFailure("the gradient is larger", got=show(slope), expected="below 1e-30")


@exercise("design_latch_rnn", points=1.5)
@settings(max_examples=5)
@given(w=st.sampled_from((1, 1.0, 0.9, 0.5, 0.0, -0.5, -2.0)))
@example(w=1.0)
@example(w=-2.0)
def test_latch_rnn_refuses_what_cannot_hold(student, w):
    """w ≤ 1 raises ValueError, and w = 1 is among them

    Negative numbers are below 1, whatever their size.
    """
    assert_raises(student.design_latch_rnn, ValueError, w)
