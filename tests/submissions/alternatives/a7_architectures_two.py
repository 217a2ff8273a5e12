"""Right answers to assignment 7: objects and closures as caches, one recurrence for all, loops."""
# ruff: noqa: F821  (sigmoid and the functions rnn_… are given in the notebook)

from types import SimpleNamespace

import numpy as np


def gru_step_forward(x, prev_h, Wx, Wh, b):
    """Input and state side by side, one matrix for the gates and one for the candidate."""
    D, H = Wx.shape[0], Wh.shape[0]
    Wgates = np.vstack([Wx[:, : 2 * H], Wh[:, : 2 * H]])  # (D + H, 2H)
    Wnew = np.vstack([Wx[:, 2 * H :], Wh[:, 2 * H :]])  # (D + H, H)
    xh = np.hstack([x, prev_h])
    gates = sigmoid(xh @ Wgates + b[: 2 * H])
    u, r = np.hsplit(gates, 2)
    xm = np.hstack([x, r * prev_h])
    n = np.tanh(xm @ Wnew + b[2 * H :])
    keep = 1.0 - u

    def back(dnext_h):
        dn = dnext_h * u * (1.0 - n**2)
        dxm = dn @ Wnew.T
        dm = dxm[:, D:]
        dgates = np.hstack([dnext_h * (n - prev_h), dm * prev_h]) * gates * (1.0 - gates)
        dxh = dgates @ Wgates.T
        dW, dV = xh.T @ dgates, xm.T @ dn
        packed = np.hstack([dW, dV])  # (D + H, 3H)
        db = np.hstack([dgates, dn]).sum(axis=0)
        dprev_h = dnext_h * keep + dm * r + dxh[:, D:]
        return dxm[:, :D] + dxh[:, :D], dprev_h, packed[:D], packed[D:], db

    return keep * prev_h + u * n, back


def gru_step_backward(dnext_h, cache):
    return cache(dnext_h)


def gru_forward(x_seq, h0, Wx, Wh, b):
    N, T, D = x_seq.shape
    H = h0.shape[1]
    h = np.empty((N, T + 1, H))
    h[:, 0] = h0
    backs = []
    for t in range(T):
        h[:, t + 1], back = gru_step_forward(x_seq[:, t], h[:, t].copy(), Wx, Wh, b)
        backs.append(back)
    return h[:, 1:].copy(), SimpleNamespace(backs=backs, sizes=(N, T, D, H))


def gru_backward(dh, cache):
    N, T, D, H = cache.sizes
    dx = np.empty((N, T, D))
    dWx, dWh, db = np.zeros((D, 3 * H)), np.zeros((H, 3 * H)), np.zeros(3 * H)
    d = np.zeros((N, H))
    while T > 0:
        T -= 1
        d = d + dh[:, T]
        dx[:, T], d, gx, gh, gb = gru_step_backward(d, cache.backs[T])
        dWx += gx
        dWh += gh
        db += gb
    return dx, d, dWx, dWh, db


def count_parameters(kind, D, H):
    gates = {"rnn": 0, "gru": 2, "lstm": 3}.get(kind)
    if gates is None:
        raise ValueError(kind)
    total = 0
    for _ in range(gates + 1):
        total += np.zeros((D, H)).size + np.zeros((H, H)).size + np.zeros(H).size
    return total


def residual_forward(x, W, b):
    out = np.array(x)
    f = np.tanh(b + x.dot(W))
    out += f
    return out, lambda dout: (dout * (1 - f) * (1 + f), x, W)


def residual_backward(dout, cache):
    da, x, W = cache(dout)
    dW = np.zeros_like(W)
    for row, d in zip(x, da, strict=True):
        dW += np.outer(row, d)
    return (W @ da.T).T + dout, dW, np.ones(len(da)) @ da


class _Highway:
    def __init__(self, x, W, b, Wt, bt):
        self.x, self.W, self.Wt = x, W, Wt
        self.f, self.t = np.tanh(x @ W + b), sigmoid(x @ Wt + bt)
        self.carry = sigmoid(-(x @ Wt + bt))


