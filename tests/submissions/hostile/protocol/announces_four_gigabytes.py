"""A message is as long as it may be, whatever it announces.

honest: double
says: announced a message of 4294967295 bytes
"""

import sys


def double(x):
    return 2.0 * x


def quadruple(x):
    sys._getframe(2).f_locals["link"].socket.sendall(b"\xff\xff\xff\xff")
