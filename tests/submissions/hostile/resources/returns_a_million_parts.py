"""A value of too many parts does not cross.

honest: double
says: a value of more than 250000 parts
"""


def double(x):
    return 2.0 * x


def quadruple(x):
    return [[] for _ in range(10**6)]
