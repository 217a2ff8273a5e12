"""A generator whose state points outside its buffer is refused: it would read the grader's memory.

honest: double
says: sent no valid message
"""

import sys

import msgpack
import numpy as np


def double(x):
    return 2.0 * x


def quadruple(x):
    state = np.random.MT19937(0).state
    state["state"] = {"key": state["state"]["key"].tolist(), "pos": -5_000_000}
    generator = msgpack.ExtType(6, msgpack.packb(state))
    data = msgpack.packb({"value": generator, "mutated": [], "warnings": [], "printed": ""})
    sys._getframe(2).f_locals["link"].socket.sendall(len(data).to_bytes(4, "big") + data)
