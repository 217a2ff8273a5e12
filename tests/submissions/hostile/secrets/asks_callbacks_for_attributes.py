"""A callback can be called with data, and not asked for its attributes: the argument is refused.

honest: double
says: raises RuntimeError
"""


def double(x):
    return 2.0 * x


def twice(f, x):
    return f(["__globals__", "__closure__", "__self__"])