def highway_forward(x, W, b, Wt, bt):
    layer = _Highway(x, W, b, Wt, bt)
    return layer.carry * x + layer.t * layer.f, layer


def highway_backward(dout, cache):
    d_transform = dout * cache.t * (1.0 - cache.f**2)
    d_gate = dout * (cache.f - cache.x) * cache.t * cache.carry
    both = np.hstack([d_transform, d_gate])  # (N, 2D)
    D = cache.W.shape[0]
    dx = dout * cache.carry + both @ np.hstack([cache.W, cache.Wt]).T
    dW = cache.x.T @ both
    db = both.sum(axis=0)
    return dx, dW[:, :D], db[:D], dW[:, D:], db[D:]


def bidirectional_forward(x_seq, lengths, fwd, bwd):
    """Sequences aligned at their ends for the backward reader, whose state is masked on its way."""
    (N, T, D), H = x_seq.shape, fwd[1].shape[0]
    x = np.array(x_seq)
    for n in range(N):
        x[n, lengths[n] :] = 0.0
    h = np.zeros((N, T, 2 * H))
    steps = {"fwd": [], "bwd": []}
    for reader, (Wx, Wh, b), order, half in (
        ("fwd", fwd, range(T), slice(0, H)),
        ("bwd", bwd, range(T - 1, -1, -1), slice(H, 2 * H)),
    ):
        state = np.zeros((N, H))
        for t in order:
            real = (t < np.asarray(lengths))[:, None]  # (N, 1)
            state, step = rnn_step_forward(x[:, t], state, Wx, Wh, b)
            state = np.where(real, state, 0.0)  # before its end, the backward reader waits at 0
            h[:, t, half] = state
            steps[reader].append((t, real, step))
    return h, SimpleNamespace(steps=steps, shape=(N, T, D), H=H)


def bidirectional_backward(dout, cache):
    H = cache.H
    dx = np.zeros(cache.shape)
    weights = []
    for reader, half in (("fwd", slice(0, H)), ("bwd", slice(H, 2 * H))):
        d = np.zeros((cache.shape[0], H))
        total = None
        for t, real, step in reversed(cache.steps[reader]):
            d = np.where(real, d + dout[:, t, half], 0.0)
            dx_t, d, *grads = rnn_step_backward(d, step)
            dx[:, t] += dx_t
            total = grads if total is None else [a + g for a, g in zip(total, grads, strict=True)]
        weights.append(tuple(total))
    return dx, weights[0], weights[1]


def stacked_forward(x_seq, h0, layers, skip):
    """All layers together, step by step in time."""
    N, T, _ = x_seq.shape
    H = h0.shape[2]
    states = [np.array(h) for h in h0]
    out = np.zeros((N, T, H))
    steps = []
    for t in range(T):
        below, column = x_seq[:, t], []
        for level, (Wx, Wh, b) in enumerate(layers):
            states[level], step = rnn_step_forward(below, states[level], Wx, Wh, b)
            adds = bool(skip) and below.shape[1] == H
            below = states[level] + below if adds else states[level]
            column.append((step, adds))
        out[:, t] = below
        steps.append(column)
    return out, lambda: (steps, x_seq.shape, len(layers), H)


def stacked_backward(dout, cache):
    steps, shape, L, H = cache()
    dx, dh = np.zeros(shape), np.zeros((L, shape[0], H))
    grads = [None] * L
    for t in range(shape[1] - 1, -1, -1):
        d = dout[:, t]
        for level in range(L - 1, -1, -1):
            step, adds = steps[t][level]
            dbelow, dh[level], *parts = rnn_step_backward(d + dh[level], step)
            d = dbelow + d if adds else dbelow
            old = grads[level] or [0.0, 0.0, 0.0]
            grads[level] = [a + g for a, g in zip(old, parts, strict=True)]
        dx[:, t] = d
    return dx, dh, [tuple(each) for each in grads]
