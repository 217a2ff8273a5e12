"""The cells of a release that nbgrader knows: as its gradebook has them, or the released file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.model import UserError
from autograder.notebook import load, text_of

__all__ = ["SourceCell", "Structure", "cells_of_file", "read_structure"]


@dataclass(frozen=True)
class SourceCell:
    """A cell of the released notebook, as the gradebook knows it; no points, unless it is graded.

    The names are nbgrader's.
    """

    name: str
    cell_type: str
    locked: bool
    source: str
    checksum: str
    max_score: float | None


@dataclass(frozen=True)
class Structure:
    """What the gradebook knows of the released notebook.

    Once it ``has_submissions``, nbgrader neither adds nor removes cells.
    """

    kernelspec: str
    cells: tuple[SourceCell, ...]
    has_submissions: bool = field(default=False, compare=False, repr=False)


def read_structure(gradebook: Any, assignment: str) -> Structure:
    """What ``gradebook`` knows of the released notebook; raises UserError when that is nothing."""
    from nbgrader.api import MissingEntry  # heavy, and not for those who read single notebooks

    try:
        notebook = gradebook.find_notebook(assignment, assignment)
    except MissingEntry:
        raise UserError(
            f"the gradebook does not know {assignment}: run `unroll release {assignment}` first"
        ) from None
    points = {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}
    cells = tuple(
        SourceCell(
            cell.name, cell.cell_type, cell.locked, cell.source, cell.checksum,
            points.get(cell.name),
        )
        for cell in notebook.source_cells
    )  # fmt: skip
    return Structure(notebook.kernelspec or "null", cells, bool(notebook.submissions))


def cells_of_file(path: Path) -> tuple[SourceCell, ...]:
    """The cells of the released notebook ``path`` that nbgrader knows. Raises UserError."""
    found = [(cell, cell.get("metadata", {}).get("nbgrader")) for cell in load(path)["cells"]]
    return tuple(_cell(cell, marks) for cell, marks in found if isinstance(marks, Mapping))


def _cell(cell: Mapping[str, Any], marks: Mapping[str, Any]) -> SourceCell:
    return SourceCell(
        str(marks.get("grade_id")),
        str(cell.get("cell_type")),
        bool(marks.get("locked")),
        text_of(cell),
        str(marks.get("checksum")),
        float(marks["points"]) if "points" in marks else None,
    )
