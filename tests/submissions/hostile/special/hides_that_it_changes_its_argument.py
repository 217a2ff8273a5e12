"""The worker's own account of changed arguments can be forged, values cannot: quadruple is wrong.

honest: double
says: the result
"""

import sys

import numpy as np


def double(x):
    return 2.0 * np.array(x)


def quadruple(x):
    sys._getframe(1).f_locals["before"][0] = None
    x *= 0.0
    return x
