"""nbgrader's conversion of a submission, in a process that has no gradebook.

Workers use it to make the autograded notebook with nbgrader's own preprocessors, as the course's
settings list them. Preprocessors that would open a gradebook get the released notebook's structure
instead, and scores come from the report. Late penalties are computed where the gradebook is.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nbconvert.exporters import NotebookExporter, ResourcesDict
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, validate
from nbformat.v4 import writes
from nbgrader.converters import Autograde
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    NbGraderPreprocessor,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from nbgrader.utils import setenv
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.core.errors import GraderError
from autograder.core.results import Report
from autograder.nbgrader_bridge.exporter import well_formed
from autograder.nbgrader_bridge.grades import Grades, grades_of
from autograder.nbgrader_bridge.structure import Structure
from autograder.submission.notebook import Submission

__all__ = ["NO_GRADEBOOK", "Conversion", "Converted"]

NO_GRADEBOOK = "no-gradebook: preprocessors run apart from it"
Resources = dict[str, Any]


@dataclass(frozen=True)
class Converted:
    """An autograded notebook as text, with the grades for the gradebook and the report."""

    notebook: str
    grades: Grades
    report: Report


class Conversion:
    """Converts the submissions of one assignment, one after the other."""

    def __init__(self, settings: Config, assignment: str, structure: Structure) -> None:
        self._assignment, self._structure = assignment, structure
        settings.Exporter.default_preprocessors = []
        converter = Autograde(config=settings)
        converter.log.setLevel(logging.CRITICAL)
        listed = [*map(_kind, converter.autograde_preprocessors)]
        self._saves_grades = SaveAutoGrades in listed
        self._sanitizing = _made(settings, map(_kind, converter.sanitize_preprocessors))
        self._autograding = _made(settings, listed)

    def convert(
        self, content: Mapping[str, Any], student: str, judge: Callable[[Submission], Report]
    ) -> Converted:
        """Make the autograded notebook of the submission ``content``, which ``judge`` judges.

        Raises ValidationError when the result is not a valid notebook, and GraderError when the
        settings list no preprocessor that grades.
        """
        resources = self._resources(student, judge)
        notebook: NotebookNode = well_formed(content)
        for each in self._sanitizing:
            notebook, resources = each(notebook, resources)
        with setenv(NBGRADER_EXECUTION="autograde"):
            for each in self._autograding:
                notebook, resources = each(notebook, resources)
        validate(notebook, relax_add_props=True)
        report = resources.get("report")
        if report is None:
            raise GraderError(
                "the settings list no Grade among the autograde_preprocessors: add "
                "autograder.nbgrader_bridge.grade_cells.Grade to them in nbgrader_config.py"
            )
        judged = {result.name: result.score for result in report.exercises}
        grades = grades_of(notebook, judged) if self._saves_grades else Grades()
        return Converted(writes(notebook) + "\n", grades, report)

    def _resources(self, student: str, judge: Callable[[Submission], Report]) -> Resources:
        name = self._assignment
        names = {"student": student, "assignment": name, "notebook": name, "db_url": NO_GRADEBOOK}
        handed_in = {"structure": self._structure, "judge": judge}
        made: Resources = ResourcesDict(
            unique_key=name, nbgrader=names, metadata=ResourcesDict(), **handed_in
        )
        return made


class _OverwriteCells(OverwriteCells):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's OverwriteCells, looking up cells in the structure instead of a gradebook."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        self.notebook_id = self.assignment_id = ""
        self.gradebook = resources["structure"]
        overwritten: tuple[NotebookNode, Resources] = NbGraderPreprocessor.preprocess(
            self, nb, resources
        )
        return overwritten


class _OverwriteKernelspec(NbGraderPreprocessor):  # type: ignore[misc]
    """nbgrader's OverwriteKernelspec, with the kernel of the structure."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        kernelspec = json.loads(resources["structure"].kernelspec)
        if kernelspec:
            nb.metadata["kernelspec"] = kernelspec
        return nb, resources


class _CheckCellMetadata(CheckCellMetadata):  # type: ignore[misc]
    """nbgrader's check of cell settings, skipped for settings that passed: it takes 8 ms."""

    _fine = ""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        settings = repr([(cell.cell_type, cell.metadata.get("nbgrader")) for cell in nb.cells])
        if settings != self._fine:
            super().preprocess(nb, resources)
            self._fine = settings
        return nb, resources


_IN_PLACE_OF: dict[type, type | None] = {
    OverwriteCells: _OverwriteCells,
    OverwriteKernelspec: _OverwriteKernelspec,
    CheckCellMetadata: _CheckCellMetadata,
    SaveAutoGrades: None,
    AssignLatePenalties: None,
}


def _kind(listed: Any) -> Any:
    return import_item(listed) if isinstance(listed, str) else listed


def _made(settings: Config, kinds: Any) -> list[Preprocessor]:
    """The preprocessors of these classes, each replaced as ``_IN_PLACE_OF`` says."""
    exporter = NotebookExporter(config=settings)
    exporter.log.setLevel(logging.CRITICAL)
    exporter._preprocessors = []
    for kind in kinds:
        chosen = _IN_PLACE_OF.get(kind, kind)
        if chosen is not None and not issubclass(chosen, AssignLatePenalties):
            exporter.register_preprocessor(chosen)
    made: list[Preprocessor] = exporter._preprocessors
    return made
