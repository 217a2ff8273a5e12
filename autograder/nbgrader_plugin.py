"""The two preprocessors by which nbgrader grades with us; all the rest stays nbgrader's.

``Grade`` stands in for nbgrader's Execute: student code runs in the sandbox, and each check cell
gets its feedback and its score as outputs. It never leaves a check cell empty, since nbgrader would
take that for full marks: what cannot be judged raises, and the submission stays ungraded.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Enum, Unicode

from autograder.course import Course, find_course
from autograder.grading import Judge, load_judge
from autograder.model import AuthorError, ExerciseResult, GraderError, Report, UserError
from autograder.notebook import read_node
from autograder.preflight import assert_in_order, sources
from autograder.report import Feedback, exercise_html, exercise_text, plain, redacted
from autograder.report.words import points
from autograder.sandbox.bubblewrap import Isolation
from autograder.sandbox.session import assert_isolates
from autograder.structure import read_structure

__all__ = ["Grade", "MendCells", "refuse_mistakes", "write_report"]

Resources = dict[str, Any]
_TAG = re.compile("<(?=[a-zA-Z!/?])")  # HTML in prose would run in the browser of who looks at it


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
        report = self.judged(nb, resources["nbgrader"]["assignment"])
        write_report(nb, report, Feedback(self.feedback))
        for problem in report.problems:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], problem)
        return nb, resources

    def judged(self, nb: NotebookNode, assignment: str) -> Report:
        """The report on the submission ``nb``."""
        return self.judge(assignment).grade(read_node(nb))

    @property
    def course(self) -> Course:
        return find_course(Path(self.course_root) if self.course_root else None)

    def judge(self, assignment: str) -> Judge:
        """The judge of the course's files as they are now."""
        files = sources(self.course, assignment)
        return _judge(self.course, assignment, Isolation(self.isolation), files)


def refuse_mistakes(converter: Autograde) -> None:
    """Raise NbGraderException, and log why, where nobody can be graded: the course's mistake, say.

    Called before nbgrader begins with the first submission: it would update each one's row and
    remove what was graded before.
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
        own = left.pop(_grade_id(cell), None)
        cell.metadata.pop("nbgrader", None)
        if own is not None:
            cell.metadata["nbgrader"] = from_dict(own)
    return cells


def _missing_checks(
    cells: list[Any], source: Any, marks: Mapping[str, dict[str, Any]]
) -> list[tuple[str, Any]]:
    """The check cells that are not there, made anew, with their names."""
    there = {_grade_id(cell) for cell in cells}
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
    return max((i + 1 for i, cell in enumerate(cells) if _grade_id(cell) in before), default=0)


def write_report(nb: NotebookNode, report: Report, feedback: Feedback) -> None:
    """Put each exercise's feedback and score into its check cell. Outputs of other cells go,
    and HTML in their prose becomes text.

    Raises GraderError rather than leave a check cell without a score that was judged.
    """
    cells = {_grade_id(cell): cell for cell in nb.cells if _is_check(cell)}
    _assert_complete(report, cells)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        else:
            cell.source = _TAG.sub("&lt;", cell.source)
    for result in report.exercises:
        shown = redacted(result, feedback)
        cells[result.name].outputs = _outputs(shown, report.provenance.isolation)


def _outputs(result: ExerciseResult, isolation: str) -> list[NotebookNode]:
    """The feedback, and the score in the form that nbgrader reads as partial credit."""
    html, text = _rendered(result)
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
            raise GraderError(f"no check cell for {result.name}: {_RELEASE}")
        worth = float(cells[result.name].metadata.nbgrader.points)
        if worth != result.max_score:
            raise GraderError(
                f"the gradebook gives {points(worth)} points for {result.name}, its tests "
                f"{points(result.max_score)}: {_RELEASE}"
            )
    extra = sorted(cells.keys() - {result.name for result in report.exercises})
    if extra:
        raise GraderError(f"no tests for the check cell {extra[0]}: {_RELEASE}")


_RELEASE = "the released assignment and the tests differ: run `unroll release`, then grade again"


@functools.lru_cache(maxsize=4)
def _judge(
    course: Course, assignment: str, isolation: Isolation, files: tuple[tuple[str, str], ...]
) -> Judge:
    """The judge, loaded anew when ``files`` have changed: formgrader's process lives long."""
    return load_judge(course, assignment, isolation)


def _is_check(cell: NotebookNode) -> bool:
    return bool(is_grade(cell)) and not is_solution(cell)


def _grade_id(cell: NotebookNode) -> str:
    settings = cell.metadata.get("nbgrader")
    name = settings.get("grade_id") if isinstance(settings, Mapping) else None
    return name if isinstance(name, str) else ""
