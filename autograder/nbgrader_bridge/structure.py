"""The released notebook as nbgrader's gradebook knows it, as plain data for workers."""

from __future__ import annotations

from dataclasses import dataclass

from nbgrader.api import Gradebook, MissingEntry

from autograder.core.errors import UserError

__all__ = ["SourceCell", "Structure", "read_structure"]


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
    """What the gradebook knows of the released notebook."""

    kernelspec: str
    cells: tuple[SourceCell, ...]


def read_structure(gradebook: Gradebook, assignment: str) -> Structure:
    """What ``gradebook`` knows of the released notebook; raises UserError when that is nothing."""
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
    return Structure(notebook.kernelspec or "null", cells)
