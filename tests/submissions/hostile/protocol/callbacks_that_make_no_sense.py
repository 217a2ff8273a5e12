"""An argument that a callback cannot take is the caller's mistake, not the grader's.

honest: double
says: raises RuntimeError
"""


def double(x):
    return 2.0 * x


def twice(f, x):
    return f("no number", {}, None, key=[])
