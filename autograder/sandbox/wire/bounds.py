"""Bounds on a message, checked on its bytes before any value is built from them.

A few bytes can demand far more memory than they take: lists that announce a million parts, nest ten
thousand deep, or hold copies of each other. ``check_bounds`` refuses all of these. The host calls
it, through ``codec.decode``, on every message from a guest.
"""

from __future__ import annotations

__all__ = [
    "ARRAY",
    "COMPLEX",
    "ELLIPSIS",
    "FROZENSET",
    "GENERATOR",
    "INTEGER",
    "MAX_BYTES",
    "REFERENCE",
    "SCALAR",
    "SET",
    "TUPLE",
    "WireError",
    "check_bounds",
]

MAX_BYTES = 32 * 1024 * 1024
TUPLE, ARRAY, SCALAR, COMPLEX, INTEGER, GENERATOR, REFERENCE, SET, FROZENSET = range(1, 10)
ELLIPSIS = 10
_MAX_ITEMS = 250_000
_MAX_DEPTH = 64
_MAX_COPIED = 4 * MAX_BYTES  # bytes: each payload counts again at every level of nesting
_MAX_EXTENSION_KEYS = 1000  # of dicts: hashes of tuples and large integers can be made to collide

# The meaning of MessagePack's first byte: the length of the whole value, or of its length field.
_SIZES = [1] * 128 + [0] * 32 + [n + 1 for n in range(32)] + [0] * 32 + [1] * 32
for _first, _size in zip(
    (0x80, 0x90, 0xC0, 0xC2, 0xC3, 0xCA, 0xCB, *range(0xCC, 0xD4)),
    (1, 1, 1, 1, 1, 5, 9, 2, 3, 5, 9, 2, 3, 5, 9),
    strict=True,
):
    _SIZES[_first] = _size
_TEXTS = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4}
_LISTS = {0xDC: 2, 0xDD: 4}
_MAPS = {0xDE: 2, 0xDF: 4}
_EXTENSIONS = {0xC7: 1, 0xC8: 2, 0xC9: 4}
_SHORT_EXTENSIONS = {0xD4: 1, 0xD5: 2, 0xD6: 4, 0xD7: 8, 0xD8: 16}
_WITHOUT_PARTS = (ARRAY, SCALAR, INTEGER, ELLIPSIS)


class WireError(ValueError):
    """A failure to send a value, or to read one from bytes."""


def check_bounds(data: bytes) -> None:
    """Raise WireError unless ``data`` is exactly one value in MessagePack, and safe to build."""
    if len(data) > MAX_BYTES:
        raise WireError(f"a message of {len(data)} bytes is too large; the limit is {MAX_BYTES}")
    _Walk(data).check()


class _Walk:
    """One pass over the bytes that counts what building their value would cost."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.items, self.copied, self.keys = _MAX_ITEMS, _MAX_COPIED, _MAX_EXTENSION_KEYS

    def check(self) -> None:
        """Raise WireError unless the bytes are exactly one value that is safe to build."""
        data, at, left, end, is_map = self.data, 0, 1, 0, False
        outer: list[tuple[int, int, bool]] = []
        try:
            while True:
                while left:
                    left -= 1
                    byte = data[at]
                    if size := _SIZES[byte]:
                        at += size
                    elif byte in _TEXTS:
                        at += 1 + _TEXTS[byte] + self._number(at + 1, _TEXTS[byte])
                    elif byte in _EXTENSIONS and data[at + 1 + _EXTENSIONS[byte]] == ARRAY:
                        size = self._number(at + 1, _EXTENSIONS[byte])
                        self.copied -= size
                        at += 2 + _EXTENSIONS[byte] + size
                    else:
                        if len(outer) == _MAX_DEPTH:
                            raise WireError(f"a value nests more than {_MAX_DEPTH} deep")
                        self.keys -= is_map and left % 2 and not 0x80 <= byte < 0xA0
                        outer.append((left, end, is_map))
                        at, left, end, is_map = self._inside(at, byte)
                if end not in (0, at):
                    raise WireError("malformed message: an extension of a wrong length")
                if not outer:
                    break
                left, end, is_map = outer.pop()
        except IndexError:
            at = -1
        if at != len(data):
            raise WireError("malformed message: it ends early, or late")

    def _inside(self, at: int, byte: int) -> tuple[int, int, int, bool]:
        """The start, number and end of the parts of a list, dict or extension, and if it is a dict.

        The end is 0 for lists and dicts, which do not announce it.
        """
        is_map, end = byte < 0x90 or byte in _MAPS, 0
        if byte < 0xA0:
            count, at = byte & 15, at + 1
        elif byte in _LISTS or byte in _MAPS:
            size = _LISTS.get(byte) or _MAPS[byte]
            count, at = self._number(at + 1, size), at + 1 + size
        else:
            at, end = self._extension(at + 1, byte)
            count = 0 if at == end else 1
        count *= 1 + is_map
        self.items -= count
        if self.items < 0:
            raise WireError(f"a value of more than {_MAX_ITEMS} parts is too large")
        return at, count, end, is_map

    def _extension(self, at: int, byte: int) -> tuple[int, int]:
        """The start and end of an extension's payload; one without parts is skipped."""
        size = _SHORT_EXTENSIONS.get(byte, 0)
        if not size:
            if byte not in _EXTENSIONS:
                raise WireError(f"malformed message: no value begins with byte {byte}")
            size, at = self._number(at, _EXTENSIONS[byte]), at + _EXTENSIONS[byte]
        code, end = self.data[at], at + 1 + size
        if not TUPLE <= code <= ELLIPSIS:
            raise WireError(f"unknown extension {code}")
        self.copied -= size
        if self.copied < 0 or self.keys < 0:
            raise WireError("a value that nests so much, or has so many rare keys, is too large")
        return (end if code in _WITHOUT_PARTS else at + 1), end

    def _number(self, at: int, size: int) -> int:
        return int.from_bytes(self.data[at : at + size], "big")
