"""Caches stay in the sandbox: giant ones cost the grader nothing, and earn nothing more.

honest: double, keep
says: the result
"""

import numpy as np


def double(x):
    return 2.0 * x


def keep(x):
    return x, np.ones(2**20)


def give_back(cache):
    return cache[:1]
