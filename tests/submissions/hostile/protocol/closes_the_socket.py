"""A worker that hangs up has given no answer.

honest: double
says: ended the Python process
"""

import os
import sys


def double(x):
    return 2.0 * x


def quadruple(x):
    os.dup2(0, sys._getframe(2).f_locals["link"].socket.fileno())
    return 4.0 * x
