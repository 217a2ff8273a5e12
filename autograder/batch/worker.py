"""What a worker does: grade one submission after another, as `nbgrader autograde` would.

nbgrader's own preprocessors, as the course's settings list them, make the autograded notebook and
read the scores from it. Only Grade is told which report to write, and AssignLatePenalties is left
to the process that has the gradebook.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from typing import Any

from nbconvert.exporters import NotebookExporter, ResourcesDict
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, validate
from nbformat.v4 import writes
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties, CheckCellMetadata
from nbgrader.utils import setenv
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.batch.job import Done, Job
from autograder.batch.kit import Kit
from autograder.batch.snapshot import NO_GRADEBOOK, Snapshot, standing_in
from autograder.grading import Earlier
from autograder.model import GraderError, Report
from autograder.nbgrader_plugin import Grade
from autograder.nbgrader_reader import well_formed
from autograder.notebook import parse, read_node
from autograder.printable import sentence

__all__ = ["Grader"]


class Grader:
    """Grades submissions with a kit. One at a time: what runs the tests is not made for threads."""

    def __init__(self, kit: Kit) -> None:
        self._kit, self._judge = kit, kit.judge()
        self._lock = threading.Lock()
        settings = Config(kit.settings)
        settings.Exporter.default_preprocessors = []
        listed = Autograde(config=settings)
        listed.log.setLevel(logging.CRITICAL)
        self._sanitizing = _preprocessors(settings, listed.sanitize_preprocessors)
        self._autograding = _preprocessors(settings, listed.autograde_preprocessors)
        self._earlier: Earlier | None = None
        self._report: Report | None = None
        self._judging = 0.0
        for each in self._autograding:
            if isinstance(each, Grade):
                each.judged = self._judged  # type: ignore[method-assign]

    def grade(self, job: Job) -> Done:
        """The outcome of ``job``; what goes wrong is a problem in it and raises nothing."""
        with self._lock:
            start = time.process_time()
            try:
                return self._grade(job, start)
            except Exception as error:
                return Done(job.student, problem=sentence(error), seconds={"judge": 0.0})

    def _grade(self, job: Job, start: float) -> Done:
        self._earlier, self._report, self._judging = job.earlier, None, 0.0
        self._inside: list[float] = []
        snapshot = Snapshot(self._kit.structure)
        notebook = parse(job.content, f"{self._kit.assignment}.ipynb")
        with standing_in(snapshot, [*self._sanitizing, *self._autograding]):
            notebook = self._preprocessed(notebook, self._sanitizing, job.student)
            with setenv(NBGRADER_EXECUTION="autograde"):
                notebook = self._preprocessed(notebook, self._autograding, job.student)
        if self._report is None:
            raise GraderError("the settings list no Grade among the autograde_preprocessors")
        return Done(
            job.student,
            writes(notebook) + "\n",
            {name: (m.auto_score, m.needs_manual_grade) for name, m in snapshot.marks.items()},
            {name: remark.auto_comment for name, remark in snapshot.remarks.items()},
            self._report,
            seconds={
                "convert": time.process_time() - start - self._judging,
                "judge": self._judging,
                "sandbox": sum(self._inside),
            },
        )

    def _preprocessed(
        self, content: Mapping[str, Any], preprocessors: list[Preprocessor], student: str
    ) -> NotebookNode:
        """What becomes of the notebook; raises ValidationError when that is none any more."""
        name = self._kit.assignment
        names = {"student": student, "assignment": name, "notebook": name, "db_url": NO_GRADEBOOK}
        resources = ResourcesDict(unique_key=name, nbgrader=names, metadata=ResourcesDict())
        notebook: NotebookNode = well_formed(content)
        for each in preprocessors:
            notebook, resources = each(notebook, resources)
        validate(notebook, relax_add_props=True)
        return notebook

    def _judged(self, nb: NotebookNode, assignment: str) -> Report:
        start = time.process_time()
        self._report = self._judge.grade(read_node(nb), self._earlier, self._inside.append)
        self._judging = time.process_time() - start
        return self._report


class _CheckCellMetadata(CheckCellMetadata):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's check of its marks, which costs 8 ms: not made again for the same marks."""

    _fine = ""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        marks = repr([(cell.cell_type, cell.metadata.get("nbgrader")) for cell in nb.cells])
        if marks != self._fine:
            super().preprocess(nb, resources)
            self._fine = marks
        return nb, resources


def _preprocessors(settings: Config, listed: list[Any]) -> list[Preprocessor]:
    """The preprocessors of the list that need no real gradebook."""
    exporter = NotebookExporter(config=settings)
    exporter.log.setLevel(logging.CRITICAL)
    exporter._preprocessors = []
    for each in listed:
        kind = import_item(each) if isinstance(each, str) else each
        if kind is CheckCellMetadata:
            kind = _CheckCellMetadata
        if not issubclass(kind, AssignLatePenalties):
            exporter.register_preprocessor(kind)
    made: list[Preprocessor] = exporter._preprocessors
    return made
