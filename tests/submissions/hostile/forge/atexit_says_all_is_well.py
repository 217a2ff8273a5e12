"""What runs at exit decides nothing: quadruple ends the process, and the report says so.

honest: double
says: ended the Python process (exit status 0)
stock: yes
"""

import atexit
import os


def double(x):
    return 2.0 * x


atexit.register(os._exit, 0)


def quadruple(x):
    atexit._run_exitfuncs()
    return 0.0 * x
