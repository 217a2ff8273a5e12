"""Processes are few: the rest is refused, and those that started end with their sandbox.

honest: double
says: raises
"""

import os
import time


def double(x):
    return 2.0 * x


def quadruple(x):
    while True:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
