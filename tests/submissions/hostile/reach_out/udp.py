"""No datagram leaves the sandbox.

honest: double
says: RuntimeError: sent []
"""

import socket


def double(x):
    return 2.0 * x


def quadruple(x):
    sent = []
    for address in ("127.0.0.1", "255.255.255.255", "224.0.0.1"):
        try:
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"mark", (address, 40001))
            sent.append(address)
        except OSError:
            pass
    raise RuntimeError(f"sent {sent}")
