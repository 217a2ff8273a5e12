"""The one socket that there is carries bytes, not open files.

honest: double
says: RuntimeError: OSError
"""

import array
import socket
import sys


def double(x):
    return 2.0 * x


def quadruple(x):
    link = sys._getframe(2).f_locals["link"]
    rights = array.array("i", [0, 1, 2])
    try:
        link.socket.sendmsg([b"1"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
    except OSError as error:
        raise RuntimeError(type(error).__name__) from error
