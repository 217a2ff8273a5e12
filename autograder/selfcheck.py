"""A student's own check: the public tests, in the notebook or on a notebook file."""

from __future__ import annotations

import difflib
import functools
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.core.course import PUBLIC_TESTS
from autograder.core.errors import UserError
from autograder.core.results import CellProblem, ExerciseResult, Status
from autograder.report import exercise_html, exercise_text, plain
from autograder.students.base import Student
from autograder.students.local import LocalStudent, load_local
from autograder.submission.notebook import read
from autograder.suite import Suite, load_suite, run_exercise, status_of
from autograder.suite.load import PUBLIC_SEED
from quiz.engine.forms import ANSWERS, FORMS, answers_text, load_forms

__all__ = ["CheckFailed", "Checked", "check_namespace", "check_notebook"]


class CheckFailed(AssertionError):
    """A public test failed, or could not be run. In a notebook this shows as one line."""

    def _render_traceback_(self) -> list[str]:
        return [f"CheckFailed: {self}"]


@dataclass(frozen=True)
class Checked:
    """Results that show themselves: as a table in a notebook, as text elsewhere.

    ``answers`` says how far the answers for marks are.
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
    """Run the public tests in ``folder`` of exercise ``name`` (of all, if None) on a namespace."""
    return _check(_public_suite(folder), LocalStudent(namespace), name)


def check_notebook(path: Path) -> Checked:
    """Run the public tests beside the notebook ``path`` on its functions."""
    path = Path(os.path.realpath(path))  # a student may follow their own links
    suite = _public_suite(path.parent)
    student, problems = load_local(read(path).cells)
    answers = ""
    if (path.parent / FORMS).is_file():
        answers, _ = answers_text(load_forms(path.parent), student.read_value(ANSWERS))
    return Checked(_check(suite, student, None).results, problems, answers)


def _check(suite: Suite, student: Student, name: str | None) -> Checked:
    names = [exercise.name for exercise in suite.exercises]
    if name is not None and name not in names:
        close = difflib.get_close_matches(name, names, 1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(names)}"
        raise UserError(f"there is no exercise {name!r} here: {hint}")
    results = []
    for exercise in suite.exercises:
        if name in (None, exercise.name):
            tests = run_exercise(exercise, student, None)
            results.append(ExerciseResult(exercise.name, status_of(tests), tests))
    return Checked(tuple(results))


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
