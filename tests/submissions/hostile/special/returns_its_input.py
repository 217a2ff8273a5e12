"""The argument itself is not the answer: quadruple is wrong.

honest: double
says: the result
stock: yes
"""


def double(x):
    return 2.0 * x


def quadruple(x):
    return x
