"""NaN is not equal to what is expected, and not close to it either.

honest: double
says: NaN
stock: yes
"""

import numpy as np


def double(x):
    return 2.0 * x


def quadruple(x):
    return np.full(np.shape(x), np.nan)
