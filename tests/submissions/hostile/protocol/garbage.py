"""Bytes that are no message end the connection, and the report says so.

honest: double
says: broke its connection
"""

import sys


def double(x):
    return 2.0 * x


def quadruple(x):
    link = sys._getframe(2).f_locals["link"]
    link.socket.sendall(b"\0\0\0\x10" + b"\xc1" * 16)
