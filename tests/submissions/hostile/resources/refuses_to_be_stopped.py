"""A process that ignores every signal is killed all the same.

honest: double
says: does not return within
"""

import signal


def double(x):
    return 2.0 * x


def quadruple(x):
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
