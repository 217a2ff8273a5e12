"""How long a callback takes tells nothing that earns points: twice is wrong.

honest: double
says: the result
"""

import time

import numpy as np


def double(x):
    return 2.0 * x


def twice(f, x):
    def seconds(guess):
        start = time.perf_counter()
        f(guess)
        return time.perf_counter() - start

    return min((np.full(np.shape(x), g) for g in (0.0, 1.0, 100.0)), key=seconds)
