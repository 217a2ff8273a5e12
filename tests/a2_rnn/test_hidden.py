"""The graded tests of assignment 2: the public properties, on more and other inputs."""

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
    assert_structure,
    describe,
    show,
)
from autograder.model import Kind, StudentFailure
from autograder.strategies import made, seeds, tensors, wide, with_an_axis_of_one
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.suite import exercise

STEP = {"x": "ND", "prev_h": "NH", "Wx": "DH", "Wh": "HH", "b": "H"}
SEQUENCE = {"x_seq": "NTD", "h0": "NH", "Wx": "DH", "Wh": "HH", "b": "H"}
OUTPUT = {"h": "NTH", "Wo": "HV", "bo": "V"}
NOT_THERE = (Kind.MISSING, Kind.UNFINISHED)


def assert_finite(array, what):
    """Assert that no number is NaN or infinite: NaN is like NaN, and unlike everything."""
    if not np.all(np.isfinite(array)):
        raise StudentFailure(f"the {what} has entries that are NaN or infinite", got=show(array))


def states(function, inputs):
    """The states that the student's ``function`` returns, an array of the right shape."""
    (h, *_), _ = outputs_and_cache(function, inputs)
    N, T, _ = inputs["x_seq"].shape
    assert_structure(h, np.zeros((N, T, inputs["b"].size)), what="array of states")
    assert_finite(h, "array of states")
    return h


def next_state(function, inputs):
    """The same for a single step."""
    (next_h, *_), _ = outputs_and_cache(function, inputs)
    assert_structure(next_h, inputs["prev_h"], what="next state")
    assert_finite(next_h, "next state")
    return next_h


def assert_causal(function, inputs, seed):
    """Assert that inputs from step t on move the state at t, and none before it by a single bit."""
    h = states(function, inputs)
    x_seq = inputs["x_seq"]
    noise = np.abs(np.random.default_rng(seed).standard_normal(x_seq.shape)) + 0.5
    for t in range(x_seq.shape[1]):
        changed = np.array(x_seq)
        changed[:, t:] += noise[:, t:]
        moved = states(function, {**inputs, "x_seq": changed})
        if t > 0:
            what = f"states before step {t}, when only inputs from step {t} on change,"
            assert_bitwise_equal(moved[:, :t], h[:, :t], what=what)
        if np.array_equal(moved[:, t], h[:, t]):
            raise StudentFailure(f"h[:, {t}] stays as it was when x_seq[:, {t}] changes")


@exercise("rnn_step_forward", points=2.5)
@settings(max_examples=10)
@given(inputs=wide(STEP))
def test_step_from_a_zero_state(student, reference, inputs):
    """From a state of zeros, a step is tanh(x @ Wx + b)

    Wh plays no part here: this is about Wx, the bias and the activation.
    """
    inputs = {**inputs, "prev_h": np.zeros(inputs["prev_h"].shape)}
    assert_forward_agrees(student.rnn_step_forward, reference.rnn_step_forward, inputs)


@exercise("rnn_step_forward", points=3)
@settings(max_examples=10)
@given(inputs=wide(STEP))
def test_step_without_a_bias(student, reference, inputs):
    """With b = 0, a step is tanh(x @ Wx + prev_h @ Wh)

    If it is right from a state of zeros and not here: how does prev_h come in? `Wh` is square, so
    a transposed one raises no error.
    """
    inputs = {**inputs, "b": np.zeros(inputs["b"].shape)}
    assert_forward_agrees(student.rnn_step_forward, reference.rnn_step_forward, inputs)


@exercise("rnn_step_forward", points=3)
@settings(max_examples=10)
@given(inputs=wide(STEP))
def test_step_agrees_with_its_formula(student, reference, inputs):
    """next_h = tanh(x @ Wx + prev_h @ Wh + b), all together"""
    assert_forward_agrees(student.rnn_step_forward, reference.rnn_step_forward, inputs)


