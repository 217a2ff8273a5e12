"""A message is a dict: anything else ends the connection.

honest: double
says: sent no valid message
"""

import sys


def double(x):
    return 2.0 * x


def quadruple(x):
    sys._getframe(2).f_locals["link"].send([1, 2, 3])
