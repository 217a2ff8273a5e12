"""What the misconceptions share."""

from __future__ import annotations

import numpy as np


def _sigmoid(a):
    return 0.5 + 0.5 * np.tanh(0.5 * a)  # takes complex numbers, too: dialects need that


def _parts(x, prev_h, Wx, Wh, b):
    """The four parts of the pre-activation."""
    return np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)


def _gates(x, prev_h, Wx, Wh, b, order="ifog"):
    """i, f, o and g of a step whose parts stand in ``order``."""
    parts = dict(zip(order, _parts(x, prev_h, Wx, Wh, b), strict=True))
    i, f, o = (_sigmoid(parts[name]) for name in "ifo")
    return i, f, o, np.tanh(parts["g"])


def _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c=None, next_h=None):
    """What a step returns, in the reference's form; what is not given is as it should be."""
    if next_c is None:
        next_c = i * g + f * prev_c
    if next_h is None:
        next_h = o * np.tanh(next_c)
    return next_h, next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)


def _step(x, prev_h, prev_c, Wx, Wh, b):
    """A right step."""
    return _result(x, prev_h, prev_c, Wx, Wh, *_gates(x, prev_h, Wx, Wh, b))


def _back(dnext_h, dnext_c, cache, **changed):
    """A right way back, in which some parts may be exchanged.

    The parts are computed from one another in this order, each by a function of all before it:
    dc, then di, df, do, dg (by the values of the gates), then the slopes, then da and dprev_c.
    """
    names = ("x", "prev_h", "prev_c", "Wx", "Wh", "i", "f", "o", "g", "next_c")
    v = dict(zip(names, cache, strict=True)) | {"dnext_h": dnext_h, "dnext_c": dnext_c}
    parts = {
        "shown": lambda v: np.tanh(v["next_c"]),
        "dc": lambda v: v["dnext_c"] + v["dnext_h"] * v["o"] * (1.0 - v["shown"] ** 2),
        "di": lambda v: v["dc"] * v["g"],
        "df": lambda v: v["dc"] * v["prev_c"],
        "do": lambda v: v["dnext_h"] * v["shown"],
        "dg": lambda v: v["dc"] * v["i"],
        "slope": lambda v: lambda s: s * (1.0 - s),
        "slope_g": lambda v: 1.0 - v["g"] ** 2,
        "da": lambda v: np.concatenate(
            [*(v["d" + k] * v["slope"](v[k]) for k in "ifo"), v["dg"] * v["slope_g"]], axis=1
        ),
        "dprev_c": lambda v: v["dc"] * v["f"],
        "dprev_h": lambda v: v["da"] @ v["Wh"].T,
        "dWh": lambda v: v["prev_h"].T @ v["da"],
        "db": lambda v: v["da"].sum(axis=0),
    }
    for name, part in (parts | changed).items():
        v[name] = part(v)
    dx, dWx = v["da"] @ v["Wx"].T, v["x"].T @ v["da"]
    return dx, v["dprev_h"], v["dprev_c"], dWx, v["dWh"], v["db"]
