"""A message that comes a byte at a time is waited for until the limit.

honest: double
says: does not return within
"""

import sys
import time


def double(x):
    return 2.0 * x


def quadruple(x):
    link = sys._getframe(2).f_locals["link"]
    link.socket.sendall(b"\0\1\0\0")
    while True:
        link.socket.sendall(b"\x90")
        time.sleep(0.001)
