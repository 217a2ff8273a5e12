"""Memory is limited: the call that takes too much raises MemoryError.

honest: double
says: raises MemoryError
"""

import numpy as np


def double(x):
    return 2.0 * x


def quadruple(x):
    kept = []
    while True:
        kept.append(np.zeros(2**22))
