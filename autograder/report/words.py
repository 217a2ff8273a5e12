"""Words and numbers that the renderings share."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.core.errors import Kind
from autograder.core.results import ExerciseResult, Failure, Outcome, Status, TestResult

__all__ = [
    "common_failure",
    "details",
    "failures",
    "headline",
    "points",
    "shown_title",
]

_STATUS = {
    Status.MISSING: "not found",
    Status.UNFINISHED: "not implemented yet",
    Status.ERROR: "needs a person: the grader failed",
}


def points(value: float) -> str:
    """A number of points: 3, 2.5."""
    return f"{value:g}"


def headline(result: ExerciseResult) -> str:
    """What came of the exercise, in a line: tests passed and, if there are any, points."""
    passed = sum(test.outcome is Outcome.PASSED for test in result.tests)
    text = f"{passed} of {len(result.tests)} {result.unit}"
    if result.status is Status.PASSED:
        text = f"all {result.unit}"
    text = _STATUS.get(result.status, text)
    if result.max_score:
        text += f", {points(result.score)} of {points(result.max_score)} points"
    return text


def common_failure(result: ExerciseResult) -> str:
    """The sentence that says it all where every test failed for the same lack of a function."""
    found = [test.failure for test in result.tests if test.failure]
    if result.status in (Status.MISSING, Status.UNFINISHED) and found:
        return found[0].summary
    return ""


def failures(result: ExerciseResult) -> Iterator[tuple[TestResult, Failure | None]]:
    """The tests, each with the failure to show: an exception that comes again is told once."""
    told = ""
    for test in result.tests:
        failure = test.failure
        if failure and failure.kind is Kind.RAISED and failure.summary == told:
            yield test, Failure("the same again")
            continue
        told = failure.summary if failure else told
        yield test, failure


def details(failure: Failure) -> Iterator[tuple[str, str]]:
    """The rows under a failed test's summary, as label and text."""
    yield ("for", failure.given)
    yield ("got", failure.got)
    yield ("expected", failure.expected)
    yield ("likely cause", failure.cause)


def shown_title(test: TestResult) -> str:
    """The test's sentence, or that it was not tried."""
    late = test.failure is not None and test.failure.kind is Kind.TIMEOUT
    return f"{test.title} (no answer in time)" if late else test.title
