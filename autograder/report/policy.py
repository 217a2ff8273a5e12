"""Remove from a result what the course's policy keeps from students."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from autograder.core.results import ExerciseResult, Failure, Outcome, TestResult

__all__ = ["Feedback", "redacted"]


class Feedback(StrEnum):
    """The policy of a course on feedback.

    FULL: the failing input, got and expected. HINT: the failure and the likely mistake, without
    inputs or values. SCORE: only which tests pass and which fail.
    """

    FULL = "full"
    HINT = "hint"
    SCORE = "score"


def redacted(result: ExerciseResult, policy: Feedback) -> ExerciseResult:
    """``result`` without the parts that ``policy`` withholds."""
    if policy is Feedback.FULL:
        return result
    tests = tuple(_redacted_test(test, policy) for test in result.tests)
    hint = result.diagnosis if policy is Feedback.HINT else ""
    return replace(result, tests=tests, diagnosis=hint)


def _redacted_test(test: TestResult, policy: Feedback) -> TestResult:
    if policy is Feedback.SCORE and test.outcome is not Outcome.ERROR:
        return replace(test, failure=None, comment="")
    if test.failure is None or test.outcome is Outcome.ERROR:
        return test
    failure = Failure(test.failure.summary, cause=test.failure.cause, kind=test.failure.kind)
    return replace(test, failure=failure)
