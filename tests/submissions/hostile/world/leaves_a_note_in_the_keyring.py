"""No key can be added to a keyring that the next student's process would share.

honest: double
says: RuntimeError: keys []
"""

import ctypes


def double(x):
    return 2.0 * x


def quadruple(x):
    libc = ctypes.CDLL(None, use_errno=True)
    keys = [
        keyring
        for keyring in (-1, -2, -3, -4, -5)
        if libc.syscall(248, b"user", b"unroll-mark", b"was here", 8, keyring) > 0
    ]
    raise RuntimeError(f"keys {keys}")
