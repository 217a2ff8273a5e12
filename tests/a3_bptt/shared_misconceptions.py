"""What the misconceptions share."""

from __future__ import annotations

import numpy as np


def _slope(z):
    return 1.0 - np.tanh(z) ** 2


def _of_step(da, cache):
    """The five gradients of a step for the gradient da (N, H) of its pre-activation."""
    x, prev_h, _, Wx, Wh = cache
    return da @ Wx.T, da @ Wh.T, x.T @ da, prev_h.T @ da, da.sum(axis=0)


def _back(dnext_h, cache):
    """A right step backwards."""
    return _of_step(dnext_h * (1.0 - cache[2] ** 2), cache)


def _sweep(dh, cache, step=_back):
    """dxs, the carried gradient, and the gradients of the weights of every step, first step first.

    ``step`` goes back through one step.
    """
    found: list[tuple[np.ndarray, ...]] = []
    carried = np.zeros(dh[:, 0].shape)
    for t in reversed(range(len(cache))):
        dx, carried, *of_weights = step(dh[:, t] + carried, cache[t])
        found.insert(0, (dx, *of_weights))
    dxs, *of_weights = zip(*found, strict=True)
    return dxs, carried, of_weights


def _full(dh, cache):
    """A right sweep."""
    dxs, dh0, of_weights = _sweep(dh, cache)
    return np.stack(dxs, axis=1), dh0, *(sum(gradients) for gradients in of_weights)
