"""Floats that equal everything are no floats: quadruple is of a wrong kind.

honest: double
says: not what it should be
stock: yes
"""


class Right(float):
    __hash__ = float.__hash__

    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0


def double(x):
    return 2.0 * x


def quadruple(x):
    return Right(0.0)