@exercise("rnn_step_forward", points=1)
@settings(max_examples=4)
@given(inputs=tensors(**STEP))
@with_an_axis_of_one(STEP)
def test_step_keeps_axes_of_one(student, reference, inputs):
    """next_h has the shape (N, H), also where N, D or H is 1

    If this alone fails: does something remove axes of length 1, as `squeeze` does?
    """
    assert_forward_agrees(student.rnn_step_forward, reference.rnn_step_forward, inputs)


@exercise("rnn_step_forward", points=1)
@settings(max_examples=6)
@given(inputs=wide(STEP, scale=0.5))
def test_step_hears_prev_h_through_wh_alone(student, inputs):
    """With Wh = 0 the state before makes no difference; with another Wh it does"""
    other = {**inputs, "prev_h": inputs["prev_h"] + 1.0}
    silent = {"Wh": np.zeros(inputs["Wh"].shape)}
    here = next_state(student.rnn_step_forward, {**inputs, **silent})
    there = next_state(student.rnn_step_forward, {**other, **silent})
    assert_close(there, here, what="next state for another prev_h, with Wh = 0,")
    with_wh = next_state(student.rnn_step_forward, inputs)
    assert not np.array_equal(with_wh, here), "Wh makes no difference to the next state"


@exercise("rnn_step_forward", points=1.5)
@settings(max_examples=6)
@given(inputs=wide(STEP, scale=0.5), seed=seeds)
def test_step_treats_each_sequence_on_its_own(student, inputs, seed):
    """The sequences of a batch have nothing to do with each other

    Rows in another order give the same next states in that order, and a sequence alone gets what
    it gets in a batch.
    """
    h = next_state(student.rnn_step_forward, inputs)
    order = np.random.default_rng(seed).permutation(len(h))
    shuffled = {**inputs, "x": inputs["x"][order], "prev_h": inputs["prev_h"][order]}
    what = "next state of the same sequences in another order"
    assert_close(next_state(student.rnn_step_forward, shuffled), h[order], what=what)
    changed = np.array(inputs["x"])
    changed[0] += 1.0
    moved = next_state(student.rnn_step_forward, {**inputs, "x": changed})
    assert_close(moved[1:], h[1:], what="next state of the other sequences, when x[0] changes,")
    assert not np.array_equal(moved[0], h[0]), "next_h[0] stays as it was when x[0] changes"


@exercise("rnn_step_forward", points=1.5)
@settings(max_examples=6)
@given(inputs=wide(STEP))
def test_step_saturates_at_one(student, inputs):
    """A state is −1 or 1 where the pre-activation is large, and never further out

    0 in place of −1? That is another activation. Beyond 1? Then there is none, or something is
    added after it.
    """
    x, prev_h, Wx, Wh, b = inputs.values()
    x = 200.0 * x
    a = x @ Wx + prev_h @ Wh + b
    h = next_state(student.rnn_step_forward, {**inputs, "x": x})
    far = np.abs(a) > 30.0
    assert_close(h[far], np.sign(a[far]), what="states with large pre-activations")
    if np.any(np.abs(h) > 1.0):
        largest = f"{np.max(np.abs(h)):.4g}"
        raise StudentFailure("a state leaves the range of tanh", got=largest, expected="at most 1")


@exercise("rnn_step_forward", points=0.5)
def test_step_leaves_its_arguments_unchanged(student, reference):
    """rnn_step_forward leaves its arguments unchanged"""
    inputs = made(STEP, {"N": 2, "D": 3, "H": 4})
    assert_forward_leaves_unchanged(student.rnn_step_forward, reference.rnn_step_forward, inputs)


@exercise("rnn_forward", points=5, after="rnn_step_forward")
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


@exercise("rnn_forward", points=2, after="rnn_step_forward")
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


