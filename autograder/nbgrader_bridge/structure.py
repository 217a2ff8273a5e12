"""The released notebook as nbgrader's gradebook knows it, as plain data for workers."""

from __future__ import annotations

from dataclasses import dataclass

from nbgrader.api import Gradebook, MissingEntry

from autograder.core.errors import UserError

__all__ = ["SourceCell", "Structure", "read_structure"]


@dataclass(frozen=True)
class SourceCell:
    """A cell of the released notebook, under nbgrader's names; only graded cells and tasks have
    a ``max_score``.
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
    """What the gradebook knows of the released notebook."""

    kernelspec: str
    cells: tuple[SourceCell, ...]

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> SourceCell:
        """The cell ``name``, as nbgrader's Gradebook finds it; raises MissingEntry."""
        for cell in self.cells:
            if cell.name == name:
                return cell
        raise MissingEntry(f"No such source cell: {name}")

    find_graded_cell = find_source_cell


def read_structure(gradebook: Gradebook, assignment: str) -> Structure:
    """What ``gradebook`` knows of the released notebook; raises UserError when that is nothing."""
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
    return Structure(notebook.kernelspec or "null", cells)
