"""Typical wrong answers to `residual_backward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


def _residual_back(dout, cache, *, past=1.0, slope=lambda x, f: 1.0 - f**2, turn=np.transpose):
    x, W, f = cache
    da = dout * slope(x, f)
    return past * dout + da @ turn(W), x.T @ da, da.sum(axis=0)


@misconception("residual_backward")
def identity_path_missing(dout, cache):
    """Your dx lacks dout itself: the input went around the layer, so the gradient does, too."""
    return _residual_back(dout, cache, past=0.0)


@misconception("residual_backward")
def slope_taken_at_the_output(dout, cache):
    """Your slope of tanh is computed from the layer's output. That is x + f; the slope is 1 − f²,
    with f alone."""
    return _residual_back(dout, cache, slope=lambda x, f: 1.0 - (x + f) ** 2)


@misconception("residual_backward")
def residual_slope_forgotten(dout, cache):
    """Your gradient passes tanh unchanged. Multiply dout by 1 − f² before the products with W and
    x."""
    return _residual_back(dout, cache, slope=lambda x, f: 1.0)


@misconception("residual_backward")
def residual_w_not_transposed(dout, cache):
    """Your dx uses W where W.T belongs. It is square, so no error tells."""
    return _residual_back(dout, cache, turn=lambda W: W)


@misconception("residual_backward")
def dout_overwritten(dout, cache):
    """Your dx is right, but it is added up in dout itself (`dout += …`): the caller's array has
    changed."""
    dx, dW, db = _residual_back(dout, cache)
    dout[...] = dx
    return dout, dW, db
