"""Typical wrong answers to `rnn_relu_forward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _read


def _relu(a):
    return np.maximum(a, 0.0)


@misconception("rnn_relu_forward")
def tanh_left_in(x_seq, h0, Wx, Wh, b):
    """Your network still uses tanh: its states are limited by 1 and can be negative. Here the
    activation is max(a, 0)."""
    return _read(x_seq, h0, lambda x, prev_h: np.tanh(x @ Wx + prev_h @ Wh + b))


@misconception("rnn_relu_forward")
def relu_of_tanh(x_seq, h0, Wx, Wh, b):
    """Your network takes a ReLU of tanh(a): its states still saturate at 1. The ReLU takes the
    place of tanh."""
    return _read(x_seq, h0, lambda x, prev_h: _relu(np.tanh(x @ Wx + prev_h @ Wh + b)))


@misconception("rnn_relu_forward")
def clipped_at_one(x_seq, h0, Wx, Wh, b):
    """Your states stop at 1. ReLU stops negative numbers only; upwards it has no limit."""
    return _read(x_seq, h0, lambda x, prev_h: np.clip(x @ Wx + prev_h @ Wh + b, 0.0, 1.0))


@misconception("rnn_relu_forward")
def leaky(x_seq, h0, Wx, Wh, b):
    """Your activation lets a little of negative numbers through: that is a leaky ReLU. Here they
    become exactly 0."""

    def step(x, prev_h):
        a = x @ Wx + prev_h @ Wh + b
        return np.where(a > 0, a, 0.01 * a)

    return _read(x_seq, h0, step)


@misconception("rnn_relu_forward")
def pre_activation_carried(x_seq, h0, Wx, Wh, b):
    """Your steps hand on the pre-activation and take the ReLU only of what is returned. The state
    that goes into the next step is the one after the ReLU."""
    a, cache = _read(x_seq, h0, lambda x, prev_h: x @ Wx + prev_h @ Wh + b)
    return _relu(a), cache


@misconception("rnn_relu_forward")
def relu_of_the_input_only(x_seq, h0, Wx, Wh, b):
    """Your ReLU is taken of x @ Wx + b, and the recurrent part is added afterwards, so states can
    be negative. Take it of the whole sum."""
    return _read(x_seq, h0, lambda x, prev_h: _relu(x @ Wx + b) + prev_h @ Wh)


@misconception("rnn_relu_forward")
def relu_of_h0(x_seq, h0, Wx, Wh, b):
    """Your network takes a ReLU of h0 before step 0. h0 is a state as it is, of any sign; only
    pre-activations go through the ReLU."""
    return _read(x_seq, _relu(h0), lambda x, prev_h: _relu(x @ Wx + prev_h @ Wh + b))


@misconception("rnn_relu_forward")
def relu_h0_ignored(x_seq, h0, Wx, Wh, b):
    """Your network starts from zeros whatever `h0` is. Is h0 never used, or does step 0 read
    `h[:, -1]`, which is the last place of an array that is still empty?"""
    return _read(x_seq, np.zeros_like(h0), lambda x, prev_h: _relu(x @ Wx + prev_h @ Wh + b))


@misconception("rnn_relu_forward")
def relu_squeezed(x_seq, h0, Wx, Wh, b):
    """Your h loses every axis of length 1, as with `squeeze`: for one sequence, one step or one
    unit it is no longer (N, T, H). Leave the axes as they are."""
    h, cache = _read(x_seq, h0, lambda x, prev_h: _relu(x @ Wx + prev_h @ Wh + b))
    return np.squeeze(h), cache
