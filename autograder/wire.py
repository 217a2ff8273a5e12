"""Values as bytes and back: data only, bounded, never pickle.

MessagePack carries None, booleans, numbers, strings, bytes, lists and dicts; extensions carry
tuples, sets, arrays, NumPy scalars, complex and large integers, Generators (by state), and
*references*: a small number and a label for what cannot cross (a function, an object), which the
other side may hand back. Both ends of the sandbox use this file, so it imports nothing else of the
kit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy as np

__all__ = ["MAX_BYTES", "Reference", "WireError", "decode", "encode"]

MAX_BYTES = 32 * 1024 * 1024
_MAX_ITEMS = 100_000  # in all lists and dicts of a message together
_MAX_DEPTH = 32
_MAX_NDIM = 16
_MAX_INT_BYTES = 64
_PLAIN_KINDS = "biufc"
_DTYPE = re.compile(r"[<>|=]?[biufc]\d{1,2}")
_KEYS = (str, int, float, bool, type(None))
_TUPLE, _ARRAY, _SCALAR, _COMPLEX, _INTEGER, _GENERATOR, _REFERENCE, _SET = range(1, 9)


class WireError(ValueError):
    """A value that cannot be sent, or bytes that are no value."""


@dataclass(frozen=True)
class Reference:
    """Stands for something that stays where it is: ``kind`` is "callable" or "handle"."""

    kind: str
    id: int
    label: str


Refer = Callable[[object], Reference | None]
Resolve = Callable[[Reference], object]


def encode(value: object, refer: Refer | None = None) -> bytes:
    """The bytes of ``value``. ``refer`` may give a Reference for what is not plain data.

    Only exact types cross as themselves: a subclass of ndarray, float or dict is not plain data.
    Raises WireError for anything else, and for values too deep or too large.
    """

    def default(item: Any) -> Any:
        kind = type(item)
        if kind is tuple:
            return msgpack.ExtType(_TUPLE, pack(list(item)))
        if kind in (set, frozenset):
            return msgpack.ExtType(_SET, pack(list(item)))
        if kind is np.ndarray and item.dtype.kind in _PLAIN_KINDS:
            plain = np.ascontiguousarray(item)
            return _ext(_ARRAY, [item.dtype.str, list(item.shape), plain.tobytes()])
        if isinstance(item, np.generic) and item.dtype.kind in _PLAIN_KINDS:
            return _ext(_SCALAR, [item.dtype.str, item.tobytes()])
        if kind is complex:
            return _ext(_COMPLEX, [item.real, item.imag])
        if kind is int:
            size = (item.bit_length() + 8) // 8
            if size > _MAX_INT_BYTES:
                raise WireError(f"an integer of {size} bytes is too large to send")
            return msgpack.ExtType(_INTEGER, item.to_bytes(size, "big", signed=True))
        if kind is np.random.Generator and type(item.bit_generator) is np.random.PCG64:
            return msgpack.ExtType(_GENERATOR, pack(item.bit_generator.state))
        if kind is Reference:
            return _ext(_REFERENCE, [item.kind, item.id, item.label[:200]])
        reference = refer(item) if refer else None
        if reference is None:
            raise WireError(f"a value of type {kind.__name__} is not plain data")
        return _ext(_REFERENCE, [reference.kind, reference.id, reference.label[:200]])

    def pack(item: object) -> bytes:
        packed = msgpack.packb(item, default=default, strict_types=True)
        if len(packed) > MAX_BYTES:
            raise WireError(f"a value of more than {MAX_BYTES // 2**20} MiB is too large to send")
        return bytes(packed)

    try:
        _assert_bounded(value)
        return pack(value)
    except WireError:
        raise
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise WireError(f"the value cannot be sent: {error}") from error


def decode(data: bytes, resolve: Resolve | None = None) -> Any:
    """The value of ``data``. ``resolve`` turns References into what they stand for.

    Raises WireError, and only that, for bytes that are not exactly one bounded value.
    """
    try:
        value = _unpack(data, resolve, _MAX_DEPTH)
        _assert_bounded(value)
        return value
    except WireError:
        raise
    except Exception as error:  # msgpack raises a wide family; none of it may get past here
        raise WireError(f"malformed message: {error}") from error


def _ext(code: int, parts: list[Any]) -> msgpack.ExtType:
    return msgpack.ExtType(code, msgpack.packb(parts))


def _unpack(data: bytes, resolve: Resolve | None, depth: int) -> Any:
    if depth == 0:
        raise WireError(f"a value nests more than {_MAX_DEPTH} tuples")
    if len(data) > MAX_BYTES:
        raise WireError(f"a message of {len(data)} bytes is too large")

    def extension(code: int, payload: bytes) -> Any:
        if code == _INTEGER:
            return _integer(payload)
        parts = _unpack(payload, resolve, depth - 1)
        if code == _GENERATOR:
            return _generator(parts)
        if not isinstance(parts, list):
            raise WireError("an extension's payload is no list")
        if code == _TUPLE:
            return tuple(parts)
        if code == _SET:
            _assert_hashable(parts)
            return frozenset(parts)
        if code == _ARRAY:
            return _array(*parts)
        if code == _SCALAR:
            return _array(parts[0], [], parts[1])[()]
        if code == _COMPLEX:
            return complex(*parts)
        if code == _REFERENCE:
            return _resolved(*parts, resolve=resolve)
        raise WireError(f"unknown extension {code}")

    return msgpack.unpackb(
        data,
        ext_hook=extension,
        object_pairs_hook=_mapping,
        strict_map_key=False,
        max_array_len=min(_MAX_ITEMS, len(data)),
        max_map_len=min(_MAX_ITEMS, len(data)),
    )


def _mapping(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    _assert_hashable(key for key, _ in pairs)
    return dict(pairs)


def _assert_hashable(keys: Iterable[object]) -> None:
    """Raise WireError unless keys are plain: who chooses the hashes of many can stall a dict."""
    for key in keys:
        if type(key) not in _KEYS or (type(key) is int and key.bit_length() > 64):
            raise WireError(f"a dict or set with a key of type {type(key).__name__}")


def _assert_bounded(value: object) -> None:
    """Raise WireError for a value of too many parts, or nested too deeply, for what reads it."""
    count, level = 0, [value]
    for _ in range(_MAX_DEPTH):
        inner: list[object] = []
        for item in level:
            if isinstance(item, list | tuple | set | frozenset):
                inner += item
            elif isinstance(item, dict):
                inner += item.values()
        count += len(inner)
        if count > _MAX_ITEMS:
            raise WireError(f"the value cannot be sent: it has more than {_MAX_ITEMS} parts")
        if not inner:
            return
        level = inner
    raise WireError(f"the value cannot be sent: it nests more than {_MAX_DEPTH} levels")


def _integer(payload: bytes) -> int:
    if not 0 < len(payload) <= _MAX_INT_BYTES:
        raise WireError("an integer of a wrong length")
    return int.from_bytes(payload, "big", signed=True)


def _array(dtype: str, shape: list[int], payload: bytes) -> Any:
    if not _DTYPE.fullmatch(dtype):
        raise WireError(f"an array of dtype {dtype[:20]} is not plain data")
    kind = np.dtype(dtype)
    if len(shape) > _MAX_NDIM or not all(type(n) is int and 0 <= n < 2**31 for n in shape):
        raise WireError("an array of an impossible shape")
    if math.prod(shape) * kind.itemsize != len(payload):
        raise WireError("an array whose bytes do not fit its shape")
    if kind.kind == "b" and payload.translate(None, b"\0\1"):
        raise WireError("an array of booleans that are neither true nor false")
    return np.frombuffer(payload, kind).reshape(shape).copy()


def _generator(state: Any) -> np.random.Generator:
    """PCG64 alone: others keep a position in a buffer, and NumPy believes any that it is told."""
    bits = np.random.PCG64(0)
    bits.state = state
    return np.random.Generator(bits)


def _resolved(kind: str, number: int, label: str, *, resolve: Resolve | None) -> object:
    reference = Reference(str(kind), int(number), str(label))
    return resolve(reference) if resolve else reference
