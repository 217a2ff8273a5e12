"""Words and numbers that the text and HTML renderings share."""

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
    Status.ERROR: "not scored (grader error; please review)",
}


def points(value: float) -> str:
    """Format a number of points: 3, 2.5."""
    return f"{value:g}"


def headline(result: ExerciseResult) -> str:
    """The exercise's result in a line: the tests that pass and, if it has any, the points."""
    passed = sum(test.outcome is Outcome.PASSED for test in result.tests)
    text = f"{passed} of {len(result.tests)} {result.unit}"
    if result.status is Status.PASSED:
        text = f"all {result.unit}"
    text = _STATUS.get(result.status, text)
    if result.max_score:
        text += f", {points(result.score)} of {points(result.max_score)} points"
    return text


def common_failure(result: ExerciseResult) -> str:
    """The one sentence for all tests, if the function is missing or not implemented."""
    found = [test.failure for test in result.tests if test.failure]
    if result.status in (Status.MISSING, Status.UNFINISHED) and found:
        return found[0].summary
    return ""


def failures(result: ExerciseResult) -> Iterator[tuple[TestResult, Failure | None]]:
    """The tests, each with the failure to show; a repeated exception is shown in full only once."""
    told = ""
    for test in result.tests:
        failure = test.failure
        if failure and failure.kind is Kind.RAISED and failure.summary == told:
            yield test, Failure("same error as above")
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
    """The test's sentence, with a note if the function did not return in time."""
    late = test.failure is not None and test.failure.kind is Kind.TIMEOUT
    return f"{test.title} (no answer in time)" if late else test.title
