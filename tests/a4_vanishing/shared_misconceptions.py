"""What the misconceptions share."""

from __future__ import annotations

import numpy as np


def _slope(next_h):
    return 1.0 - next_h**2


def _jacobians(hs, Wh):
    return [_slope(h)[:, None] * Wh.T for h in hs]


def _chain(matrices, size):
    product = np.eye(size)
    for matrix in matrices:
        product = matrix @ product
    return product
