"""Scores and comments of one autograded notebook, as nbgrader's SaveAutoGrades computes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task

from autograder.nbgrader_bridge.mend_cells import grade_id

__all__ = ["Grades", "grades_of"]

_UNCHANGED = "No response."  # the text that nbgrader writes


@dataclass(frozen=True)
class Grades:
    """Scores and comments for the gradebook, by the names of cells.

    A score of None means that a person grades the cell; a comment of None removes an earlier one.
    """

    scores: Mapping[str, float | None] = field(default_factory=dict)
    comments: Mapping[str, str | None] = field(default_factory=dict)


def grades_of(notebook: NotebookNode, judged: Mapping[str, float]) -> Grades:
    """The scores that were ``judged``, nbgrader's own for other cells, and its comments."""
    scores, comments = {}, {}
    for cell in notebook.cells:
        name = grade_id(cell)
        if is_grade(cell):
            scores[name] = judged[name] if name in judged else determine_grade(cell)[0]
        if is_solution(cell) or is_task(cell):
            is_unchanged = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
            comments[name] = _UNCHANGED if is_unchanged and not is_task(cell) else None
    return Grades(scores, comments)
