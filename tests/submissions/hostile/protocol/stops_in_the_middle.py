"""A message that does not come to its end is waited for until the limit.

honest: double
says: does not return within
"""

import sys
import time


def double(x):
    return 2.0 * x


def quadruple(x):
    sys._getframe(2).f_locals["link"].socket.sendall(b"\0\0\1\0half")
    time.sleep(60)
