"""An array of very many axes is described, not drawn.

honest: double
says: has shape (2, 2
"""

import numpy as np


def double(x):
    return 2.0 * x


def quadruple(x):
    return np.ones((2,) * 16)


def keep(x):
    return np.ones((2,) * 16)
