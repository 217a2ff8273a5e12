"""Nothing is ever unpickled: a pickle is bytes, and no array.

honest: double
says: not what it should be: bytes
"""

import os
import pickle


class Bomb:
    def __reduce__(self):
        return (os.system, ("touch /tmp/unroll-mark",))


def double(x):
    return 2.0 * x


def quadruple(x):
    return pickle.dumps(Bomb())
