"""The tests that come with assignment 6: the notebook's cells `check("…")` run them.

You may read them. The grader asks the same questions, on more and other inputs.
"""

from __future__ import annotations

import numpy as np
from autograder.assertions import (
    assert_backward_fits_forward,
    assert_backward_is_linear,
    outputs_and_cache,
)
from autograder.compare import (
    assert_bitwise_equal,
    assert_close,
    assert_pure,
    assert_silent,
    assert_structure,
)
from autograder.model import StudentFailure

from autograder.suite import exercise

OPEN, SHUT = 1e4, -1e4  # pre-activations at which a gate is 1 and 0
HALF = 0.0  # and 0.5
L = np.log(2.0)  # tanh(L) = 3/5
STEP = ("x", "prev_h", "prev_c", "Wx", "Wh", "b")
SEQUENCE = ("x_seq", "h0", "Wx", "Wh", "b")


def arrays_of(*shapes, seed=7):
    """Arrays of these shapes, with numbers between −1 and 1 that are not all alike."""
    rng = np.random.default_rng(seed)
    return [np.round(rng.uniform(-1.0, 1.0, shape), 2) for shape in shapes]


def step_inputs(N=2, D=3, H=4, seed=7):
    """Inputs of lstm_step_forward by name."""
    shapes = (N, D), (N, H), (N, H), (D, 4 * H), (H, 4 * H), (4 * H,)
    return dict(zip(STEP, arrays_of(*shapes, seed=seed), strict=True))


def sequence_inputs(N=2, T=4, D=3, H=5, seed=7):
    """Inputs of lstm_forward by name."""
    shapes = (N, T, D), (N, H), (D, 4 * H), (H, 4 * H), (4 * H,)
    return dict(zip(SEQUENCE, arrays_of(*shapes, seed=seed), strict=True))


def step(student, inputs):
    """The student's (next_h, next_c)."""
    outputs, _ = outputs_and_cache(student.lstm_step_forward, inputs)
    assert_structure(outputs, (inputs["prev_h"], inputs["prev_c"]), what="pair (next_h, next_c)")
    return outputs


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


def step_gradients(student, inputs, dnext_h, dnext_c):
    """What the student's lstm_step_backward returns, six arrays of the right shapes."""
    step(student, inputs)
    _, cache = outputs_and_cache(student.lstm_step_forward, inputs)
    gradients = student.lstm_step_backward(dnext_h, dnext_c, cache)
    what = "tuple (dx, dprev_h, dprev_c, dWx, dWh, db)"
    assert_structure(gradients, tuple(inputs.values()), what=what)
    return gradients


@exercise("lstm_step_backward", after="lstm_step_forward")
def test_gradients_of_one_unit_by_hand(student):
    """All gates at 0.5, a candidate of 3/5, an old cell of 2 ln 2 − 3/5: the new cell is ln 2

    Its tanh is 3/5, with the slope 0.64. For dnext_h = 1 the gradient of the cell is 0.5 · 0.64 =
    0.32, for dnext_c = 1 it is 1, and dprev_c is half of that. The bias has the gradients of the
    four pre-activations, in the order i, f, o, g; each contains the slope of its activation, 0.25
    for a gate and 0.64 for the candidate. Which factor is missing in yours, or is too many?
    """
    one, row, before = np.ones((1, 1)), np.zeros((1, 4)), 2.0 * L - 0.6
    args = one, one, before * one, row, row, np.array([0.0, 0.0, 0.0, L])
    inputs = dict(zip(STEP, args, strict=True))
    slopes = np.array([0.6 * 0.25, before * 0.25, 0.0, 0.5 * 0.64])
    shown = np.array([0.0, 0.0, 0.6 * 0.25, 0.0])
    for dh, dc in ((0.0, 1.0), (1.0, 0.0), (1.0, -2.0)):
        into_cell = dc + 0.32 * dh
        got = step_gradients(student, inputs, dh * one, dc * one)
        name = f"for dnext_h = {dh:g} and dnext_c = {dc:g}"
        assert_close(got[2], 0.5 * into_cell * one, what=f"dprev_c {name}")
        assert_close(got[5], into_cell * slopes + dh * shown, what=f"db {name}")


@exercise("lstm_step_backward", after="lstm_step_forward")
def test_step_gradients_are_slopes(student):
    """The gradients are the slopes of your lstm_step_forward, and linear in the cotangents

    If only some are named, the others are right: `prev_c` is about dc ∘ f alone, `b` about the four
    parts. If the message is about 2a − 3b, something is clipped, or the cache is changed by its
    first use.
    """
    functions = student.lstm_step_forward, student.lstm_step_backward
    for seed, lengths in enumerate(((2, 3, 4), (3, 2, 1), (1, 4, 2))):
        inputs, rng = step_inputs(*lengths, seed=seed), np.random.default_rng(seed)
        step(student, inputs)
        assert_backward_fits_forward(functions, inputs, rng, scale=20.0)
        assert_backward_is_linear(functions, inputs, rng)


@exercise("lstm_step_backward", after="lstm_step_forward")
def test_step_backward_leaves_its_arguments_unchanged(student):
    """lstm_step_backward leaves dnext_h, dnext_c and the arrays in the cache unchanged

    `dc = dnext_c` is a second name for the same array, and `+=` writes into it.
    """
    inputs = step_inputs()
    dnext_h, dnext_c = arrays_of((2, 4), (2, 4))
    _, cache = outputs_and_cache(student.lstm_step_forward, inputs)
    assert_pure(student.lstm_step_backward, dnext_h, dnext_c, cache)


