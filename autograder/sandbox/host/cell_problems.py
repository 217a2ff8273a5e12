"""Messages on cells that did not run as they stand, for the sandbox and for this process alike."""

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
    """The message on a cell: the exception that it raised, and ``notes``; empty if all is well.

    ``python`` is the version that the notebook was written with; it may explain a SyntaxError.
    """
    if error is None:
        return printable("; ".join(notes), LONGEST_SENTENCE)
    message = sentence(error)
    if _is_newer(python) and _NEWER.match(f"{error['type']}: {error['message']}"):
        message += (
            f": the notebook was written with Python {python}, the grader has "
            f"{platform.python_version()} and may lack newer features"
        )
    return "; ".join([message, *notes])


def taken_up(names: Sequence[str]) -> str:
    """The message on a cell that stopped, from which some definitions were used all the same."""
    found = ", ".join(f"`{printable(name, 80)}`" for name in names)
    return f"Still defined from the lines below: {found}"


def without_echoes(
    problems: Sequence[CellProblem], taken: Mapping[str, int]
) -> tuple[CellProblem, ...]:
    """``problems`` without those that another one has caused; that one names their cells.

    ``taken`` maps each name that was taken up after all cells had run to its cell.
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
    return CellProblem(problem.cell, f"{problem.message}. Cells that stopped without it: {numbers}")


def _is_newer(python: str) -> bool:
    found = re.match(r"(\d{1,3})\.(\d{1,3})", python)
    return found is not None and (int(found[1]), int(found[2])) > sys.version_info[:2]
