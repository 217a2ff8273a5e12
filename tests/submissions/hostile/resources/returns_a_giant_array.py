"""A value of more than 32 MiB does not cross.

honest: double
says: too large to send
"""

import numpy as np


def double(x):
    return 2.0 * x


def quadruple(x):
    return np.zeros(2**23)
