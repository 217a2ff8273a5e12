"""No other family of sockets is there: the kernel's own services are not asked.

honest: double
says: RuntimeError: opened []
"""

import socket


def double(x):
    return 2.0 * x


def quadruple(x):
    opened = []
    for family in range(1, 46):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
            try:
                socket.socket(family, kind)
                opened.append(family)
            except OSError:
                pass
    raise RuntimeError(f"opened {opened}")
