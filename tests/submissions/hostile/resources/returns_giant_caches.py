"""What crosses in an exercise is limited in all: right answers with giant caches end.

honest: double
says: it has sent more than
"""

import numpy as np


def double(x):
    return 2.0 * x


def keep(x):
    return x, np.ones(2**20)


def give_back(cache):
    return cache[:1]
