"""Which given functions of an assignment a submission has changed or lost."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from autograder.core.syntax import syntax_tree
from autograder.submission.notebook import Submission

__all__ = ["altered", "given_functions"]


def given_functions(solution: Path, exercises: Collection[str]) -> dict[str, str]:
    """The functions of a solution file that are no exercises, each with its code."""
    functions = _functions(solution.read_text("utf-8"))
    return {name: code for name, code in functions if name not in exercises}


def altered(given: Mapping[str, str], submission: Submission) -> tuple[str, ...]:
    """The names of the ``given`` functions that the submission does not define as they are."""
    own: dict[str, str] = {}
    for cell in submission.cells:
        if any(name in cell.source for name in given):
            own |= dict(_functions(cell.source))
    return tuple(name for name, code in given.items() if own.get(name) != code)


def _functions(source: str) -> Iterator[tuple[str, str]]:
    """The functions at the top level of some code, without layout and comments."""
    tree = syntax_tree(source)
    for node in tree.body if tree else ():
        if isinstance(node, ast.FunctionDef):
            yield node.name, ast.dump(node)
