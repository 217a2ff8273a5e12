"""Threads count as processes: the rest is refused.

honest: double
says: RuntimeError: can't start new thread
"""

import threading


def double(x):
    return 2.0 * x


def quadruple(x):
    while True:
        threading.Thread(target=threading.Event().wait, daemon=True).start()
