"""Processes that detach themselves end with their sandbox: the next student meets none.

honest: double
says: the result
"""

import os
import time


def double(x):
    return 2.0 * x


def quadruple(x):
    for _ in range(2):
        if os.fork() == 0:
            if os.fork() == 0:
                time.sleep(60)
            os._exit(0)
    return 0.0 * x
