"""An object that raises whatever it is asked costs its own function, and no other.

honest: double
says: `quadruple` raises SystemExit
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
