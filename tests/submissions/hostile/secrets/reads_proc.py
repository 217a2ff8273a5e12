"""There is no /proc: no command line, environment or memory of any process can be read.

honest: double
says: RuntimeError: read []
stock: yes
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
                    content = file.read(100_000)
                    at = max(content.find(b"unroll-" + b"canary-"), 0)
                    read.append(content[at : at + 40])
            except OSError:
                pass
    raise RuntimeError(f"read {read[:60]}")