def states(student, inputs):
    """The states that the student's lstm_forward returns, an array of the right shape."""
    (h, *_), _ = outputs_and_cache(student.lstm_forward, inputs)
    shape = (*inputs["x_seq"].shape[:2], inputs["h0"].shape[1])
    assert_structure(h, np.zeros(shape), what="array of states")
    return h


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


SEQUENCE_PAIR = {"after": ("lstm_step_forward", "lstm_step_backward", "lstm_forward")}


@exercise("lstm_backward", **SEQUENCE_PAIR)
def test_gradient_along_the_cells_by_hand(student):
    """Forget gates of 0.5: a loss at the end reaches each input through a cell, halved per step

    One unit, Wh = 0, other gates open, candidates of tanh(x) at x = 0, so all cells are 0 and all
    slopes 1. With a dh of 8 at the last of four steps, dx is 1, 2, 4, 8. Zeros before the 8: the
    gradient by the cell is not handed back. With a dh of 1 at *each* step, the gradients that
    arrive add up: 1, then 1 + 1/2, and so on.
    """
    one, Wx = np.ones((1, 1)), np.array([[0.0, 0.0, 0.0, 1.0]])
    b = np.array([OPEN, HALF, OPEN, 0.0])
    args = np.zeros((1, 4, 1)), 0.0 * one, Wx, np.zeros((1, 4)), b
    inputs = dict(zip(SEQUENCE, args, strict=True))
    states(student, inputs)
    _, cache = outputs_and_cache(student.lstm_forward, inputs)
    losses = {
        "for a loss at the end": ([0.0, 0.0, 0.0, 8.0], [1.0, 2.0, 4.0, 8.0]),
        "for a loss at each step": ([1.0, 1.0, 1.0, 1.0], [1.875, 1.75, 1.5, 1.0]),
    }
    for name, (dh, dx) in losses.items():
        got = student.lstm_backward(np.array(dh).reshape(1, 4, 1), cache)
        assert_structure(got, tuple(inputs.values()), what="tuple (dx, dh0, dWx, dWh, db)")
        assert_close(got[0][0, :, 0], np.array(dx), what=f"dx {name}")
        assert_close(got[4][3], float(np.sum(dx)), what=f"db[3] {name}, the sum of these,")


@exercise("lstm_backward", **SEQUENCE_PAIR)
def test_sequence_gradients_are_slopes(student):
    """The gradients are the slopes of your lstm_forward, and linear in dh

    If all but `h0` are named, something is wrong with a sum over the steps, or with the way back.
    If it is `h0` alone: that is what is carried back, for the state, beyond step 0. If the message
    is about 2a − 3b, something is clipped, or a dh is not used.
    """
    functions = student.lstm_forward, student.lstm_backward
    for seed, lengths in enumerate(((2, 4, 3, 5), (3, 1, 2, 4), (1, 3, 1, 2))):
        inputs, rng = sequence_inputs(*lengths, seed=seed), np.random.default_rng(seed)
        states(student, inputs)
        assert_backward_fits_forward(functions, inputs, rng, scale=20.0)
        assert_backward_is_linear(functions, inputs, rng)


@exercise("lstm_backward", **SEQUENCE_PAIR)
def test_sequence_backward_leaves_its_arguments_unchanged(student):
    """lstm_backward leaves dh, and the arrays in the cache, unchanged

    `dh[:, t] += …` adds to the caller's own array.
    """
    _, cache = outputs_and_cache(student.lstm_forward, sequence_inputs())
    (dh,) = arrays_of((2, 4, 5))
    assert_pure(student.lstm_backward, dh, cache)


@exercise("cell_gradient")
def test_cell_gradient_by_hand(student):
    """Gates of 0.3, 0.5, 0.2, 0.5 give rows of 0.05, 0.1, 0.5, 1

    The last cell is the last cell: 1. One step back it was multiplied by the last gate, 0.5; one
    more, by 0.2 as well. The very first gate, 0.3, is in none of the rows. In the second unit a
    gate is shut: 0 before it, and no NaN.
    """
    f = np.array([[0.3, 0.9], [0.5, 0.8], [0.2, 0.0], [0.5, 0.7]])
    expected = np.array([[0.05, 0.0], [0.1, 0.0], [0.5, 0.7], [1.0, 1.0]])
    assert_close(student.cell_gradient(f), expected)


@exercise("cell_gradient")
def test_cell_gradient_keeps_its_axes_and_its_argument(student):
    """The result has the shape of f, also for one step or one unit, and f stays unchanged"""
    assert_close(student.cell_gradient(np.array([[0.3, 0.4]])), np.ones((1, 2)), what="only row")
    f = np.array([[0.5], [0.25]])
    assert_close(student.cell_gradient(f), np.array([[0.25], [1.0]]))
    assert_pure(student.cell_gradient, f)


@exercise("forget_bias_init")
def test_forget_bias_by_hand(student):
    """Of 0.1, 0.2, …, 0.8 the third and the fourth become 5

    Eight numbers are four parts of two, and the forget gate is the second one. Nothing else
    changes.
    """
    b = np.arange(1.0, 9.0) / 10.0
    result = student.forget_bias_init(b, 5.0)
    assert_close(result, np.array([0.1, 0.2, 5.0, 5.0, 0.5, 0.6, 0.7, 0.8]))
    assert_bitwise_equal(result[4:], b[4:], what="second half of the bias")


@exercise("forget_bias_init")
def test_forget_bias_init_makes_a_copy(student):
    """The caller's b stays as it is

    `new = b` is a second name for the same array.
    """
    b = np.array([0.1, 0.2, 0.3, 0.4])
    assert_close(student.forget_bias_init(b, -1.0), np.array([0.1, -1.0, 0.3, 0.4]))
    assert_pure(student.forget_bias_init, b, -1.0)


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
