"""An object that answers NumPy's questions as it likes is no array: quadruple is of a wrong kind.

honest: double
says: not what it should be: __main__.Chameleon
stock: yes
"""

import numpy as np


class Chameleon:
    shape, ndim, dtype, size = (1,), 1, np.dtype(float), 1

    def __array__(self, *args, **kwargs):
        return np.array([True])

    def __array_ufunc__(self, *args, **kwargs):
        return np.array([True])

    def __array_function__(self, *args, **kwargs):
        return np.array([True])


def double(x):
    return 2.0 * x


def quadruple(x):
    return Chameleon()
