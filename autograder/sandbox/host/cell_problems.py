"""What a report tells of cells that did not run as they stand, for every way to run them."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Mapping, Sequence

from autograder.core.results import CellProblem
from autograder.core.untrusted_text import printable
from autograder.sandbox.host.exception_text import LONGEST_SENTENCE, sentence
from autograder.sandbox.wire.protocol import ExceptionText

__all__ = ["cell_message", "taken_up", "without_echoes"]

_MOST_ECHOES = 10
_NEWER = re.compile(r"(SyntaxError|ImportError: cannot import name|AttributeError: module '\w+'): ")


def cell_message(notes: Sequence[str], error: ExceptionText | None, python: str) -> str:
    """What is told of a cell: what it raised, and ``notes``; empty where all is well.

    ``python`` is the version that the notebook was written with: newer syntax is told as such.
    """
    if error is None:
        return printable("; ".join(notes), LONGEST_SENTENCE)
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