@exercise("rnn_forward", points=0.5, after="rnn_step_forward")
def test_sequence_leaves_its_arguments_unchanged(student, reference):
    """rnn_forward leaves its arguments unchanged

    `h = h0` makes no copy: what is stored in `h[...]` is stored in the caller's h0.
    """
    inputs = made(SEQUENCE, {"N": 2, "T": 3, "D": 4, "H": 5})
    assert_forward_leaves_unchanged(student.rnn_forward, reference.rnn_forward, inputs)


@exercise("rnn_relu_forward", points=4)
@settings(max_examples=16)
@given(inputs=wide(SEQUENCE))
def test_relu_sequence_agrees_with_its_formula(student, reference, inputs):
    """h[:, t] = max(x_seq[:, t] @ Wx + h[:, t − 1] @ Wh + b, 0), from any h0

    The state that is handed on is the one after the ReLU, and h0 is taken as it is.
    """
    assert_forward_agrees(student.rnn_relu_forward, reference.rnn_relu_forward, inputs)


@exercise("rnn_relu_forward", points=1)
@settings(max_examples=4)
@given(inputs=tensors(**SEQUENCE))
@with_an_axis_of_one(SEQUENCE)
def test_relu_sequence_keeps_axes_of_one(student, reference, inputs):
    """h has the shape (N, T, H), also for one sequence, one step, one input or one unit"""
    assert_forward_agrees(student.rnn_relu_forward, reference.rnn_relu_forward, inputs)


@exercise("rnn_relu_forward", points=1.5)
@settings(max_examples=8)
@given(inputs=wide(SEQUENCE))
def test_relu_sequence_sums_up(student, inputs):
    """With Wh = I, b = 0, h0 = 0 and no negative input, h is the running sum of x_seq @ Wx

    If the sum stops at 1, or grows ever more slowly, something still limits the state.
    """
    x_seq, Wx = np.abs(inputs["x_seq"]), np.abs(inputs["Wx"])
    h0, b = np.zeros(inputs["h0"].shape), np.zeros(inputs["b"].shape)
    sums = {"x_seq": x_seq, "h0": h0, "Wx": Wx, "Wh": np.eye(b.size), "b": b}
    h = states(student.rnn_relu_forward, sums)
    assert_close(h, np.cumsum(x_seq @ Wx, axis=1), what="running sum")


@exercise("rnn_relu_forward", points=1)
@settings(max_examples=6)
@given(inputs=wide(SEQUENCE))
def test_relu_states_are_never_negative(student, inputs):
    """No state is negative, and where a pre-activation is, the state is exactly 0"""
    h = states(student.rnn_relu_forward, inputs)
    if np.any(h < 0):
        raise StudentFailure("a state is negative", got=f"{h.min():.4g}", expected="0 or more")
    low = {**inputs, "b": np.full(inputs["b"].shape, -1e4)}
    h = states(student.rnn_relu_forward, low)
    assert_close(h, np.zeros(h.shape), what="state for b = −1e4")
    high = {**inputs, "Wh": np.zeros(inputs["Wh"].shape), "b": np.full(inputs["b"].shape, 1e4)}
    h = states(student.rnn_relu_forward, high)
    assert np.all(h > 5e3), "for b = 1e4 and Wh = 0 the states should be of that size"


@exercise("rnn_relu_forward", points=1)
@settings(max_examples=4)
@given(inputs=wide(SEQUENCE), seed=seeds)
def test_relu_states_do_not_depend_on_later_inputs(student, inputs, seed):
    """Causality holds here, too: a change of x_seq[:, t:] leaves h[:, :t] as it is, bit by bit"""
    positive = {name: np.abs(value) for name, value in inputs.items()}  # so that no unit is off
    assert_causal(student.rnn_relu_forward, positive, seed)


@exercise("rnn_relu_forward", points=0.5)
def test_relu_sequence_leaves_its_arguments_unchanged(student, reference):
    """rnn_relu_forward leaves its arguments unchanged"""
    inputs = made(SEQUENCE, {"N": 2, "T": 3, "D": 4, "H": 5})
    function = student.rnn_relu_forward
    assert_forward_leaves_unchanged(function, reference.rnn_relu_forward, inputs)


