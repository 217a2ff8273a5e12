"""Code that takes the worker over can answer, and no more: quadruple is wrong.

honest: double
says: the result
"""

import sys


def double(x):
    return 2.0 * x


def quadruple(x):
    link = sys._getframe(2).f_locals["link"]
    reply = {"value": 0.0 * x, "mutated": [], "warnings": [], "printed": ""}
    verdict = {"passed": True, "score": 3.0, "outcome": "passed", "points": 3.0}
    type(link).send = lambda self, message, send=type(link).send: send(self, reply | verdict)
    return None
