"""A cell that never ends is skipped; what the others define is graded.

honest: double
says: did not finish within
"""


def double(x):
    return 2.0 * x


while True:
    pass


def quadruple(x):
    return 4.0 * x
