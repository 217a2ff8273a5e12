"""Right answers to assignment 7: dicts as caches, einsum, concatenated inputs."""
# ruff: noqa: F821  (sigmoid and the functions rnn_… are given in the notebook)

import numpy as np


def _parts(array):
    """The parts u, r, n of a packed array."""
    return np.split(array, 3, axis=-1)


def gru_step_forward(x, prev_h, Wx, Wh, b):
    (Wxu, Wxr, Wxn), (Whu, Whr, Whn), (bu, br, bn) = _parts(Wx), _parts(Wh), _parts(b)
    u = 0.5 * (1.0 + np.tanh(0.5 * (x @ Wxu + prev_h @ Whu + bu)))
    r = 0.5 * (1.0 + np.tanh(0.5 * (x @ Wxr + prev_h @ Whr + br)))
    seen = r * prev_h
    n = np.tanh(x @ Wxn + seen @ Whn + bn)
    cache = {"x": x, "h": prev_h, "seen": seen, "u": u, "r": r, "n": n, "Wx": Wx, "Wh": Wh}
    return prev_h + u * (n - prev_h), cache


def gru_step_backward(dnext_h, cache):
    x, h, seen, u, r, n, Wx, Wh = (
        cache[key] for key in ("x", "h", "seen", "u", "r", "n", "Wx", "Wh")
    )
    Whu, Whr, Whn = _parts(Wh)
    an = np.einsum("nh,nh,nh->nh", dnext_h, u, 1.0 - n * n)
    dseen = np.einsum("nk,jk->nj", an, Whn)
    au = dnext_h * (n - h) * u * (1.0 - u)
    ar = dseen * h * r * (1.0 - r)
    dh = dnext_h - dnext_h * u
    dh += np.einsum("nk,jk->nj", au, Whu)
    dh += np.einsum("nk,jk->nj", ar, Whr)
    dh += dseen * r
    a = np.concatenate((au, ar, an), axis=1)
    dWh = np.concatenate(
        [np.einsum("nj,nk->jk", left, right) for left, right in ((h, au), (h, ar), (seen, an))],
        axis=1,
    )
    return (
        np.einsum("ng,dg->nd", a, Wx),
        dh,
        np.einsum("nd,ng->dg", x, a),
        dWh,
        np.einsum("ng->g", a),
    )


def gru_forward(x_seq, h0, Wx, Wh, b):
    hs, caches = [], {}
    for t in range(x_seq.shape[1]):
        h, caches[t] = gru_step_forward(x_seq[:, t, :], hs[-1] if hs else h0, Wx, Wh, b)
        hs.append(h)
    return np.array(hs).transpose(1, 0, 2), caches


def gru_backward(dh, cache):
    T = len(cache)
    grads = {}
    later = 0
    for t in range(T)[::-1]:
        grads[t] = gru_step_backward(dh[:, t] + later, cache[t])
        later = grads[t][1]
    dx = np.stack([grads[t][0] for t in range(T)], axis=1)
    weights = [sum(grads[t][i] for t in range(T)) for i in (2, 3, 4)]
    return [dx, later, *weights]


def count_parameters(kind, D, H):
    match kind:
        case "rnn":
            gates = 1
        case "gru":
            gates = 3
        case "lstm":
            gates = 4
        case _:
            raise ValueError("unknown kind")
    return gates * H * (D + H + 1)


def residual_forward(x, W, b):
    f = np.tanh(np.einsum("ni,ij->nj", x, W) + b)
    return np.add(x, f), {"x": x, "W": W, "slope": 1.0 - f * f}


def residual_backward(dout, cache):
    da = dout * cache["slope"]
    jacobian = np.eye(len(cache["W"])) + cache["slope"][:, :, None] * cache["W"].T  # (N, D, D)
    dx = np.einsum("ni,nij->nj", dout, jacobian)
    return dx, np.einsum("ni,nj->ij", cache["x"], da), da.sum(0)


def highway_forward(x, W, b, Wt, bt):
    f, t = np.tanh(x @ W + b), sigmoid(x @ Wt + bt)
    return x + t * (f - x), {"x": x, "W": W, "b": b, "Wt": Wt, "bt": bt}


def highway_backward(dout, cache):
    x, W, Wt = cache["x"], cache["W"], cache["Wt"]
    f, t = np.tanh(x @ W + cache["b"]), sigmoid(x @ Wt + cache["bt"])
    df = dout * t / np.cosh(x @ W + cache["b"]) ** 2
    dt = dout * (f - x) * t * sigmoid(-(x @ Wt + cache["bt"]))
    dx = dout - dout * t
    dx += np.einsum("nj,ij->ni", df, W) + np.einsum("nj,ij->ni", dt, Wt)
    return dx, x.T @ df, df.sum(axis=0), x.T @ dt, dt.sum(axis=0)


def bidirectional_forward(x_seq, lengths, fwd, bwd):
    """A sequence at a time, each cut to its length."""
    (N, T, _), H = x_seq.shape, len(fwd[2])
    out = np.zeros((N, T, 2 * H))
    caches = []
    for n, length in enumerate(lengths):
        x = x_seq[n : n + 1, :length]
        ahead, ahead_cache = rnn_forward(x, np.zeros((1, H)), *fwd)
        back, back_cache = rnn_forward(x[:, ::-1], np.zeros((1, H)), *bwd)
        out[n, :length, :H] = ahead[0]
        out[n, :length, H:] = back[0, ::-1]
        caches.append({"length": int(length), "ahead": ahead_cache, "back": back_cache})
    return out, {"caches": caches, "shape": x_seq.shape}


def bidirectional_backward(dout, cache):
    H = dout.shape[2] // 2
    dx = np.zeros(cache["shape"])
    dfwd, dbwd = [0.0] * 3, [0.0] * 3
    for n, each in enumerate(cache["caches"]):
        d = dout[n : n + 1, : each["length"]]
        dx_ahead, _, *ahead = rnn_backward(d[:, :, :H], each["ahead"])
        dx_back, _, *back = rnn_backward(d[:, ::-1, H:], each["back"])
        dx[n, : each["length"]] = dx_ahead[0] + dx_back[0, ::-1]
        dfwd = [a + g for a, g in zip(dfwd, ahead, strict=True)]
        dbwd = [a + g for a, g in zip(dbwd, back, strict=True)]
    return dx, dfwd, dbwd


def stacked_forward(x_seq, h0, layers, skip):
    outs, caches = [x_seq], []
    for level, weights in enumerate(layers):
        h, cache = rnn_forward(outs[-1], h0[level], *weights)
        caches.append(cache)
        outs.append(h + outs[-1] if skip and outs[-1].shape[2] == h.shape[2] else h)
    return outs[-1], {"caches": caches, "skip": skip}


def stacked_backward(dout, cache):
    caches = cache["caches"]
    dh0, dlayers = [None] * len(caches), [None] * len(caches)
    d = dout
    for level in range(len(caches) - 1, -1, -1):
        dx, dh0[level], *weights = rnn_backward(d, caches[level])
        dlayers[level] = weights
        d = dx + d if cache["skip"] and dx.shape == d.shape else dx
    return d, np.array(dh0), dlayers
