"""No name can be looked up: an address would be a way to send.

honest: double
says: RuntimeError: answered []
"""

import socket


def double(x):
    return 2.0 * x


def quadruple(x):
    answered = []
    for name in ("localhost", "example.org", "canary.example.org"):
        try:
            answered.append(socket.getaddrinfo(name, 80))
        except OSError:
            pass
    raise RuntimeError(f"answered {answered}")
