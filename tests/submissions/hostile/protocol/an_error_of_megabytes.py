"""What a forged error says is cut to a line.

honest: double
says: raises EEEE
"""

import sys


def double(x):
    return 2.0 * x


def quadruple(x):
    giant = {"type": "E" * 10**6, "message": "\x1b" * 10**6, "where": ["x"] * 10**4}
    sys._getframe(2).f_locals["link"].send({"error": giant})
