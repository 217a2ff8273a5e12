"""Typical wrong answers to `highway_backward`, each with its hint."""

from __future__ import annotations

from autograder.testing import misconception


def _highway_back(dout, cache, *, past=1.0, transform=1.0, gate=1.0, sign=1.0, slope=True):
    x, W, Wt, f, t = cache
    df = dout * t * (1.0 - f**2)
    dt = sign * dout * (f - x) * (t * (1.0 - t) if slope else 1.0)
    dx = past * dout * (1.0 - t) + transform * df @ W.T + gate * dt @ Wt.T
    return dx, x.T @ df, df.sum(axis=0), x.T @ dt, dt.sum(axis=0)


@misconception("highway_backward")
def gate_path_missing(dout, cache):
    """Your dx lacks the way through the gate: t is computed from x, too."""
    return _highway_back(dout, cache, gate=0.0)


@misconception("highway_backward")
def carried_path_missing(dout, cache):
    """Your dx lacks dout · (1 − t): the share of the input that went past the layer."""
    return _highway_back(dout, cache, past=0.0)


@misconception("highway_backward")
def transform_path_missing(dout, cache):
    """Your dx lacks the way through the transform, tanh(x @ W + b)."""
    return _highway_back(dout, cache, transform=0.0)


@misconception("highway_backward")
def sign_of_dt(dout, cache):
    """The gradient of your gate has the wrong sign: the derivative of t · f + (1 − t) · x by t is
    f − x."""
    return _highway_back(dout, cache, sign=-1.0)


@misconception("highway_backward")
def gate_slope_forgotten(dout, cache):
    """The gradient of your gate passes the sigmoid unchanged. Multiply by t · (1 − t)."""
    return _highway_back(dout, cache, slope=False)
