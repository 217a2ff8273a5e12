"""Abstract sockets belong to a network, and this one is empty.

honest: double
says: RuntimeError: reached []
"""

import socket


def double(x):
    return 2.0 * x


def quadruple(x):
    reached = []
    for name in ("\0unroll-mark-40001", "\0/tmp/dbus"):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            try:
                socket.socket(socket.AF_UNIX, kind).connect(name)
                reached.append(name)
            except OSError:
                pass
    raise RuntimeError(f"reached {reached}")
