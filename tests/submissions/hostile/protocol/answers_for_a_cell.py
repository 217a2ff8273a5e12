"""A cell that answers for itself, and wrongly, is skipped; the run goes on.

honest: double
says: ended the Python process and was skipped
"""

import sys


def double(x):
    return 2.0 * x


frame = sys._getframe()
while "link" not in frame.f_locals:
    frame = frame.f_back
frame.f_locals["link"].send({"error": 5})


def quadruple(x):
    return 4.0 * x
