"""An array is as large as its bytes, whatever its shape says.

honest: double
says: an array of an impossible shape
"""

import struct
import sys

import msgpack


def double(x):
    return 2.0 * x


def quadruple(x):
    array = msgpack.ExtType(2, struct.pack("<4sB2Q8s", b"<f8 ", 2, 2**30, 2**10, b""))
    data = msgpack.packb({"value": array, "mutated": [], "warnings": [], "printed": ""})
    sys._getframe(2).f_locals["link"].socket.sendall(len(data).to_bytes(4, "big") + data)
