"""An object that equals everything is no array of numbers: quadruple is of a wrong kind.

honest: double
says: not what it should be: __main__.Yes
stock: yes
"""


class Yes:
    __hash__ = None

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __sub__ = __rsub__ = __call__

    def __bool__(self):
        return True


def double(x):
    return 2.0 * x


def quadruple(x):
    return Yes()
