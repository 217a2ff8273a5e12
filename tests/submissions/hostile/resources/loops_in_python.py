"""A loop that never ends costs its own function, and the report says where to look.

honest: double
says: does not return within
"""


def double(x):
    return 2.0 * x


def quadruple(x):
    while True:
        pass
