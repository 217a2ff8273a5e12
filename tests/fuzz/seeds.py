"""Inputs to start from, right and wrong, of every kind that the readers distinguish."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any

import msgpack
import numpy as np

from autograder.sandbox.wire.codec import Reference, encode

__all__ = ["seeds"]

_SOURCES = [
    "x = 1", "\ud83d", "\x00", "\r\r\n", "%a\n!b\nc?\n??d\ne = !f\ng = %h\n", "'''", "'\\sigma'",
    "%%time\n%%time\nx", "%%bash\nls", ">>> x\n... y", "In [1]: x\n   ...: y", "%a\n" * 100,
    "(" * 3000, "-" * 3000 + "1", "x" + ".a" * 3000, "f" + "()" * 3000, "\\\n" * 3000, "?" * 999,
    "lambda:" * 3000, "1" + "+1" * 3000, "@" * 3000, "if 1:\n" * 200, "\x0c%a", "\t%a\n %b",
    "def f(:", "async def f(x):\n  yield", "f'{x!r:{y}}'", "match x:\n case 1: pass", "/f 1",
    ",f a", ";f a b", "!!ls", "%a \\\n b", "a, b = %c", "x = 1\n  y = 2", "\u2028%a", "\ufeffx = 1",
]  # fmt: skip


def seeds(target: str) -> list[bytes]:
    """The inputs of ``target``, which tests replay and soaks change at random."""
    return list({"wire": _wire, "notebook": _notebooks, "cell": _cells}[target]())


def _ext(code: int, parts: Any) -> bytes:
    return bytes(msgpack.packb(msgpack.ExtType(code, msgpack.packb(parts))))


def _wire() -> Iterator[bytes]:
    rng = np.random.Generator
    values: list[Any] = [
        None, True, -1, 2**63, -(2**200), 1.5, float("nan"), 1 + 2j, "text", b"bytes", [], {}, (),
        set(), {1, "two", (3.0,)}, frozenset({frozenset({1}), None}),
        [1, (2.0, "three")], {"a": {1: None, (1, 2): [True]}}, np.float32(1.5), np.bool_(True),
        np.zeros((2, 0)), np.arange(6.0).reshape(2, 3), np.ones(3, ">i2"),
        np.ones(2, np.longdouble),
        Reference("handle", 3, "a cache"), rng(np.random.PCG64(1)), rng(np.random.Philox(1)),
        {"value": (np.ones((2, 3)), [np.ones(2)]), "mutated": [], "warnings": ["w"], "printed": ""},
        {"callback": 0, "args": (np.ones(2),), "kwargs": {}}, {"error": {"type": "E", "where": ""}},
    ]  # fmt: skip
    yield from map(encode, values)
    yield encode(rng(np.random.MT19937(1)))
    deep = msgpack.packb([1])
    for _ in range(30):
        deep = bytes(msgpack.packb(msgpack.ExtType(1, b"\x91" + b"\x91" * 60 + deep)))
    yield deep
    yield b"\xdd\x00\x03\xd0\x90" * 100
    yield b"\xdd\x00\x03\xd0\x90" + b"\x90" * 250_000
    yield b"\xdf\xff\xff\xff\xff"
    yield b"\xc9\xff\xff\xff\xff\x02"
    yield b"\xd6\xff\x00\x00\x00\x00"
    yield b"\xc7\x0c\xff" + b"\xff" * 12
    yield b"\x81\x90\x01"
    yield b"\xa2\xff\xfe"
    for dtype in ("U1000000000", "V8", "O", "M8[ns]", ">f8", "f4,f4", "(2,3)f8", "|b1", "<f16", ""):
        for shape in ([], [1], [8], [0, 2**31 - 1], [2**62, 4], [2**64 - 1, 2], [1] * 33):
            head = dtype.encode()[:4].ljust(4) + struct.pack(f"<B{len(shape)}Q", len(shape), *shape)
            for code in (2, 3):
                yield bytes(msgpack.packb(msgpack.ExtType(code, head + b"\x02" * 8)))
    yield _ext(4, ["1", None])
    yield _ext(7, [["x"] * 9, 10**9, {"label": 1}])
    for state in (
        {"pos": 10**9},
        {"pos": -1},
        {"key": [2**70] * 624},
        {"state": -1, "inc": 2**130},
    ):
        for name in ("PCG64", "MT19937", "Philox", "SFC64", None):
            yield _ext(6, {"bit_generator": name, "state": {"key": [0] * 624, **_small(state)}})


def _small(state: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(state), parse_int=lambda text: min(int(text), 2**63))


def _cells() -> Iterator[bytes]:
    for source in _SOURCES:
        yield source.encode("utf-8", "surrogatepass")


def _notebooks() -> Iterator[bytes]:
    sources: list[Any] = [*_SOURCES, ["x = 1\n", "y = 2"], ["x", 1, None], 1, None, {"a": 1}]
    marks: list[Any] = [
        {}, None, [], "x", 1, {"nbgrader": None}, {"nbgrader": [1]},
        {"nbgrader": {"grade": True, "grade_id": ["\x1b", {}]}},
        {"nbgrader": {"grade": "yes", "solution": 0, "grade_id": "double\u202e\n" * 99}},
        {"nbgrader": {"solution": True, "cell_type": "code"}},
    ]  # fmt: skip
    for i, source in enumerate(sources):
        cell = {"cell_type": "code", "source": source, "metadata": marks[i % len(marks)]}
        yield _json({"nbformat": 4, "cells": [cell, cell]})
    for kind in ("raw", "markdown", None, [], "code"):
        for mark in marks:
            yield _json({"cells": [{"cell_type": kind, "source": "x", "metadata": mark}]})
    for version in (1, 2, 3, 4, 5, 99, True, None, "4", [], 4.0, -1, 10**400):
        old = {"cells": [{"cell_type": "code", "input": "x", "language": "python", "outputs": []}]}
        yield _json({"nbformat": version, "nbformat_minor": 0, "metadata": {}, "worksheets": [old]})
        yield _json({"nbformat": version, "cells": []})
    yield from (
        b"",
        b"[" * 5000,
        b'{"a":' * 5000,
        b"1" * 10_000,
        b"NaN",
        b'{"cells": [NaN]}',
        b"\xff",
    )
    yield b'{"cells": [], "cells": [{"cell_type": "code", "source": "\\ud800\\udc00\\udc00"}]}'
    yield b"\xef\xbb\xbf" + _json({"cells": []})


def _json(content: Any) -> bytes:
    return json.dumps(content).encode()
