"""Typical wrong answers to `sigmoid`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _sigmoid


@misconception("sigmoid")
def overflows_for_negative_x(x):
    """Your function types the formula 1 / (1 + exp(−x)) as it stands: exp(−x) overflows for large
    negative x. There, use the equal form with exp(x)."""
    return 1.0 / (1.0 + np.exp(-np.asarray(x)))


@misconception("sigmoid")
def overflows_for_positive_x(x):
    """Your function computes exp(x) / (1 + exp(x)) everywhere: for large positive x that is
    infinity by infinity, NaN. Use this form only where x is negative."""
    e = np.exp(np.asarray(x))
    return e / (1.0 + e)


@misconception("sigmoid")
def computes_both_branches(x):
    """Your function has the right two forms, but `np.where` computes both of them for every entry
    before it chooses, so the unsafe one still overflows. Give exp only numbers that are safe."""
    x = np.asarray(x)
    return np.where(x >= 0, 1.0 / (1.0 + np.exp(-x)), np.exp(x) / (1.0 + np.exp(x)))


@misconception("sigmoid")
def clips_its_argument(x):
    """Your function seems to clip x before it exponentiates. That stops the overflow, but the
    tails are wrong: far out the result is a small number where it should be 0."""
    return 1.0 / (1.0 + np.exp(-np.clip(x, -20.0, 20.0)))


@misconception("sigmoid")
def epsilon_in_the_denominator(x):
    """Your function seems to add a small constant to the denominator. 1 + exp(−x) is never 0, so
    the constant protects against nothing, and it makes σ(0) differ from 0.5."""
    return 1.0 / (1.0 + np.exp(-np.asarray(x)) + 1e-6)


@misconception("sigmoid")
def sign_of_the_exponent(x):
    """Your function falls where it should rise: it computes 1 / (1 + exp(x)), which is σ(−x). Look
    at the sign inside the exponential."""
    return _sigmoid(-np.asarray(x, dtype=np.float64))
