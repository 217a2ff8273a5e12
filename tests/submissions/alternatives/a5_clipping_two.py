"""Everything is right: whole vectors, other decompositions, closures and other formulas."""

import copy
import functools

import numpy as np


def identity_init(D, H, scale, rng):
    return (
        rng.standard_normal(size=(D, H)) * D**-0.5,
        np.diag(np.full(H, float(scale))),
        np.full(H, 0.0),
    )


def orthogonal_init(H, rng):
    A = rng.standard_normal((H, H))
    Q, R = np.linalg.qr(A)
    flip = np.where(R.diagonal() < 0, -1.0, 1.0)
    return np.einsum("ij,j->ij", Q, flip)


def clip_by_value(grads, limit):
    cut = [np.minimum(np.maximum(g, -limit), limit) for g in grads.values()]
    return dict(zip(grads, cut, strict=True))


def flat(grads):
    return np.hstack([g.reshape(-1) for g in grads.values()])


def clip_by_global_norm(grads, threshold):
    norm = np.linalg.norm(flat(grads))
    if not norm > threshold:
        return copy.deepcopy(grads), norm
    unit = {name: g / norm for name, g in grads.items()}
    return {name: threshold * u for name, u in unit.items()}, norm


def stable_global_norm(grads):
    # scaling by a power of two loses no digit
    entries = np.abs(flat(grads)).astype(np.float64)
    _, exponent = np.frexp(entries.max())
    scaled = np.ldexp(entries, -exponent)
    return np.ldexp(np.sqrt(np.einsum("i,i->", scaled, scaled)), exponent)


def all_finite(grads):
    # 0 times NaN or an infinity is NaN, and 0 times a number is 0
    with np.errstate(invalid="ignore"):
        return bool(np.all(0.0 * flat(grads) == 0.0))


def training_step(loss_and_grads, params, learning_rate, threshold):
    loss, grads = loss_and_grads(params)
    info = {"loss": loss, "ok": all_finite({"loss": np.array([loss]), **grads}), "norm": None}
    if not info["ok"]:
        return copy.deepcopy(params), info
    info["norm"] = np.linalg.norm(flat(grads))
    rate = learning_rate * min(1.0, threshold / info["norm"])
    return {name: np.subtract(p, rate * grads[name]) for name, p in params.items()}, info


def train_with_checkpoints(step, params, n_steps, every):
    class Bad(Exception):
        pass

    def checked(params, learning_rate):
        new, loss = step(copy.deepcopy(params), learning_rate)
        if not np.all(np.isfinite(flat({**new, "the loss": np.array([loss])}))):
            raise Bad
        return new

    def advance(checkpoint, count, learning_rate):
        take = functools.partial(checked, learning_rate=learning_rate)
        for _ in range(min(every, n_steps - count)):
            checkpoint = take(checkpoint)
        return checkpoint

    state, count, rate, restarts = copy.deepcopy(params), 0, 0.1, 0
    while count < n_steps:
        try:
            state = advance(state, count, rate)
            count = min(count + every, n_steps)
        except Bad:
            if restarts == 10:
                break
            restarts, rate = restarts + 1, rate * 0.5
    return state, restarts
