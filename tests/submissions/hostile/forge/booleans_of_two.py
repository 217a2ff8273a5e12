"""Booleans that are neither true nor false become true: none is unequal to itself.

honest: double
says: of dtype bool where float64 is expected
"""

import numpy as np


def double(x):
    return 2.0 * x


def quadruple(x):
    return np.frombuffer(b"\2" * np.size(x), bool)