@exercise("output_forward", points=1.5)
@settings(max_examples=8)
@given(inputs=wide(OUTPUT))
def test_output_without_a_bias(student, reference, inputs):
    """With bo = 0, scores[n, t] = h[n, t] @ Wo"""
    inputs = {**inputs, "bo": np.zeros(inputs["bo"].shape)}
    assert_forward_agrees(student.output_forward, reference.output_forward, inputs)


@exercise("output_forward", points=2.5)
@settings(max_examples=10)
@given(inputs=wide(OUTPUT))
def test_output_agrees_with_its_formula(student, reference, inputs):
    """scores[n, t] = h[n, t] @ Wo + bo, for every sequence and every step

    If shapes are right and numbers are not: a `reshape` keeps the order of the numbers in memory,
    it does not exchange axes.
    """
    assert_forward_agrees(student.output_forward, reference.output_forward, inputs)


@exercise("output_forward", points=1)
@settings(max_examples=4)
@given(inputs=tensors(**OUTPUT))
@with_an_axis_of_one(OUTPUT)
def test_output_keeps_axes_of_one(student, reference, inputs):
    """scores has the shape (N, T, V), also where one of N, T, H, V is 1"""
    assert_forward_agrees(student.output_forward, reference.output_forward, inputs)


@exercise("output_forward", points=1.5)
@settings(max_examples=6)
@given(inputs=wide(OUTPUT), seed=seeds)
def test_scores_of_a_step_come_from_its_state(student, inputs, seed):
    """A change of h[n, t] changes scores[n, t], and no other scores"""
    (scores, *_), _ = outputs_and_cache(student.output_forward, inputs)
    (N, T, _), V = inputs["h"].shape, inputs["bo"].size
    assert_structure(scores, np.zeros((N, T, V)), what="array of scores")
    assert_finite(scores, "array of scores")
    n, t = np.random.default_rng(seed).integers((N, T))
    changed = np.array(inputs["h"])
    changed[n, t] += 1.0
    (moved, *_), _ = outputs_and_cache(student.output_forward, {**inputs, "h": changed})
    here = np.zeros((N, T), dtype=bool)
    here[n, t] = True
    what = f"scores elsewhere, when h[{n}, {t}] changes,"
    assert_close(moved[~here], scores[~here], what=what)
    assert not np.array_equal(moved[here], scores[here]), f"scores[{n}, {t}] stays as it was"


@exercise("output_forward", points=0.5)
def test_output_leaves_its_arguments_unchanged(student, reference):
    """output_forward leaves its arguments unchanged"""
    inputs = made(OUTPUT, {"N": 2, "T": 3, "H": 4, "V": 5})
    assert_forward_leaves_unchanged(student.output_forward, reference.output_forward, inputs)


def partners(forward, backward):
    """A student's (forward, backward), where a missing backward is named before a missing forward.

    Without a forward function there is no cache to give to the backward one, so it would not be
    called at all.
    """

    def asked(*args):
        try:
            return forward(*args)
        except StudentFailure as failure:
            if failure.kind in NOT_THERE:
                try:
                    backward(None, None)
                except StudentFailure as other:
                    if other.kind in NOT_THERE:
                        raise other from None
            raise

    asked.__name__ = forward.name
    return asked, backward


def output_pair(student):
    """The student's output_forward and output_backward."""
    return partners(student.output_forward, student.output_backward)


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


def assert_output_gradient_agrees(student, reference, inputs, seed, which):
    """Assert that one of dh, dWo and dbo is right, whatever the others are."""
    outputs, theirs = outputs_and_cache(reference.output_forward, inputs)
    (dscores,) = cotangents_like(outputs, np.random.default_rng(seed))
    _, cache = outputs_and_cache(output_pair(student)[0], inputs)
    got = student.output_backward(dscores, cache)
    if not isinstance(got, tuple | list) or len(got) != 3:
        raise StudentFailure(
            "`output_backward` must return three gradients: `return dh, dWo, dbo`",
            got=describe(got),
        )
    position = list(inputs).index(which)
    expected = reference.output_backward(dscores, theirs)[position]
    assert_close(got[position], expected, what=f"gradient of `{which}`")


