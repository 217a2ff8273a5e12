"""Typical wrong answers to `gradient_norm_profile`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _slope


def _carried(dh_T, cache):
    """The gradients by h[:, T-1], ..., h[:, 0] and by h0, each of shape (N, H)."""
    _, _, _, Wh, h = cache
    gradients = [dh_T]
    for t in reversed(range(h.shape[1])):
        gradients.append((gradients[-1] * _slope(h[:, t])) @ Wh.T)
    return gradients


def _norms(gradients):
    return np.array([np.linalg.norm(gradient) for gradient in gradients])


@misconception("gradient_norm_profile")
def profile_reversed(dh_T, cache):
    """Your profile runs backwards in time: entry 0 should belong to the first step, and the last
    entry to the last one, where the loss is."""
    return _norms(_carried(dh_T, cache)[:-1])


@misconception("gradient_norm_profile")
def profile_one_step_early(dh_T, cache):
    """Your profile is shifted by one step: its last entry is not the norm of dh_T, and its first
    one is that of h0's gradient. Note the norm *before* you carry the gradient on."""
    return _norms(_carried(dh_T, cache)[1:][::-1])


@misconception("gradient_norm_profile")
def profile_with_h0(dh_T, cache):
    """Your profile has T + 1 entries: the gradient by h0 is among them. Only the T states of the
    sequence are asked for."""
    return _norms(_carried(dh_T, cache)[::-1])


@misconception("gradient_norm_profile")
def one_norm_per_sequence(dh_T, cache):
    """Your norm runs over the units only and leaves one number for each sequence. One number per
    step is asked for, over all N · H entries."""
    gradients = _carried(dh_T, cache)[:-1][::-1]
    return np.array([np.linalg.norm(gradient, axis=1) for gradient in gradients])


@misconception("gradient_norm_profile")
def one_norm_per_unit(dh_T, cache):
    """Your norm runs over the batch only and leaves one number for each unit. One number per step
    is asked for, over all N · H entries."""
    gradients = _carried(dh_T, cache)[:-1][::-1]
    return np.array([np.linalg.norm(gradient, axis=0) for gradient in gradients])


@misconception("gradient_norm_profile")
def mean_norm_of_the_sequences(dh_T, cache):
    """Your profile is the mean of the sequences' norms. Asked for is one norm over all entries, the
    square root of the sum of all squares."""
    gradients = _carried(dh_T, cache)[:-1][::-1]
    return np.array([np.mean(np.linalg.norm(gradient, axis=1)) for gradient in gradients])


@misconception("gradient_norm_profile")
def spectral_norm_of_the_batch(dh_T, cache):
    """Your norm is the spectral norm of the (N, H) gradient (`norm(…, 2)`). A gradient's length is
    the square root of the sum of the squares, the default of `np.linalg.norm`."""
    gradients = _carried(dh_T, cache)[:-1][::-1]
    return np.array([np.linalg.norm(gradient, 2) for gradient in gradients])


@misconception("gradient_norm_profile")
def squares_without_the_root(dh_T, cache):
    """Your profile holds the sums of the squares: the square root is missing."""
    return _norms(_carried(dh_T, cache)[:-1][::-1]) ** 2


def _carry_by(step, dh_T, cache):
    """The profile of a gradient that ``step(carried, t, Wh, h)`` carries from h[:, t] back."""
    _, _, _, Wh, h = cache
    gradients = [dh_T]
    for t in reversed(range(1, h.shape[1])):
        gradients.append(step(gradients[-1], t, Wh, h))
    return _norms(gradients[::-1])


@misconception("gradient_norm_profile")
def tanh_prime_forgotten_on_the_way(dh_T, cache):
    """Your gradient is carried back by the weights alone: at each step it also has to be multiplied
    by tanh′, that is 1 − h²."""
    return _carry_by(lambda dh, t, Wh, h: dh @ Wh.T, dh_T, cache)


@misconception("gradient_norm_profile")
def weights_not_transposed_on_the_way(dh_T, cache):
    """Your gradient is multiplied by Wh on its way back. Forwards it is `h @ Wh`, so backwards it
    is the transpose."""
    return _carry_by(lambda dh, t, Wh, h: (dh * _slope(h[:, t])) @ Wh, dh_T, cache)


@misconception("gradient_norm_profile")
def slope_of_the_step_before(dh_T, cache):
    """Your tanh′ is taken one step too early: to go from h[:, t] back to h[:, t-1], the derivative
    is that of step t."""
    return _carry_by(lambda dh, t, Wh, h: (dh * _slope(h[:, t - 1])) @ Wh.T, dh_T, cache)


@misconception("gradient_norm_profile")
def weights_before_tanh_prime(dh_T, cache):
    """Your gradient is multiplied by the weights first and by tanh′ afterwards. Backwards through
    tanh(h @ Wh) tanh comes first."""
    return _carry_by(lambda dh, t, Wh, h: (dh @ Wh.T) * _slope(h[:, t]), dh_T, cache)


@misconception("gradient_norm_profile")
def nothing_carried(dh_T, cache):
    """Your gradient does not change on its way: every entry is the norm of dh_T. What one step
    gives is what the next one begins with."""
    return _carry_by(lambda dh, t, Wh, h: dh, dh_T, cache)


@misconception("gradient_norm_profile")
def writes_into_dh(dh_T, cache):
    """Your function multiplies dh_T in place (`dh_T *= …`): the caller's array has changed. Give
    what you carry a name of its own and build new arrays."""
    h = cache[-1]
    profile = _norms(_carried(dh_T, cache)[:-1][::-1])
    dh_T *= _slope(h[:, -1])
    return profile
