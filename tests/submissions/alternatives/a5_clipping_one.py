"""Everything is right: explicit loops, one entry or one array at a time."""

import math

import numpy as np


def identity_init(D, H, scale, rng):
    Wx = rng.normal(0.0, 1.0 / math.sqrt(D), size=(D, H))
    Wh = np.zeros((H, H))
    for i in range(H):
        Wh[i, i] = scale
    b = np.zeros((H,))
    return Wx, Wh, b


def orthogonal_init(H, rng):
    # Gram and Schmidt, each column twice for the last digits
    Q = rng.standard_normal((H, H))
    for j in range(H):
        for _repeat in range(2):
            for i in range(j):
                Q[:, j] -= (Q[:, i] @ Q[:, j]) * Q[:, i]
        Q[:, j] /= math.sqrt(Q[:, j] @ Q[:, j])
    return Q


def clip_by_value(grads, limit):
    clipped = {}
    for name in grads:
        new = np.array(grads[name])
        for index in np.ndindex(new.shape):
            if new[index] > limit:
                new[index] = limit
            elif new[index] < -limit:
                new[index] = -limit
        clipped[name] = new
    return clipped


def clip_by_global_norm(grads, threshold):
    total = 0.0
    for g in grads.values():
        for entry in g.flat:
            total += float(entry) * float(entry)
    norm = math.sqrt(total)
    clipped = {}
    for name, g in grads.items():
        new = g.copy()
        if norm > threshold:
            new *= threshold
            new /= norm
        clipped[name] = new
    return clipped, norm


def stable_global_norm(grads):
    # one entry after the other; the sum is kept in units of the largest entry so far
    largest, total = 0.0, 0.0
    for g in grads.values():
        for entry in g.ravel():
            size = abs(float(entry))
            if size > largest:
                total = total * (largest / size) ** 2 + 1.0
                largest = size
            elif size > 0:
                total += (size / largest) ** 2
    return largest * math.sqrt(total)


def all_finite(grads):
    for g in grads.values():
        for entry in g.flat:
            if not math.isfinite(entry):
                return False
    return True


def training_step(loss_and_grads, params, learning_rate, threshold):
    loss, grads = loss_and_grads(params)
    new_params = {}
    if math.isnan(loss) or math.isinf(loss) or not all_finite(grads):
        for name in params:
            new_params[name] = np.array(params[name])
        return new_params, {"ok": False, "loss": loss, "norm": None}
    grads, norm = clip_by_global_norm(grads, threshold)
    for name in params:
        new_params[name] = np.array(params[name])
        new_params[name] -= learning_rate * grads[name]
    return new_params, {"ok": True, "loss": loss, "norm": norm}


def train_with_checkpoints(step, params, n_steps, every):
    saved = {name: np.array(p) for name, p in params.items()}
    saved_step = 0
    restarts = 0
    while True:
        # one attempt, from the checkpoint to the end or to the next accident
        now = {name: np.array(p) for name, p in saved.items()}
        learning_rate = 0.1 * 0.5**restarts
        broken = False
        for i in range(saved_step + 1, n_steps + 1):
            now, loss = step(now, learning_rate)
            if not math.isfinite(loss) or not all_finite(now):
                broken = True
                break
            if i % every == 0:
                saved = {name: np.array(p) for name, p in now.items()}
                saved_step = i
        if not broken:
            return now, restarts
        if restarts == 10:
            return saved, restarts
        restarts += 1
