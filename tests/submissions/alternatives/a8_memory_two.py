"""Everything is right, in plain loops, without the given helpers where they can be avoided."""
# ruff: noqa: F821  (the cells and the functions around them are given in the notebook)

import math

import numpy as np


def make_adding(n, T, rng):
    x = np.zeros((n, T, 2))
    x[:, :, 0] = rng.random((n, T))
    half = T // 2
    first = rng.integers(half, size=n)
    second = half + rng.integers(T - half, size=n)
    y = np.zeros(n)
    for i in range(n):
        for t in (first[i], second[i]):
            x[i, t, 1] = 1
            y[i] += x[i, t, 0]
    return x, y


def make_copy(n, T, rng):
    symbols = rng.integers(low=0, high=8, size=(n, 10))
    x, y = [], []
    for row in symbols.tolist():
        x.append([*row, *[8] * (T - 1), 9, *[8] * 10])
        y.append([*[8] * (T + 10), *row])
    return np.array(x), np.array(y)


def make_latch(n, T, rng):
    x = np.zeros((n, T, 2))
    x[:, :, 0] = rng.uniform(-0.1, 0.1, size=(n, T))
    steps = rng.integers(T // 4, size=n)
    y = np.array([-1.0, 1.0])[rng.integers(2, size=n)]
    for i, t in enumerate(steps):
        x[i, t] = y[i], 1
    return x, y


def design_latch_rnn(w):
    if w <= 1:
        raise ValueError("w is too small")
    return np.array([[w + 2.0], [0.0]]), np.array([[w]], dtype=np.float64), np.array([0.0])


def memory_horizon(norms, eps):
    answer = None
    for lag, norm in enumerate(norms):
        if norm >= eps:
            answer = lag
    return answer


def input_saliency(dh_T, cache):
    kind, inner = cache
    x_seq = inner[0]
    dh = np.concatenate(
        [np.zeros((x_seq.shape[0], x_seq.shape[1] - 1, dh_T.shape[1])), dh_T[:, None]], axis=1
    )
    functions = {"rnn": rnn_backward, "lstm": lstm_backward, "gru": gru_backward}
    dx = functions[kind](dh, inner)[0]
    result = np.zeros(dx.shape[:2])
    for n in range(dx.shape[0]):
        for t in range(dx.shape[1]):
            result[n, t] = math.sqrt(sum(float(d) ** 2 for d in dx[n, t]))
    return result


def train_adding(cell, rng, batches, learning_rate=0.1):
    kind = "rnn" if cell.startswith("rnn") else cell
    p = init_network(kind, rng)
    q = {name: 0 * p[name] for name in p}
    losses = []
    for x, y in batches:
        N = x.shape[0]
        h, cache = cell_forward(kind, x, p)
        last = h[:, x.shape[1] - 1]
        wrong = (last.dot(p["Wo"]) + p["bo"]).reshape(N) - y
        losses.append(float(wrong @ wrong) / N)
        dh = np.zeros_like(h)
        dh[:, -1] += np.outer(2 * wrong / N, p["Wo"])
        _, g = cell_backward(dh, cache)
        g["Wo"] = (2 / N * (wrong @ last)).reshape(-1, 1)
        g["bo"] = np.array([2 / N * wrong.sum()])
        factor = 1.0
        if cell != "rnn":
            norm = math.sqrt(sum(float((a * a).sum()) for a in g.values()))
            factor = 1.0 / max(1.0, norm)
        for name in p:
            q[name] = 0.9 * q[name] + factor * g[name]
            p[name] = p[name] - learning_rate * q[name]
    return losses, p
