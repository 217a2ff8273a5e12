"""A callback that was not given is not called.

honest: double
says: was not given
"""

import sys


def double(x):
    return 2.0 * x


def twice(f, x):
    sys._getframe(2).f_locals["link"].send({"callback": 99, "args": [x], "kwargs": {}})
