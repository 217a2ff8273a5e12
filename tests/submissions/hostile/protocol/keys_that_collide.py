"""Keys chosen to stall a dict are refused.

honest: double
says: has so many rare keys
"""

import sys

import msgpack


def double(x):
    return 2.0 * x


def quadruple(x):
    colliding = (k * (2**61 - 1) for k in range(2**20, 2**20 + 10_000))
    keys = [msgpack.ExtType(5, n.to_bytes(11, "big", signed=True)) for n in colliding]
    data = msgpack.packb({"value": dict.fromkeys(keys, 0)})
    sys._getframe(2).f_locals["link"].socket.sendall(len(data).to_bytes(4, "big") + data)
