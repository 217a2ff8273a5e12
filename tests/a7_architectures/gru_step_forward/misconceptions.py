"""Typical wrong answers to `gru_step_forward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _gru_step, _opposite, _sigmoid, _thirds


@misconception("gru_step_forward", dialect=True)
def opposite_update_gate(x, prev_h, Wx, Wh, b):
    """Your update gate is the other way round: next_h = u · prev_h + (1 − u) · n. Some libraries
    have it so; in this course u = 0 keeps the state."""
    return _gru_step(x, prev_h, Wx, Wh, b, mix=_opposite)


@misconception("gru_step_forward", dialect=True)
def reset_after_the_product(x, prev_h, Wx, Wh, b):
    """Your reset gate multiplies prev_h @ Whn, after the matrix product, as PyTorch does. Here it
    is applied before: (r · prev_h) @ Whn."""
    return _gru_step(x, prev_h, Wx, Wh, b, after=True)


@misconception("gru_step_forward", dialect=True)
def opposite_gate_and_reset_after(x, prev_h, Wx, Wh, b):
    """Your step is PyTorch's: u · prev_h + (1 − u) · n, with r · (prev_h @ Whn) in n. Here it is
    (1 − u) · prev_h + u · n, and the reset comes before the product: (r · prev_h) @ Whn."""
    return _gru_step(x, prev_h, Wx, Wh, b, mix=_opposite, after=True)


@misconception("gru_step_forward", dialect=True)
def update_and_reset_exchanged(x, prev_h, Wx, Wh, b):
    """Your first third is the reset gate and your second the update gate. The order is u, r, n."""
    return _gru_step(x, prev_h, Wx, Wh, b, exchanged=True)


@misconception("gru_step_forward", dialect=True)
def exchanged_and_opposite(x, prev_h, Wx, Wh, b):
    """Your first third is the reset gate, and your update gate is the other way round. The order is
    u, r, n, and next_h = (1 − u) · prev_h + u · n."""
    return _gru_step(x, prev_h, Wx, Wh, b, exchanged=True, mix=_opposite)


@misconception("gru_step_forward", dialect=True)
def exchanged_and_reset_after(x, prev_h, Wx, Wh, b):
    """Your first third is the reset gate, and it is applied after the matrix product. The order is
    u, r, n, and the reset comes before: (r · prev_h) @ Whn."""
    return _gru_step(x, prev_h, Wx, Wh, b, exchanged=True, after=True)


@misconception("gru_step_forward", dialect=True)
def as_in_pytorch(x, prev_h, Wx, Wh, b):
    """Your step is PyTorch's, its order of the thirds included: r, u, n. Here the order is u, r, n,
    next_h = (1 − u) · prev_h + u · n, and the reset comes before the product: (r · prev_h) @ Whn.
    """
    return _gru_step(x, prev_h, Wx, Wh, b, exchanged=True, mix=_opposite, after=True)


@misconception("gru_step_forward")
def reset_left_out(x, prev_h, Wx, Wh, b):
    """Your candidate sees the whole of prev_h: the reset gate is not used. Multiply prev_h by r
    before its product with Whn."""
    xu, _, xn, hu, _, hn, _ = _thirds(x, prev_h, Wx, Wh, b)
    u, n = _sigmoid(xu + hu), np.tanh(xn + hn)
    cache = x, prev_h, Wx, Wh, u, np.ones_like(u), n
    return (1.0 - u) * prev_h + u * n, cache


@misconception("gru_step_forward")
def sigmoid_for_the_candidate(x, prev_h, Wx, Wh, b):
    """Your candidate n is a sigmoid and never negative. Only the gates are sigmoids; n is tanh."""
    return _gru_step(x, prev_h, Wx, Wh, b, squash=_sigmoid)


@misconception("gru_step_forward")
def tanh_for_the_gates(x, prev_h, Wx, Wh, b):
    """Your gates are tanh, from −1 to 1. A gate is a share between 0 and 1: use sigmoid."""
    return _gru_step(x, prev_h, Wx, Wh, b, gate=np.tanh)


@misconception("gru_step_forward")
def old_state_kept_whole(x, prev_h, Wx, Wh, b):
    """Your step adds u · n to the whole of prev_h, so the state can grow without a limit. The two
    shares must make one: (1 − u) · prev_h + u · n."""
    return _gru_step(x, prev_h, Wx, Wh, b, mix=lambda u, n, h: h + u * n)


@misconception("gru_step_forward")
def tanh_by_exponentials(x, prev_h, Wx, Wh, b):
    """Your tanh is (exp(a) − exp(−a)) / (exp(a) + exp(−a)), which is NaN as soon as exp(a) is too
    large for a float64, from 710 on. `np.tanh` is right everywhere."""

    def squash(a):
        up, down = np.exp(a), np.exp(-a)
        return (up - down) / (up + down)

    return _gru_step(x, prev_h, Wx, Wh, b, squash=squash)
