"""The preprocessor with which nbgrader grades in the sandbox.

``Grade`` replaces nbgrader's Execute: student code runs in the sandbox, and each check cell gets
its feedback and its score as outputs. ``Grade`` never leaves a check cell without output, because
nbgrader would give full marks for it: if an exercise cannot be judged, it raises GraderError, and
the submission stays ungraded.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Enum, Unicode

from autograder.core.course import Course, find_course
from autograder.core.errors import AuthorError, GraderError, UserError
from autograder.core.results import CellProblem, ExerciseResult, Report
from autograder.judging.judge import Judge, load_judge
from autograder.nbgrader_bridge.mend_cells import grade_id
from autograder.nbgrader_bridge.preflight import assert_in_order, sources
from autograder.nbgrader_bridge.structure import read_structure
from autograder.report import (
    Feedback,
    exercise_html,
    exercise_text,
    plain,
    problems_html,
    problems_text,
    redacted,
)
from autograder.report.words import points
from autograder.sandbox.host.bubblewrap import Isolation
from autograder.sandbox.host.session import assert_isolates
from autograder.submission.notebook import read_node

__all__ = ["Grade", "refuse_mistakes", "write_report"]

Resources = dict[str, Any]
_TAG = re.compile("<(?=[a-zA-Z!/?])")  # HTML in prose would run in the reader's browser


class Grade(NbGraderPreprocessor):  # type: ignore[misc]
    """Judge the submission and write each exercise's feedback and score into its check cell.

    HTML in the student's prose becomes plain text, because nbgrader's pages would run it with the
    instructor's rights. Workers pass ``judge`` in the resources, and get the ``report`` there.
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
        names = resources["nbgrader"]
        judge = resources.get("judge") or self.judge(names["assignment"]).grade
        report = resources["report"] = judge(read_node(nb))
        write_report(nb, report, Feedback(self.feedback))
        for problem in report.problems:
            self.log.warning("%s: %s", names["student"], problem)
        return nb, resources

    @property
    def course(self) -> Course:
        return find_course(Path(self.course_root) if self.course_root else None)

    def judge(self, assignment: str) -> Judge:
        """The judge for the course's files in their present state."""
        files = sources(self.course, assignment)
        return _judge(self.course, assignment, Isolation(self.isolation), files)


def refuse_mistakes(converter: Autograde) -> None:
    """Raise NbGraderException, and log why, if the course or its release is not in order.

    The exporter calls this before nbgrader begins with the first submission: later, nbgrader would
    have updated rows of the gradebook and removed earlier autograded folders.
    """
    where, grade = converter.coursedir, Grade(parent=converter)
    try:
        assert_isolates(Isolation(grade.isolation))
        judge = grade.judge(where.assignment_id)
        with Gradebook(where.db_url, where.course_id) as gradebook:
            structure = read_structure(gradebook, where.assignment_id)
        assert_in_order(judge, grade.course, structure)
    except (AuthorError, GraderError, UserError) as error:
        wrong = "the course is not in order: " if isinstance(error, AuthorError) else ""
        converter.log.error("%s%s", wrong, error)
        raise NbGraderException(f"{where.assignment_id} was not graded: see above") from error


def write_report(nb: NotebookNode, report: Report, feedback: Feedback) -> None:
    """Write each exercise's feedback and score into its check cell.

    Outputs of all other cells are removed, and HTML in prose becomes text. Raises GraderError if a
    check cell would be left without a score.
    """
    cells = {grade_id(cell): cell for cell in nb.cells if _is_check(cell)}
    _assert_complete(report, cells)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        else:
            cell.source = _TAG.sub("&lt;", cell.source)
    first = next(iter(cells), "")  # problems of cells are shown once, above the first result
    for result in report.exercises:
        problems = report.problems if result.name == first else ()
        shown = redacted(result, feedback)
        cells[result.name].outputs = _outputs(shown, problems, report.provenance.isolation)


def _outputs(
    result: ExerciseResult, problems: tuple[CellProblem, ...], isolation: str
) -> list[NotebookNode]:
    """The feedback, and the score in the form that nbgrader reads as partial credit, as outputs."""
    html, text = _rendered(result)
    if problems:
        html = problems_html(problems) + html
        text = plain(problems_text(problems)) + text
    if isolation.startswith("NOT"):
        html, text = f"<p>{isolation}</p>{html}", f"{isolation}\n{text}"
    feedback = {"output_type": "display_data", "data": {"text/html": html, "text/plain": text}}
    score = f"{points(result.score)} of {points(result.max_score)} points"
    data = {"text/plain": repr(result.score), "text/html": f"<b>{score}</b>"}
    value = {"output_type": "execute_result", "data": data, "execution_count": None}
    return [from_dict({"metadata": {}, **output}) for output in (feedback, value)]


@functools.lru_cache(maxsize=512)  # many students give the same answer
def _rendered(result: ExerciseResult) -> tuple[str, str]:
    return exercise_html(result), plain(exercise_text(result))


def _assert_complete(report: Report, cells: Mapping[str, NotebookNode]) -> None:
    """Raise GraderError unless each exercise was judged and its check cell has its points."""
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
            raise GraderError(f"the notebook has no check cell for {result.name}: {_RELEASE}")
        worth = float(cells[result.name].metadata.nbgrader.points)
        if worth != result.max_score:
            raise GraderError(
                f"the gradebook gives {points(worth)} points for {result.name}, its tests "
                f"{points(result.max_score)}: {_RELEASE}"
            )
    extra = sorted(cells.keys() - {result.name for result in report.exercises})
    if extra:
        raise GraderError(f"there are no tests for the check cell {extra[0]}: {_RELEASE}")


_RELEASE = "the released assignment and the tests differ: run `unroll release`, then grade again"


@functools.lru_cache(maxsize=4)
def _judge(
    course: Course, assignment: str, isolation: Isolation, files: tuple[tuple[str, str], ...]
) -> Judge:
    """Load the judge again when ``files`` have changed, because formgrader's process lives long."""
    return load_judge(course, assignment, isolation)


def _is_check(cell: NotebookNode) -> bool:
    return bool(is_grade(cell)) and not is_solution(cell)
