"""A cell that ends the process is skipped; what the others define is graded.

honest: double
says: ended the Python process and was skipped
"""


def double(x):
    return 2.0 * x


__import__("os").abort()


def quadruple(x):
    return 4.0 * x
