"""The tests that come with a8_memory: the notebook's cells `check("…")` run them.

You may read them. The grader asks the same questions, on more and other inputs.
"""

from __future__ import annotations

import numpy as np

from autograder.testing import (
    StudentFailure,
    assert_bitwise_equal,
    assert_close,
    assert_finite,
    assert_pure,
    assert_raises,
    assert_structure,
    exercise,
    show,
)


def assert_batch(result, x, y):
    """Assert that the result is a pair of arrays like x and y, and return them."""
    assert_structure(result, (x, y))
    return result


def assert_one_marker(markers, what):
    """Assert that markers (n, steps) has exactly one 1 in each row, and 0 elsewhere."""
    assert_close(np.sort(markers, axis=1)[:, :-1], 0.0 * markers[:, 1:], what=f"markers {what}")
    assert_close(markers.sum(axis=1), np.ones(len(markers)), what=f"number of markers {what}")


def assert_repeatable(make):
    """Assert that rng alone decides: the same seed the same batch, another seed another one."""
    one, again, other = (make(20, 12, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert_structure(again, one)
    assert_bitwise_equal(again, one, what="batch drawn with the same seed")
    if any(np.array_equal(ours, theirs) for ours, theirs in zip(one, other, strict=True)):
        raise StudentFailure("two different seeds give the same batch")


@exercise("make_adding")
def test_adding_has_the_right_shape_and_markers(student):
    """x is (n, T, 2): values from 0 to 1, and one marker in each half of every sequence

    Two markers in one half? The first step is drawn from 0 .. T//2 − 1, the second one from T//2 ..
    T − 1, each for every sequence anew. `rng.integers` does not draw its upper end.
    """
    make = student.make_adding
    x, _ = assert_batch(make(50, 5, np.random.default_rng(0)), np.zeros((50, 5, 2)), np.zeros(50))
    assert np.all((x[:, :, 0] >= 0) & (x[:, :, 0] < 1)), "a value is not in [0, 1)"
    assert_one_marker(x[:, :2, 1], "among the steps 0 and 1, for T = 5")
    assert_one_marker(x[:, 2:, 1], "among the steps 2 to 4, for T = 5")
    assert np.all(x[:, :, 1].any(axis=0)), "among 50 sequences, a step is never marked"


@exercise("make_adding")
def test_adding_answers_with_the_sum(student):
    """y is the sum of the two marked values, and a guess of 1 costs about 1/6

    A y that is off in every sequence is often taken one step beside the marker, or over all values.
    """
    n = 2000
    x, y = assert_batch(
        student.make_adding(n, 10, np.random.default_rng(1)), np.zeros((n, 10, 2)), np.zeros(n)
    )
    assert_close(y, np.sum(x[:, :, 0] * x[:, :, 1], axis=1), what="y")
    baseline = np.mean((y - 1.0) ** 2)
    assert 0.14 < baseline < 0.19, f"a guess of 1 costs {baseline:.3f}"


@exercise("make_adding")
def test_adding_draws_in_order_and_from_rng(student):
    """rng alone decides, in the stated order: values, first steps, second steps

    The first numbers that the generator gives are the values. A generator of your own, or the
    hidden one behind `np.random.rand`, is of no use here.
    """
    x, _ = assert_batch(
        student.make_adding(2, 6, np.random.default_rng(7)), np.zeros((2, 6, 2)), np.zeros(2)
    )
    same = np.random.default_rng(7)
    assert_close(x[:, :, 0], same.random((2, 6)), what="values")
    drawn = np.stack([same.integers(3, size=2), same.integers(3, 6, size=2)], axis=1)
    steps = np.argsort(x[:, :, 1], axis=1, kind="stable")[:, -2:]
    assert_close(np.sort(steps, axis=1), drawn, what="marked steps")
    assert_repeatable(student.make_adding)


@exercise("make_copy")
def test_copy_lays_out_input_and_target(student):
    """With T = 3: ten symbols, two blanks, the delimiter at step 12, ten blanks; then the answer

    Tokens 0 to 7 are the symbols, 8 is the blank, 9 the delimiter, all of them integers. The target
    is blank for T + 10 steps, so its first symbol comes right behind the delimiter.
    """
    like = np.zeros((4, 23), dtype=int)
    x, y = assert_batch(student.make_copy(4, 3, np.random.default_rng(0)), like, like)
    assert np.all((x[:, :10] >= 0) & (x[:, :10] < 8)), "a symbol is not one of 0 to 7"
    rest = np.array([[8, 8, 9, *[8] * 10]] * 4)
    assert_close(x[:, 10:], rest, what="input behind the ten symbols")
    assert_close(y[:, :13], np.full((4, 13), 8), what="target up to the delimiter")
    assert_close(y[:, 13:], x[:, :10], what="target behind the delimiter")


@exercise("make_copy")
def test_copy_draws_eight_symbols_from_rng(student):
    """All eight symbols come, drawn in one call from rng

    If symbol 7 never comes: `rng.integers` does not draw its upper end. If only the numbers differ:
    is there a second draw, or another shape than (n, 10)?
    """
    like = np.zeros((40, 21), dtype=int)
    x, _ = assert_batch(student.make_copy(40, 1, np.random.default_rng(2)), like, like)
    assert_close(np.unique(x[:, :10]), np.arange(8), what="symbols that come")
    expected = np.random.default_rng(2).integers(8, size=(40, 10))
    assert_close(x[:, :10], expected, what="symbols")
    assert_repeatable(student.make_copy)


@exercise("make_latch")
def test_latch_has_one_early_mark(student):
    """One early step is marked with −1 or 1, all others hold weak noise, and y is the mark

    With T = 12 the mark is at one of the steps 0 to 2. A value that is almost 1 has noise added to
    it: assign the mark. There is noise before the mark, too.
    """
    x, y = assert_batch(
        student.make_latch(60, 12, np.random.default_rng(0)), np.zeros((60, 12, 2)), np.zeros(60)
    )
    values, markers = x[:, :, 0], x[:, :, 1]
    assert_one_marker(markers[:, :3], "among the steps 0 to 2, for T = 12")
    assert_close(markers[:, 3:], np.zeros((60, 9)), what="markers behind the first quarter")
    assert_close(np.unique(y), np.array([-1.0, 1.0]), what="numbers that y holds")
    assert_close(values[markers == 1], y, what="marked values")
    noise = values[markers == 0]
    assert np.all(np.abs(noise) <= 0.1), "noise is beyond 0.1"
    assert np.all(noise != 0), "a value is 0, where there should be noise"
    assert np.all(markers[:, :3].any(axis=0)), "among 60 sequences, an early step is never marked"


@exercise("make_latch")
def test_latch_draws_in_order_and_from_rng(student):
    """rng alone decides, in the stated order: noise for all steps, marked steps, signs"""
    x, y = assert_batch(
        student.make_latch(5, 8, np.random.default_rng(7)), np.zeros((5, 8, 2)), np.zeros(5)
    )
    same = np.random.default_rng(7)
    noise = same.uniform(-0.1, 0.1, size=(5, 8))
    is_marked = x[:, :, 1] == 1
    assert_close(x[~is_marked][:, 0], noise[~is_marked], what="noise")
    assert_close(np.argmax(is_marked, axis=1), same.integers(2, size=5), what="marked steps")
    assert_close(y, 2.0 * same.integers(2, size=5) - 1.0, what="y")
    assert_repeatable(student.make_latch)


def last_state(weights, x):
    """The last state of a tanh unit with these weights, for one sequence x (T, 2)."""
    Wx, Wh, b = weights
    h = np.zeros(1)
    for step in x:
        h = np.tanh(step @ Wx + h @ Wh + b)
    return float(h[0])


def latch_weights(student, w):
    """The student's weights, of the right shapes and with w in place."""
    weights = student.design_latch_rnn(w)
    assert_structure(weights, (np.zeros((2, 1)), np.zeros((1, 1)), np.zeros(1)), what="weights")
    assert_close(weights[1], np.array([[w]]), what="Wh")
    return weights


@exercise("design_latch_rnn")
def test_latch_rnn_holds_the_mark(student):
    """A marked 1 or −1 is still there after 100 steps of noise that pushes against it

    If it is lost, 0.1 u is too large for w, or the mark is not read at all: which of the two inputs
    is the value?
    """
    for w in (2.0, 4.0):
        weights = latch_weights(student, w)
        for mark in (1.0, -1.0):
            x = np.zeros((101, 2))
            x[:, 0], x[0] = -0.1 * mark, (mark, 1.0)
            state = last_state(weights, x)
            if not state * mark > 0.5:
                raise StudentFailure(
                    f"with w = {w:g} a mark of {mark:+g} at the first step is not held",
                    got=f"last state {show(state)}",
                    expected=f"a state near {mark:+g}",
                )


@exercise("design_latch_rnn")
def test_latch_rnn_can_be_turned_over(student):
    """Noise that came first does not win against the mark

    After forty steps of noise the unit holds itself with almost w. The mark enters with u: what
    must u be compared with, and how much must be left?
    """
    for w in (2.0, 4.0):
        weights = latch_weights(student, w)
        for mark in (1.0, -1.0):
            x = np.zeros((81, 2))
            x[:, 0], x[40] = -0.1 * mark, (mark, 1.0)
            state = last_state(weights, x)
            if not state * mark > 0.5:
                raise StudentFailure(
                    f"with w = {w:g} a mark of {mark:+g} does not turn the unit over",
                    got=f"last state {show(state)}",
                    expected=f"a state near {mark:+g}",
                )


@exercise("design_latch_rnn")
def test_latch_rnn_refuses_small_weights(student):
    """w = 1, 0.5 and −2 raise ValueError: there is no such latch"""
    for w in (1.0, 0.5, -2.0):
        assert_raises(student.design_latch_rnn, ValueError, w)


PARAMS = {"Wx": np.array([[3.0], [-4.0]]), "Wh": np.array([[0.5]]), "b": np.zeros(1)}


@exercise("input_saliency")
def test_saliency_of_a_unit_at_rest(student):
    """One unit at 0 with weights 3 and −4 for its inputs, and 0.5 for itself: 1.25, 2.5, 5

    For x = 0 all slopes of tanh are 1. The last input counts with the norm of (3, −4), which is 5,
    and each step back halves it. Twice that if dh_T is −2: norms are never negative.
    """
    _, cache = student.cell_forward("rnn", np.zeros((1, 3, 2)), PARAMS)
    expected = np.array([[1.25, 2.5, 5.0]])
    assert_close(student.input_saliency(np.array([[1.0]]), cache), expected, what="saliency")
    assert_close(student.input_saliency(np.array([[-2.0]]), cache), 2 * expected, what="saliency")
    assert_pure(student.input_saliency, np.array([[1.0]]), cache)


@exercise("input_saliency")
def test_saliency_keeps_sequences_apart(student):
    """Two sequences, only the second with a gradient: the first one's saliency is 0"""
    _, cache = student.cell_forward("rnn", np.zeros((2, 2, 2)), PARAMS)
    got = student.input_saliency(np.array([[0.0], [1.0]]), cache)
    assert_close(got, np.array([[0.0, 0.0], [2.5, 5.0]]), what="saliency")


@exercise("input_saliency")
def test_saliency_of_gated_networks(student):
    """In an LSTM and a GRU, too, it is the slope of the last state, by finite differences

    One input per step here, so the norm is the size of the slope.
    """
    rng, h = np.random.default_rng(0), 1e-5
    for kind, gates in (("lstm", 4), ("gru", 3)):
        params = {"Wx": rng.standard_normal((1, 2 * gates)), "b": rng.standard_normal(2 * gates)}
        params["Wh"] = rng.standard_normal((2, 2 * gates))
        x, dh_T = rng.standard_normal((1, 3, 1)), rng.standard_normal((1, 2))
        _, cache = student.cell_forward(kind, x, params)
        slopes = []
        for t in range(3):
            step = np.zeros((1, 3, 1))
            step[0, t] = h
            ahead, behind = (student.cell_forward(kind, x + s * step, params)[0] for s in (1, -1))
            slopes.append(abs(np.sum(dh_T * (ahead - behind)[:, -1])) / (2 * h))
        got = student.input_saliency(dh_T, cache)
        assert_close(got, np.array([slopes]), rtol=1e-6, what=f"saliency ({kind})")


@exercise("memory_horizon")
def test_horizon_of_known_norms(student):
    """Of 1, 0.5, 0.25, 0.125 the horizon is 2 for eps = 0.2, and 1 for eps = 0.5

    The first norm is of lag 0, so the index is the lag. A norm that equals eps counts.
    """
    norms = np.array([1.0, 0.5, 0.25, 0.125])
    assert_close(student.memory_horizon(norms, 0.2), 2)
    assert_close(student.memory_horizon(norms, 0.5), 1)
    assert_close(student.memory_horizon(norms, 1.0), 0)
    assert_pure(student.memory_horizon, norms, 0.2)


@exercise("memory_horizon")
def test_horizon_beyond_a_gap(student):
    """Of 0.8, 0.01, 0.02, 0.3, 0.01 the horizon for eps = 0.1 is 3

    Norms need not decrease. The last one that is large enough counts, not the end of the first run.
    """
    assert_close(student.memory_horizon(np.array([0.8, 0.01, 0.02, 0.3, 0.01]), 0.1), 3)


@exercise("memory_horizon")
def test_horizon_of_nothing(student):
    """Where no norm is large enough, and where there is none, the answer is None

    Each norm is compared on its own: their sum does not count.
    """
    assert_close(student.memory_horizon(np.array([0.6, 0.4]), 0.5), 0)
    assert_close(student.memory_horizon(np.array([0.4, 0.4]), 0.5), None)
    assert_close(student.memory_horizon(np.zeros(0), 0.5), None)


def any_batches(count, n, T, seed):
    """Batches of random numbers, of the shapes of the adding task."""
    rng = np.random.default_rng(seed)
    return [(rng.standard_normal((n, T, 2)), rng.standard_normal(n)) for _ in range(count)]


def train(student, cell, seed, batches, *rate):
    """The student's losses and parameters, of the right structure."""
    result = student.train_adding(cell, np.random.default_rng(seed), batches, *rate)
    if not isinstance(result, tuple) or len(result) != 2:
        raise StudentFailure("it must return two things: `return losses, params`", got=show(result))
    assert_structure(result[0], [0.0] * len(batches), what="losses")
    assert_structure(sorted(result[1]), ["Wh", "Wo", "Wx", "b", "bo"], what="names in params")
    return result


def loss_at(student, cell, params, x, y):
    """The mean squared error at params, read off the last state."""
    h, _ = student.cell_forward(cell.split()[0], x, params)
    return float(np.mean((h[:, -1] @ params["Wo"][:, 0] + params["bo"] - y) ** 2))


def slopes(student, params, name, x, y):
    """The gradient of the plain RNN's loss by one parameter, by finite differences."""
    gradient = np.zeros(params[name].shape)
    for index in np.ndindex(gradient.shape):
        step = np.zeros(gradient.shape)
        step[index] = 1e-5
        ahead, behind = (
            loss_at(student, "rnn", {**params, name: params[name] + s * step}, x, y)
            for s in (1, -1)
        )
        gradient[index] = (ahead - behind) / 2e-5
    return gradient


@exercise("train_adding")
def test_training_begins_right(student):
    """The first loss is the mean squared error of the network as init_network made it

    Far too large? (N, 1) minus (N,) is (N, N). Only a little off? The prediction is read off the
    last state. And without batches there are no losses: the result is the starting point.
    """
    x, y = any_batches(1, 4, 6, seed=1)[0]
    for cell in ("rnn", "rnn clipped", "lstm", "gru"):
        _, start = train(student, cell, 5, [])
        losses, _ = train(student, cell, 5, [(x, y)])
        loss = loss_at(student, cell, start, x, y)
        assert_close(losses[0], loss, what=f"first loss of “{cell}”")


@exercise("train_adding")
def test_training_takes_a_right_step(student):
    """One step of "rnn" changes Wo, bo, b and Wx by minus the learning rate times their gradient

    The gradient is by finite differences. A factor of 2 or of N? The loss is a mean of squares.
    Only b and Wx wrong? The gradient enters the cell at the last state and nowhere else. No change
    at all? `momentum_step` returns the new parameters and the new velocity.
    """
    x, y = any_batches(1, 4, 6, seed=2)[0]
    _, start = train(student, "rnn", 5, [])
    _, params = train(student, "rnn", 5, [(x, y)], 0.5)
    for name in ("Wo", "bo", "b", "Wx"):
        expected = -0.5 * slopes(student, start, name, x, y)
        assert_close(params[name] - start[name], expected, rtol=1e-6, what=f"change of {name}")


@exercise("train_adding")
def test_training_goes_from_batch_to_batch(student):
    """The second loss is that of the second batch, after one step and before the next

    If it is not: is each batch used once and in order, and is its loss recorded before the update?
    An exploding plain network goes on to its last batch, too.
    """
    batches = any_batches(2, 4, 6, seed=7)
    for cell in ("rnn", "gru"):
        _, params = train(student, cell, 5, batches[:1])
        losses, _ = train(student, cell, 5, batches)
        expected = loss_at(student, cell, params, *batches[1])
        assert_close(losses[1], expected, what=f"second loss of “{cell}”")
    train(student, "rnn", 5, any_batches(12, 4, 6, seed=8), 1e15)


@exercise("train_adding")
def test_training_clips_and_keeps_its_velocity(student):
    """With huge targets the first clipped step has length 1 times the learning rate, the next more

    The norm is that of all five gradients together. The second step of a momentum method adds 0.9
    of the first one, so in the same direction it is 1.9 times as long. And "rnn" is not clipped.
    """
    x, y = any_batches(1, 4, 3, seed=3)[0]
    batches = [(x, y + 1e6)] * 2

    def length(one, two):
        return np.sqrt(sum(np.sum((two[name] - one[name]) ** 2) for name in one))

    for cell in ("rnn clipped", "lstm", "gru"):
        points = [train(student, cell, 5, batches[:k], 1e-3)[1] for k in range(3)]
        first, second = length(*points[:2]), length(*points[1:])
        assert_close(first, 1e-3, rtol=1e-6, what=f"length of the first step of “{cell}”")
        assert_close(second, 1.9e-3, rtol=1e-2, what=f"length of the second step of “{cell}”")
    points = [train(student, "rnn", 5, batches[:k], 1e-3)[1] for k in range(2)]
    assert length(*points) > 1.0, "the gradients of “rnn” are clipped, too"


@exercise("train_adding", after="make_adding")
def test_training_learns(student):
    """After 150 batches of your make_adding the gated cells are below half the baseline of 1/6

    Does make_adding pass its own check? If all tests above pass and this does not: is each batch
    used once, does the velocity stay from step to step, and do all five parameters change?
    """
    train(student, "gru", 0, any_batches(1, 2, 3, seed=4))
    batches = [student.make_adding(32, 8, np.random.default_rng(seed)) for seed in range(150)]
    print("training an LSTM and a GRU on 150 batches: less than ten seconds …", flush=True)
    for cell in ("lstm", "gru"):
        losses, _ = train(student, cell, 4, batches)
        assert_finite(losses, what="losses")
        last = float(np.mean(losses[-50:]))
        if not last < 1.0 / 12.0:
            raise StudentFailure(
                f"the mean of the last 50 losses of “{cell}” is too large",
                got=show(last),
                expected="below 1/12",
            )


@exercise("train_adding")
def test_training_leaves_its_batches_alone(student):
    """The same rng gives the same losses, another one gives others, and batches stay unchanged"""
    batches = any_batches(3, 4, 5, seed=6)
    one, again, other = (train(student, "lstm", seed, batches)[0] for seed in (1, 1, 2))
    assert_bitwise_equal(again, one, what="losses of the second run")
    if list(other) == list(one):
        raise StudentFailure("two different generators give the same losses")
    assert_pure(student.train_adding, "lstm", np.random.default_rng(1), batches)
