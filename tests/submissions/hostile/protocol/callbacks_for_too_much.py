"""What a callback asks of the grader is bounded: a giant argument is refused.

honest: double
says: with more or larger arguments than allowed
"""

import numpy as np


def double(x):
    return 2.0 * x


def twice(f, x):
    return f(np.ones((2**20, 1)))
