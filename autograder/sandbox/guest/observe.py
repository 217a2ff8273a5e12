"""Call a student's function and record what it returns, changes, warns of and prints."""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import linecache
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.sandbox.guest.stand_ins import StandInUsed
from autograder.sandbox.wire.protocol import ExceptionText

__all__ = [
    "CELL",
    "MAX_PRINTED",
    "Observation",
    "copied",
    "describe_error",
    "observe",
    "remember_lines",
]

CELL = "<cell "  # how the file names of a notebook's cells begin
MAX_PRINTED = 10_000
_MAX_WARNINGS = 5
_MOST_CAUSES = 20


@dataclass(frozen=True)
class Observation:
    """The value that a call returned, and its effects: changed arguments, warnings, prints."""

    value: object
    mutated: tuple[str, ...]
    warnings: tuple[str, ...]
    printed: str


class _Printed(io.StringIO):
    """A stream that keeps the first MAX_PRINTED characters."""

    def write(self, text: str) -> int:
        room = MAX_PRINTED - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)


def observe(
    function: Callable[..., object], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Observation:
    """Call ``function`` and record what it does. Its exceptions pass through."""
    given = [*args, *kwargs.values()]
    before = [_snapshot(value) for value in given]  # bytes, not arrays: the call may change those
    printed = _Printed()
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(printed):
        warnings.simplefilter("always")
        value = function(*args, **kwargs)
    changed = [not _same(old, new) for old, new in zip(before, given, strict=True)]
    names = _argument_names(function, args, kwargs) if any(changed) else changed
    return Observation(
        value,
        tuple(str(name) for name, is_changed in zip(names, changed, strict=True) if is_changed),
        tuple(f"{w.category.__name__}: {w.message}" for w in caught[:_MAX_WARNINGS]),
        printed.getvalue(),
    )


def copied(value: Any) -> Any:
    """A copy of data, as if it had been sent, so that no call sees what another one changed.

    Functions and opaque objects are not copied.
    """
    kind = type(value)
    if kind in (tuple, list):
        return kind(map(copied, value))
    if kind is dict:
        return {key: copied(part) for key, part in value.items()}
    if kind is np.ndarray:
        return value.copy(order="K")
    return copy.deepcopy(value) if kind is np.random.Generator else value


def remember_lines(filename: str, source: str) -> None:
    """Let tracebacks show the lines of ``source`` under the name ``filename``, which is no file."""
    lines = source.splitlines(keepends=True)
    linecache.cache[filename] = (len(source), None, lines, filename)


def describe_error(error: BaseException) -> ExceptionText:
    """The type and message of a student's exception, and where in their cells it arose."""
    error, where = _cause_of(error), ""
    places = [(f.f_code.co_filename, line) for f, line in traceback.walk_tb(error.__traceback__)]
    if own := [place for place in places if place[0].startswith(CELL)]:
        filename, line = own[-1]
        where = filename[1:-1]
        if line:  # code that a student has changed may have none
            code = linecache.getline(filename, line).strip()  # reads no file
            where += f", line {line}" + (f": {code}" if code else "")
    if isinstance(error, SyntaxError) and (error.filename or "").startswith(CELL):
        where = f"{str(error.filename)[1:-1]}, line {error.lineno}"
    try:
        message = str(error.msg if isinstance(error, SyntaxError) else error)
    except BaseException:  # a student's `__str__` may raise anything
        message = "(its message cannot be shown)"
    return ExceptionText(
        type=_sendable(type(error).__name__, 100),
        message=_sendable(message, 500),
        where=_sendable(where, 300),
    )


def _cause_of(error: BaseException) -> BaseException:
    """The use of a stand-in that caused ``error``, for example within NumPy; else ``error``."""
    at: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if at is None or isinstance(at, StandInUsed):
            break
        at = at.__cause__ or at.__context__
    return at if isinstance(at, StandInUsed) else error


def _sendable(text: str, most: int) -> str:
    """The text, cut, with lone surrogates spelled out, because these cannot be sent."""
    return text[:most].encode("utf-8", "backslashreplace").decode("utf-8")


def _argument_names(
    function: Callable[..., object], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> list[str]:
    try:
        parameters = list(inspect.signature(function).parameters)[: len(args)]
    except (TypeError, ValueError):
        parameters = []
    parameters += [f"number {i + 1}" for i in range(len(parameters), len(args))]
    return [*parameters, *kwargs]


def _snapshot(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype, value.tobytes()
    if isinstance(value, tuple | list):
        return [_snapshot(part) for part in value]
    if isinstance(value, dict):
        return {key: _snapshot(part) for key, part in value.items()}
    return None


def _same(old: Any, new: Any) -> bool:
    """Whether ``new`` still holds the arrays of its snapshot ``old``, bit for bit."""
    if old is None:
        return True
    if isinstance(old, tuple):
        shape, dtype, data = old
        return bool(new.shape == shape and new.dtype == dtype and new.tobytes() == data)
    if isinstance(old, list):
        return len(old) == len(new) and all(map(_same, old, new))
    return old.keys() == new.keys() and all(_same(old[key], new[key]) for key in old)
