"""A whole number may be a length: giant ones are refused.

honest: double
says: with more or larger arguments than allowed
"""


def double(x):
    return 2.0 * x


def twice(f, x):
    return f(10**12)