@exercise("output_backward", points=1.5, after="output_forward")
@settings(max_examples=6)
@given(inputs=wide(OUTPUT), seed=seeds)
def test_gradient_of_the_states(student, reference, inputs, seed):
    """dh[n, t] = dscores[n, t] @ Wo.T, for every sequence and step"""
    assert_output_gradient_agrees(student, reference, inputs, seed, "h")


@exercise("output_backward", points=2.5, after="output_forward")
@settings(max_examples=8)
@given(inputs=wide(OUTPUT), seed=seeds)
def test_gradient_of_the_output_weights(student, reference, inputs, seed):
    """dWo is the sum, over all sequences and steps, of h[n, t] times dscores[n, t]

    A sum over both axes: not a mean, not one step, and both of the same place.
    """
    assert_output_gradient_agrees(student, reference, inputs, seed, "Wo")


@exercise("output_backward", points=1.5, after="output_forward")
@settings(max_examples=6)
@given(inputs=wide(OUTPUT), seed=seeds)
def test_gradient_of_the_output_bias(student, reference, inputs, seed):
    """dbo is the sum of dscores over all sequences and steps

    A sum over both axes: not a mean, and of shape (V,).
    """
    assert_output_gradient_agrees(student, reference, inputs, seed, "bo")


@exercise("output_backward", points=1, after="output_forward")
@settings(max_examples=4)
@given(inputs=wide(OUTPUT), seed=seeds)
def test_output_gradients_are_not_clipped(student, reference, inputs, seed):
    """All three are right for a dscores twenty times as large

    A backward function computes the gradient. To clip it is another function's task.
    """
    assert_backward_agrees(
        output_pair(student),
        (reference.output_forward, reference.output_backward),
        inputs,
        np.random.default_rng(seed),
        scale=20.0,
    )


@exercise("output_backward", points=1, after="output_forward")
@settings(max_examples=4)
@given(inputs=tensors(**OUTPUT))
@with_an_axis_of_one(OUTPUT)
def test_output_gradients_keep_axes_of_one(student, reference, inputs):
    """dh, dWo and dbo have the shapes of h, Wo and bo, also where an axis is 1"""
    assert_backward_agrees(
        output_pair(student),
        (reference.output_forward, reference.output_backward),
        inputs,
        np.random.default_rng(0),
    )


@exercise("output_backward", points=1.5, after="output_forward")
@settings(max_examples=5)
@given(inputs=wide(OUTPUT), seed=seeds, scale=st.sampled_from((1.0, 20.0)))
def test_output_gradients_fit_the_forward(student, reference, inputs, seed, scale):
    """The gradients are the slopes of your own output_forward, by central differences"""
    assert_fits(
        output_pair(student),
        (reference.output_forward, reference.output_backward),
        inputs,
        seed,
        scale,
    )


@exercise("output_backward", points=1.5, after="output_forward")
@settings(max_examples=5)
@given(inputs=wide(OUTPUT), seed=seeds)
def test_output_gradients_are_linear(student, inputs, seed):
    """Twice the dscores gives twice the gradients, and one cache can be used again and again

    A gradient is linear in what comes from above. If the second use of a cache gives something
    else, the first one has changed it.
    """
    functions = output_pair(student)
    rng = np.random.default_rng(seed)
    assert_backward_is_linear(functions, inputs, rng)
    outputs, cache = outputs_and_cache(functions[0], inputs)
    gradients = functions[1](*cotangents_like(outputs, rng), cache)
    for name, gradient in zip(inputs, gradients, strict=True):
        assert_finite(gradient, f"gradient of `{name}`")
        assert np.any(gradient != 0), f"the gradient of `{name}` is 0 everywhere"


