"""Typical wrong answers to `stacked_backward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _rnn_back


def _stack_back(dout, cache, *, past=True, stop=False, reverse=True):
    """The way back whose parts can be exchanged; right as it stands."""
    dz, dh0, dlayers = dout, [], []
    for layer_cache, adds in reversed(cache):
        dbelow, dstart, dweights = _rnn_back(dout if stop else dz, layer_cache)
        dz = dbelow + dz if adds and past else dbelow
        dh0.append(dstart)
        dlayers.append(dweights)
    step = -1 if reverse else 1
    return dz, np.stack(dh0[::step]), dlayers[::step]


@misconception("stacked_backward")
def dx_stops_at_the_top(dout, cache):
    """Each of your layers gets dout itself. That is the gradient of the top layer's output; a lower
    layer gets the dx of the layer above it."""
    return _stack_back(dout, cache, stop=True)


@misconception("stacked_backward")
def skip_path_missing(dout, cache):
    """With skip, your gradient goes through the layers and not past them. What was added on the way
    up has to be added on the way down."""
    return _stack_back(dout, cache, past=False)


@misconception("stacked_backward")
def layers_from_the_top(dout, cache):
    """Your gradients come in the order of the way back, from the top layer down. dh0 and dlayers
    have the order of layers: from the bottom."""
    return _stack_back(dout, cache, reverse=False)


@misconception("stacked_backward")
def first_states_of_the_top_layer_only(dout, cache):
    """Your dh0 is that of the top layer, (N, H). Each layer has a first state: stack them, the
    lowest layer first, to (L, N, H)."""
    dx, dh0, dlayers = _stack_back(dout, cache)
    return dx, dh0[-1], dlayers
