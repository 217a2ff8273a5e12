"""Of all that is printed, 10 KB are kept and the rest is not waited for.

honest: double
says: does not return within
"""

import os
import sys


def double(x):
    return 2.0 * x


def quadruple(x):
    while True:
        print("x" * 2**20)
        sys.stderr.write("x" * 2**20)
        os.write(1, b"x" * 2**20)
