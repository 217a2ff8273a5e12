"""How much of a result a student may see."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from autograder.core.results import ExerciseResult, Failure, Outcome, TestResult

__all__ = ["Feedback", "redacted"]


class Feedback(StrEnum):
    """The course's policy.

    FULL: the failing input, got and expected. HINT: what is wrong and the likely mistake, without
    inputs or values. SCORE: only which sentence holds and which does not.
    """

    FULL = "full"
    HINT = "hint"
    SCORE = "score"


def redacted(result: ExerciseResult, policy: Feedback) -> ExerciseResult:
    """``result`` without what ``policy`` keeps back."""
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
