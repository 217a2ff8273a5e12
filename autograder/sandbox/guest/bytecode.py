"""What a frame's bytecode says of the instruction that runs just now, for code that is called."""

from __future__ import annotations

import dis
import types

__all__ = ["decorates", "unpacked_by"]


def decorates(frame: types.FrameType) -> bool:
    """Whether ``frame`` calls a decorator just now: it has one argument, and the code says 0."""
    code, at = frame.f_code.co_code, frame.f_lasti
    return dis.opname[code[at]] == "CALL" and code[at + 1] == 0


def unpacked_by(frame: types.FrameType) -> int | None:
    """How many names ``frame`` is unpacking into just now (``fig, *axes = plt.subplots()``).

    The number stands in the bytecode only. None where it does not unpack.
    """
    code, at = frame.f_code.co_code, frame.f_lasti
    operation, number = dis.opname[code[at]], code[at + 1]
    before = at - 2
    while before >= 0 and code[before] == dis.EXTENDED_ARG:
        number += code[before + 1] << 4 * (at - before)
        before -= 2
    if operation == "UNPACK_EX":
        return (number & 0xFF) + (number >> 8)
    return number if operation == "UNPACK_SEQUENCE" else None
