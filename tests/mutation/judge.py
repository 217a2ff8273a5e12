"""The hidden suites as the judge of mutants: what mutmut runs for each mutant of a solution.

mutmut copies the project into ``mutants/`` and mutates the solutions there. The tests and the
reference are the originals, above that folder; the mutant is the student.
"""

from __future__ import annotations

import functools
import importlib
from pathlib import Path

import pytest

from autograder.core.course import Course
from autograder.core.results import Outcome
from autograder.students.local import LocalStudent
from autograder.suite import Suite, import_file, load_hidden, run_test
from autograder.suite.load import PUBLIC_SEED

COURSE = Course(Path(__file__).resolve().parents[3])


@functools.cache
def suite(assignment: str) -> Suite:
    return load_hidden(COURSE, assignment, PUBLIC_SEED)


@functools.cache
def reference(assignment: str):
    return import_file(COURSE.solution(assignment))


EXERCISES = [(a, e.name) for a in COURSE.assignments for e in suite(a).exercises]


@pytest.mark.parametrize(("assignment", "name"), EXERCISES)
def test_the_hidden_tests_pass(assignment, name):
    mutant = LocalStudent(vars(importlib.import_module(f"solutions.{assignment}")))
    for test in suite(assignment).exercise(name).tests:
        result = run_test(test, mutant, reference(assignment))
        assert result.outcome is Outcome.PASSED, str(result.failure)
