"""The worker's memory holds nothing of the grader's: it was never there.

honest: double
says: RuntimeError: found 0
"""

import ctypes


def double(x):
    return 2.0 * x


def quadruple(x):
    libc = ctypes.CDLL(None)
    libc.sbrk.restype = ctypes.c_void_p
    end = libc.sbrk(0)
    heap = ctypes.string_at(end - 65536, 65536)
    needle = b"unroll-" + b"canary-"
    found = heap.count(needle)
    raise RuntimeError(f"found {found} {heap[heap.find(needle) :][:40] if found else b''!r}")
