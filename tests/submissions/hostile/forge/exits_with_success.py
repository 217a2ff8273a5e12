"""Exit status 0 is no verdict: quadruple is told to have ended the process.

honest: double
says: ended the Python process (exit status 0)
stock: yes
"""

import os


def double(x):
    return 2.0 * x


def quadruple(x):
    os._exit(0)
