"""Rights that were given up cannot be had back.

honest: double
says: RuntimeError: taken []
"""

import ctypes
import os
import resource


def double(x):
    return 2.0 * x


def quadruple(x):
    libc = ctypes.CDLL(None, use_errno=True)
    attempts = {
        "uid": lambda: os.setuid(0),
        "gid": lambda: os.setgid(0),
        "groups": lambda: os.setgroups([0]),
        "memory": lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)),
        "parent": lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1)),
        "priority": lambda: os.setpriority(os.PRIO_PROCESS, 0, -20),
        "program": lambda: os.execv("/proc/self/exe", ["python"]),
        "namespace": lambda: 1 / (libc.unshare(0x10000000) + 1) or libc.nothing,
        "personality": lambda: 1 / (libc.personality(0x0040000) + 1),
        "terminal": lambda: 1 / (libc.ioctl(0, 0x5412, b"x") + 1),
    }
    taken = []
    for name, attempt in attempts.items():
        try:
            attempt()
            taken.append(name)
        except (OSError, ValueError, ZeroDivisionError):
            pass
    raise RuntimeError(f"taken {taken}")
