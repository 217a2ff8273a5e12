"""Of an exception's message, a line is kept.

honest: double
says: raises ValueError: xxxxx
"""


def double(x):
    return 2.0 * x


def quadruple(x):
    raise ValueError("x" * 10**7)
