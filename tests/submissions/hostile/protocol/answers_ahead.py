"""An answer sent before its call is an answer to another example: quadruple is wrong.

honest: double
says: the result
"""

import sys


def double(x):
    return 2.0 * x


def quadruple(x):
    link = sys._getframe(2).f_locals["link"]
    link.send({"value": 0.0 * x, "mutated": [], "warnings": [], "printed": ""})
    return 4.0 * x
