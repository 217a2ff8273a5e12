"""A student's own check: the public tests, in the notebook or on a notebook file."""

from __future__ import annotations

import difflib
import functools
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.core.course import PUBLIC_TESTS
from autograder.core.errors import StudentFailure, UserError
from autograder.core.results import CellProblem, ExerciseResult, Status
from autograder.report import exercise_html, exercise_text, plain
from autograder.sandbox.host.limits import Limits
from autograder.students.base import Student
from autograder.students.local import LocalStudent
from autograder.students.own import run_own
from autograder.students.reach import as_graded
from autograder.submission.notebook import read
from autograder.suite import Suite, load_suite, run_exercise, status_of
from autograder.suite.load import PUBLIC_SEED
from quiz.engine.forms import ANSWERS, FORMS, answers_text, load_forms

__all__ = ["CheckFailed", "Checked", "check_namespace", "check_notebook"]

_ABSENT = (
    "`{name}` uses {packages}, which the grader does not have. There, drawing does nothing and "
    "computing with other packages fails: compute with NumPy"
)


class CheckFailed(AssertionError):
    """A failure of a public test, or of the attempt to run it; a notebook shows it as one line."""

    def _render_traceback_(self) -> list[str]:
        return [f"CheckFailed: {self}"]


@dataclass(frozen=True)
class Checked:
    """Results that show themselves: as a table in a notebook, as text elsewhere.

    ``answers`` says how many questions for marks have an answer.
    """

    results: tuple[ExerciseResult, ...]
    problems: tuple[CellProblem, ...] = ()
    answers: str = ""

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The names of the exercises that do not pass all their tests."""
        return tuple(r.name for r in self.results if r.status is not Status.PASSED)

    def _repr_html_(self) -> str:
        return "".join(map(exercise_html, self.results))

    def __repr__(self) -> str:
        return "\n".join(plain(exercise_text(result)) for result in self.results).rstrip()


def check_namespace(namespace: Mapping[str, Any], name: str | None, folder: Path) -> Checked:
    """Run the public tests in ``folder`` for ``name`` (for all exercises, if None).

    ``check`` calls it with the globals of the notebook.
    """
    remarks: dict[str, str] = {}

    @contextmanager
    def student(exercise: str) -> Iterator[Student]:
        functions, absent = as_graded(namespace, exercise)
        if absent:
            remarks[exercise] = _ABSENT.format(name=exercise, packages=", ".join(absent))
        yield LocalStudent(functions, Limits())

    results = _check(_public_suite(folder), student, name)
    return Checked(tuple(_with_remark(result, remarks.get(result.name)) for result in results))


def _with_remark(result: ExerciseResult, remark: str | None) -> ExerciseResult:
    return replace(result, notes=(*result.notes, remark)) if remark else result


def check_notebook(path: Path) -> Checked:
    """Run the public tests beside the notebook ``path`` on its functions, for ``unroll check``."""
    path = Path(os.path.realpath(path))  # students may link to their own files
    suite = _public_suite(path.parent)
    with run_own(read(path)) as own:
        results = _check(suite, lambda exercise: own.exercise(), None)
        answers = ""
        if (path.parent / FORMS).is_file():
            with own.exercise() as student:
                answers = _answers(path.parent, student)
        return Checked(results, own.problems, answers)


def _answers(folder: Path, student: Student) -> str:
    try:
        return answers_text(load_forms(folder), student.read_value(ANSWERS))[0]
    except StudentFailure as failure:
        return failure.summary


def _check(
    suite: Suite, student_for: Callable[[str], AbstractContextManager[Student]], name: str | None
) -> tuple[ExerciseResult, ...]:
    names = [exercise.name for exercise in suite.exercises]
    if name is not None and name not in names:
        close = difflib.get_close_matches(name, names, 1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(names)}"
        raise UserError(f"there is no exercise {name!r} here: {hint}")
    results = []
    for exercise in suite.exercises:
        if name in (None, exercise.name):
            with student_for(exercise.name) as student:
                tests = run_exercise(exercise, student, None)
            results.append(ExerciseResult(exercise.name, status_of(tests), tests))
    return tuple(results)


def _public_suite(folder: Path) -> Suite:
    path = folder / PUBLIC_TESTS
    if not path.is_file():
        raise UserError(
            f"{PUBLIC_TESTS} is not in {folder}: open the notebook in its own folder, with the "
            "files that came with it"
        )
    return _load(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=8)
def _load(path: Path, changed: int) -> Suite:
    return load_suite(path, PUBLIC_SEED)
