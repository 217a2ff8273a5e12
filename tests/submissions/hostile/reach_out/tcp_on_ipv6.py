"""There is no network, of the sixth version neither.

honest: double
says: RuntimeError: reached []
"""

import socket


def double(x):
    return 2.0 * x


def quadruple(x):
    reached = []
    for address in ("::1", "::", "fe80::1"):
        try:
            socket.create_connection((address, 40001), 0.1)
            reached.append(address)
        except OSError:
            pass
    raise RuntimeError(f"reached {reached}")
