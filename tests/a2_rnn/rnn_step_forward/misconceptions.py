"""Typical wrong answers to `rnn_step_forward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


def _step_cache(x, prev_h, Wx, Wh, next_h):
    return next_h, (x, prev_h, Wx, Wh, next_h)


@misconception("rnn_step_forward")
def wh_transposed(x, prev_h, Wx, Wh, b):
    """Your step uses `Wh` the wrong way round: prev_h @ Wh.T (or Wh @ prev_h.T, turned). Rows are
    sequences here, so it is prev_h @ Wh. Nothing shows as long as `Wh` is symmetric."""
    return _step_cache(x, prev_h, Wx, Wh, np.tanh(x @ Wx + prev_h @ Wh.T + b))


@misconception("rnn_step_forward")
def sigmoid_for_tanh(x, prev_h, Wx, Wh, b):
    """Your step squeezes the pre-activation between 0 and 1, with a sigmoid. A plain recurrent
    network uses tanh: a state lies between −1 and 1."""
    a = x @ Wx + prev_h @ Wh + b
    return _step_cache(x, prev_h, Wx, Wh, 0.5 * (1.0 + np.tanh(0.5 * a)))


@misconception("rnn_step_forward")
def relu_for_tanh(x, prev_h, Wx, Wh, b):
    """Your step uses a ReLU: no state is negative, and some are above 1. This one is the network
    with tanh; ReLU comes later."""
    return _step_cache(x, prev_h, Wx, Wh, np.maximum(x @ Wx + prev_h @ Wh + b, 0.0))


@misconception("rnn_step_forward")
def without_activation(x, prev_h, Wx, Wh, b):
    """Your step returns the pre-activation x @ Wx + prev_h @ Wh + b itself: tanh is missing."""
    return _step_cache(x, prev_h, Wx, Wh, x @ Wx + prev_h @ Wh + b)


@misconception("rnn_step_forward")
def bias_inside_the_product(x, prev_h, Wx, Wh, b):
    """Your bias is multiplied by `Wh`: (prev_h + b) @ Wh. It is added after the products, once per
    unit. Look at your parentheses."""
    return _step_cache(x, prev_h, Wx, Wh, np.tanh(x @ Wx + (prev_h + b) @ Wh))


@misconception("rnn_step_forward")
def bias_outside_the_tanh(x, prev_h, Wx, Wh, b):
    """Your bias is added to tanh(…), so states leave the range from −1 to 1. It belongs into the
    pre-activation. Look at your parentheses."""
    return _step_cache(x, prev_h, Wx, Wh, np.tanh(x @ Wx + prev_h @ Wh) + b)


@misconception("rnn_step_forward")
def bias_forgotten(x, prev_h, Wx, Wh, b):
    """Your step does not use its bias `b`."""
    return _step_cache(x, prev_h, Wx, Wh, np.tanh(x @ Wx + prev_h @ Wh))


@misconception("rnn_step_forward")
def prev_h_ignored(x, prev_h, Wx, Wh, b):
    """Your step does not use the state before it: tanh(x @ Wx + b) is not recurrent at all. Add
    prev_h @ Wh before you take tanh."""
    return _step_cache(x, prev_h, Wx, Wh, np.tanh(x @ Wx + b))


@misconception("rnn_step_forward")
def prev_h_without_wh(x, prev_h, Wx, Wh, b):
    """Your step adds prev_h as it is. It has to go through its weights, prev_h @ Wh."""
    return _step_cache(x, prev_h, Wx, Wh, np.tanh(x @ Wx + prev_h + b))


@misconception("rnn_step_forward")
def tanh_of_each_part(x, prev_h, Wx, Wh, b):
    """Your step takes tanh of each part on its own and adds the results. Add the parts first, then
    take tanh of the sum, once."""
    return _step_cache(x, prev_h, Wx, Wh, np.tanh(x @ Wx) + np.tanh(prev_h @ Wh + b))


@misconception("rnn_step_forward")
def step_squeezed(x, prev_h, Wx, Wh, b):
    """Your step removes axes of length 1, as `squeeze` does: for one sequence, or one unit, the
    result is no longer of shape (N, H). Leave the axes as they are."""
    return _step_cache(x, prev_h, Wx, Wh, np.squeeze(np.tanh(x @ Wx + prev_h @ Wh + b)))


@misconception("rnn_step_forward")
def step_writes_into_prev_h(x, prev_h, Wx, Wh, b):
    """Your step stores the next state in the caller's own array `prev_h` (with `[...] =`, `out=` or
    `+=`). The numbers are right, and the state before is lost. Build a new array."""
    prev_h[...] = np.tanh(x @ Wx + prev_h @ Wh + b)
    return _step_cache(x, prev_h, Wx, Wh, prev_h)


@misconception("rnn_step_forward")
def tanh_by_exponentials(x, prev_h, Wx, Wh, b):
    """Your tanh is (exp(a) − exp(−a)) / (exp(a) + exp(−a)), which is NaN as soon as exp(a) is too
    large for a float64, from 710 on. `np.tanh` is right everywhere."""
    a = x @ Wx + prev_h @ Wh + b
    up, down = np.exp(a), np.exp(-a)
    return _step_cache(x, prev_h, Wx, Wh, (up - down) / (up + down))
