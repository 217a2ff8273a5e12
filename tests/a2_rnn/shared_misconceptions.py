"""What the misconceptions share."""

from __future__ import annotations

import numpy as np


def _steps(x_seq):
    """The inputs of each step, (N, D) each."""
    return np.moveaxis(x_seq, 1, 0)


def _stacked(states):
    """States of each step as (N, T, H), and a cache that nobody will read."""
    h = np.stack(states, axis=1)
    return h, [None] * len(states)


def _read(x_seq, h0, step):
    """What a loop over the steps returns when step(x, prev_h) gives the next state."""
    states: list[np.ndarray] = []
    for x in _steps(x_seq):
        states.append(step(x, states[-1] if states else h0))
    return _stacked(states)
