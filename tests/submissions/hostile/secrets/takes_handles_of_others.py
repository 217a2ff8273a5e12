"""A handle names an object of the student's own process: there are no others to be had.

honest: double, keep
says: not what it should be
"""


def double(x):
    return 2.0 * x


def keep(x):
    others = [type("Other", (), {})() for _ in range(5)]
    return x, others


def give_back(cache):
    return cache[0]
