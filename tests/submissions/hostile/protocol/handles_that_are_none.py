"""A handle that was never given may be held, but not compared or computed with.

honest: double, keep
says: cannot get a value that an earlier call
"""

import struct
import sys

import msgpack


def double(x):
    return 2.0 * x


def keep(x):
    link = sys._getframe(2).f_locals["link"]
    giant = msgpack.ExtType(5, (2**500).to_bytes(64, "big", signed=True))
    handle = msgpack.ExtType(7, msgpack.packb(["handle", giant, "h" * 10**6]))
    array = msgpack.ExtType(2, struct.pack("<4sB1Q", b"<f8 ", 1, len(x)) + x.tobytes())
    pair = msgpack.ExtType(1, msgpack.packb([array, handle]))
    data = msgpack.packb({"value": pair, "mutated": [], "warnings": [], "printed": ""})
    link.socket.sendall(len(data).to_bytes(4, "big") + data)
    link.send = lambda message: None


def give_back(cache):
    return cache
