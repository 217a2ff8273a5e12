"""Make an assignment's release from its one source, with nbgrader's generate_assignment.

jupytext reads the solution file. Each cell with a solution region becomes an nbgrader solution
cell, followed by a check cell whose points are the sum of the hidden tests' points. Derived files
carry no date and no random id, so that the same source gives the same bytes. The questions for
marks follow at the notebook's end, without their keys.
"""

from __future__ import annotations

import ast
import filecmp
import hashlib
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.apps import NbGrader
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.authoring.public_tests import joined_public_tests
from autograder.authoring.sources import Source, cited, load_sources, section, with_short_forms
from autograder.core.course import PUBLIC_TESTS, Course, Seed
from autograder.core.errors import AuthorError, UserError
from autograder.core.solution import BEGIN_SOLUTION
from autograder.judging.quiz import PUBLIC, QUIZ, GradedQuiz, find_graded, seed_of_questions, shown
from autograder.nbgrader_bridge.released import begin_anew
from autograder.nbgrader_bridge.settings import load_settings
from autograder.nbgrader_bridge.structure import cells_of_file, read_structure
from autograder.submission.demo_cells import LIVE_TAG
from autograder.suite import Exercise, load_hidden
from autograder.suite.load import PUBLIC_SEED
from quiz.engine.forms import ANSWERS, FORMS, forms_json

__all__ = [
    "build_source",
    "build_source_folder",
    "release",
    "release_command",
    "stale_files",
]

_QUIZ_INTRODUCTION = """## Questions for marks

{points} points. Put your answer in place of the dots below each question, and run the cell. The
last cell tells whether each answer has a valid form; whether it is right you will see with your
feedback. `unroll quiz` in a terminal, or `from quiz import practice` and `practice()` in a cell,
asks other questions of this kind and explains each answer."""


def release(course: Course, assignment: str, seed: Seed | None = None) -> Path:
    """Write ``assignments/<assignment>/`` again, and enter its cells in the gradebook.

    The course's own seed draws the questions for marks, unless ``seed`` is given. Raises
    AuthorError, and changes nothing, if the gradebook has submissions with other cells.
    """
    source = build_source_folder(course, assignment, course.state / "source", seed or course.seed())
    course.state.mkdir(exist_ok=True)
    settings = load_settings(course).CourseDirectory
    database = settings.get("db_url") or f"sqlite:///{course.state / 'gradebook.db'}"
    target = course.release(assignment).parent
    named = settings.get("course_id") or "default_course"
    _find_alembic()
    # Check before nbgrader runs, because it removes the old release before it would refuse.
    with Gradebook(database, named) as gradebook:
        _assert_same_cells(gradebook, source / f"{assignment}.ipynb")
    _generate(assignment, course.state / "source", target, database, named)
    return course.release(assignment)


