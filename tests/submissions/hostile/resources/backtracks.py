"""A regular expression that backtracks for ever is stopped from outside.

honest: double
says: does not return within
"""

import re


def double(x):
    return 2.0 * x


def quadruple(x):
    return re.match(r"(a|a|aa)*$", "a" * 200 + "b")