@exercise("output_backward", points=0.5, after="output_forward")
def test_output_backward_leaves_its_arguments_unchanged(student, reference):
    """output_backward leaves dscores, and the arrays in the cache, unchanged"""
    inputs = made(OUTPUT, {"N": 2, "T": 3, "H": 4, "V": 5})
    outputs, theirs = outputs_and_cache(reference.output_forward, inputs)
    (dscores,) = cotangents_like(outputs, np.random.default_rng(0))
    _, cache = outputs_and_cache(output_pair(student)[0], inputs)
    expected = reference.output_backward(dscores, theirs)
    assert_pure(student.output_backward, dscores, cache, like=lambda *_: expected)


def text(lengths, seed=0):
    """Words (N, T), some of them more than once, and a table W (V, D)."""
    rng = np.random.default_rng(seed)
    N, T, V, D = lengths
    words = rng.integers(V, size=(N, T))
    words.flat[:2] = 0, V - 1  # the first and the last word of the table, if there is room
    if N * T > 3:
        words.flat[-2:] = words.flat[1]  # a word that occurs more than once
    return {"words": words, "W": np.round(rng.standard_normal((V, D)), 2)}


def all_different(lengths, seed=0):
    """Words (N, T), none of them twice, and a table with more words than there are places."""
    rng = np.random.default_rng(seed)
    N, T, spare, D = lengths
    V = N * T + spare
    words = rng.permutation(V)[: N * T].reshape(N, T)
    return {"words": words, "W": np.round(rng.standard_normal((V, D)), 2)}


LENGTHS = st.permutations((2, 3, 4, 5))
TEXTS = st.builds(text, LENGTHS, seeds)
TEXTS_WITHOUT_REPEATS = st.builds(all_different, LENGTHS, seeds)
SINGLES = ((1, 3, 4, 5), (2, 1, 4, 5), (2, 3, 1, 5), (2, 3, 4, 1), (1, 1, 3, 2))


def of_table(pair, words):
    """A pair of embedding functions, the forward one of W alone: one gradient per input."""

    def embedding_forward(W):
        return pair[0](words, W)

    return embedding_forward, pair[1]


def embedding_pair(student):
    """The student's embedding_forward and embedding_backward."""
    return partners(student.embedding_forward, student.embedding_backward)


def embedding_references(reference):
    """The right ones."""
    return reference.embedding_forward, reference.embedding_backward


@exercise("embedding_forward", points=2.5)
@settings(max_examples=12)
@given(inputs=TEXTS)
def test_embedding_looks_words_up(student, reference, inputs):
    """out[n, t] = W[words[n, t]]

    Words are counted from 0, so word v has row v.
    """
    assert_forward_agrees(student.embedding_forward, reference.embedding_forward, inputs)


@exercise("embedding_forward", points=1)
def test_embedding_keeps_axes_of_one(student, reference):
    """out has the shape (N, T, D), also where one of N, T, V, D is 1"""
    for lengths in SINGLES:
        inputs = text(lengths)
        assert_forward_agrees(student.embedding_forward, reference.embedding_forward, inputs)


@exercise("embedding_forward", points=1)
@settings(max_examples=6)
@given(inputs=TEXTS)
def test_a_row_of_the_table_belongs_to_its_word(student, inputs):
    """A change of W[v] changes out where word v stands, and nowhere else"""
    words, W = inputs["words"], inputs["W"]
    (out, *_), _ = outputs_and_cache(student.embedding_forward, inputs)
    assert_structure(out, np.zeros((*words.shape, W.shape[1])), what="array of vectors")
    assert_finite(out, "array of vectors")
    v = words[-1, -1]
    changed = np.array(W)
    changed[v] += 1.0
    (moved, *_), _ = outputs_and_cache(student.embedding_forward, {**inputs, "W": changed})
    expected = np.where((words == v)[:, :, None], out + 1.0, out)
    assert_close(moved, expected, what=f"result when 1 is added to W[{v}]")


