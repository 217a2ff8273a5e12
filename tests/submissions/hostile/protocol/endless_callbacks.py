"""Callbacks are counted: a function that asks without end is stopped.

honest: double
says: calls the functions that it is given more than
"""


def double(x):
    return 2.0 * x


def twice(f, x):
    while True:
        f(x)
