"""A test is not skipped because the function that it tests asks for that.

honest: double
says: raises SkipTest
stock: yes
"""

import unittest


def double(x):
    return 2.0 * x


def quadruple(x):
    raise unittest.SkipTest("not today")
