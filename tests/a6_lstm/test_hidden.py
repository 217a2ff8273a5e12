"""The graded tests of assignment 6: the public properties, on more and other inputs."""

from __future__ import annotations

import numpy as np
from autograder.assertions import (
    assert_backward_agrees,
    assert_backward_fits_forward,
    assert_backward_is_linear,
    assert_forward_agrees,
    assert_forward_leaves_unchanged,
    cotangents_like,
    outputs_and_cache,
)
from autograder.compare import (
    assert_bitwise_equal,
    assert_close,
    assert_pure,
    assert_silent,
    assert_structure,
    describe,
    show,
)
from autograder.model import StudentFailure
from autograder.strategies import made, seeds, wide, with_an_axis_of_one
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.suite import exercise

STEP = {"x": "ND", "prev_h": "NH", "prev_c": "NH", "Wx": "D4H", "Wh": "H4H", "b": "4H"}
SEQUENCE = {"x_seq": "NTD", "h0": "NH", "Wx": "D4H", "Wh": "H4H", "b": "4H"}
PARTS = "ifog"
SURE = 1e4  # a pre-activation at which a gate is exactly 0 or 1


def part(name, H):
    """The columns of one of the four parts."""
    start = PARTS.index(name) * H
    return slice(start, start + H)


def with_gates(inputs, **pre_activations):
    """The inputs with zero weights and these biases in the parts that are named."""
    moved = {name: np.array(value) for name, value in inputs.items()}
    H = moved["b"].size // 4
    for name, value in pre_activations.items():
        columns = part(name, H)
        moved["Wx"][:, columns] = moved["Wh"][:, columns] = 0.0
        moved["b"][columns] = value
    return moved


def step_of(function, inputs):
    """The next state and the next cell that the student's ``function`` returns."""
    outputs, _ = outputs_and_cache(function, inputs)
    expected = inputs["prev_h"], inputs["prev_c"]
    assert_structure(outputs, expected, what="pair (next_h, next_c)")
    return outputs


