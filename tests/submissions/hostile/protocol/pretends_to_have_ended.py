"""A fork that says it has ended is not believed: it is gone before the next exercise.

honest: double, keep
says: ended the Python process (exit status 0)
"""

import sys
import time


def double(x):
    return 2.0 * x


def quadruple(x):
    sys._getframe(2).f_locals["link"].send({"ended": 0, "cpu_seconds": 0.0})
    time.sleep(30)


def keep(x):
    return x, x
