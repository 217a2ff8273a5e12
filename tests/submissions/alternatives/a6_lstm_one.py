"""A right answer to everything, with loops, dicts for caches and einsum for products."""

import numpy as np


def logistic(a):
    return np.exp(-np.logaddexp(0.0, -a))


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    N, H = prev_c.shape
    a = np.einsum("nd,dk->nk", x, Wx) + np.einsum("nh,hk->nk", prev_h, Wh) + b
    a = a.reshape(N, 4, H)
    gates = logistic(a[:, :3])
    candidate = np.tanh(a[:, 3])
    next_c = gates[:, 1] * prev_c + gates[:, 0] * candidate
    next_h = gates[:, 2] * np.tanh(next_c)
    cache = {
        "inputs": (x, prev_h, prev_c),
        "weights": {"x": Wx, "h": Wh},
        "gates": gates,
        "candidate": candidate,
        "cell": next_c,
    }
    return next_h, next_c, cache


def lstm_step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c = cache["inputs"]
    gates, g = cache["gates"], cache["candidate"]
    i, f, o = gates[:, 0], gates[:, 1], gates[:, 2]
    dc = dnext_c + dnext_h * o / np.cosh(cache["cell"]) ** 2
    da = np.empty((len(x), 4, g.shape[1]))
    da[:, 0] = dc * g
    da[:, 1] = dc * prev_c
    da[:, 2] = dnext_h * np.tanh(cache["cell"])
    da[:, :3] *= gates - gates**2
    da[:, 3] = dc * i * (1.0 + g) * (1.0 - g)
    da = da.reshape(len(x), -1)
    return (
        np.einsum("nk,dk->nd", da, cache["weights"]["x"]),
        np.einsum("nk,hk->nh", da, cache["weights"]["h"]),
        f * dc,
        np.einsum("nd,nk->dk", x, da),
        np.einsum("nh,nk->hk", prev_h, da),
        np.einsum("nk->k", da),
    )


def lstm_forward(x_seq, h0, Wx, Wh, b):
    N, T, _ = x_seq.shape
    h = np.zeros((N, T, h0.shape[1]))
    caches = {}
    c = np.zeros(h0.shape)
    for t in range(T):
        before = h0 if t == 0 else h[:, t - 1]
        h[:, t], c, caches[t] = lstm_step_forward(x_seq[:, t], before, c, Wx, Wh, b)
    return h, {"steps": T, "caches": caches}


def lstm_backward(dh, cache):
    later_h, later_c = 0.0, np.zeros(dh[:, 0].shape)
    totals = None
    dx = []
    for t in range(cache["steps"] - 1, -1, -1):
        step = lstm_step_backward(dh[:, t] + later_h, later_c, cache["caches"][t])
        dx.append(step[0])
        later_h, later_c = step[1], step[2]
        totals = (
            step[3:] if totals is None else [a + b for a, b in zip(totals, step[3:], strict=True)]
        )
    return [np.transpose(dx[::-1], (1, 0, 2)), later_h, *totals]


def cell_gradient(f):
    T, H = f.shape
    result = np.ones((T, H))
    for t in range(T - 2, -1, -1):
        for j in range(H):
            result[t, j] = f[t + 1, j] * result[t + 1, j]
    return result


def forget_bias_init(b, value):
    i, f, o, g = np.split(b, 4)
    return np.concatenate([i, np.full(f.shape, float(value)), o, g])


def design_latch_lstm():
    Wx = np.zeros((2, 4))
    b = np.zeros(4)
    Wx[0, 3] = 10.0
    Wx[1, 0], b[0] = 60.0, -30.0
    Wx[1, 1], b[1] = -60.0, 30.0
    b[2] = 20.0
    return Wx, np.zeros((1, 4)), b
