"""There is no memory to share with others: neither POSIX nor System V.

honest: double
says: RuntimeError: shared []
"""

import ctypes
import mmap
import os
from multiprocessing import shared_memory


def double(x):
    return 2.0 * x


def quadruple(x):
    shared = []
    try:
        shared_memory.SharedMemory("unroll-mark", create=True, size=mmap.PAGESIZE)
        shared.append("posix")
    except OSError:
        pass
    libc = ctypes.CDLL(None)
    if libc.shmget(0x756E726F, 4096, 0o1666) >= 0 or libc.msgget(0x756E726F, 0o1666) >= 0:
        shared.append("system v")
    if hasattr(os, "memfd_create"):
        try:
            os.memfd_create("unroll-mark")
            shared.append("memfd")
        except OSError:
            pass
    raise RuntimeError(f"shared {shared}")
