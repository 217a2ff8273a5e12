"""Sentences for the student on what their cells and functions did, the same wherever they ran."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.model import CellProblem, Kind, StudentFailure
from autograder.printable import printable
from autograder.sandbox.limits import Limits

__all__ = [
    "cell_message",
    "late",
    "missing",
    "raised",
    "refuse_more",
    "sentence",
    "taken_up",
    "timeout",
    "without_echoes",
]

_LONG = 600
_MOST_ECHOES = 10
_HINTS = {
    "EOFError": "nobody answers `input()` here",
    "FileNotFoundError": "the grader has no files of yours",
    "ModuleNotFoundError": "the grader has NumPy and Python's own modules",
}
_NEWER = re.compile(r"(SyntaxError|ImportError: cannot import name|AttributeError: module '\w+'): ")


def sentence(error: Mapping[str, Any]) -> str:
    """An exception, as described by the worker, in a line: its type, message and place."""
    what = f"{error['type']}: {error['message']}".removesuffix(": ")
    if error["type"] in _HINTS:
        what += f": {_HINTS[error['type']]}"
    return printable(what + (f" ({error['where']})" if error["where"] else ""), _LONG)


def cell_message(notes: Sequence[str], error: Mapping[str, str] | None, python: str) -> str:
    """What is told of a cell: what it raised, and ``notes``; empty where all is well.

    ``python`` is the version that the notebook was written with: newer syntax is told as such.
    """
    if error is None:
        return printable("; ".join(notes), _LONG)
    message = sentence(error)
    if _is_newer(python) and _NEWER.match(f"{error['type']}: {error['message']}"):
        message += (
            f": the notebook was written with Python {python}, the grader has "
            f"{platform.python_version()} and may not know what is newer"
        )
    return "; ".join([message, *notes])


def taken_up(names: Sequence[str]) -> str:
    """What is told of a cell that stopped, and of which something was used all the same."""
    found = ", ".join(f"`{printable(name, 80)}`" for name in names)
    return f"Used all the same, from below: {found}"


def without_echoes(
    problems: Sequence[CellProblem], taken: Mapping[str, int]
) -> tuple[CellProblem, ...]:
    """``problems``, but for those that another of them has caused: that one names their cells.

    ``taken`` has the names that were taken up after all cells had run, and from which cell.
    """
    caused: dict[int, list[int]] = {}
    for problem in problems:
        found = re.match(r"NameError: name '(\w+)' is not defined", problem.message)
        if found and taken.get(found[1], problem.cell) != problem.cell:
            caused.setdefault(taken[found[1]], []).append(problem.cell)
    echoes = {cell for cells in caused.values() for cell in cells}
    return tuple(
        _with_echoes(problem, caused.get(problem.cell, []))
        for problem in problems
        if problem.cell not in echoes
    )


def _with_echoes(problem: CellProblem, cells: Sequence[int]) -> CellProblem:
    if not cells:
        return problem
    numbers = ", ".join(map(str, cells[:_MOST_ECHOES])) + (", …" if cells[_MOST_ECHOES:] else "")
    return CellProblem(
        problem.cell, f"{problem.message}, for want of which stopped: cell {numbers}"
    )


def _is_newer(python: str) -> bool:
    found = re.match(r"(\d{1,3})\.(\d{1,3})", python)
    return found is not None and (int(found[1]), int(found[2])) > sys.version_info[:2]


def refuse_more(name: str, timeouts: int, left: float, limits: Limits) -> None:
    """Raise StudentFailure where no more calls of an exercise are to be tried.

    ``timeouts`` of them did not return, and ``left`` seconds of its time are left.
    """
    if timeouts >= limits.timeouts_per_exercise:
        raise _skipped(f"not tried: other calls of `{name}` did not return")
    if left < 0:
        raise _skipped(f"not tried: the time for `{name}` is used up")


def late(name: str, left: float, limits: Limits) -> StudentFailure:
    """The failure of a function that did not return, when ``left`` seconds were left for it."""
    if left < limits.call_seconds:
        return timeout(f"the time for `{name}` is used up by its calls")
    return timeout(
        f"`{name}` does not return within {limits.call_seconds:g} s: look for a loop that never "
        "ends"
    )


def timeout(summary: str) -> StudentFailure:
    """The failure of a call that took too long."""
    return StudentFailure(summary, kind=Kind.TIMEOUT)


def _skipped(summary: str) -> StudentFailure:
    return StudentFailure(summary, kind=Kind.SKIPPED)


def missing(name: str) -> StudentFailure:
    """The failure of a function that is not there."""
    return StudentFailure(
        f"`{name}` is not defined: run (or bring back) the cell with `def {name}(…)`",
        kind=Kind.MISSING,
    )


def raised(name: str, error: Mapping[str, Any]) -> StudentFailure:
    """The failure of a function that raised, from the worker's description of the exception."""
    if error["type"] == "NotImplementedError":
        return StudentFailure(
            f"`{name}` is not implemented yet: put your code where "
            "`raise NotImplementedError()` stands",
            kind=Kind.UNFINISHED,
        )
    if error["type"] == "WireError":  # of what the worker, not the student's code, tried to send
        return StudentFailure(
            f"`{name}` gives what cannot reach the grader: {error['message']}", kind=Kind.RAISED
        )
    if error["type"] == "StandInUsed":
        where = f" ({error['where']})" if error["where"] else ""
        return StudentFailure(f"`{name}` {error['message']}{where}", kind=Kind.RAISED)
    return StudentFailure(
        f"`{name}` raises {sentence(error)}", kind=Kind.RAISED, error=str(error["type"])
    )
