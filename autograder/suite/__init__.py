"""Tests as the course writes them, and how they are run for a student."""

from autograder.importing import import_file
from autograder.suite.load import (
    Exercise,
    Suite,
    Test,
    load_misconceptions,
    load_suite,
)
from autograder.suite.marks import Misconception, exercise, misconception
from autograder.suite.run import GRADER_FAILED, run_exercise, run_test, status_of

__all__ = [
    "GRADER_FAILED",
    "Exercise",
    "Misconception",
    "Suite",
    "Test",
    "exercise",
    "import_file",
    "load_misconceptions",
    "load_suite",
    "misconception",
    "run_exercise",
    "run_test",
    "status_of",
]
