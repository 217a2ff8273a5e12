"""An array larger than the limit is not given.

honest: double
says: MemoryError: Unable to allocate
"""

import numpy as np


def double(x):
    return 2.0 * x


def quadruple(x):
    return np.ones((2**20, 2**12))