@exercise("embedding_forward", points=0.5)
def test_embedding_leaves_its_arguments_unchanged(student, reference):
    """embedding_forward leaves its arguments unchanged"""
    inputs = text((2, 3, 5, 4))
    assert_forward_leaves_unchanged(student.embedding_forward, reference.embedding_forward, inputs)


def assert_table_gradient_agrees(student, reference, inputs, seed, scale=1.0):
    """Assert that dW is the reference's, for a random dout times ``scale``."""
    words, W = inputs["words"], inputs["W"]
    assert_backward_agrees(
        of_table(embedding_pair(student), words),
        of_table(embedding_references(reference), words),
        {"W": W},
        np.random.default_rng(seed),
        scale,
    )


@exercise("embedding_backward", points=3, after="embedding_forward")
@settings(max_examples=8)
@given(inputs=TEXTS_WITHOUT_REPEATS, seed=seeds)
def test_table_gradient_of_words_that_occur_once(student, reference, inputs, seed):
    """For a word that occurs once, dW[v] is dout at its place; for one that does not, 0

    dW has a row for each word of the table, also for the unused ones.
    """
    assert_table_gradient_agrees(student, reference, inputs, seed)


@exercise("embedding_backward", points=3, after="embedding_forward")
@settings(max_examples=10)
@given(inputs=TEXTS, seed=seeds)
def test_table_gradient_of_repeated_words(student, reference, inputs, seed):
    """For a word that occurs more than once, dW[v] is the sum of dout over its places

    NumPy's `dW[words] += dout` stores one result per place, and of several that go to the same row
    one survives.
    """
    assert_table_gradient_agrees(student, reference, inputs, seed)


@exercise("embedding_backward", points=0.5, after="embedding_forward")
@settings(max_examples=4)
@given(inputs=TEXTS, seed=seeds)
def test_table_gradient_is_not_clipped(student, reference, inputs, seed):
    """The same for a dout twenty times as large"""
    assert_table_gradient_agrees(student, reference, inputs, seed, scale=20.0)


@exercise("embedding_backward", points=0.5, after="embedding_forward")
def test_table_gradient_keeps_axes_of_one(student, reference):
    """dW has the shape of W, also where one of N, T, V, D is 1"""
    for lengths in SINGLES:
        assert_table_gradient_agrees(student, reference, text(lengths), seed=0)


@exercise("embedding_backward", points=1, after="embedding_forward")
@settings(max_examples=5)
@given(inputs=TEXTS, seed=seeds)
def test_nothing_of_dout_is_lost(student, inputs, seed):
    """The columns of dW add up to the sums of dout over all places

    Each place sends its dout to one row. If less arrives than was sent, repeats are lost.
    """
    outputs, cache = outputs_and_cache(embedding_pair(student)[0], inputs)
    assert_structure(outputs[0], np.zeros((*inputs["words"].shape, inputs["W"].shape[1])))
    (dout,) = cotangents_like(outputs, np.random.default_rng(seed))
    dW = student.embedding_backward(dout, cache)
    assert_structure(dW, inputs["W"], what="gradient of `W`")
    assert_close(dW.sum(axis=0), dout.sum(axis=(0, 1)), what="sum of each column of dW")


@exercise("embedding_backward", points=1, after="embedding_forward")
@settings(max_examples=4)
@given(inputs=TEXTS, seed=seeds, scale=st.sampled_from((1.0, 20.0)))
def test_table_gradient_fits_the_forward(student, reference, inputs, seed, scale):
    """dW is the slope of your own embedding_forward, by central differences"""
    words, W = inputs["words"], inputs["W"]
    assert_fits(
        of_table(embedding_pair(student), words),
        of_table(embedding_references(reference), words),
        {"W": W},
        seed,
        scale,
    )


