"""A loop that no Python signal interrupts is stopped from outside.

honest: double
says: does not return within
"""

import itertools


def double(x):
    return 2.0 * x


def quadruple(x):
    return sum(itertools.repeat(0))
