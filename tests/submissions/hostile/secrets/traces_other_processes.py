"""No process can be traced or its memory read, not even the one that started it.

honest: double
says: RuntimeError: traced []
"""

import ctypes
import os


def double(x):
    return 2.0 * x


def quadruple(x):
    libc = ctypes.CDLL(None, use_errno=True)
    traced = []
    buffer = ctypes.create_string_buffer(8)
    piece = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 8)
    theirs = (ctypes.c_void_p * 2)(id(quadruple), 8)
    for process in (1, 2, os.getppid()):
        attached = libc.ptrace(16, process, 0, 0) == 0
        copied = libc.process_vm_readv(process, piece, 1, theirs, 1, 0) > 0
        if attached or copied:
            traced.append(process)
    raise RuntimeError(f"traced {traced}")
