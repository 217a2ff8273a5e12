"""Booleans that are neither true nor false are refused before they are compared.

honest: double
says: neither true nor false
"""

import numpy as np


def double(x):
    return 2.0 * x


def quadruple(x):
    return np.frombuffer(b"\2" * np.size(x), bool)
