"""Hidden tests of `train_adding`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import (
    StudentFailure,
    assert_bitwise_equal,
    assert_close,
    assert_form,
    assert_pure,
    assert_structure,
    exercise,
    seeds,
    show,
)

CELLS = ("rnn", "rnn clipped", "lstm", "gru")


def adding_batches(make, count, n, T, seed):
    """Batches of the adding task, by the reference's ``make_adding``."""
    rng = np.random.default_rng(seed)
    return [make(n, T, rng) for _ in range(count)]


def uneven_batches(make, seed, scale=1.0):
    """Three batches of different sizes and lengths, with targets times ``scale``."""
    rng = np.random.default_rng(seed)
    sizes = ((3, 4), (2, 5), (4, 2))
    pairs = [make(n, T, rng) for n, T in (sizes[i] for i in rng.permutation(3))]
    return [(x, scale * y) for x, y in pairs]


def gentle_batches(reference, cell, seed):
    """Three batches whose targets the starting point almost meets: nothing in them is clipped."""
    kind = cell.split()[0]
    params = reference.init_network(kind, np.random.default_rng(seed))
    batches = []
    for x, y in uneven_batches(reference.make_adding, seed):
        h, _ = reference.cell_forward(kind, x, params)
        prediction = (h[:, -1] @ params["Wo"] + params["bo"])[:, 0]
        batches.append((x, prediction + 0.05 * (y - 1.0)))
    return batches


def train(module, cell, seed, batches, *rate):
    """The losses and parameters of a training; None for the latter where they are not returned."""
    result = module.train_adding(cell, np.random.default_rng(seed), batches, *rate)
    if isinstance(result, list):
        result = result, None  # the other half of the answer can still be judged
    if not isinstance(result, tuple) or len(result) != 2:
        raise StudentFailure(
            "`train_adding` must return two things: `return losses, params`", got=show(result)
        )
    losses, params = result
    if not isinstance(losses, list | tuple | np.ndarray):
        raise StudentFailure("the losses are not a list", got=show(losses))
    return list(losses), params


def assert_losses_agree(student, reference, cell, seed, batches, *rate):
    """Assert that the student's losses are the reference's."""
    got, _ = train(student, cell, seed, batches, *rate)
    expected, _ = train(reference, cell, seed, batches, *rate)
    if len(got) != len(expected):
        raise StudentFailure(
            f"there are {len(got)} losses for {len(expected)} batches", got=show(got)
        )
    for i, (ours, wanted) in enumerate(zip(got, expected, strict=True)):
        assert_close(ours, wanted, rtol=1e-8, what=f"loss of batch {i} (“{cell}”)")


@exercise("train_adding", points=3)
@settings(max_examples=6)
@given(cell=st.sampled_from(CELLS), seed=seeds)
@example(cell="rnn", seed=1)
@example(cell="rnn clipped", seed=1)
def test_training_begins_with_the_error_of_the_starting_point(student, reference, cell, seed):
    """The first loss is the mean squared error of the network as init_network made it

    The prediction is read off the last state, h[:, -1]. If the loss is far too large: h_T @ Wo has
    the shape (N, 1), and minus y, of shape (N,), it becomes (N, N).
    """
    batches = uneven_batches(reference.make_adding, seed)[:1]
    assert_losses_agree(student, reference, cell, seed, batches)


@exercise("train_adding", points=4.5)
@settings(max_examples=6)
@given(seed=seeds)
@example(seed=1)
def test_training_a_plain_network(student, reference, seed):
    """The plain RNN's losses on the next batches are right, so every update was

    The second loss tells of the gradients and of the first update, the third one of the velocity,
    too. Each loss is the one before its own update.
    """
    batches = gentle_batches(reference, "rnn", seed)
    assert_losses_agree(student, reference, "rnn", seed, batches)


@exercise("train_adding", points=2.5)
@settings(max_examples=6)
@given(cell=st.sampled_from(("lstm", "gru")), seed=seeds)
@example(cell="lstm", seed=1)
@example(cell="gru", seed=1)
def test_training_a_gated_network(student, reference, cell, seed):
    """The LSTM's and the GRU's losses on the next batches are right"""
    batches = gentle_batches(reference, cell, seed)
    assert_losses_agree(student, reference, cell, seed, batches)


@exercise("train_adding", points=3)
@settings(max_examples=6)
@given(cell=st.sampled_from(CELLS[1:]), seed=seeds, scale=st.sampled_from((3.0, 20.0)))
@example(cell="rnn clipped", seed=1, scale=20.0)
def test_training_clips_large_gradients(student, reference, cell, seed, scale):
    """Large gradients are clipped to a global norm of 1, all five together, before the update

    The targets are larger here, and the gradients with them. Clip the gradients, not the parameters
    and not the velocity, and Wo and bo are among them.
    """
    batches = uneven_batches(reference.make_adding, seed, scale)
    assert_losses_agree(student, reference, cell, seed, batches)


@exercise("train_adding", points=1)
@settings(max_examples=4)
@given(seed=seeds)
@example(seed=1)
def test_training_does_not_clip_the_plain_network(student, reference, seed):
    """The gradients of "rnn" are not clipped, however large they are"""
    batches = uneven_batches(reference.make_adding, seed, 20.0)
    assert_losses_agree(student, reference, "rnn", seed, batches)


