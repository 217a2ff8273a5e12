"""The pytest plugin: `pytest` in an assignment's folder reports what `check` does in its notebook.

Tests with ``@exercise`` replay the same examples, and fail with the same sentences, as everywhere
else. They test the notebook beside the test file or, among the course's own tests, the reference
solution.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from autograder.core.course import find_course
from autograder.core.errors import GraderError, UserError
from autograder.core.import_file import import_file
from autograder.core.results import DID_NOT_RUN, CellProblem, Outcome
from autograder.students.base import Student
from autograder.students.local import LocalStudent
from autograder.students.own import OwnNotebook, run_own
from autograder.submission.notebook import read
from autograder.suite.load import PUBLIC_SEED, as_test
from autograder.suite.run import run_test
from autograder.testing.decorators import declaration_of


@pytest.fixture(scope="module")
def reference(request: pytest.FixtureRequest) -> ModuleType:
    """The reference solution of the assignment that the test file belongs to."""
    course = find_course(request.path.parent)
    return import_file(course.solution(course.assignment_of(request.path)))


_PROBLEMS = pytest.StashKey[list[CellProblem]]()


class _OwnStudent(Student):
    """The functions of a notebook, with a new student for each exercise, as in the grader."""

    def __init__(self, own: OwnNotebook) -> None:
        super().__init__()
        self._own, self._exercise = own, ""
        self._student: Student = self
        self._stack = contextlib.ExitStack()

    def of(self, exercise: str) -> Student:
        """The student for the tests of ``exercise``."""
        if exercise != self._exercise:
            self.end()
            self._exercise = exercise
            self._student = self._stack.enter_context(self._own.exercise())
        return self._student

    def end(self) -> None:
        self._stack.close()


@pytest.fixture(scope="module")
def student(request: pytest.FixtureRequest) -> Iterator[Student]:
    """The functions of the notebook beside the test file; without one, the reference's."""
    notebooks = sorted(request.path.parent.glob("*.ipynb"))
    if len(notebooks) > 1:
        names = ", ".join(path.name for path in notebooks)
        raise UserError(
            f"{request.path.parent} holds several notebooks, {names}: keep only one there"
        )
    if not notebooks:
        yield LocalStudent(vars(request.getfixturevalue("reference")))
        return
    path = Path(os.path.realpath(notebooks[0]))  # students may link to their own files
    with run_own(read(path)) as own:
        request.config.stash.setdefault(_PROBLEMS, []).extend(own.problems)
        student = _OwnStudent(own)
        yield student
        student.end()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print which cells did not run as they stand."""
    if problems := config.stash.get(_PROBLEMS, []):
        terminalreporter.section(DID_NOT_RUN)
        for problem in problems:
            terminalreporter.line(str(problem))


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test with @exercise by replaying its examples; leave others to pytest."""
    function = pyfuncitem.obj
    declaration = declaration_of(function)
    if declaration is None:
        return None
    test = as_test(function, PUBLIC_SEED)
    fixtures: dict[str, Any] = pyfuncitem.funcargs
    student = fixtures["student"]
    if isinstance(student, _OwnStudent):
        student = student.of(declaration.name)
    result = run_test(test, student, fixtures.get("reference"))
    if result.outcome is Outcome.ERROR:
        raise GraderError(str(result.failure))
    if result.outcome is Outcome.FAILED:
        pytest.fail(f"{result.title}\n{result.failure}", pytrace=False)
    return True
