"""Public tests of `train_adding`."""

from __future__ import annotations

import numpy as np

from autograder.testing import (
    StudentFailure,
    assert_bitwise_equal,
    assert_close,
    assert_finite,
    assert_pure,
    assert_structure,
    exercise,
    show,
)


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
