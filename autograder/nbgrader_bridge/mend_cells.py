"""A preprocessor that restores the cell settings that nbgrader needs in a submission."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Mapping
from typing import Any

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.judging.missing import refuse_foreign
from autograder.judging.quiz import QUIZ
from autograder.nbgrader_bridge.structure import SourceCell, Structure, read_structure
from autograder.submission.notebook import read_node

__all__ = ["MendCells", "grade_id"]

Resources = dict[str, Any]


class MendCells(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Restore a submission's cell settings to those of the release.

    Each cell that the gradebook knows gets its settings back (of several copies, the last one); all
    other cells lose theirs; missing check cells are inserted. This preprocessor is the first of the
    sanitizing ones, because one student's copied cell would stop nbgrader's run for the whole
    class. Workers have no gradebook and pass the ``structure`` in the resources.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        structure = resources.get("structure") or _read_structure(resources["nbgrader"])
        exercises = [c.name for c in structure.cells if c.is_grade and c.name != QUIZ]
        refuse_foreign(read_node(nb), exercises)  # now: its own check cells are about to go
        settings = {cell.name: _settings(cell) for cell in structure.cells}
        nb.cells = _with_settings(nb.cells, settings)
        for name, cell in _missing_checks(nb.cells, structure, settings):
            self.log.warning("the check cell %s was missing and has been inserted", name)
            nb.cells.insert(_place(nb.cells, name, list(settings)), cell)
        return nb, resources


def _read_structure(names: Mapping[str, str]) -> Structure:
    with Gradebook(names["db_url"]) as gradebook:
        return read_structure(gradebook, names["assignment"])


def _settings(cell: SourceCell) -> dict[str, Any]:
    """The cell settings of a cell that the gradebook knows."""
    settings = {
        "grade": cell.is_grade,
        "grade_id": cell.name,
        "solution": cell.is_solution,
        "locked": cell.locked,
        "task": cell.is_task,
        "schema_version": 3,
        "cell_type": cell.cell_type,
        "checksum": cell.checksum,
    }
    return settings if cell.max_score is None else {**settings, "points": cell.max_score}


def _with_settings(cells: list[Any], settings: Mapping[str, dict[str, Any]]) -> list[Any]:
    """Give each cell its settings, from last to first: of several copies, the last gets them."""
    left = dict(settings)
    for cell in reversed(cells):
        own = left.pop(grade_id(cell), None)
        cell.metadata.pop("nbgrader", None)
        if own is not None:
            cell.metadata["nbgrader"] = from_dict(own)
    return cells


def _missing_checks(
    cells: list[Any], structure: Structure, settings: Mapping[str, dict[str, Any]]
) -> list[tuple[str, Any]]:
    """New check cells in place of the missing ones, each with its name."""
    there = {grade_id(cell) for cell in cells}
    taken = {cell.get("id") for cell in cells}
    return [
        (cell.name, _check_cell(cell, settings[cell.name], taken))
        for cell in structure.cells
        if cell.is_grade and cell.name not in there
    ]


def _check_cell(
    source_cell: SourceCell, settings: dict[str, Any], taken: Collection[object]
) -> Any:
    """A check cell as the gradebook knows it, with an id that every run makes the same."""
    base = re.sub(r"[^\w-]", "-", source_cell.name, flags=re.ASCII)[:50]
    ids = itertools.chain([base], (f"{base}-{i}" for i in itertools.count(2)))
    free = next(each for each in ids if each not in taken)
    return new_code_cell(source_cell.source, id=free, metadata=from_dict({"nbgrader": settings}))


def _place(cells: list[Any], name: str, names: list[str]) -> int:
    """The index at which to insert a cell: after the last cell that precedes it in the release."""
    before = names[: names.index(name)]
    return max((i + 1 for i, cell in enumerate(cells) if grade_id(cell) in before), default=0)


def grade_id(cell: NotebookNode) -> str:
    """The cell's name for nbgrader, its ``grade_id``; empty if it has none."""
    settings = cell.metadata.get("nbgrader")
    name = settings.get("grade_id") if isinstance(settings, Mapping) else None
    return name if isinstance(name, str) else ""
