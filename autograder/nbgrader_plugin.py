"""The two preprocessors by which nbgrader grades with us; all the rest stays nbgrader's.

``Grade`` stands in for nbgrader's Execute: student code runs in the sandbox, and each check cell
gets its feedback and its score as outputs. It never leaves a check cell empty, since nbgrader would
take that for full marks: what cannot be judged raises, and the submission stays ungraded.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Enum, Unicode

from autograder.course import find_course
from autograder.grading import Judge, load_judge
from autograder.model import ExerciseResult, GraderError, Report
from autograder.notebook import read_node
from autograder.report import Feedback, exercise_html, exercise_text, plain, redacted
from autograder.report.words import points
from autograder.sandbox.bubblewrap import Isolation

__all__ = ["Grade", "MendCells"]

Resources = dict[str, Any]
_TAG = re.compile("<(?=[a-zA-Z!/?])")  # HTML in prose would run in the browser of who looks at it


class MendCells(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Give a submission back the check cells it lacks, and drop nbgrader marks it cannot have.

    First of the sanitizing preprocessors. (OverwriteCells' own ``add_missing_cells`` stumbles where
    the exercise's cell was deleted, too.)
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            source = gradebook.find_notebook(names["notebook"], names["assignment"])
            known = {cell.name: cell for cell in source.source_cells}
            max_scores = {cell.name: cell.max_score for cell in source.grade_cells}
            positions: dict[str, int] = {}
            for i, cell in enumerate(nb.cells):
                name = _grade_id(cell)
                if name in known:
                    positions[name] = i
                else:
                    cell.metadata.pop("nbgrader", None)
            last = -1
            for name, cell in known.items():
                if name in positions:
                    last = max(last, positions[name])
                elif name in max_scores:
                    self.log.warning("the check cell %s was missing and is back", name)
                    last += 1
                    nb.cells.insert(last, _restored(cell, max_scores[name]))
                    positions = {n: i + (i >= last) for n, i in positions.items()}
        return nb, resources


class Grade(NbGraderPreprocessor):  # type: ignore[misc]
    """Judge the submission and write each exercise's feedback and score into its check cell.

    HTML in the student's prose is made plain text: nbgrader's pages would run it as the instructor.
    """

    course_root = Unicode("", help="The folder with solutions/ and tests/.").tag(config=True)
    feedback = Enum(
        [str(policy) for policy in Feedback],
        default_value=str(Feedback.FULL),
        help="What students see: full (inputs, got, expected), hint (no values) or score.",
    ).tag(config=True)
    isolation = Enum(
        [str(kind) for kind in Isolation],
        default_value=str(Isolation.BUBBLEWRAP),
        help="bubblewrap, or process: no isolation, for submissions that you trust.",
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        assignment = resources["nbgrader"]["assignment"]
        judge = _judge(self.course_root, assignment, Isolation(self.isolation))
        report = judge.grade(read_node(nb))
        cells = {_grade_id(cell): cell for cell in nb.cells if _is_check(cell)}
        _assert_complete(report, cells)
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
            else:
                cell.source = _TAG.sub("&lt;", cell.source)
        for result in report.exercises:
            shown = redacted(result, Feedback(self.feedback))
            cells[result.name].outputs = _outputs(shown, report.provenance.isolation)
        for problem in report.problems:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], problem)
        return nb, resources


def _restored(source_cell: Any, max_score: float) -> Any:
    """A check cell as the gradebook knows it."""
    settings = {
        "grade": True,
        "grade_id": source_cell.name,
        "solution": False,
        "locked": True,
        "task": False,
        "points": max_score,
        "schema_version": 3,
        "cell_type": source_cell.cell_type,
        "checksum": source_cell.checksum,
    }
    return new_code_cell(source_cell.source, metadata=from_dict({"nbgrader": settings}))


def _outputs(result: ExerciseResult, isolation: str) -> list[NotebookNode]:
    """The feedback, and the score in the form that nbgrader reads as partial credit."""
    html, text = exercise_html(result), plain(exercise_text(result))
    if isolation.startswith("NOT"):
        html, text = f"<p>{isolation}</p>{html}", f"{isolation}\n{text}"
    feedback = new_output("display_data", {"text/html": html, "text/plain": text})
    score = f"{points(result.score)} of {points(result.max_score)} points"
    data = {"text/plain": repr(result.score), "text/html": f"<b>{score}</b>"}
    return [feedback, new_output("execute_result", data, execution_count=None)]


def _assert_complete(report: Report, cells: Mapping[str, NotebookNode]) -> None:
    """Raise GraderError unless each exercise was judged and has a check cell of its worth."""
    failed = [
        str(test.failure)
        for result in report.exercises
        for test in result.tests
        if report.needs_person and test.outcome == "error"
    ]
    if failed:
        raise GraderError(f"no score was given: {failed[0]}")
    for result in report.exercises:
        if result.name not in cells:
            raise GraderError(f"no check cell for {result.name}: {_REGENERATE}")
        worth = float(cells[result.name].metadata.nbgrader.points)
        if worth != result.max_score:
            raise GraderError(
                f"the gradebook gives {points(worth)} points for {result.name}, its tests "
                f"{points(result.max_score)}: {_REGENERATE}"
            )
    extra = sorted(cells.keys() - {result.name for result in report.exercises})
    if extra:
        raise GraderError(f"no tests for the check cell {extra[0]}: {_REGENERATE}")


_REGENERATE = (
    "the released assignment and the tests differ. Run `unroll release` and "
    "`nbgrader generate_assignment`, then grade again"
)


@functools.lru_cache(maxsize=4)
def _judge(root: str, assignment: str, isolation: Isolation) -> Judge:
    return load_judge(find_course(Path(root) if root else None), assignment, isolation)


def _is_check(cell: NotebookNode) -> bool:
    return bool(is_grade(cell)) and not is_solution(cell)


def _grade_id(cell: NotebookNode) -> str:
    settings = cell.metadata.get("nbgrader")
    name = settings.get("grade_id") if isinstance(settings, Mapping) else None
    return name if isinstance(name, str) else ""
