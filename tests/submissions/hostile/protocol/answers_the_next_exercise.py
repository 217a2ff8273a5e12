"""Answers left on the wire are not the next exercise's: its sandbox is a new one.

honest: double, keep
says: the result
"""

import sys


def double(x):
    return 2.0 * x


def quadruple(x):
    link = sys._getframe(2).f_locals["link"]
    for _ in range(5):
        link.send({"value": 0.0 * x, "mutated": [], "warnings": [], "printed": ""})
    return x


def keep(x):
    return x, x
