"""An ndarray whose comparisons are always true crosses as an object, not as numbers: no points.

honest: double
says: not what it should be: __main__.AlwaysRight
stock: yes
"""

import numpy as np


class AlwaysRight(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.ones(self.shape, bool)

    def __array_function__(self, function, types, args, kwargs):
        return True


def double(x):
    return 2.0 * x


def quadruple(x):
    return (0.0 * x).view(AlwaysRight)
