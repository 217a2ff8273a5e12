"""Names, warnings and prints that are something else make no valid reply.

honest: double
says: sent no valid reply
"""

import sys

import numpy as np


def double(x):
    return 2.0 * x


def quadruple(x):
    reply = {"value": 4.0 * x, "mutated": {"x": 1}, "warnings": 7, "printed": np.ones(10**5)}
    sys._getframe(2).f_locals["link"].send(reply)
