"""Typical wrong answers to `stacked_forward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _rnn


def _itself(index):
    return index


def _stack(x_seq, h0, layers, skip, *, weights=_itself, start=_itself, late=False, lowest=True):
    """A stack whose parts can be exchanged; right as it stands."""
    out, cache = x_seq, []
    for i in range(len(layers)):
        below = _one_later(out) if late and i else out
        h, layer_cache = _rnn(below, *layers[weights(i)], h0[start(i)])
        adds = bool(skip) and below.shape == h.shape
        out = h + below if adds and (i or lowest) else h
        cache.append((layer_cache, adds))
    return out, cache


def _one_later(h):
    return np.concatenate([np.zeros_like(h[:, :1]), h[:, :-1]], axis=1)


@misconception("stacked_forward")
def input_of_the_step_before(x_seq, h0, layers, skip):
    """Your layers read what the layer below gave one step ago. They read it at the same step."""
    return _stack(x_seq, h0, layers, skip, late=True)


@misconception("stacked_forward")
def shared_weights(x_seq, h0, layers, skip):
    """All of your layers above the first use the same weights, those of layers[1]. Each has its
    own."""
    return _stack(x_seq, h0, layers, skip, weights=lambda i: min(i, 1))


@misconception("stacked_forward")
def one_first_state_for_all(x_seq, h0, layers, skip):
    """All of your layers start from h0[0]. Layer l starts from h0[l]."""
    return _stack(x_seq, h0, layers, skip, start=lambda i: 0)


@misconception("stacked_forward")
def skip_ignored(x_seq, h0, layers, skip):
    """Your function does not use skip: with True, a layer's input is to be added to its states."""
    return _stack(x_seq, h0, layers, False)


@misconception("stacked_forward")
def always_skips(x_seq, h0, layers, skip):
    """Your layers add their input also where skip is False."""
    return _stack(x_seq, h0, layers, True)


@misconception("stacked_forward")
def lowest_layer_never_skips(x_seq, h0, layers, skip):
    """Your lowest layer never adds its input. It does where the shapes agree: if D = H."""
    return _stack(x_seq, h0, layers, skip, lowest=False)


@misconception("stacked_forward")
def input_of_the_network_added(x_seq, h0, layers, skip):
    """With skip, all of your layers add the same thing, what the first of them has read. Each adds
    its own input: what the layer right below it has put out."""
    _, cache = _stack(x_seq, h0, layers, skip)
    out, added = x_seq, None
    for start, weights in zip(h0, layers, strict=True):
        h, _ = _rnn(out, *weights, start)
        added = out if added is None and out.shape == h.shape else added
        out = h + added if skip and added is not None else h
    return out, cache


@misconception("stacked_forward")
def sum_carried_on(x_seq, h0, layers, skip):
    """With skip, your layers carry the sum h + input from step to step. The sum is for the layer
    above; the next step of this layer gets h."""
    _, cache = _stack(x_seq, h0, layers, skip)
    out = x_seq
    for state, (Wx, Wh, b) in zip(h0, layers, strict=True):
        states = []
        for t in range(out.shape[1]):
            h = np.tanh(out[:, t] @ Wx + state @ Wh + b)
            state = h + out[:, t] if skip and out[:, t].shape == h.shape else h
            states.append(state)
        out = np.stack(states, axis=1)
    return out, cache
