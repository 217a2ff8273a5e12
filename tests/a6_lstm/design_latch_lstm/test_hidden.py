"""Hidden tests of `design_latch_lstm`."""

from __future__ import annotations

import numpy as np

from autograder.testing import StudentFailure, assert_form, assert_structure, exercise, show


def latch_weights(student):
    """The student's weights, of the right shapes and finite."""
    weights = student.design_latch_lstm()
    expected = np.zeros((2, 4)), np.zeros((1, 4)), np.zeros(4)
    assert_structure(weights, expected, what="tuple (Wx, Wh, b)")
    for name, value in zip(("Wx", "Wh", "b"), weights, strict=True):
        if not np.all(np.abs(value) <= 1e4):  # so that a NaN lands here
            raise StudentFailure(
                f"`{name}` has entries that are not finite, or beyond 1e4", got=show(value)
            )
    return weights


def latch_run(reference, weights, values, marks):
    """The states, the cells and the gates (T, N, 3) of an LSTM with one unit at each step."""
    N, T = values.shape
    h = c = np.zeros((N, 1))
    states, cells, opened = [], [], []
    for t in range(T):
        x = np.stack([values[:, t], marks[:, t]], axis=1)  # (N, 2)
        opened.append(reference.sigmoid(x @ weights[0] + h @ weights[1] + weights[2])[:, :3])
        h, c, _ = reference.lstm_step_forward(x, h, c, *weights)
        states.append(h[:, 0])
        cells.append(c[:, 0])
    return np.array(states), np.array(cells), np.array(opened)


def assert_held(got, wanted, what, advice=""):
    """Assert that ``got`` (T, N) is within 1e-5 of ``wanted`` at each step."""
    wrong = ~(np.abs(got - wanted) <= 1e-5)
    if wrong.any():
        t, n = np.argwhere(wrong)[0]
        worst = np.max(np.abs(got - wanted))
        raise StudentFailure(
            f"the {what} is off by more than 1e-5 at step {t} (at worst by {worst:.3g})" + advice,
            got=show(float(got[t, n])),
            expected=show(float(wanted[t, n])),
        )


def assert_has_the_sign(stored, values):
    """Assert that cells after a mark have the sign of the marked values, and some size."""
    if not np.all(stored * values > 0.3):
        raise StudentFailure(
            "a mark does not put its value into the cell", got=show(stored), expected=show(values)
        )


def noise(N, T, seed):
    return np.random.default_rng(seed).choice((-1.0, 1.0), size=(N, T))


def held(values, marks):
    """What the cell should hold after each step, as (T, N)."""
    cells, now = [], np.zeros(len(values))
    for value, mark in zip(values.T, marks.T, strict=True):
        now = np.where(mark == 1, value, now)
        cells.append(now)
    return np.array(cells)


@exercise("design_latch_lstm", points=0.5, form=True)
def test_latch_has_weights_of_one_unit(student):
    """Wx is (2, 4), Wh (1, 4) and b (4,), all finite and at most 1e4, and some are not 0"""
    weights = latch_weights(student)
    assert_form(
        weights, (np.zeros((2, 4)), np.zeros((1, 4)), np.zeros(4)), what="triple of weights"
    )
    assert any(np.any(np.asarray(w) != 0) for w in weights), "all weights are 0"


@exercise("design_latch_lstm", points=2)
def test_latch_takes_the_marked_value(student, reference):
    """After a mark at the first step the cell is the value of that step, −1 or 1

    At a marked step the input gate should be open, and the candidate be the value itself: a tanh
    reaches ±1 only far out.
    """
    weights = latch_weights(student)
    values, marks = np.array([[1.0], [-1.0]]), np.ones((2, 1))
    _, cells, opened = latch_run(reference, weights, values, marks)
    advice = f": there the input gate is {show(float(opened[0, 0, 0]))}"
    assert_held(cells, held(values, marks), "cell", advice)


@exercise("design_latch_lstm", points=1)
def test_latch_is_empty_before_the_first_mark(student, reference):
    """Without a mark, a thousand steps leave the cell at 0

    At steps without a mark the input gate has to be shut. A thousand times a little is not a
    little. (And the marks must be able to open it.)
    """
    weights = latch_weights(student)
    values, marks = noise(4, 1000, 1), np.zeros((4, 1000))
    values[0], values[1] = 1.0, -1.0
    marks[:, -1] = 1.0
    _, cells, opened = latch_run(reference, weights, values, marks)
    if not np.any(np.abs(cells[-1]) > 0.3):
        raise StudentFailure("not even a mark fills the cell", got=show(cells[-1]))
    advice = f": the input gate is {show(float(opened[:-1, :, 0].max()))} at steps without a mark"
    assert_held(cells[:-1], np.zeros((999, 4)), "cell", advice)


@exercise("design_latch_lstm", points=2.5)
def test_latch_holds_for_a_thousand_steps(student, reference):
    """After one mark the cell stays what it is for the rest of a thousand steps

    What is lost per step is 1 − f, what leaks in is i; both count a thousand times.
    """
    weights = latch_weights(student)
    values, marks, sequences = noise(6, 1000, 2), np.zeros((6, 1000)), np.arange(6)
    where = np.array([0, 0, 3, 50, 400, 990])
    marks[sequences, where] = 1.0
    values[0, 0], values[1, 0] = 1.0, -1.0
    _, cells, opened = latch_run(reference, weights, values, marks)
    stored = cells[where, sequences]
    assert_has_the_sign(stored, values[sequences, where])
    quiet = marks.T == 0
    advice = (
        f": at steps without a mark, the forget gate is down to "
        f"{show(float(opened[..., 1][quiet].min()))} "
        f"and the input gate up to {show(float(opened[..., 0][quiet].max()))}"
    )
    wanted = np.where(held(values, marks) != 0, stored, 0.0)
    assert_held(cells, wanted, "cell", advice)


@exercise("design_latch_lstm", points=1)
def test_a_new_mark_replaces_the_old_value(student, reference):
    """Each mark replaces what was held, also when it says the same, or comes right after another

    A forget gate that stays open at a mark adds the new value to the old one.
    """
    weights = latch_weights(student)
    values = noise(5, 300, 3)
    marks = (np.random.default_rng(4).random((5, 300)) < 0.2).astype(float)
    marks[0], marks[1, :4] = 1.0, 1.0
    _, cells, opened = latch_run(reference, weights, values, marks)
    marked = opened[..., 1][marks.T == 1]
    advice = f": at marked steps the forget gate is up to {show(float(marked.max()))}"
    assert_held(cells, held(values, marks), "cell", advice)


@exercise("design_latch_lstm", points=1)
def test_latch_shows_what_it_holds(student, reference):
    """At every step the state is the tanh of the cell

    The output gate has to be open all the time.
    """
    weights = latch_weights(student)
    values, marks = noise(4, 40, 5), np.zeros((4, 40))
    where, sequences = np.array([0, 1, 7, 20]), np.arange(4)
    marks[sequences, where] = 1.0
    states, cells, opened = latch_run(reference, weights, values, marks)
    assert_has_the_sign(cells[where, sequences], values[sequences, where])
    advice = f": the output gate is down to {show(float(opened[..., 2].min()))}"
    assert_held(states, np.tanh(cells), "state", advice)
