"""An object that raises whatever it is asked ends its own process, and no other.

honest: double
says: ended the Python process
"""


class Awkward:
    def __getattribute__(self, name):
        raise SystemExit

    def __repr__(self):
        while True:
            pass

    __array__ = __str__ = __len__ = __iter__ = __bool__ = __repr__


def double(x):
    return 2.0 * x


def quadruple(x):
    return Awkward()