@exercise("embedding_backward", points=0.5, after="embedding_forward")
@settings(max_examples=4)
@given(inputs=TEXTS, seed=seeds)
def test_table_gradient_is_linear(student, inputs, seed):
    """Twice the dout gives twice the dW, and one cache can be used again and again"""
    words, W = inputs["words"], inputs["W"]
    functions = of_table(embedding_pair(student), words)
    rng = np.random.default_rng(seed)
    assert_backward_is_linear(functions, {"W": W}, rng)
    outputs, cache = outputs_and_cache(functions[0], {"W": W})
    dW = functions[1](*cotangents_like(outputs, rng), cache)
    assert_finite(dW, "gradient of `W`")
    assert np.any(dW != 0), "dW is 0 everywhere"


@exercise("embedding_backward", points=0.5, after="embedding_forward")
def test_embedding_backward_leaves_its_arguments_unchanged(student, reference):
    """embedding_backward leaves dout, and the arrays in the cache, unchanged"""
    inputs = text((2, 3, 5, 4))
    outputs, theirs = outputs_and_cache(reference.embedding_forward, inputs)
    (dout,) = cotangents_like(outputs, np.random.default_rng(0))
    _, cache = outputs_and_cache(embedding_pair(student)[0], inputs)
    expected = reference.embedding_backward(dout, theirs)
    assert_pure(student.embedding_backward, dout, cache, like=lambda *_: expected)


def padded(lengths, seed=0):
    """States (N, T, H) and N lengths: a 1, a T where there is room, and others."""
    rng = np.random.default_rng(seed)
    N, T, H = lengths
    real = rng.integers(1, T + 1, size=N)
    real[: min(N, 2)] = (1, T)[: min(N, 2)]
    return {
        "h": np.round(rng.standard_normal((N, T, H)), 2),
        "lengths": rng.permutation(real),
    }


PADDED = st.builds(padded, st.permutations((2, 3, 4)), seeds)


@exercise("last_valid_state", points=4.5)
@settings(max_examples=16)
@given(inputs=PADDED)
@example(inputs=padded((5, 4, 2)))
def test_last_valid_state_agrees(student, reference, inputs):
    """out[n] = h[n, lengths[n] − 1]

    Steps are counted from 0: a sequence of length 1 has its only step at 0. And each sequence has
    a length of its own.
    """
    args = tuple(inputs.values())
    assert_close(student.last_valid_state(*args), reference.last_valid_state(*args))


@exercise("last_valid_state", points=1)
@settings(max_examples=5)
@given(inputs=PADDED)
def test_last_valid_state_without_padding(student, inputs):
    """Where no sequence is padded, it is the last state of all, h[:, −1]"""
    h = inputs["h"]
    assert_close(student.last_valid_state(h, np.full(len(h), h.shape[1])), h[:, -1])


@exercise("last_valid_state", points=2)
@settings(max_examples=6)
@given(inputs=PADDED)
def test_padding_is_never_read(student, reference, inputs):
    """NaN in the padding changes nothing

    To multiply the padding by 0 is to read it: 0 times NaN is NaN.
    """
    h, lengths = inputs["h"], inputs["lengths"]
    padding = np.arange(h.shape[1]) >= lengths[:, None]
    spoilt = np.where(padding[:, :, None], np.nan, h)
    assert_close(
        student.last_valid_state(spoilt, lengths), reference.last_valid_state(spoilt, lengths)
    )


@exercise("last_valid_state", points=1)
def test_last_valid_state_keeps_axes_of_one(student, reference):
    """It is an array of shape (N, H), also where one of N, T, H is 1"""
    for lengths in ((1, 3, 2), (3, 1, 2), (2, 3, 1), (1, 1, 1)):
        args = tuple(padded(lengths).values())
        assert_close(student.last_valid_state(*args), reference.last_valid_state(*args))


@exercise("last_valid_state", points=0.5)
def test_last_valid_state_leaves_its_arguments_unchanged(student, reference):
    """last_valid_state leaves h and lengths unchanged

    `lengths -= 1` changes the caller's lengths; `lengths - 1` is an array of its own.
    """
    args = tuple(padded((4, 3, 2)).values())
    assert_pure(student.last_valid_state, *args, like=reference.last_valid_state)
