"""An exception is a failure, whatever it is called and however it behaves.

honest: double
says: raises Passed: (its message cannot be shown)
stock: yes
"""


class Passed(BaseException):
    def __str__(self):
        raise Passed

    __repr__ = __str__


def double(x):
    return 2.0 * x


def quadruple(x):
    raise Passed
