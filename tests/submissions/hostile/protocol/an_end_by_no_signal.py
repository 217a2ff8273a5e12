"""A status that names no signal is shown as a number.

honest: double
says: crashed the Python process (70)
"""

import sys


def double(x):
    return 2.0 * x


def quadruple(x):
    sys._getframe(2).f_locals["link"].send({"ended": 70})
