"""Which given functions of an assignment a submission has changed or lost."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from pathlib import Path

from autograder.core.syntax import functions
from autograder.submission.notebook import Submission

__all__ = ["altered", "given_functions"]


def given_functions(solution: Path, exercises: Collection[str]) -> dict[str, str]:
    """The functions of a solution file that are no exercises, each with its code."""
    code = _code(solution.read_text("utf-8"))
    return {name: code[name] for name in code if name not in exercises}


def altered(given: Mapping[str, str], submission: Submission) -> tuple[str, ...]:
    """The names of the ``given`` functions that the submission does not define as they are."""
    own: dict[str, str] = {}
    for cell in submission.cells:
        if any(name in cell.source for name in given):
            own |= _code(cell.source)
    return tuple(name for name, code in given.items() if own.get(name) != code)


def _code(source: str) -> dict[str, str]:
    """The code of each function at the top level, without layout and comments."""
    return {each.name: ast.dump(each) for each in functions(source)}
