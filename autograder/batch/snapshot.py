"""What nbgrader's preprocessors ask of a gradebook, answered without one.

Workers run nbgrader's own preprocessors far from the gradebook: ``Snapshot`` answers their reads
from the assignment's structure, and collects the scores and comments that they write.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Self
from unittest import mock

from nbgrader.api import Gradebook, MissingEntry

from autograder.structure import SourceCell, Structure

__all__ = ["Snapshot", "standing_in"]

NO_GRADEBOOK = "no-gradebook: preprocessors run apart from it"


@dataclass
class Mark:
    """A row of scores, as far as nbgrader fills it in without knowing an earlier one."""

    auto_score: float | None = None
    manual_score: None = None
    needs_manual_grade: bool = False


@dataclass
class Remark:
    """A row of comments."""

    auto_comment: str | None = None


@dataclass
class Snapshot:
    """Stands in for nbgrader's Gradebook while one notebook is processed."""

    structure: Structure
    marks: dict[str, Mark] = field(default_factory=dict)
    remarks: dict[str, Remark] = field(default_factory=dict)
    db: Any = field(default_factory=lambda: SimpleNamespace(commit=lambda: None))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        return None

    def find_notebook(self, name: str, assignment: str) -> Any:
        cells = self.structure.cells
        return SimpleNamespace(
            name=name,
            kernelspec=self.structure.kernelspec,
            source_cells=list(cells),
            grade_cells=[cell for cell in cells if cell.max_score is not None],
            solution_cells=[cell for cell in cells if not cell.locked],
            task_cells=[],
        )

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> SourceCell:
        for cell in self.structure.cells:
            if cell.name == name:
                return cell
        raise MissingEntry(f"No such source cell: {name}")

    find_graded_cell = find_source_cell

    def find_grade(self, name: str, notebook: str, assignment: str, student: str) -> Mark:
        return self.marks.setdefault(name, Mark())

    def find_comment(self, name: str, notebook: str, assignment: str, student: str) -> Remark:
        return self.remarks.setdefault(name, Remark())


@contextlib.contextmanager
def standing_in(snapshot: Snapshot, preprocessors: Iterable[object]) -> Iterator[None]:
    """Within, ``preprocessors`` that open nbgrader's Gradebook get ``snapshot`` in its place."""
    modules = {sys.modules[kind.__module__] for each in preprocessors for kind in type(each).mro()}
    with contextlib.ExitStack() as stack:
        for module in modules:
            if getattr(module, "Gradebook", None) is Gradebook:
                stack.enter_context(mock.patch.object(module, "Gradebook", return_value=snapshot))
        yield
