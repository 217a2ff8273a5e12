"""A preprocessor that gives a submission's cells back what nbgrader needs of them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Mapping
from typing import Any

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

__all__ = ["MendCells", "grade_id"]

Resources = dict[str, Any]


class MendCells(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Make a submission's nbgrader marks what they were when it was released.

    Each cell that the gradebook knows gets its marks back, the last one where there are several;
    other cells lose theirs; missing check cells return. First of the sanitizing preprocessors: one
    student's copied cell or foreign marks would stop nbgrader's run for the whole class.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            source = gradebook.find_notebook(names["notebook"], names["assignment"])
            marks = _marks(source)
            nb.cells = _marked(nb.cells, marks)
            for name, cell in _missing_checks(nb.cells, source, marks):
                self.log.warning("the check cell %s was missing and is back", name)
                nb.cells.insert(_place(nb.cells, name, list(marks)), cell)
        return nb, resources


def _marks(source: Any) -> dict[str, dict[str, Any]]:
    """nbgrader's marks of each cell that the gradebook knows, in the order of the release."""
    points = {cell.name: cell.max_score for cell in source.grade_cells}
    solutions = {cell.name for cell in source.solution_cells}
    return {
        cell.name: {
            "grade": cell.name in points,
            "grade_id": cell.name,
            "solution": cell.name in solutions,
            "locked": cell.locked,
            "task": False,
            "schema_version": 3,
            "cell_type": cell.cell_type,
            "checksum": cell.checksum,
            **({"points": points[cell.name]} if cell.name in points else {}),
        }
        for cell in source.source_cells
    }


def _marked(cells: list[Any], marks: Mapping[str, dict[str, Any]]) -> list[Any]:
    """The cells with their marks, from last to first, so that the last of a name has it."""
    left = dict(marks)
    for cell in reversed(cells):
        own = left.pop(grade_id(cell), None)
        cell.metadata.pop("nbgrader", None)
        if own is not None:
            cell.metadata["nbgrader"] = from_dict(own)
    return cells


def _missing_checks(
    cells: list[Any], source: Any, marks: Mapping[str, dict[str, Any]]
) -> list[tuple[str, Any]]:
    """The check cells that are not there, made anew, with their names."""
    there = {grade_id(cell) for cell in cells}
    taken = {cell.get("id") for cell in cells}
    return [
        (cell.name, _check_cell(cell, marks[cell.name], taken))
        for cell in source.source_cells
        if marks[cell.name]["grade"] and cell.name not in there
    ]


def _check_cell(source_cell: Any, marks: dict[str, Any], taken: Collection[object]) -> Any:
    """A check cell as the gradebook knows it, with an id that is the same in every run."""
    base = re.sub(r"[^\w-]", "-", source_cell.name, flags=re.ASCII)[:50]
    ids = itertools.chain([base], (f"{base}-{i}" for i in itertools.count(2)))
    free = next(each for each in ids if each not in taken)
    return new_code_cell(source_cell.source, id=free, metadata=from_dict({"nbgrader": marks}))


def _place(cells: list[Any], name: str, names: list[str]) -> int:
    """Where a cell belongs: behind the last of those that were released before it."""
    before = names[: names.index(name)]
    return max((i + 1 for i, cell in enumerate(cells) if grade_id(cell) in before), default=0)


def grade_id(cell: NotebookNode) -> str:
    settings = cell.metadata.get("nbgrader")
    name = settings.get("grade_id") if isinstance(settings, Mapping) else None
    return name if isinstance(name, str) else ""
