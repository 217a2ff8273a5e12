"""The cells of a release that nbgrader knows, read from its gradebook or the released file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.core.errors import UserError
from autograder.submission.notebook import load, text_of

__all__ = ["SourceCell", "Structure", "cells_of_file", "read_structure"]


@dataclass(frozen=True)
class SourceCell:
    """A cell of the released notebook, with nbgrader's names for its settings.

    Only graded cells and tasks have a ``max_score``.
    """

    name: str
    cell_type: str
    locked: bool
    source: str
    checksum: str
    max_score: float | None = None
    is_solution: bool = False
    is_task: bool = False

    @property
    def is_grade(self) -> bool:
        return self.max_score is not None and not self.is_task


@dataclass(frozen=True)
class Structure:
    """The released notebook as the gradebook knows it.

    Once it ``has_submissions``, nbgrader neither adds nor removes cells.
    """

    kernelspec: str
    cells: tuple[SourceCell, ...]
    has_submissions: bool = field(default=False, compare=False, repr=False)

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> SourceCell:
        """Find the cell ``name`` as nbgrader's Gradebook does; raises MissingEntry."""
        for cell in self.cells:
            if cell.name == name:
                return cell
        from nbgrader.api import MissingEntry  # a heavy import, not needed for single notebooks

        raise MissingEntry(f"No such source cell: {name}")

    find_graded_cell = find_source_cell


def read_structure(gradebook: Any, assignment: str) -> Structure:
    """Read the structure from ``gradebook``; raises UserError if ``assignment`` is unknown."""
    from nbgrader.api import MissingEntry

    try:
        notebook = gradebook.find_notebook(assignment, assignment)
    except MissingEntry:
        raise UserError(
            f"the gradebook does not know {assignment}: run `unroll release {assignment}` first"
        ) from None
    points = {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}
    solutions = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name for cell in notebook.task_cells}
    cells = tuple(
        SourceCell(
            name=cell.name,
            cell_type=cell.cell_type,
            locked=cell.locked,
            source=cell.source,
            checksum=cell.checksum,
            max_score=points.get(cell.name),
            is_solution=cell.name in solutions,
            is_task=cell.name in tasks,
        )
        for cell in notebook.source_cells
    )
    return Structure(notebook.kernelspec or "null", cells, bool(notebook.submissions))


def cells_of_file(path: Path) -> tuple[SourceCell, ...]:
    """Those cells of the notebook ``path`` that have cell settings; raises UserError."""
    found = [(cell, cell.get("metadata", {}).get("nbgrader")) for cell in load(path)["cells"]]
    return tuple(_cell(cell, settings) for cell, settings in found if isinstance(settings, Mapping))


def _cell(cell: Mapping[str, Any], settings: Mapping[str, Any]) -> SourceCell:
    return SourceCell(
        name=str(settings.get("grade_id")),
        cell_type=str(cell.get("cell_type")),
        locked=bool(settings.get("locked")),
        source=text_of(cell),
        checksum=str(settings.get("checksum")),
        max_score=float(settings["points"]) if "points" in settings else None,
        is_solution=bool(settings.get("solution")),
        is_task=bool(settings.get("task")),
    )
