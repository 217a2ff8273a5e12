"""Sleeping almost until the limit in every call uses up the exercise's time, not the run's.

honest: double
says: time for `quadruple` is used up
"""

import time


def double(x):
    return 2.0 * x


def quadruple(x):
    time.sleep(0.7)
    return 4.0 * x