def states(function, inputs):
    """The states that the student's ``function`` returns, an array of the right shape."""
    (h, *_), _ = outputs_and_cache(function, inputs)
    N, T, _ = inputs["x_seq"].shape
    assert_structure(h, np.zeros((N, T, inputs["b"].size // 4)), what="array of states")
    return h


def assert_fits(functions, references, inputs, seed, scale):
    """Assert that the student's backward is the gradient of their own forward, or of the right one.

    The second is asked only where the first fails: a slip in the forward function has cost its
    points already, and a backward that is right is right.
    """

    def rng():
        return np.random.default_rng(seed)

    try:
        assert_backward_fits_forward(functions, inputs, rng(), scale)
    except StudentFailure as failure:
        try:
            assert_backward_agrees(functions, references, inputs, rng(), scale)
        except StudentFailure:
            raise failure from None


def assert_some_gradient(gradients, inputs):
    """Assert that each gradient is there and is not 0 everywhere."""
    assert_structure(gradients, tuple(inputs.values()), what="gradients")
    for name, gradient in zip(inputs, gradients, strict=True):
        assert np.any(np.asarray(gradient) != 0), f"the gradient of `{name}` is 0 everywhere"


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


@exercise("lstm_step_forward", points=4)
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


@exercise("lstm_step_forward", points=1)
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


@exercise("lstm_step_forward", points=0.5)
def test_step_leaves_its_arguments_unchanged(student, reference):
    """lstm_step_forward leaves its arguments unchanged

    `prev_c *= f` writes into the array that you were given.
    """
    inputs = made(STEP, {"N": 2, "D": 3, "H": 4})
    assert_forward_leaves_unchanged(student.lstm_step_forward, reference.lstm_step_forward, inputs)


def step_pairs(student, reference):
    """The student's and the reference's (forward, backward) of a step."""
    return (
        (student.lstm_step_forward, student.lstm_step_backward),
        (reference.lstm_step_forward, reference.lstm_step_backward),
    )


def assert_named(got, expected, inputs, names=(), columns=slice(None)):
    """Assert that the gradients of ``names``, or all of them, are the expected ones."""
    parts = got if isinstance(got, tuple | list) else (got,)
    if len(parts) != len(inputs):
        raise StudentFailure(
            f"{len(inputs)} gradients are expected, and this is not a tuple of {len(inputs)}",
            got=describe(got),
            expected="one gradient for each of " + ", ".join(f"`{name}`" for name in inputs),
        )
    for name, ours, wanted in zip(inputs, parts, expected, strict=True):
        if name in (names or inputs):
            assert_structure(ours, wanted, what=f"gradient of `{name}`")
            where = "" if columns == slice(None) else " in the columns of that part"
            what = f"gradient of `{name}`{where}"
            assert_close(ours[..., columns], wanted[..., columns], what=what)


def assert_step_back(student, reference, inputs, seed, names=(), of_part="", shares=(1.0, 1.0)):
    """Assert that gradients of a step are right, for cotangents of h and c times ``shares``."""
    outputs, theirs = outputs_and_cache(reference.lstm_step_forward, inputs)
    drawn = cotangents_like(outputs, np.random.default_rng(seed))
    douts = tuple(share * dout for share, dout in zip(shares, drawn, strict=True))
    step_of(student.lstm_step_forward, inputs)
    _, cache = outputs_and_cache(student.lstm_step_forward, inputs)
    columns = part(of_part, inputs["b"].size // 4) if of_part else slice(None)
    got = student.lstm_step_backward(*douts, cache)
    assert_named(got, reference.lstm_step_backward(*douts, theirs), inputs, names, columns)


STEP_PAIR = {"after": "lstm_step_forward"}


@exercise("lstm_step_backward", points=2, **STEP_PAIR)
@settings(max_examples=6)
@given(inputs=wide(STEP), seed=seeds)
def test_gradients_from_the_cell_alone(student, reference, inputs, seed):
    """All gradients are right where dnext_h = 0, so that everything comes through the cell

    The cell is f ∘ prev_c + i ∘ g: four factors, so four gradients, and the output gate has no
    share.
    """
    assert_step_back(student, reference, inputs, seed, shares=(0.0, 1.0))


@exercise("lstm_step_backward", points=2, **STEP_PAIR)
@settings(max_examples=6)
@given(inputs=wide(STEP), seed=seeds)
def test_gradients_from_the_state_alone(student, reference, inputs, seed):
    """All gradients are right where dnext_c = 0, so that everything comes through the state

    next_h = o ∘ tanh(next_c): one part goes to the output gate, the other one through tanh into the
    cell, and from there on to i, f, g and prev_c.
    """
    assert_step_back(student, reference, inputs, seed, shares=(1.0, 0.0))


@exercise("lstm_step_backward", points=2.5, **STEP_PAIR)
@settings(max_examples=8)
@given(inputs=wide(STEP), seed=seeds)
def test_gradient_of_the_old_cell(student, reference, inputs, seed):
    """dprev_c = dc ∘ f, where dc is all that reaches the new cell

    That is dnext_c plus what comes from dnext_h, through the output gate and the slope of tanh at
    next_c.
    """
    assert_step_back(student, reference, inputs, seed, ["prev_c"])


@exercise("lstm_step_backward", points=1.5, **STEP_PAIR)
@settings(max_examples=6)
@given(inputs=wide(STEP), seed=seeds)
def test_gradient_of_the_input_gate(student, reference, inputs, seed):
    """The columns 0 to H − 1 of dWx, those of the input gate, are right

    In i ∘ g, the gradient of i is multiplied by g; then comes the slope i (1 − i).
    """
    assert_step_back(student, reference, inputs, seed, ["Wx"], of_part="i")


@exercise("lstm_step_backward", points=1.5, **STEP_PAIR)
@settings(max_examples=6)
@given(inputs=wide(STEP), seed=seeds)
def test_gradient_of_the_forget_gate(student, reference, inputs, seed):
    """The columns H to 2H − 1 of dWx, those of the forget gate, are right

    The gate multiplies the cell before the step; then comes the slope f (1 − f).
    """
    assert_step_back(student, reference, inputs, seed, ["Wx"], of_part="f")


@exercise("lstm_step_backward", points=1.5, **STEP_PAIR)
@settings(max_examples=6)
@given(inputs=wide(STEP), seed=seeds)
def test_gradient_of_the_output_gate(student, reference, inputs, seed):
    """The columns 2H to 3H − 1 of dWx, those of the output gate, are right

    The gate multiplies tanh(next_c), and it hears dnext_h alone; then comes the slope o (1 − o).
    """
    assert_step_back(student, reference, inputs, seed, ["Wx"], of_part="o")


@exercise("lstm_step_backward", points=1.5, **STEP_PAIR)
@settings(max_examples=6)
@given(inputs=wide(STEP), seed=seeds)
def test_gradient_of_the_candidate(student, reference, inputs, seed):
    """The columns 3H to 4H − 1 of dWx, those of the candidate, are right

    In i ∘ g, the gradient of g is multiplied by i; then comes the slope of a tanh, 1 − g².
    """
    assert_step_back(student, reference, inputs, seed, ["Wx"], of_part="g")


@exercise("lstm_step_backward", points=1.5, **STEP_PAIR)
@settings(max_examples=6)
@given(inputs=wide(STEP), seed=seeds)
def test_gradients_of_input_and_old_state(student, reference, inputs, seed):
    """dx = da @ Wx.T and dprev_h = da @ Wh.T, with da of shape (N, 4H)"""
    assert_step_back(student, reference, inputs, seed, ["x", "prev_h"])


@exercise("lstm_step_backward", points=1.5, **STEP_PAIR)
@settings(max_examples=6)
@given(inputs=wide(STEP), seed=seeds)
def test_gradient_of_wh(student, reference, inputs, seed):
    """dWh = prev_h.T @ da, summed over the batch

    Wh multiplied the state *before* the step.
    """
    assert_step_back(student, reference, inputs, seed, ["Wh"])


@exercise("lstm_step_backward", points=1, **STEP_PAIR)
@settings(max_examples=6)
@given(inputs=wide(STEP), seed=seeds)
def test_gradient_of_the_bias(student, reference, inputs, seed):
    """db is the sum of da over the batch, of shape (4H,)

    A sum, not a mean: each of the N sequences uses the bias once. And no axis is kept.
    """
    assert_step_back(student, reference, inputs, seed, ["b"])


@exercise("lstm_step_backward", points=0.5, **STEP_PAIR)
@settings(max_examples=4)
@given(inputs=wide(STEP), seed=seeds)
def test_step_gradients_are_not_clipped(student, reference, inputs, seed):
    """Gradients twenty times as large are right as well

    A backward function computes the gradient. To clip it is another function's task.
    """
    pairs = step_pairs(student, reference)
    assert_backward_agrees(*pairs, inputs, np.random.default_rng(seed), scale=20.0)


@exercise("lstm_step_backward", points=0.5, **STEP_PAIR)
@settings(max_examples=2)
@given(inputs=wide(STEP))
@with_an_axis_of_one(STEP)
def test_step_gradients_keep_axes_of_one(student, reference, inputs):
    """Each gradient has the shape of its input, also where N, D or H is 1"""
    assert_backward_agrees(*step_pairs(student, reference), inputs, np.random.default_rng(0))


@exercise("lstm_step_backward", points=0.5, **STEP_PAIR)
@settings(max_examples=5)
@given(inputs=wide(STEP), seed=seeds)
def test_open_forget_gate_hands_the_gradient_back(student, inputs, seed):
    """With f = 1 and o = 0, dprev_c is dnext_c, to the last bit; with f = 0 it is 0

    This is what the network is made for: no matrix and no tanh′ on the way from cell to cell.
    """
    for pre_activation, share in ((SURE, 1.0), (-SURE, 0.0)):
        gated = with_gates(inputs, f=pre_activation, o=-SURE)
        step_of(student.lstm_step_forward, gated)
        outputs, cache = outputs_and_cache(student.lstm_step_forward, gated)
        douts = cotangents_like(outputs, np.random.default_rng(seed))
        got = student.lstm_step_backward(*douts, cache)
        assert_structure(got, tuple(gated.values()), what="tuple of gradients")
        what = f"dprev_c for f = {share:g}"
        assert_bitwise_equal(got[2], share * douts[1], what=what)


@exercise("lstm_step_backward", points=1, **STEP_PAIR)
@settings(max_examples=5)
@given(inputs=wide(STEP, scale=0.7), seed=seeds, scale=st.sampled_from((1.0, 20.0)))
def test_step_gradients_fit_the_forward(student, reference, inputs, seed, scale):
    """The gradients are the slopes of your own lstm_step_forward, by central differences"""
    assert_fits(*step_pairs(student, reference), inputs, seed, scale)


@exercise("lstm_step_backward", points=0.5, **STEP_PAIR)
@settings(max_examples=4)
@given(inputs=wide(STEP), seed=seeds)
def test_step_gradients_are_linear(student, inputs, seed):
    """Twice the cotangents give twice the gradients, and one cache can be used again and again

    If the second use of a cache gives something else, the first one has changed it.
    """
    functions = student.lstm_step_forward, student.lstm_step_backward
    rng = np.random.default_rng(seed)
    assert_backward_is_linear(functions, inputs, rng)
    outputs, cache = outputs_and_cache(functions[0], inputs)
    assert_some_gradient(functions[1](*cotangents_like(outputs, rng), cache), inputs)


@exercise("lstm_step_backward", points=0.5, **STEP_PAIR)
def test_step_backward_leaves_its_arguments_unchanged(student, reference):
    """lstm_step_backward leaves dnext_h, dnext_c and the arrays in the cache unchanged

    `dnext_c += …` adds to the caller's own array. Write `dc = dnext_c + …`.
    """
    inputs = made(STEP, {"N": 2, "D": 3, "H": 4})
    outputs, theirs = outputs_and_cache(reference.lstm_step_forward, inputs)
    douts = cotangents_like(outputs, np.random.default_rng(0))
    _, cache = outputs_and_cache(student.lstm_step_forward, inputs)
    expected = reference.lstm_step_backward(*douts, theirs)
    assert_pure(student.lstm_step_backward, *douts, cache, like=lambda *_: expected)


@exercise("lstm_forward", points=3, after="lstm_step_forward")
@settings(max_examples=8)
@given(inputs=wide(SEQUENCE))
def test_sequence_from_a_zero_state(student, reference, inputs):
    """From h0 = 0, each step continues from the state and the cell that the last one left

    Two arrays are handed on from step to step. Which of them is yours, and is it the new one?
    """
    inputs = {**inputs, "h0": np.zeros(inputs["h0"].shape)}
    assert_forward_agrees(student.lstm_forward, reference.lstm_forward, inputs)


@exercise("lstm_forward", points=3, after="lstm_step_forward")
@settings(max_examples=10)
@given(inputs=wide(SEQUENCE))
def test_sequence_from_any_state(student, reference, inputs):
    """The same from any h0, with a first cell of zeros

    If it holds from h0 = 0 only: h0 is the first state, and it is not the first cell.
    """
    assert_forward_agrees(student.lstm_forward, reference.lstm_forward, inputs)


@exercise("lstm_forward", points=1, after="lstm_step_forward")
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


@exercise("lstm_forward", points=0.5, after="lstm_step_forward")
def test_sequence_leaves_its_arguments_unchanged(student, reference):
    """lstm_forward leaves its arguments unchanged

    `h = h0` makes no copy: what is stored in `h[...]` is stored in the caller's h0.
    """
    inputs = made(SEQUENCE, {"N": 2, "T": 3, "D": 4, "H": 5})
    assert_forward_leaves_unchanged(student.lstm_forward, reference.lstm_forward, inputs)


def sequence_pairs(student, reference):
    """The student's and the reference's (forward, backward) of a sequence."""
    return (
        (student.lstm_forward, student.lstm_backward),
        (reference.lstm_forward, reference.lstm_backward),
    )


SEQUENCE_PAIR = {"after": ("lstm_step_forward", "lstm_step_backward", "lstm_forward")}


def assert_sweep(student, reference, inputs, seed, names=(), only_at_the_end=False):
    """Assert that gradients of a sequence are right, for a random dh."""
    outputs, theirs = outputs_and_cache(reference.lstm_forward, inputs)
    (dh,) = cotangents_like(outputs, np.random.default_rng(seed))
    if only_at_the_end:
        dh[:, :-1] = 0.0
    states(student.lstm_forward, inputs)
    _, cache = outputs_and_cache(student.lstm_forward, inputs)
    got = student.lstm_backward(dh, cache)
    assert_named(got, reference.lstm_backward(dh, theirs), inputs, names)


@exercise("lstm_backward", points=1.5, **SEQUENCE_PAIR)
@settings(max_examples=6)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_gradients_that_come_by_the_cells(student, reference, inputs, seed):
    """With Wh = 0 everything comes back by the cells, and dx is right

    What lstm_step_backward returns as dprev_c is the dnext_c of the step before.
    """
    silent = {**inputs, "Wh": np.zeros(inputs["Wh"].shape)}
    assert_sweep(student, reference, silent, seed, ["x_seq"])


@exercise("lstm_backward", points=1.5, **SEQUENCE_PAIR)
@settings(max_examples=6)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_gradients_that_come_by_the_states(student, reference, inputs, seed):
    """With shut forget gates everything comes back by the states, and dx is right

    What lstm_step_backward returns as dprev_h is added to the dh of the step before.
    """
    assert_sweep(student, reference, with_gates(inputs, f=-SURE), seed, ["x_seq"])


@exercise("lstm_backward", points=2.5, **SEQUENCE_PAIR)
@settings(max_examples=10)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_gradient_of_the_inputs(student, reference, inputs, seed):
    """dx is right at each step, where both the states and the cells carry gradients back

    dx[:, t] belongs to step t, although the sweep meets the last step first.
    """
    assert_sweep(student, reference, inputs, seed, ["x_seq"])


@exercise("lstm_backward", points=1.5, **SEQUENCE_PAIR)
@settings(max_examples=6)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_gradient_of_the_first_state(student, reference, inputs, seed):
    """dh0 is what is carried, for the state, out of step 0"""
    assert_sweep(student, reference, inputs, seed, ["h0"])


@exercise("lstm_backward", points=2, **SEQUENCE_PAIR)
@settings(max_examples=6)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_gradients_of_the_weights(student, reference, inputs, seed):
    """dWx and dWh are sums over all steps and sequences

    Add up over all T steps, the first one included, and divide by nothing.
    """
    assert_sweep(student, reference, inputs, seed, ["Wx", "Wh"])


@exercise("lstm_backward", points=1, **SEQUENCE_PAIR)
@settings(max_examples=6)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_gradient_of_the_bias_of_a_sequence(student, reference, inputs, seed):
    """db is a sum over all steps and sequences, of shape (4H,)"""
    assert_sweep(student, reference, inputs, seed, ["b"])


@exercise("lstm_backward", points=0.5, **SEQUENCE_PAIR)
@settings(max_examples=4)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_gradients_of_a_loss_at_the_end(student, reference, inputs, seed):
    """All gradients are right for a loss at the last step only, and reach the first step"""
    assert_sweep(student, reference, inputs, seed, only_at_the_end=True)


@exercise("lstm_backward", points=0.5, **SEQUENCE_PAIR)
@settings(max_examples=4)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_sequence_gradients_are_not_clipped(student, reference, inputs, seed):
    """Gradients twenty times as large are right as well"""
    pairs = sequence_pairs(student, reference)
    assert_backward_agrees(*pairs, inputs, np.random.default_rng(seed), scale=20.0)


@exercise("lstm_backward", points=0.5, **SEQUENCE_PAIR)
@settings(max_examples=2)
@given(inputs=wide(SEQUENCE))
@with_an_axis_of_one(SEQUENCE)
def test_sequence_gradients_keep_axes_of_one(student, reference, inputs):
    """Each gradient has the shape of its input, also where one of N, T, D, H is 1"""
    assert_backward_agrees(*sequence_pairs(student, reference), inputs, np.random.default_rng(0))


@exercise("lstm_backward", points=1.5, **SEQUENCE_PAIR)
@settings(max_examples=5)
@given(inputs=wide(SEQUENCE, scale=0.5), seed=seeds, scale=st.sampled_from((1.0, 20.0)))
def test_sequence_gradients_fit_the_forward(student, reference, inputs, seed, scale):
    """The gradients are the slopes of your own lstm_forward, by central differences"""
    assert_fits(*sequence_pairs(student, reference), inputs, seed, scale)


@exercise("lstm_backward", points=0.5, **SEQUENCE_PAIR)
@settings(max_examples=4)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_sequence_gradients_are_linear(student, inputs, seed):
    """Twice the dh gives twice the gradients, and one cache can be used again and again"""
    functions = student.lstm_forward, student.lstm_backward
    rng = np.random.default_rng(seed)
    assert_backward_is_linear(functions, inputs, rng)
    outputs, cache = outputs_and_cache(functions[0], inputs)
    assert_some_gradient(functions[1](*cotangents_like(outputs, rng), cache), inputs)


@exercise("lstm_backward", points=0.5, **SEQUENCE_PAIR)
def test_sequence_backward_leaves_its_arguments_unchanged(student, reference):
    """lstm_backward leaves dh, and the arrays in the cache, unchanged

    `dh[:, t] += …` adds to the caller's own array.
    """
    inputs = made(SEQUENCE, {"N": 2, "T": 3, "D": 4, "H": 5})
    outputs, theirs = outputs_and_cache(reference.lstm_forward, inputs)
    (dh,) = cotangents_like(outputs, np.random.default_rng(0))
    _, cache = outputs_and_cache(student.lstm_forward, inputs)
    expected = reference.lstm_backward(dh, theirs)
    assert_pure(student.lstm_backward, dh, cache, like=lambda *_: expected)


def gates(shape, seed):
    """Forget gates between 0.02 and 0.98."""
    return np.round(0.02 + 0.96 * np.random.default_rng(seed).random(shape), 2)


SHAPES = st.sampled_from(((2, 3), (3, 2), (4, 3), (5, 2), (3, 5), (6, 4)))


@exercise("cell_gradient", points=3)
@settings(max_examples=14)
@given(f=st.builds(gates, SHAPES, seeds))
def test_cell_gradient_is_the_product_of_later_gates(student, reference, f):
    """Row t is the product of f[t + 1], …, f[T − 1], unit by unit

    The gate of step t itself is not in it: it acts on the cell before step t.
    """
    assert_close(student.cell_gradient(f), reference.cell_gradient(f))


@exercise("cell_gradient", points=1.5)
@settings(max_examples=4)
@given(f=st.builds(gates, SHAPES, seeds))
def test_cell_gradient_with_equal_gates(student, f):
    """Where a unit's gate is the same at all steps, each row is the next one times that gate

    Going one step further back multiplies by one more gate, whatever the last row is.
    """
    f = np.repeat(f[:1] + 0.01, len(f) + 1, axis=0)
    result = student.cell_gradient(f)
    assert_structure(result, f)
    assert np.all(result > 0), "a row is not above 0, although all gates are"
    assert_close(result[:-1], f[0] * result[1:], what="rows before the last one")


@exercise("cell_gradient", points=0.5)
@settings(max_examples=4)
@given(f=st.builds(gates, SHAPES, seeds))
def test_cell_gradient_ends_with_ones(student, f):
    """The last row is 1, and the row before it is the last gate"""
    result = student.cell_gradient(f)
    assert_structure(result, f)
    assert_close(result[-1], np.ones(f.shape[1]), what="last row")
    assert_close(result[-2], f[-1], what="row before the last one")


@exercise("cell_gradient", points=0.5)
def test_cell_gradient_keeps_axes_of_one(student, reference):
    """The result has the shape of f, also for one step or one unit"""
    for shape in ((1, 3), (4, 1), (1, 1)):
        f = gates(shape, seed=1)
        assert_close(student.cell_gradient(f), reference.cell_gradient(f))


@exercise("cell_gradient", points=1)
def test_cell_gradient_with_shut_and_open_gates(student, reference):
    """A gate of 0 makes all rows before it 0 and leaves the others; a gate of 1 changes nothing

    NaN comes from dividing one product by another, or from a logarithm.
    """
    f = gates((6, 3), seed=2)
    f[3, 0] = f[0, 1] = f[5, 2] = 0.0
    f[2, 0] = f[4, 1] = 1.0
    assert_close(student.cell_gradient(f), reference.cell_gradient(f))
    whole = np.ones((200, 2))
    whole[:, 1] = 0.5
    assert_close(student.cell_gradient(whole), reference.cell_gradient(whole))


@exercise("cell_gradient", points=1)
@settings(max_examples=4)
@given(seed=seeds)
def test_cell_gradient_is_what_a_real_cell_does(student, reference, seed):
    """It is the slope of the last cell by each cell, in an LSTM whose Wh is 0

    With Wh = 0 the gates do not depend on the states, so the direct path is the only one.
    """
    inputs = made(STEP, {"N": 1, "D": 3, "H": 4}, seed)
    Wx, Wh, b = inputs["Wx"], np.zeros((4, 16)), inputs["b"]
    x_seq = np.random.default_rng(seed).standard_normal((5, 1, 3))
    f = reference.sigmoid((x_seq[:, 0] @ Wx + b)[:, 4:8])  # (T, H)
    got = student.cell_gradient(f)
    assert_structure(got, f)
    for t in range(5):
        h = change = np.zeros((1, 4))
        one = np.ones((1, 4))
        for x in x_seq[t + 1 :]:
            _, one, _ = reference.lstm_step_forward(x, h, one, Wx, Wh, b)
            _, change, _ = reference.lstm_step_forward(x, h, change, Wx, Wh, b)
        assert_close(got[t], (one - change)[0], what=f"slope of the last cell by that of step {t}")


@exercise("cell_gradient", points=0.5)
def test_cell_gradient_leaves_f_unchanged(student, reference):
    """cell_gradient leaves f unchanged"""
    assert_pure(student.cell_gradient, gates((4, 3), seed=3), like=reference.cell_gradient)


def bias(H, seed):
    return np.round(np.random.default_rng(seed).standard_normal(4 * H), 2)


BIASES = st.builds(bias, st.integers(2, 6), seeds)
VALUES = st.sampled_from((1.0, 3.0, 0.0, -2.5, 10.0))


@exercise("forget_bias_init", points=2)
@settings(max_examples=12)
@given(b=BIASES, value=VALUES)
def test_forget_bias_is_set(student, reference, b, value):
    """b[H:2H] is `value`, and the rest is that of b

    The forget gate is the second of the four parts. The value replaces what is there.
    """
    assert_close(student.forget_bias_init(b, value), reference.forget_bias_init(b, value))


@exercise("forget_bias_init", points=1.5)
@settings(max_examples=5)
@given(b=BIASES, value=VALUES)
def test_forget_gate_gets_the_value(student, b, value):
    """The H entries of the forget gate are exactly `value`, whatever they were, and not all are"""
    result = student.forget_bias_init(b, value)
    assert_structure(result, b)
    forget = part("f", b.size // 4)
    what = "part of the forget gate"
    assert_bitwise_equal(result[forget], np.full(b.size // 4, value), what=what)
    assert np.any(result != value), "all four parts have got the value"


@exercise("forget_bias_init", points=1.5)
@settings(max_examples=5)
@given(b=BIASES, value=VALUES)
def test_other_biases_stay(student, b, value):
    """The 3H entries of the other parts are bitwise those of b"""
    result = student.forget_bias_init(b, value)
    assert_structure(result, b)
    assert not np.array_equal(result, b), "nothing was set"
    forget = part("f", b.size // 4)
    what = "three other parts of the bias"
    assert_bitwise_equal(np.delete(result, forget), np.delete(b, forget), what=what)


@exercise("forget_bias_init", points=0.5)
def test_forget_bias_of_one_unit(student):
    """For one unit it is the entry b[1] alone"""
    result = student.forget_bias_init(np.array([0.1, 0.2, 0.3, 0.4]), 1.0)
    assert_close(result, np.array([0.1, 1.0, 0.3, 0.4]))


@exercise("forget_bias_init", points=0.5)
def test_forget_bias_init_leaves_b_unchanged(student, reference):
    """forget_bias_init leaves b unchanged

    `started = b` is a second name for the same array; `b.copy()` is a new one.
    """
    assert_pure(student.forget_bias_init, bias(3, 0), 1.0, like=reference.forget_bias_init)


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


@exercise("design_latch_lstm", points=0.5)
def test_latch_has_weights_of_one_unit(student):
    """Wx is (2, 4), Wh (1, 4) and b (4,), all finite and at most 1e4, and some are not 0"""
    weights = latch_weights(student)
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
