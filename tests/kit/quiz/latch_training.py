"""Plain RNNs, trained on holding a sign through noise: one per seed, all at once."""

from __future__ import annotations

import numpy as np

H, N, MOMENTUM, CLIP = 16, 32, 0.9, 1.0


def _batch(T, rng):
    """Noise with a sign at one marked step of the first quarter (N, T, 2), and the signs (N, 1)."""
    x = np.stack([rng.uniform(-0.1, 0.1, (N, T)), np.zeros((N, T))], axis=2)
    y = 2.0 * rng.integers(2, size=N) - 1
    x[np.arange(N), rng.integers(T // 4, size=N)] = np.stack([y, np.ones(N)], axis=1)
    return x, y[:, None]


def final_losses(rate, T, batches, seeds):
    """The mean loss (S,) over the last 50 batches of networks that start from the identity."""
    rngs = [np.random.default_rng(seed) for seed in range(seeds)]
    shapes = {"Wx": (2, H), "b": (1, H), "Wo": (H, 1), "bo": (1, 1)}
    p = {
        name: np.stack([rng.standard_normal(shape) for rng in rngs]) / np.sqrt(shape[0])
        for name, shape in shapes.items()
    }
    p["b"] *= 0
    p["bo"] *= 0
    p["Wh"] = np.stack([np.eye(H)] * seeds)
    velocity = {name: np.zeros_like(value) for name, value in p.items()}
    losses = []
    for _ in range(batches):
        x, y = (np.stack(part) for part in zip(*(_batch(T, rng) for rng in rngs), strict=True))
        loss, grads = _loss_and_gradients(p, x, y)
        losses.append(loss)
        norm = np.sqrt(sum((g**2).sum((1, 2)) for g in grads.values()))
        factor = np.minimum(1, CLIP / np.maximum(norm, 1e-30))[:, None, None]
        for name in p:
            velocity[name] = MOMENTUM * velocity[name] - rate * factor * grads[name]
            p[name] = p[name] + velocity[name]
    return np.array(losses)[-50:].mean(axis=0)


def _loss_and_gradients(p, x, y):
    h = [np.zeros((len(x), N, H))]
    for t in range(x.shape[2]):
        h.append(np.tanh(x[:, :, t] @ p["Wx"] + h[-1] @ p["Wh"] + p["b"]))
    error = h[-1] @ p["Wo"] + p["bo"] - y
    d = 2 * error / N
    grads = {name: np.zeros_like(value) for name, value in p.items()}
    grads["Wo"], grads["bo"] = h[-1].transpose(0, 2, 1) @ d, d.sum(1, keepdims=True)
    dh = d @ p["Wo"].transpose(0, 2, 1)
    for t in range(x.shape[2] - 1, -1, -1):
        da = dh * (1 - h[t + 1] ** 2)
        grads["Wx"] += x[:, :, t].transpose(0, 2, 1) @ da
        grads["Wh"] += h[t].transpose(0, 2, 1) @ da
        grads["b"] += da.sum(1, keepdims=True)
        dh = da @ p["Wh"].transpose(0, 2, 1)
    return (error**2).mean((1, 2)), grads
