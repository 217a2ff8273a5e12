"""A process that outlives its exercise is dead before the next one starts: it answers nothing.

honest: double
says: the result
"""

import os
import sys
import time

STARTED = []


def double(x):
    STARTED.append(1)
    parent = os.getpid()
    if len(STARTED) == 1 and os.fork() == 0:
        while os.getppid() == parent:
            time.sleep(0.001)
        link = sys._getframe(2).f_locals["link"]
        while True:
            x = link.receive()["args"][0]
            link.send({"value": 4.0 * x, "mutated": [], "warnings": [], "printed": ""})
    return 2.0 * x


def quadruple(x):
    return x
