"""Typical wrong answers to `memory_horizon`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception


@misconception("memory_horizon")
def ends_at_the_first_gap(norms, eps):
    """Your horizon ends before the first lag whose norm is too small. Norms need not decrease: look
    for the *last* lag that is large enough."""
    small = np.flatnonzero(norms < eps)
    last = int(small[0]) - 1 if small.size else len(norms) - 1
    return last if last >= 0 else None


@misconception("memory_horizon")
def threshold_on_the_sum(norms, eps):
    """You compare a running sum of the norms with eps. Each norm is compared on its own."""
    rest = np.cumsum(norms[::-1])[::-1]
    lags = np.flatnonzero(rest >= eps)
    return int(lags[-1]) if lags.size else None


@misconception("memory_horizon")
def counts_lags(norms, eps):
    """You return how many lags are large enough. The horizon is the largest such lag; lag 0 comes
    first, and there may be gaps."""
    count = int(np.sum(norms >= eps))
    return count if count else None


@misconception("memory_horizon")
def one_too_far(norms, eps):
    """Your horizon is one too large. Lag 0 comes first, so the index is the lag."""
    lags = np.flatnonzero(norms >= eps)
    return int(lags[-1]) + 1 if lags.size else None


@misconception("memory_horizon")
def strictly_above(norms, eps):
    """Your comparison is strict. A norm that equals eps counts."""
    lags = np.flatnonzero(norms > eps)
    return int(lags[-1]) if lags.size else None


@misconception("memory_horizon")
def first_lag_above(norms, eps):
    """You return the first lag that is large enough. The horizon is the last one: how far back
    anything is heard."""
    lags = np.flatnonzero(norms >= eps)
    return int(lags[0]) if lags.size else None


@misconception("memory_horizon")
def zero_for_none(norms, eps):
    """You return 0 where no norm is large enough. 0 is a lag: it says that the last step counts.
    Return None."""
    lags = np.flatnonzero(norms >= eps)
    return int(lags[-1]) if lags.size else 0


@misconception("memory_horizon")
def minus_one_for_none(norms, eps):
    """You return −1 where no norm is large enough. Return None."""
    lags = np.flatnonzero(norms >= eps)
    return int(lags[-1]) if lags.size else -1


@misconception("memory_horizon")
def lag_zero_taken_for_none(norms, eps):
    """You return None where the horizon is 0. In Python, 0 is not true: ask `is None`, or for the
    number of lags."""
    lags = np.flatnonzero(norms >= eps)
    return (int(lags[-1]) if lags.size else 0) or None


@misconception("memory_horizon")
def relative_to_the_largest(norms, eps):
    """You compare with eps times the largest norm. Here eps is the threshold itself."""
    lags = np.flatnonzero(norms >= eps * np.max(norms, initial=0.0))
    return int(lags[-1]) if lags.size else None
