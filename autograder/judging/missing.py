"""Explain why a function is missing, from the submission's cells."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Sequence

from autograder.core.errors import UserError
from autograder.core.results import CellProblem
from autograder.submission.notebook import Cell, Submission

__all__ = ["did_not_run", "refuse_foreign", "why_missing"]

_MOST = 3
_ANY = r"\w+"


def why_missing(
    name: str, submission: Submission, problems: Sequence[CellProblem]
) -> tuple[str, ...]:
    """Sentences, the likeliest reason first; none where the cells do not tell."""
    failed = {problem.cell for problem in problems}
    defining = [cell for cell in submission.cells if _defines(cell, name)]
    blamed = [cell.index for cell in defining if cell.index in failed]
    if not blamed and defining:
        return (_of_a_definition(name, defining[-1]),)
    if blamed:
        return (did_not_run(blamed),)
    everywhere = [problem.cell for problem in problems]
    return _elsewhere(name, submission) or ((did_not_run(everywhere),) if everywhere else ())


def refuse_foreign(submission: Submission, exercises: Collection[str]) -> None:
    """Raise UserError for the notebook of another assignment: 0 points would be the wrong answer.

    Its check cells ask for other functions than ``exercises``, and no cell defines one of these.
    """
    asked = [name for name in submission.exercises if name not in exercises]
    if len(asked) < len(submission.exercises) or not asked:
        return
    if not any(_defines(cell, name) for cell in submission.cells for name in exercises):
        raise UserError(
            f"this is the notebook of another assignment: it asks for {', '.join(asked[:_MOST])}"
        )


def did_not_run(cells: Sequence[int]) -> str:
    """A sentence that leads to what is told of these cells at the top of the report."""
    numbers = ", ".join(map(str, cells[:_MOST]))
    several = "s" if len(cells) > 1 else ""
    return f"cell{several} {numbers} did not run as written: the top of the report says why"


def _of_a_definition(name: str, cell: Cell) -> str:
    if _defines(cell, name, indented=False):
        return (
            f"cell {cell.index} defines `{name}`, but below, the name is deleted or given to "
            "something that is no function"
        )
    return (
        f"cell {cell.index} defines `{name}` inside a class, a function or a block: put "
        f"`def {name}(…)` at the left margin"
    )


def _elsewhere(name: str, submission: Submission) -> tuple[str, ...]:
    for cell in submission.set_aside:
        if _defines(cell, name):
            return (
                f"cell {cell.index} holds `def {name}(…)`, but it is a check cell or no code "
                "cell, and does not run: put it into a code cell of its own",
            )
    names = {
        found.lower(): (found, cell.index)
        for cell in submission.cells
        for found in re.findall(_definition(_ANY, indented=False), cell.source, re.MULTILINE)
    }
    for close in difflib.get_close_matches(name.lower(), names, 1, cutoff=0.7):
        found, index = names[close]
        return (f"cell {index} defines `{found}`: should it be `{name}`?",)
    return ()


def _defines(cell: Cell, name: str, indented: bool = True) -> bool:
    return bool(re.search(_definition(re.escape(name), indented), cell.source, re.MULTILINE))


def _definition(name: str, indented: bool) -> str:
    margin = "[ \\t]*" if indented else ""
    return rf"^{margin}(?:async )?def ({name})\("
