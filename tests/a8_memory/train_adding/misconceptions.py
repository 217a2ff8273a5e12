"""Typical wrong answers to `train_adding`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import GIVEN


def _always(cell, grads):
    return GIVEN.clip_by_global_norm(grads, 1.0)[0]


def _train(
    cell,
    rng,
    batches,
    learning_rate,
    *,
    state=lambda h: h[:, -1],
    enter=lambda dh, d: dh[:, -1].__iadd__(d),
    gradient=lambda error: 2.0 * error[:, None] / error.size,
    clip=lambda cell, grads: grads if cell == "rnn" else GIVEN.clip_by_global_norm(grads, 1.0)[0],
    keep=lambda velocity: velocity,
    late=False,
):
    """The loop, with some of its parts replaced by wrong ones."""
    kind = cell.split()[0]
    params = GIVEN.init_network(kind, rng)
    velocity = {name: np.zeros_like(p) for name, p in params.items()}
    losses = []
    for x, y in batches:
        h, cache = GIVEN.cell_forward(kind, x, params)
        read = state(h)
        error = (read @ params["Wo"] + params["bo"])[:, 0] - y
        losses.append(float(np.mean(error**2)))
        dprediction = gradient(error)  # (N, 1)
        dh = np.zeros_like(h)
        enter(dh, dprediction @ params["Wo"].T)
        grads = GIVEN.cell_backward(dh, cache)[1]
        grads["Wo"], grads["bo"] = read.T @ dprediction, dprediction.sum(axis=0)
        params, velocity = GIVEN.momentum_step(params, clip(cell, grads), velocity, learning_rate)
        velocity = keep(velocity)
        if late:
            h = GIVEN.cell_forward(kind, x, params)[0]
            error = (state(h) @ params["Wo"] + params["bo"])[:, 0] - y
            losses[-1] = float(np.mean(error**2))
    return losses, params


@misconception("train_adding")
def forgets_clipping(cell, rng, batches, learning_rate=0.1):
    """Your gradients are never clipped. For every cell but "rnn", clip them right before the
    update."""
    return _train(cell, rng, batches, learning_rate, clip=lambda cell, grads: grads)


@misconception("train_adding")
def clips_the_plain_network_too(cell, rng, batches, learning_rate=0.1):
    """You clip the gradients of "rnn", too. It is the one network in the comparison that goes
    without."""
    return _train(cell, rng, batches, learning_rate, clip=_always)


@misconception("train_adding")
def clips_only_clipped(cell, rng, batches, learning_rate=0.1):
    """You clip for "rnn clipped" only. The gradients of the LSTM and the GRU are clipped, too."""
    return _train(
        cell,
        rng,
        batches,
        learning_rate,
        clip=lambda cell, grads: _always(cell, grads) if cell == "rnn clipped" else grads,
    )


@misconception("train_adding")
def clips_each_array_alone(cell, rng, batches, learning_rate=0.1):
    """You clip each of the five gradients on its own, which turns the step. One call with all five
    gives them one factor."""

    def clip(cell, grads):
        return {name: _always(cell, {name: g})[name] for name, g in grads.items()}

    return _train(
        cell,
        rng,
        batches,
        learning_rate,
        clip=lambda cell, grads: grads if cell == "rnn" else clip(cell, grads),
    )


@misconception("train_adding")
def output_layer_not_clipped(cell, rng, batches, learning_rate=0.1):
    """You clip the gradients of the cell before those of Wo and bo are added. All five belong to
    one global norm."""

    def clip(cell, grads):
        inner = {name: grads[name] for name in ("Wx", "Wh", "b")}
        return {**grads, **_always(cell, inner)}

    return _train(
        cell,
        rng,
        batches,
        learning_rate,
        clip=lambda cell, grads: grads if cell == "rnn" else clip(cell, grads),
    )


@misconception("train_adding")
def clips_the_velocity(cell, rng, batches, learning_rate=0.1):
    """You clip the velocity and not the gradients. Clip what comes from the backward pass; the
    velocity adds up clipped gradients."""
    return _train(
        cell,
        rng,
        batches,
        learning_rate,
        clip=lambda cell, grads: grads,
        keep=lambda velocity: velocity if cell == "rnn" else _always(cell, velocity),
    )


@misconception("train_adding")
def reads_the_first_state(cell, rng, batches, learning_rate=0.1):
    """Your prediction is read off the first state, which has seen one input. It is read off the
    last one, h[:, -1]."""
    return _train(
        cell,
        rng,
        batches,
        learning_rate,
        state=lambda h: h[:, 0],
        enter=lambda dh, d: dh[:, 0].__iadd__(d),
    )


@misconception("train_adding")
def averages_the_states(cell, rng, batches, learning_rate=0.1):
    """Your prediction is read off the mean of all states. That makes the task easier, since no
    memory is needed: use the last state, h[:, -1]."""
    return _train(
        cell,
        rng,
        batches,
        learning_rate,
        state=lambda h: h.mean(axis=1),
        enter=lambda dh, d: dh.__iadd__(d[:, None] / dh.shape[1]),
    )


@misconception("train_adding")
def gradient_enters_everywhere(cell, rng, batches, learning_rate=0.1):
    """You give the gradient of the last state to all states. The others do not enter the loss
    directly, so dh is 0 there."""
    return _train(cell, rng, batches, learning_rate, enter=lambda dh, d: dh.__iadd__(d[:, None]))


@misconception("train_adding")
def gradient_enters_first(cell, rng, batches, learning_rate=0.1):
    """Your prediction comes from the last state, and its gradient goes into the first: put it into
    dh[:, -1]."""
    return _train(cell, rng, batches, learning_rate, enter=lambda dh, d: dh[:, 0].__iadd__(d))


@misconception("train_adding")
def sum_for_mean_in_the_gradient(cell, rng, batches, learning_rate=0.1):
    """Your loss is a mean over the batch, and its gradient is that of a sum: the division by N is
    missing."""
    return _train(cell, rng, batches, learning_rate, gradient=lambda error: 2.0 * error[:, None])


@misconception("train_adding")
def without_the_two(cell, rng, batches, learning_rate=0.1):
    """The 2 is missing in your gradient: the derivative of a square is twice its base."""
    return _train(
        cell, rng, batches, learning_rate, gradient=lambda error: error[:, None] / error.size
    )


@misconception("train_adding")
def ascends(cell, rng, batches, learning_rate=0.1):
    """Your loss goes up: the error has the wrong sign in your gradient. It is prediction minus
    truth."""
    return _train(
        cell, rng, batches, learning_rate, gradient=lambda error: -2.0 * error[:, None] / error.size
    )


@misconception("train_adding")
def velocity_starts_anew(cell, rng, batches, learning_rate=0.1):
    """Your velocity is 0 before *every* step, so there is no momentum. It is 0 before the first one
    only: keep what momentum_step returns."""
    return _train(
        cell,
        rng,
        batches,
        learning_rate,
        keep=lambda velocity: {name: np.zeros_like(v) for name, v in velocity.items()},
    )


@misconception("train_adding")
def output_layer_not_trained(cell, rng, batches, learning_rate=0.1):
    """Your output layer never changes: Wo and bo have gradients, too."""

    def clip(cell, grads):
        cut = {**grads, "Wo": np.zeros_like(grads["Wo"]), "bo": np.zeros_like(grads["bo"])}
        return cut if cell == "rnn" else _always(cell, cut)

    return _train(cell, rng, batches, learning_rate, clip=clip)


@misconception("train_adding")
def never_updates(cell, rng, batches, learning_rate=0.1):
    """Your parameters stay what they were. momentum_step changes nothing in place: it returns the
    new params and the new velocity."""
    return _train(cell, rng, batches, 0.0)


@misconception("train_adding")
def ignores_the_learning_rate(cell, rng, batches, learning_rate=0.1):
    """Your learning rate is always 0.1. Use the one that is given."""
    return _train(cell, rng, batches, 0.1)


@misconception("train_adding")
def same_batch_again(cell, rng, batches, learning_rate=0.1):
    """You train on the first batch again and again. Each batch is used once, in order."""
    return _train(cell, rng, [batches[0] for _ in batches], learning_rate)


@misconception("train_adding")
def starts_from_its_own_seed(cell, rng, batches, learning_rate=0.1):
    """You do not use the rng that you are given: your network always starts from the same
    weights."""
    return _train(cell, np.random.default_rng(0), batches, learning_rate)


@misconception("train_adding")
def takes_a_kind_for_a_cell(cell, rng, batches, learning_rate=0.1):
    """You give "rnn clipped" to init_network or cell_forward, which know "rnn", "lstm" and "gru"
    only. The kind of "rnn clipped" is "rnn"."""
    GIVEN.init_network(cell, np.random.default_rng(0))
    return _train(cell, rng, batches, learning_rate)


@misconception("train_adding")
def stops_when_it_explodes(cell, rng, batches, learning_rate=0.1):
    """Your training ends where a loss is no longer finite. It goes on to the last batch: how the
    plain network fails is part of the record."""
    losses, params = _train(cell, rng, batches, learning_rate)
    finite = int(np.sum(np.isfinite(losses)))
    return losses[:finite], params


@misconception("train_adding")
def broadcasts_the_error(cell, rng, batches, learning_rate=0.1):
    """Your predictions have the shape (N, 1) and y has (N,), so their difference has (N, N): every
    prediction is compared with every answer. Take column 0 of the predictions."""
    kind = cell.split()[0]
    params = GIVEN.init_network(kind, rng)
    velocity = {name: np.zeros_like(p) for name, p in params.items()}
    losses = []
    for x, y in batches:
        h, cache = GIVEN.cell_forward(kind, x, params)
        error = h[:, -1] @ params["Wo"] + params["bo"] - y  # (N, N)
        losses.append(float(np.mean(error**2)))
        dprediction = 2.0 * error.mean(axis=1, keepdims=True) / y.size
        dh = np.zeros_like(h)
        dh[:, -1] = dprediction @ params["Wo"].T
        grads = GIVEN.cell_backward(dh, cache)[1]
        grads["Wo"], grads["bo"] = h[:, -1].T @ dprediction, dprediction.sum(axis=0)
        if cell != "rnn":
            grads = _always(cell, grads)
        params, velocity = GIVEN.momentum_step(params, grads, velocity, learning_rate)
    return losses, params


@misconception("train_adding")
def records_after_the_update(cell, rng, batches, learning_rate=0.1):
    """You record the loss after the update that it causes, on a batch that has just been learnt
    from. The record is of the loss before."""
    return _train(cell, rng, batches, learning_rate, late=True)


@misconception("train_adding")
def returns_losses_only(cell, rng, batches, learning_rate=0.1):
    """Your function returns the losses alone. It returns two things: `return losses, params`."""
    return _train(cell, rng, batches, learning_rate)[0]
