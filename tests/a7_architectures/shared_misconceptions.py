"""What the misconceptions share."""

from __future__ import annotations

import numpy as np


def _sigmoid(x):
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def _thirds(x, prev_h, Wx, Wh, b):
    """The parts u, r, n of x @ Wx + b and of prev_h @ Wh, and Whn."""
    return (
        *np.split(x @ Wx + b, 3, axis=1),
        *np.split(prev_h @ Wh, 3, axis=1),
        np.split(Wh, 3, axis=1)[2],
    )


def _mix(u, n, h):
    return (1 - u) * h + u * n


def _opposite(u, n, h):
    return u * h + (1 - u) * n


def _gru_step(
    x, prev_h, Wx, Wh, b, *, gate=_sigmoid, squash=np.tanh, mix=_mix, after=False, exchanged=False
):  # fmt: skip
    """A GRU step whose parts can be exchanged; right as it stands."""
    xu, xr, xn, hu, hr, hn, Whn = _thirds(x, prev_h, Wx, Wh, b)
    u, r = gate(xu + hu), gate(xr + hr)
    u, r = (r, u) if exchanged else (u, r)
    n = squash(xn + (r * hn if after else (r * prev_h) @ Whn))
    next_h = mix(u, n, prev_h)
    cache = x, prev_h, Wx, Wh, u, r, n
    return next_h, cache


def _gru_step_back(
    dnext_h, cache, *, kept=1.0, by_u=1.0, by_r=1.0, by_n=1.0, sign=1.0, slope=True, reset=True,
    share=1.0,
):  # fmt: skip
    """The way back through a GRU step, whose terms can be scaled; right as it stands."""
    x, prev_h, Wx, Wh, u, r, n = cache
    Whu, Whr, Whn = np.split(Wh, 3, axis=1)
    dan = dnext_h * u * ((1.0 - n**2) if slope else 1.0)
    dm = dan @ Whn.T
    dau = sign * dnext_h * (n - prev_h) * u * (1.0 - u)
    dar = dm * prev_h * r * (1.0 - r)
    da = np.hstack([dau, dar, dan])
    dprev_h = (
        kept * dnext_h * (1.0 - u) + by_u * dau @ Whu.T + by_r * dar @ Whr.T + by_n * dm * r
    )  # fmt: skip
    third = (r * prev_h if reset else prev_h).T @ dan
    dWh = np.hstack([prev_h.T @ dau, prev_h.T @ dar, third])
    return da @ Wx.T, dprev_h, share * x.T @ da, share * dWh, share * da.sum(axis=0)


def _rnn(x_seq, Wx, Wh, b, h0=None):
    """The states (N, T, H) of a plain network, and its cache."""
    states = [np.zeros((len(x_seq), b.size)) if h0 is None else h0]
    cache = []
    for t in range(x_seq.shape[1]):
        x, prev_h = x_seq[:, t], states[-1]
        states.append(np.tanh(x @ Wx + prev_h @ Wh + b))
        cache.append((x, prev_h, states[-1], Wx, Wh))
    return np.stack(states[1:], axis=1), cache


def _rnn_back(dh, cache):
    """dx, dh0 and (dWx, dWh, db) of a plain network."""
    dxs: list[np.ndarray] = []
    carried = dWx = dWh = db = 0.0
    for t in range(len(cache) - 1, -1, -1):
        x, prev_h, next_h, Wx, Wh = cache[t]
        da = (dh[:, t] + carried) * (1.0 - next_h**2)
        dxs.insert(0, da @ Wx.T)
        carried = da @ Wh.T
        dWx, dWh, db = dWx + x.T @ da, dWh + prev_h.T @ da, db + da.sum(axis=0)
    return np.stack(dxs, axis=1), carried, (dWx, dWh, db)


def _turn(array, order):
    return np.take_along_axis(array, order, axis=1)
