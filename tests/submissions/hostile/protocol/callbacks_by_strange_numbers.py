"""A callback's number is a number of one that was given, and its arguments are arguments.

honest: double
says: was not given
"""

import sys


def double(x):
    return 2.0 * x


def twice(f, x):
    sys._getframe(2).f_locals["link"].send({"callback": "__class__", "args": 3, "kwargs": "no"})
