"""There is no network: a listener on the machine's own address hears nothing.

honest: double
says: RuntimeError: reached []
"""

import socket


def double(x):
    return 2.0 * x


def quadruple(x):
    reached = []
    for address in ("127.0.0.1", "0.0.0.0", "10.0.2.2", "172.17.0.1", "192.168.0.1"):
        try:
            socket.create_connection((address, 40001), 0.1).sendall(b"unroll-mark")
            reached.append(address)
        except OSError:
            pass
    raise RuntimeError(f"reached {reached}")