def stale_files(course: Course, assignment: str) -> tuple[str, ...]:
    """The files of the release that differ from those that a new one with the same seed has.

    Raises UserError if its questions were drawn from a seed that this course does not have.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, fresh = Path(folder, "source"), Path(folder, "release")
        build_source_folder(course, assignment, source)
        _generate(assignment, source, fresh)
        return tuple(_differences(fresh / assignment, course.release(assignment)))


def release_command(course: Course, assignment: str) -> str:
    """The command that makes the release again with the seed of its questions."""
    has_questions = find_graded(course, assignment) is not None
    is_public = has_questions and seed_of_questions(course, assignment) == PUBLIC
    return f"unroll release {'--public ' if is_public else ''}{assignment}"


def build_source_folder(
    course: Course, assignment: str, parent: Path, seed: Seed | None = None
) -> Path:
    """Write nbgrader's source folder of the assignment: the notebook and the public tests.

    The questions for marks are the released ones, unless ``seed`` draws others.
    """
    quiz = find_graded(course, assignment, seed)
    notebook = _notebook(course, assignment, quiz)
    folder = parent / assignment
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{assignment}.ipynb")
    tests = joined_public_tests(course, assignment)
    (folder / PUBLIC_TESTS).write_text(tests, encoding="utf-8")
    if quiz:
        (folder / FORMS).write_text(forms_json(quiz.forms, quiz.seed), encoding="utf-8")
    return folder


def build_source(course: Course, assignment: str) -> Any:
    """The notebook with solutions, from which nbgrader then clears them.

    Raises AuthorError if the solution file and the hidden tests do not fit together.
    """
    return _notebook(course, assignment, find_graded(course, assignment))


def _notebook(course: Course, assignment: str, quiz: GradedQuiz | None) -> Any:
    solution = course.solution(assignment)
    suite = load_hidden(course, assignment, PUBLIC_SEED)
    notebook = jupytext.read(solution, fmt="py:percent")
    sources = load_sources(course.sources)
    keys: list[str] = []
    cells = []
    for cell in notebook.cells:
        name = _exercise_of(cell, solution)
        if cell.cell_type == "markdown":
            keys += cited(cell.source)
            cell.source = _with_short_forms(cell.source, sources, solution)
        cells.append(_plain(cell))
        if name:
            cells[-1].metadata["nbgrader"] = _solution_cell(name)
            exercise = suite.exercise(name)
            if exercise is None:
                raise AuthorError(
                    f"{solution}: the solution region of {name} must lie inside the function"
                )
            cells.append(_check_cell(exercise))
    if quiz:
        cells += _quiz_cells(quiz)
    if reading := section(keys, sources):
        cells.append(new_markdown_cell(reading))
    notebook.cells = list(_with_ids(cells))
    notebook.metadata = NotebookNode(
        kernelspec={"display_name": "Python 3", "language": "python", "name": "python3"},
        language_info={"name": "python"},
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def _exercise_of(cell: NotebookNode, solution: Path) -> str:
    """The name of the function that students complete in ``cell``; empty if there is none."""
    if cell.cell_type != "code" or BEGIN_SOLUTION not in cell.source:
        return ""
    functions = [node.name for node in ast.parse(cell.source).body if hasattr(node, "args")]
    if len(functions) != 1:
        raise AuthorError(
            f"{solution}: a cell with a solution region must define one function, not "
            f"{len(functions)} ({', '.join(functions)})"
        )
    return str(functions[0])


def _with_short_forms(text: str, sources: Mapping[str, Source], solution: Path) -> str:
    try:
        return with_short_forms(text, sources)
    except AuthorError as error:
        raise AuthorError(f"{solution}: {error}") from error


def _plain(cell: NotebookNode) -> NotebookNode:
    """The cell without metadata that only the source file needs."""
    tags = [tag for tag in cell.metadata.get("tags", []) if tag != LIVE_TAG]
    cell.metadata = NotebookNode({"tags": tags} if tags else {})
    return cell


def _solution_cell(name: str) -> NotebookNode:
    return NotebookNode(
        grade=False, solution=True, locked=False, task=False,
        grade_id=f"{name}-solution", schema_version=3, cell_type="code",
    )  # fmt: skip


def _check_cell(exercise: Exercise) -> Any:
    cell = new_code_cell(f'check("{exercise.name}")')
    cell.metadata["nbgrader"] = _grade_settings(exercise.name, exercise.points)
    return cell


def _grade_settings(name: str, points: float) -> NotebookNode:
    return NotebookNode(
        grade=True, solution=False, locked=True, task=False, points=points,
        grade_id=name, schema_version=3, cell_type="code",
    )  # fmt: skip


def _quiz_cells(quiz: GradedQuiz) -> Iterator[NotebookNode]:
    """The questions for marks, each with a cell for its answer; a check cell comes last."""
    yield new_markdown_cell(_QUIZ_INTRODUCTION.format(points=f"{quiz.points:g}"))
    yield new_code_cell(f"from quiz import check_answers\n\n{ANSWERS} = {{}}")
    for number, question in enumerate(quiz.questions, start=1):
        item = quiz.items[question.id]
        yield new_markdown_cell("\n\n".join(shown(question, number, item)))
        yield new_code_cell(f'{ANSWERS}["{question.id}"] = ...  # {quiz.forms[question.id]}')
    cell = new_code_cell("check_answers()")
    cell.metadata["nbgrader"] = _grade_settings(QUIZ, quiz.points)
    yield cell


def _with_ids(cells: list[NotebookNode]) -> Iterator[NotebookNode]:
    """Give each cell an id made from its content: its exercise's name, or a digest."""
    seen: dict[str, int] = {}
    for cell in cells:
        settings = cell.metadata.get("nbgrader")
        base = settings.grade_id if settings else hashlib.sha256(cell.source.encode()).hexdigest()
        base = base[:32].replace("_", "-") if settings else base[:8]
        seen[base] = seen.get(base, 0) + 1
        cell.id = base if seen[base] == 1 else f"{base}-{seen[base]}"
        yield cell


def _generate(
    assignment: str, source: Path, target: Path, database: str = "", course_id: str = ""
) -> None:
    """Run nbgrader's generate_assignment in this process, without a gradebook by default."""
    config = Config()
    config.CourseDirectory.root = str(source.parent)
    config.CourseDirectory.source_directory = source.name
    config.CourseDirectory.release_directory = str(target)
    config.CourseDirectory.assignment_id = assignment
    config.GenerateAssignment.force = True
    config.NbGrader.logfile = ""
    if database:
        config.CourseDirectory.db_url = database
        config.CourseDirectory.course_id = course_id
    else:
        config.GenerateAssignment.no_database = True
        config.SaveCells.enabled = False
    application = NbGrader(config=config)
    application.log.setLevel(logging.ERROR)
    converter = GenerateAssignment(
        coursedir=CourseDirectory(parent=application), parent=application
    )
    try:
        converter.start()
    except NbGraderException as error:
        raise AuthorError(f"nbgrader cannot generate {assignment}: {error}") from error


def _assert_same_cells(gradebook: Gradebook, notebook: Path) -> None:
    """Raise AuthorError for added or removed cells if the gradebook has submissions."""
    assignment = notebook.stem
    try:
        known = read_structure(gradebook, assignment)
    except UserError:
        return
    ours = {cell.name for cell in cells_of_file(notebook)}
    changed = sorted(ours ^ {cell.name for cell in known.cells})
    if known.has_submissions and changed:
        raise AuthorError(
            f"{assignment} was not released: its cells differ from the gradebook's "
            f"({', '.join(changed)}), and {begin_anew(assignment)}"
        )


def _find_alembic() -> None:
    """Put Python's folder on the PATH: nbgrader runs ``alembic`` from there for a new gradebook."""
    beside = str(Path(sys.executable).parent)
    if beside not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([beside, os.environ["PATH"]])


def _differences(fresh: Path, committed: Path) -> Iterator[str]:
    """The files that differ between two folders, or that only one of them has."""
    names = {
        path.relative_to(folder).as_posix()
        for folder in (fresh, committed)
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    for name in sorted(names):
        ours, theirs = fresh / name, committed / name
        if not (ours.is_file() and theirs.is_file() and filecmp.cmp(ours, theirs, shallow=False)):
            yield f"{committed.name}/{name}"
