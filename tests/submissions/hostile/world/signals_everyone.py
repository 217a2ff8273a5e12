"""No process can be signalled, inside the sandbox or out of it.

honest: double
says: RuntimeError: hit []
"""

import os
import signal


def double(x):
    return 2.0 * x


def quadruple(x):
    hit = []
    for process in (-1, 0, 1, 2, os.getppid(), *range(3, 300)):
        for number in (signal.SIGSTOP, signal.SIGKILL):
            try:
                os.kill(process, number)
                hit.append(process)
            except OSError:
                pass
    raise RuntimeError(f"hit {hit}")
