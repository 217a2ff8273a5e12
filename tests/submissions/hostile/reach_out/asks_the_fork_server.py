"""The socket on which the grader asks for new workers is closed before any student code runs.

honest: double
says: RuntimeError: 1 socket, [False]
"""

import os
import socket
import stat
import sys


def double(x):
    return 2.0 * x


def quadruple(x):
    sockets = 0
    for descriptor in range(256):
        try:
            sockets += stat.S_ISSOCK(os.fstat(descriptor).st_mode)
        except OSError:
            continue
    is_open = []
    frame = sys._getframe()
    while frame is not None:
        control = frame.f_locals.get("control")
        if isinstance(control, socket.socket):
            is_open.append(control.fileno() >= 0)
        frame = frame.f_back
    raise RuntimeError(f"{sockets} socket, {is_open}")
