"""What the public tests share; released with them."""

from __future__ import annotations

import numpy as np

from autograder.testing import outputs_and_cache

L = np.log(2.0)  # tanh(L) = 3/5 and tanh(2L) = 15/17


def arrays_of(*shapes):
    """Arrays of these shapes, with numbers between −1 and 1 that are not all alike."""
    rng = np.random.default_rng(7)
    return [np.round(rng.uniform(-1.0, 1.0, shape), 2) for shape in shapes]


def out_of(function, *args):
    """What a student's forward ``function`` returns beside its cache."""
    (out, *_), _ = outputs_and_cache(function, dict(enumerate(args)))
    return out


H_KNOWN = np.array([[[1.0], [2.0], [3.0]], [[4.0], [5.0], [6.0]]])  # N = 2, T = 3, H = 1
WO, BO = np.array([[1.0, 10.0]]), np.array([0.5, -1.0])  # V = 2
WORDS = np.array([[2, 0, 1], [2, 2, 1]])  # word 2 three times, word 1 twice, word 3 never
TABLE = np.array([[0.0, 0.5], [1.0, -1.0], [20.0, -20.0], [300.0, 3.0]])
