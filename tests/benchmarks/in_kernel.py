"""Run the hidden tests in the notebook's own kernel, as an instructor without a sandbox would.

``class_grading`` compares with this: the same tests with as many examples, drawn and run by
Hypothesis itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings

from autograder.core.course import HIDDEN_TESTS, find_course
from autograder.core.import_file import import_file, import_files
from autograder.students.local import LocalStudent
from autograder.suite.examples import DEFAULT_EXAMPLES
from autograder.testing.decorators import declaration_of

__all__ = ["run_tests"]


def run_tests(assignment: str, exercise: str, namespace: dict[str, Any]) -> float:
    """The points that the functions in ``namespace`` earn in the tests of ``exercise``."""
    settings.register_profile(
        "kernel", max_examples=DEFAULT_EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    settings.load_profile("kernel")
    course = find_course(Path(__file__))
    reference = import_file(course.solution(assignment))
    points = 0.0
    folder = course.tests(assignment)
    (tests,) = import_files(folder, [folder / exercise / HIDDEN_TESTS])
    for test in vars(tests).values():
        mark = declaration_of(test)
        if mark and mark.name == exercise:
            wanted = {"student": LocalStudent(namespace), "reference": reference}
            names = test.__wrapped__ if hasattr(test, "__wrapped__") else test
            asked = names.__code__.co_varnames[: names.__code__.co_argcount]
            try:
                test(**{name: value for name, value in wanted.items() if name in asked})
                points += mark.points
            except Exception as error:
                print(f"{test.__doc__}\n{error}")
    return points
