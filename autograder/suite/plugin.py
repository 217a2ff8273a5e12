"""The pytest plugin: `pytest` in an assignment's folder says what `check` says in its notebook.

Tests marked with ``@exercise`` are replayed with the same examples, and fail with the same
sentences, as everywhere else. Their student is the notebook beside the test file or, for the
course's own tests, the reference solution.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from autograder.core.course import find_course
from autograder.core.errors import GraderError, UserError
from autograder.core.import_file import import_file
from autograder.core.results import Outcome
from autograder.students.base import Student
from autograder.students.local import LocalStudent, load_local
from autograder.submission.notebook import read
from autograder.suite.load import PUBLIC_SEED, as_test
from autograder.suite.run import run_test
from autograder.testing.decorators import mark_of


@pytest.fixture(scope="module")
def reference(request: pytest.FixtureRequest) -> ModuleType:
    """The reference solution of the assignment that the test file belongs to."""
    course = find_course(request.path.parent)
    return import_file(course.solution(course.assignment_of(request.path)))


@pytest.fixture(scope="module")
def student(request: pytest.FixtureRequest) -> Iterator[Student]:
    """The functions of the notebook beside the test file; without one, the reference's."""
    notebooks = sorted(request.path.parent.glob("*.ipynb"))
    if len(notebooks) > 1:
        names = ", ".join(path.name for path in notebooks)
        raise UserError(f"which notebook? There are {names}: keep one in {request.path.parent}")
    if notebooks:
        yield load_local(read(Path(os.path.realpath(notebooks[0]))).cells)[0]
    else:
        yield LocalStudent(vars(request.getfixturevalue("reference")))


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test marked with @exercise by replaying its examples; leave others to pytest."""
    function = pyfuncitem.obj
    if mark_of(function) is None:
        return None
    test = as_test(function, PUBLIC_SEED)
    fixtures: dict[str, Any] = pyfuncitem.funcargs
    result = run_test(test, fixtures["student"], fixtures.get("reference"))
    if result.outcome is Outcome.ERROR:
        raise GraderError(str(result.failure))
    if result.outcome is Outcome.FAILED:
        pytest.fail(f"{result.title}\n{result.failure}", pytrace=False)
    return True
