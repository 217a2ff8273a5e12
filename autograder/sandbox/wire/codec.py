"""Convert values to bytes and back: plain data only, bounded, never pickle.

MessagePack carries None, booleans, numbers, strings, bytes, lists and dicts; extensions carry
tuples, sets, arrays, NumPy scalars, complex and large integers, Generators (by state), ``...``,
and *references*: a small number and a label for what cannot be sent (a function, an object), which
the other side may send back. An array is a head (its dtype as NumPy writes it, in four bytes, its
number of dimensions in one, and each length in eight) and its numbers in C order. Both ends of the
sandbox use this file, so it imports nothing of the engine outside ``wire``.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgpack
import numpy as np

from autograder.sandbox.wire.bounds import (
    ARRAY,
    COMPLEX,
    ELLIPSIS,
    FROZENSET,
    GENERATOR,
    INTEGER,
    MAX_BYTES,
    REFERENCE,
    SCALAR,
    SET,
    TUPLE,
    WireError,
    check_bounds,
)

__all__ = ["MAX_BYTES", "Reference", "WireError", "decode", "encode"]

_extension = msgpack.ExtType._make  # skips checks that take as long as all the rest
_BUFFER = 2**12  # bytes, at first: with msgpack's 2**18, each message moves the end of the heap
_MAX_NDIM = 32
_MAX_INT_BYTES = 64
_MAX_LABEL = 200
_MAX_SET = 1000
_MOST_HEADS = 1000  # of arrays: the size of the caches
_PLAIN_KINDS = "biufc"
_NATIVE = [np.dtype(code) for code in "?bBhHiIlLqQefdgFDG"]
_DTYPES = {
    order.str.encode().ljust(4): order for kind in _NATIVE for order in (kind, kind.newbyteorder())
}
_RANDOM = (np.random.PCG64, np.random.MT19937, np.random.Philox)
_BIT_GENERATORS = {kind.__name__: kind for kind in _RANDOM}


@dataclass(frozen=True)
class Reference:
    """A stand-in for an object that is not sent; ``kind`` is "callable" or "handle"."""

    kind: str
    id: int
    label: str


Refer = Callable[[object], Reference | None]
Resolve = Callable[[Reference], object]


def encode(value: object, refer: Refer | None = None) -> bytes:
    """Convert ``value`` to bytes. ``refer`` may return a Reference for what is not plain data.

    Only exact types are sent as themselves: a subclass of ndarray, float or dict is not plain data.
    Raises WireError for anything else, and for values too deep or too large.
    """

    def default(item: Any) -> Any:
        kind = type(item)
        if kind is np.ndarray and item.dtype.kind in _PLAIN_KINDS:
            return _extension((ARRAY, _head(item.dtype, item.shape) + item.tobytes()))
        if kind is tuple:
            return _extension((TUPLE, pack(list(item))))
        if kind in (set, frozenset):
            return _extension((SET if kind is set else FROZENSET, pack(list(item))))
        if isinstance(item, np.generic) and item.dtype.kind in _PLAIN_KINDS:
            return _extension((SCALAR, _head(item.dtype, ()) + item.tobytes()))
        if kind is complex:
            return _extension((COMPLEX, pack([item.real, item.imag])))
        if kind is int:
            size = (item.bit_length() + 8) // 8
            if size > _MAX_INT_BYTES:
                raise WireError(f"an integer of {size} bytes is too large to send")
            return _extension((INTEGER, item.to_bytes(size, "big", signed=True)))
        if kind is np.random.Generator and type(item.bit_generator) in _RANDOM:
            return _extension((GENERATOR, pack(item.bit_generator.state)))
        if item is ...:  # an answer that nobody gave
            return _extension((ELLIPSIS, b""))
        reference = item if kind is Reference else refer(item) if refer else None
        if reference is None:
            raise WireError(f"a value of type {kind.__name__} is not plain data")
        parts = [reference.kind, reference.id, reference.label[:_MAX_LABEL]]
        return _extension((REFERENCE, msgpack.packb(parts, buf_size=_BUFFER)))

    def pack(item: object) -> bytes:
        packed: bytes = msgpack.packb(item, default=default, strict_types=True, buf_size=_BUFFER)
        if len(packed) > MAX_BYTES:
            raise WireError(f"a value of more than {MAX_BYTES // 2**20} MiB is too large to send")
        return packed

    try:
        return pack(value)
    except WireError:
        raise
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise WireError(f"the value cannot be sent: {error}") from error


def decode(data: bytes, resolve: Resolve | None = None, *, trusted: bool = False) -> Any:
    """Convert ``data`` back to its value. ``resolve`` turns References into their objects.

    ``trusted`` bytes, from ``encode`` on the host, skip ``check_bounds``.

    Raises WireError, and only that, for bytes that are not exactly one bounded value.
    """
    if not trusted:
        check_bounds(data)
    try:
        return _unpack(data, resolve)
    except WireError:
        raise
    except Exception as error:  # msgpack raises many types; callers catch only WireError
        raise WireError(f"malformed message: {error}") from error


def _unpack(data: bytes, resolve: Resolve | None) -> Any:
    def extension(code: int, payload: bytes) -> Any:
        if code == ARRAY:
            return _array(payload)
        if code == SCALAR:
            return _array(payload)[()]
        if code == INTEGER:
            return _integer(payload)
        if code == ELLIPSIS:
            return _ellipsis(payload)
        parts = unpack(payload)
        if code == GENERATOR:
            return _generator(parts)
        if not isinstance(parts, list):
            raise WireError("an extension's payload is not a list")
        if code == TUPLE:
            return tuple(parts)
        if code in (SET, FROZENSET):
            return _set(parts, set if code == SET else frozenset)
        if code == COMPLEX:
            return _complex(*parts)
        return _resolved(*parts, resolve=resolve)

    def unpack(data: bytes) -> Any:
        return msgpack.unpackb(data, ext_hook=extension, strict_map_key=False)

    return unpack(data)


def _set(parts: list[Any], kind: type[set[Any]] | type[frozenset[Any]]) -> object:
    if len(parts) > _MAX_SET:  # hashes can be made to collide
        raise WireError(f"a set of more than {_MAX_SET} parts is too large")
    return kind(parts)


def _integer(payload: bytes) -> int:
    if not 0 < len(payload) <= _MAX_INT_BYTES:
        raise WireError("an integer of a wrong length")
    return int.from_bytes(payload, "big", signed=True)


def _ellipsis(payload: bytes) -> object:
    if payload:
        raise WireError("an ellipsis of a wrong length")
    return ...


def _complex(real: float, imag: float) -> complex:
    if type(real) is not float or type(imag) is not float:
        raise WireError("a malformed complex number")
    return complex(real, imag)


@lru_cache(_MOST_HEADS)
def _head(kind: np.dtype[Any], shape: tuple[int, ...]) -> bytes:
    """The bytes before an array's numbers: its dtype and shape."""
    if len(shape) > _MAX_NDIM:
        raise WireError(f"an array of {len(shape)} dimensions is too large to send")
    return kind.str.encode().ljust(4) + struct.pack(f"<B{len(shape)}Q", len(shape), *shape)


