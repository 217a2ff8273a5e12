"""Being right now and then is not being right: quadruple fails on the third example.

honest: double
says: the result
stock: yes
"""

CALLS = []


def double(x):
    return 2.0 * x


def quadruple(x):
    CALLS.append(1)
    return x if len(CALLS) == 3 else 4.0 * x