@exercise("train_adding", points=2)
@settings(max_examples=4)
@given(cell=st.sampled_from(CELLS), seed=seeds)
@example(cell="rnn clipped", seed=1)
def test_training_returns_the_last_parameters(student, reference, cell, seed):
    """params are the five parameters after the last update"""
    batches = gentle_batches(reference, cell, seed)
    _, got = train(student, cell, seed, batches)
    _, expected = train(reference, cell, seed, batches)
    assert_structure(got, expected, what="params")
    for name in expected:
        assert_close(got[name], expected[name], rtol=1e-8, what=f"parameter {name}")


@exercise("train_adding", points=0.5)
def test_training_without_batches(student, reference):
    """Without batches there are no losses, and the parameters are the starting point"""
    for cell in ("rnn clipped", "lstm"):
        losses, params = train(student, cell, 3, [])
        assert_close(losses, [], what="losses")
        start = reference.init_network(cell.split()[0], np.random.default_rng(3))
        assert_close(params, start, what="params")


@exercise("train_adding", points=0.5, form=True)
def test_training_records_python_floats(student, reference):
    """losses is a list of Python floats, one per batch, and params a dict of float64 arrays

    `float(…)` makes one of a NumPy number.
    """
    batches = uneven_batches(reference.make_adding, 2)
    batches[1] = reference.make_adding(1, 5, np.random.default_rng(2))  # a single sequence
    result = student.train_adding("rnn", np.random.default_rng(2), batches)
    assert_structure(result[0], [0.0, 0.0, 0.0], what="losses")
    kinds = [type(loss).__name__ for loss in result[0]]
    if type(result[0]) is not list or kinds != ["float"] * 3:
        raise StudentFailure(
            "losses is not a list of Python floats",
            got=f"{type(result[0]).__name__} of {', '.join(kinds)}",
            expected="list of float, float, float",
        )
    assert result[0][0] > 0, "the first loss is not above 0"
    _, expected = reference.train_adding("rnn", np.random.default_rng(2), batches)
    assert_form(result[1:], (expected,), what="params")


@exercise("train_adding", points=1)
@settings(max_examples=3)
@given(rate=st.sampled_from((0.0, 0.01, 0.3)), seed=seeds)
@example(rate=0.0, seed=1)
@example(rate=0.3, seed=1)
def test_training_uses_its_learning_rate(student, reference, rate, seed):
    """The learning rate is the one given, 0 included"""
    batches = gentle_batches(reference, "gru", seed)
    assert_losses_agree(student, reference, "gru", seed, batches, rate)


@exercise("train_adding", points=1)
def test_training_is_repeatable(student, reference):
    """The same rng gives the same losses, to the last bit, and another rng gives others"""
    batches = adding_batches(reference.make_adding, 4, 3, 4, seed=1)
    first, again, other = (train(student, "gru", seed, batches)[0] for seed in (4, 4, 5))
    assert_structure(first, [0.0] * 4, what="losses")
    assert_bitwise_equal(again, first, what="losses of the second run")
    if other == first:
        raise StudentFailure(
            "two different generators give the same losses", got=show(other), expected="others"
        )


@exercise("train_adding", points=1)
def test_training_survives_a_wild_learning_rate(student, reference):
    """At a learning rate of 1e15 the clipped network's losses stay finite, the plain one's do not

    Clipped gradients have a norm of 1 at most, so each step has a limited length. The plain network
    explodes, and training goes on to the last batch all the same.
    """
    batches = adding_batches(reference.make_adding, 12, 4, 4, seed=2)
    losses, _ = train(student, "rnn clipped", 2, batches, 1e15)
    assert_structure(losses, [0.0] * 12, what="losses")
    assert np.all(np.isfinite(losses)), "a loss of “rnn clipped” is not finite"
    losses, _ = train(student, "rnn", 2, batches, 1e15)
    assert_structure(losses, [0.0] * 12, what="losses")
    assert not np.all(np.isfinite(losses)), "all losses of “rnn” are finite: is it clipped?"


@exercise("train_adding", points=1.5)
def test_training_puts_the_cells_in_order(student, reference):
    """After 100 batches the gated cells are below half the baseline, and the plain RNN is last

    If only this fails: do all batches take part, in their order?
    """
    batches = adding_batches(reference.make_adding, 100, 32, 6, seed=2)
    last = {}
    for cell in CELLS:
        losses, _ = train(student, cell, 2, batches)
        assert_structure(losses, [0.0] * 100, what="losses")
        last[cell] = float(np.mean(losses[-30:]))
    said = ", ".join(f"{cell}: {show(loss)}" for cell, loss in last.items())
    gated = max(last["lstm"], last["gru"])
    if not (gated < 1.0 / 12.0 and gated < last["rnn clipped"] < last["rnn"]):
        raise StudentFailure(
            "the mean of the last 30 losses is not in the order that it should have",
            got=said,
            expected="rnn above rnn clipped, and both above lstm and gru, which are below 1/12",
        )


@exercise("train_adding", points=0.5)
def test_training_leaves_batches_unchanged(student, reference):
    """train_adding leaves the batches unchanged"""
    batches = gentle_batches(reference, "lstm", 1)
    args = "lstm", np.random.default_rng(1), batches
    expected = reference.train_adding("lstm", np.random.default_rng(1), batches)
    assert_pure(student.train_adding, *args, like=lambda *_: expected)
