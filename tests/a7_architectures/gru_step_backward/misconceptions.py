"""Typical wrong answers to `gru_step_backward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _gru_step_back


@misconception("gru_step_backward")
def kept_state_forgotten(dnext_h, cache):
    """Your dprev_h lacks the term dnext_h · (1 − u): the state that is kept is the shortest way
    back, and the reason why a GRU remembers."""
    return _gru_step_back(dnext_h, cache, kept=0.0)


@misconception("gru_step_backward")
def update_gate_path_missing(dnext_h, cache):
    """Your dprev_h lacks the way through the update gate: u is computed from prev_h, too. Add
    da_u @ Whu.T."""
    return _gru_step_back(dnext_h, cache, by_u=0.0)


@misconception("gru_step_backward")
def reset_gate_path_missing(dnext_h, cache):
    """Your dprev_h lacks the way through the reset gate: r is computed from prev_h, too. Add
    da_r @ Whr.T."""
    return _gru_step_back(dnext_h, cache, by_r=0.0)


@misconception("gru_step_backward")
def both_gate_paths_missing(dnext_h, cache):
    """Your dprev_h lacks the ways through the two gates: u and r are computed from prev_h, too. Add
    da_u @ Whu.T and da_r @ Whr.T."""
    return _gru_step_back(dnext_h, cache, by_u=0.0, by_r=0.0)


@misconception("gru_step_backward")
def candidate_path_missing(dnext_h, cache):
    """Your dprev_h lacks the way through the candidate: n is computed from r · prev_h. Add its
    gradient, times r."""
    return _gru_step_back(dnext_h, cache, by_n=0.0)


@misconception("gru_step_backward")
def candidate_path_without_reset(dnext_h, cache):
    """In your dprev_h the term of the candidate is not multiplied by r: what went in was
    r · prev_h, so its gradient is multiplied by r on the way to prev_h."""
    r = np.where(cache[5] == 0.0, 1.0, cache[5])
    return _gru_step_back(dnext_h, cache, by_n=1.0 / r)


@misconception("gru_step_backward")
def sign_of_du(dnext_h, cache):
    """The gradient of your update gate has the wrong sign: the derivative of
    (1 − u) · prev_h + u · n by u is n − prev_h."""
    return _gru_step_back(dnext_h, cache, sign=-1.0)


@misconception("gru_step_backward")
def tanh_slope_forgotten(dnext_h, cache):
    """The gradient of your candidate passes tanh unchanged. Multiply by 1 − n²."""
    return _gru_step_back(dnext_h, cache, slope=False)


@misconception("gru_step_backward")
def dwhn_without_reset(dnext_h, cache):
    """The third part of your dWh is prev_h.T @ da_n. What was multiplied by Whn is r · prev_h."""
    return _gru_step_back(dnext_h, cache, reset=False)


@misconception("gru_step_backward")
def weights_averaged_over_the_batch(dnext_h, cache):
    """Your gradients of the weights are divided by N. They are sums over the batch; if a mean is
    wanted, the loss has it."""
    return _gru_step_back(dnext_h, cache, share=1.0 / len(dnext_h))
