"""Measuring derivatives, for evidence that does not lean on the formula in question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["derivative", "jacobian", "largest_stretch"]

_STEP = 1e-6
_ROUNDS = 100


def derivative(f: Callable[[float], Any], x: float) -> float:
    """df/dx at ``x`` by the central difference (f(x + h) - f(x - h)) / 2h; right to about 1e-9."""
    return float((f(x + _STEP) - f(x - _STEP)) / (2 * _STEP))


def jacobian(f: Callable[[Any], Any], x: Any) -> Any:
    """J[i, j] = df_i/dx_j (M, N) of a function of vectors at ``x`` (N,), by central differences."""
    x = np.asarray(x, dtype=float)
    steps = _STEP * np.eye(x.size)
    return np.stack([(f(x + step) - f(x - step)) / (2 * _STEP) for step in steps], axis=1)


def largest_stretch(W: Any) -> float:
    """How much ``W`` (H, H) lengthens a vector at most, found by stretching one again and again."""
    W = np.asarray(W, dtype=float)
    v = np.linspace(1.0, 2.0, W.shape[1])
    for _ in range(_ROUNDS):
        v = W.T @ (W @ (v / (np.linalg.norm(v) or 1.0)))
    return float(np.sqrt(np.linalg.norm(v)))
