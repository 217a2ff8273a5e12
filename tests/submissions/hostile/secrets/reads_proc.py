"""There is no /proc: no command line, environment or memory of any process can be read.

honest: double
says: RuntimeError: read []
"""

import os


def double(x):
    return 2.0 * x


def quadruple(x):
    read = []
    for process in ("self", "thread-self", *map(str, range(1, 50)), str(os.getppid())):
        for name in ("environ", "cmdline", "mem", "maps", "fd", "root/etc/passwd", "cwd"):
            try:
                with open(f"/proc/{process}/{name}", "rb") as file:
                    read.append(file.read(100))
            except OSError:
                pass
    raise RuntimeError(f"read {read[:2]}")
