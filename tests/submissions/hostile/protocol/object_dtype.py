"""Arrays of objects do not cross: their bytes would be addresses.

honest: double
says: is not plain data
"""

import struct
import sys

import msgpack


def double(x):
    return 2.0 * x


def quadruple(x):
    array = msgpack.ExtType(2, struct.pack("<4sB1Q8s", b"|O  ", 1, 1, b"\x41" * 8))
    data = msgpack.packb({"value": array, "mutated": [], "warnings": [], "printed": ""})
    sys._getframe(2).f_locals["link"].socket.sendall(len(data).to_bytes(4, "big") + data)
