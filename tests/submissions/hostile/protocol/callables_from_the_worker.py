"""No function crosses from the worker to the grader, only data and handles.

honest: double
says: the sandbox may send only handles
"""

import sys

import msgpack


def double(x):
    return 2.0 * x


def quadruple(x):
    function = msgpack.ExtType(7, msgpack.packb(["callable", 0, "os.system"]))
    data = msgpack.packb({"value": function, "mutated": [], "warnings": [], "printed": ""})
    sys._getframe(2).f_locals["link"].socket.sendall(len(data).to_bytes(4, "big") + data)
