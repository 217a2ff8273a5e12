"""Messages that nobody asked for are no answers: the call breaks off.

honest: double
says: sent no valid reply
"""

import sys


def double(x):
    return 2.0 * x


def quadruple(x):
    link = sys._getframe(2).f_locals["link"]
    for message in ({"ready": True}, {"ok": True}, {"names": ["a", "b"]}, {}):
        link.send(message)
    return 4.0 * x
