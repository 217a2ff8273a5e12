"""Typical wrong answers to `all_finite`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _norm


@misconception("all_finite")
def compared_with_a_bound(grads):
    """Your function looks whether the norm is above some bound. A comparison with NaN is always
    False, so NaN passes; and large numbers are finite, too. Use np.isfinite."""
    return not any(np.max(np.abs(g)) > 1e100 for g in grads.values())


@misconception("all_finite")
def only_the_first_array(grads):
    """Your function looks at one array only, perhaps because it returns inside the loop. Look at
    all of them before you answer True."""
    first, *_ = grads.values()
    return bool(np.all(np.isfinite(first)))


@misconception("all_finite")
def only_the_last_array(grads):
    """Your answer is about the last array only: each turn of the loop forgets the one before."""
    *_, last = grads.values()
    return bool(np.all(np.isfinite(last)))


@misconception("all_finite")
def nan_only(grads):
    """Your function finds NaN and lets infinities pass: np.isfinite is False for both."""
    return not any(bool(np.any(np.isnan(g))) for g in grads.values())


@misconception("all_finite")
def infinities_only(grads):
    """Your function finds infinities and lets NaN pass: np.isfinite is False for both."""
    return not any(bool(np.any(np.isinf(g))) for g in grads.values())


@misconception("all_finite")
def negative_infinity_passes(grads):
    """Your function lets −inf pass: look at both signs, or use np.isfinite."""
    return all(bool(np.all(g < np.inf)) for g in grads.values())


@misconception("all_finite")
def finite_sum(grads):
    """Your function looks at the sum of the entries. Large finite numbers have an infinite sum:
    look at each entry itself."""
    return bool(np.isfinite(sum(np.sum(g) for g in grads.values())))


@misconception("all_finite")
def finite_norm(grads):
    """Your function looks at the norm. The square of a large finite number is infinite: look at
    each entry itself."""
    return bool(np.isfinite(_norm(grads)))


@misconception("all_finite")
def any_for_all(grads):
    """Your answer is True as soon as *one* entry, or one array, is finite. All of them have to
    be."""
    return any(bool(np.any(np.isfinite(g))) for g in grads.values())


@misconception("all_finite")
def answer_turned_round(grads):
    """Your answer is the wrong way round: True means that everything is finite."""
    return not all(bool(np.all(np.isfinite(g))) for g in grads.values())
