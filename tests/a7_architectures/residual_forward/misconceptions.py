"""Typical wrong answers to `residual_forward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


def _residual(x, W, b):
    f = np.tanh(x @ W + b)
    return f, (x, W, f)


@misconception("residual_forward")
def input_not_added(x, W, b):
    """Your layer returns tanh(x @ W + b) alone. A residual layer adds its input to that."""
    f, cache = _residual(x, W, b)
    return f, cache


@misconception("residual_forward")
def input_overwritten(x, W, b):
    """Your layer adds into x itself (`x += …`): the caller's array has changed. Make a new one."""
    f, cache = _residual(np.array(x), W, b)
    x += f
    return x, cache


@misconception("residual_forward")
def input_added_inside(x, W, b):
    """Your layer adds x inside of tanh. It has to be added to the result: tanh is what we want to
    get around."""
    _, cache = _residual(x, W, b)
    return np.tanh(x + x @ W + b), cache


@misconception("residual_forward")
def residual_weights_transposed(x, W, b):
    """Your layer multiplies by the transposed W. It is square, so no error tells."""
    f, cache = _residual(x, W.T, b)
    return x + f, cache
