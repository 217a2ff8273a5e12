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

from autograder.nbgrader_bridge.structure import SourceCell, Structure, read_structure

__all__ = ["MendCells", "grade_id"]

Resources = dict[str, Any]


class MendCells(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Make a submission's nbgrader settings what they were when it was released.

    Each cell that the gradebook knows gets its settings back, the last one where there are several;
    other cells lose theirs; missing check cells return. This is the first of the sanitizing
    preprocessors: one student's copied cell would stop nbgrader's run for the whole class. Workers,
    which have no gradebook, hand the ``structure`` in among the resources.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        structure = resources.get("structure") or _read_structure(resources["nbgrader"])
        settings = {cell.name: _settings(cell) for cell in structure.cells}
        nb.cells = _with_settings(nb.cells, settings)
        for name, cell in _missing_checks(nb.cells, structure, settings):
            self.log.warning("the check cell %s was missing and is back", name)
            nb.cells.insert(_place(nb.cells, name, list(settings)), cell)
        return nb, resources


def _read_structure(names: Mapping[str, str]) -> Structure:
    with Gradebook(names["db_url"]) as gradebook:
        return read_structure(gradebook, names["assignment"])


def _settings(cell: SourceCell) -> dict[str, Any]:
    """nbgrader's settings of a cell that the gradebook knows."""
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
    """The cells with their settings, from last to first, so that the last of a name has it."""
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
    """The check cells that are not there, made anew, with their names."""
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
    """A check cell as the gradebook knows it, with an id that is the same in every run."""
    base = re.sub(r"[^\w-]", "-", source_cell.name, flags=re.ASCII)[:50]
    ids = itertools.chain([base], (f"{base}-{i}" for i in itertools.count(2)))
    free = next(each for each in ids if each not in taken)
    return new_code_cell(source_cell.source, id=free, metadata=from_dict({"nbgrader": settings}))


def _place(cells: list[Any], name: str, names: list[str]) -> int:
    """Where a cell belongs: behind the last of those that were released before it."""
    before = names[: names.index(name)]
    return max((i + 1 for i, cell in enumerate(cells) if grade_id(cell) in before), default=0)


def grade_id(cell: NotebookNode) -> str:
    """The name that nbgrader knows the cell by; empty where it has none."""
    settings = cell.metadata.get("nbgrader")
    name = settings.get("grade_id") if isinstance(settings, Mapping) else None
    return name if isinstance(name, str) else ""
