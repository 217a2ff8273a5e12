"""A value that nests too deeply does not cross.

honest: double
says: nests more than
"""


def double(x):
    return 2.0 * x


def quadruple(x):
    nest = []
    for _ in range(500):
        nest = [nest]
    return nest
