"""A number that takes days to compute is stopped from outside.

honest: double
says: does not return within
"""


def double(x):
    return 2.0 * x


def quadruple(x):
    return pow(3, 10**9)