@lru_cache(_MOST_HEADS)
def _layout(head: bytes) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    """The dtype, shape and total number of bytes of the array with ``head``."""
    kind = _DTYPES.get(head[:4])
    if kind is None:
        raise WireError(f"an array of dtype {head[:4]!r} is not plain data")
    shape = struct.unpack(f"<{head[4]}Q", head[5:])
    size = math.prod(length or 1 for length in shape)
    if len(shape) > _MAX_NDIM or size > MAX_BYTES:  # (0, 2**60) has no bytes, but breaks NumPy
        raise WireError("an array of an impossible shape")
    return kind, shape, len(head) + (0 if 0 in shape else size) * kind.itemsize


def _array(payload: bytes) -> Any:
    end = 5 + 8 * payload[4]
    kind, shape, size = _layout(payload[:end])
    if len(payload) != size:
        raise WireError("an array whose bytes do not fit its shape")
    if kind.kind == "b":  # True of another byte than 1 would not equal True
        return np.ndarray(shape, np.uint8, payload, end).astype(bool)
    return np.ndarray(shape, kind, payload, end).copy()


def _generator(state: dict[str, Any]) -> np.random.Generator:
    """The Generator in ``state``, whose positions NumPy would use unchecked to read memory."""
    bits: Any = _BIT_GENERATORS[state["bit_generator"]](0)
    for place, most in ((state["state"].get("pos", 0), 624), (state.get("buffer_pos", 0), 4)):
        if type(place) is not int or not 0 <= place <= most:
            raise WireError("a Generator in an impossible state")
    bits.state = state
    return np.random.Generator(bits)


def _resolved(kind: str, number: int, label: str, *, resolve: Resolve | None) -> object:
    if type(kind) is not str or type(number) is not int or type(label) is not str:
        raise WireError("a malformed reference")
    reference = Reference(kind, number, label[:_MAX_LABEL])
    return resolve(reference) if resolve else reference
