"""The readers that are fuzzed, and their promises: plain data, or the one documented error."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.core.errors import UserError
from autograder.nbgrader_bridge.exporter import well_formed
from autograder.sandbox.wire.codec import Reference, WireError, decode, encode
from autograder.submission.notebook import Submission, _parsed, _upgraded, read_node

__all__ = ["TARGETS", "assert_plain", "cell", "notebook", "same", "wire"]

_SCALARS = (type(None), bool, int, float, complex, str, bytes, Reference, np.random.Generator)


def wire(data: bytes) -> None:
    """Check that ``decode`` returns plain data that survives a round trip, or raises WireError."""
    try:
        value = decode(data)
    except WireError:
        return
    assert_plain(value)
    assert same(decode(encode(value)), value)


def notebook(data: bytes) -> None:
    """Check that reading gives cells of text that nbgrader can save, or raises UserError."""
    try:
        content = _upgraded(_parsed(data.decode("utf-8-sig")))
        submission = read_node(content)
    except (UserError, UnicodeDecodeError):
        return
    _assert_text(submission)
    json.dumps(well_formed(content), ensure_ascii=False).encode()


def cell(data: bytes) -> None:
    """Check the same for a notebook whose only cell is this text."""
    text = data.decode("utf-8", "surrogateescape")
    _assert_text(read_node({"cells": [{"cell_type": "code", "source": text}]}))


def _assert_text(submission: Submission) -> None:
    for read in (*submission.cells, *submission.set_aside):
        assert type(read.index) is int
        assert type(read.source) is str
        read.source.encode()
    for name in submission.exercises:
        assert name.isprintable()
        assert len(name) <= 1000


TARGETS: dict[str, Callable[[bytes], None]] = {"wire": wire, "notebook": notebook, "cell": cell}


def assert_plain(value: Any, depth: int = 0) -> None:
    """Assert that ``value`` and all its parts are of the kinds that may cross the wire."""
    assert depth <= 64
    if type(value) in (list, tuple):
        for part in value:
            assert_plain(part, depth + 1)
    elif type(value) is dict:
        for key, part in value.items():
            assert_plain(key, depth + 1)
            assert_plain(part, depth + 1)
    elif type(value) in (set, frozenset):
        assert len(value) <= 1000
        for part in value:
            assert_plain(part, depth + 1)
    elif type(value) is np.ndarray or isinstance(value, np.generic):
        assert value.dtype.kind in "biufc"
    else:
        assert type(value) in _SCALARS, type(value)
        if type(value) is np.random.Generator:
            value.random()


def same(one: Any, two: Any) -> bool:
    """Whether two values have the same type and are equal to the last bit."""
    if type(one) is not type(two):
        return False
    if type(one) in (list, tuple):
        return len(one) == len(two) and all(map(same, one, two))
    if type(one) in (set, frozenset):
        return len(one) == len(two) and same(sorted(one, key=_rank), sorted(two, key=_rank))
    if type(one) is dict:
        return same(list(one.items()), list(two.items()))
    if isinstance(one, np.ndarray | np.generic):
        as_bytes = one.tobytes() == two.tobytes()
        return bool(one.dtype == two.dtype and one.shape == two.shape and as_bytes)
    if type(one) is np.random.Generator:
        return bool(one.random() == two.random())
    if type(one) is float:
        return one == two or (math.isnan(one) and math.isnan(two))
    if type(one) is complex:
        return same(one.real, two.real) and same(one.imag, two.imag)
    return bool(one == two)


def _rank(value: Any) -> list[bytes]:
    """A sort key that does not depend on the order in which a set was built."""
    kind = type(value).__name__.encode()
    if type(value) in (set, frozenset):
        return [kind, *sorted(b"".join(_rank(part)) for part in value)]
    if type(value) in (list, tuple):
        return [kind, *(b"".join(_rank(part)) for part in value)]
    return [encode(value)]
