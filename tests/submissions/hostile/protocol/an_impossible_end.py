"""A status that no process can have is no status.

honest: double
says: sent no valid status
"""

import sys


def double(x):
    return 2.0 * x


def quadruple(x):
    sys._getframe(2).f_locals["link"].send({"ended": 10**30})
