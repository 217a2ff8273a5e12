"""Processes that a cell starts change nothing, and end with their sandbox.

honest: double, quadruple
says:
"""

import os
import time


def double(x):
    return 2.0 * x


if os.fork() == 0:
    time.sleep(60)
    os._exit(0)


def quadruple(x):
    return 4.0 * x
