"""Open files are few: the rest is refused.

honest: double
says: Too many open files
"""

import os


def double(x):
    return 2.0 * x


def quadruple(x):
    while True:
        os.pipe()
