"""Typical wrong answers to `highway_forward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _sigmoid


def _highway(x, W, b, Wt, bt, *, gate=_sigmoid, mix=lambda t, f, x: t * f + (1 - t) * x):
    f, t = np.tanh(x @ W + b), gate(x @ Wt + bt)
    out = mix(t, f, x)
    cache = x, W, Wt, f, t
    return out, cache


@misconception("highway_forward")
def gate_exchanged(x, W, b, Wt, bt):
    """Your gate is the other way round: t = 1 must choose the transform, and t = 0 the input."""
    return _highway(x, W, b, Wt, bt, mix=lambda t, f, x: (1 - t) * f + t * x)


@misconception("highway_forward")
def input_passes_whole(x, W, b, Wt, bt):
    """Your layer adds the whole input, t · f + x, as a residual layer does. The input's share is
    1 − t."""
    return _highway(x, W, b, Wt, bt, mix=lambda t, f, x: t * f + x)


@misconception("highway_forward")
def input_left_out(x, W, b, Wt, bt):
    """Your layer is t · f: what the gate holds back is lost. Its place is taken by (1 − t) · x."""
    return _highway(x, W, b, Wt, bt, mix=lambda t, f, x: t * f)


@misconception("highway_forward")
def tanh_for_the_highway_gate(x, W, b, Wt, bt):
    """Your gate is a tanh, from −1 to 1. A gate is a share between 0 and 1: use sigmoid."""
    return _highway(x, W, b, Wt, bt, gate=np.tanh)
