"""What the misconceptions share."""

from __future__ import annotations

import numpy as np


def _norm(grads):
    return float(np.sqrt(sum(np.sum(g**2) for g in grads.values())))


def _times(grads, factor):
    return {name: g * factor for name, g in grads.items()}


def _all_finite(grads):
    return all(bool(np.all(np.isfinite(g))) for g in grads.values())


def _copy(params):
    return {name: p.copy() for name, p in params.items()}
