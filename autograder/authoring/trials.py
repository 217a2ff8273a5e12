"""What the hidden tests say of answers that are the course's own, and run in this process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.judging.attempts import Attempt, Context, Trial, best_trial
from autograder.judging.judge import Judge
from autograder.students.local import LocalStudent
from autograder.suite import Exercise

__all__ = ["failed_tests", "trial_of"]


def trial_of(judge: Judge, exercise: Exercise, namespace: Mapping[str, Any]) -> Trial:
    """The trial that counts, where the functions of ``namespace`` answer."""

    def run(attempt: Attempt) -> Trial:
        return judge.tried(exercise, attempt, LocalStudent(namespace))

    return best_trial(exercise, Context(), run, run(Attempt()))[0]


def failed_tests(trial: Trial) -> set[str]:
    """The names of the tests that did not pass."""
    return {test.name for test in trial.tests if test.failure}
