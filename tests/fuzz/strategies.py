"""Hypothesis strategies: messages and notebooks that are nearly right."""

from __future__ import annotations

import json
from typing import Any

import msgpack
from hypothesis import strategies as st

__all__ = ["messages", "notebooks", "sources"]

_SIZES = {1: 0xC7, 2: 0xC8, 4: 0xC9}

scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats()
leaves = st.one_of(
    (scalars | st.text(max_size=6) | st.binary(max_size=9)).map(msgpack.packb),
    st.sampled_from(["PCG64", "MT19937", "Philox"]).map(msgpack.packb),
    st.builds(
        lambda kind, shape, data: kind + bytes([len(shape)]) + b"".join(shape) + data,
        st.sampled_from([b"<f8 ", b">i2 ", b"|b1 ", b"|O  ", b"<U9 "]),
        st.lists(st.integers(0, 3).map(lambda n: n.to_bytes(8, "little")), max_size=3),
        st.binary(max_size=24),
    ),
    st.binary(max_size=6),
)


def _listed(parts: list[bytes]) -> st.SearchStrategy[bytes]:
    """A list of the parts that announces their number or a wrong one."""
    right = st.just(len(parts))
    return (right | right | st.integers(0, 2**32 - 1)).map(
        lambda n: (
            (bytes([0x90 + n]) if n < 16 else b"\xdd" + n.to_bytes(4, "big")) + b"".join(parts)
        )
    )


def _mapped(parts: list[bytes]) -> bytes:
    return b"\xde" + (len(parts) // 2).to_bytes(2, "big") + b"".join(parts)


def _extended(code: int, size: int, payload: bytes, off: int) -> bytes:
    announced = max(0, len(payload) + off) % 2 ** (8 * size)
    return bytes([_SIZES[size]]) + announced.to_bytes(size, "big") + bytes([code]) + payload


def _nested(inner: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    parts = st.lists(inner, max_size=5)
    codes = st.integers(1, 7) | st.integers(0, 255)
    offs = st.just(0) | st.just(0) | st.integers(-2, 2)
    payloads = parts.flatmap(_listed) | parts.map(_mapped) | inner
    extensions = st.builds(_extended, codes, st.sampled_from([1, 2, 4]), payloads, offs)
    return parts.flatmap(_listed) | parts.map(_mapped) | extensions


messages = st.recursive(leaves, _nested, max_leaves=20)

lines = st.sampled_from(
    [
        "%a",
        "!b",
        "c?",
        "%%time",
        "x = 1",
        "  y",
        "def f(x):",
        "    return x",
        "'''",
        "(",
        "\\",
        "e = !f",
    ]
) | st.text(max_size=12)
sources = st.lists(lines, max_size=8).map("\n".join)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | sources,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


def _some(**strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A dict with some of these keys, each with a proper value or with anything."""
    return st.fixed_dictionaries(
        {}, optional={key: values | values | anything for key, values in strategies.items()}
    )


marks = _some(
    grade=st.booleans(), solution=st.booleans(), grade_id=sources, cell_type=st.just("code")
)
cells = _some(
    cell_type=st.sampled_from(["code", "markdown", "raw"]),
    source=sources | st.lists(sources, max_size=3),
    input=sources,
    metadata=_some(nbgrader=marks),
)
notebooks = _some(
    nbformat=st.integers(0, 5),
    cells=st.lists(cells, max_size=4),
    worksheets=st.lists(_some(cells=st.lists(cells, max_size=3)), max_size=2),
    metadata=anything,
).map(lambda content: json.dumps(content).encode())
