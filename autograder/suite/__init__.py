"""Tests as the course writes them, and how they are run for a student."""

from autograder.core.import_file import import_file
from autograder.suite.folders import (
    check_folders,
    load_hidden,
    load_misconceptions,
    load_public,
)
from autograder.suite.load import Exercise, Suite, Test, load_suite
from autograder.suite.run import (
    GRADER_FAILED,
    run_exercise,
    run_test,
    status_of,
    without_form_alone,
)
from autograder.testing.decorators import Misconception, exercise, misconception

__all__ = [
    "GRADER_FAILED",
    "Exercise",
    "Misconception",
    "Suite",
    "Test",
    "check_folders",
    "exercise",
    "import_file",
    "load_hidden",
    "load_misconceptions",
    "load_public",
    "load_suite",
    "misconception",
    "run_exercise",
    "run_test",
    "status_of",
    "without_form_alone",
]
