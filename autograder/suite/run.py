"""Run a test for a student: replay its examples until one fails."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.core.errors import GraderError, Kind, StudentFailure
from autograder.core.import_file import line_in
from autograder.core.results import Failure, Outcome, Status, TestResult
from autograder.core.untrusted_text import printable
from autograder.students.base import Call, Reply, Student
from autograder.students.local import LocalStudent
from autograder.suite.examples import fresh
from autograder.suite.load import Exercise, Test
from autograder.testing.compare import assert_structure, describe, show

__all__ = ["GRADER_FAILED", "run_exercise", "run_test", "status_of", "without_form_alone"]

GRADER_FAILED = "not scored (grader error), please review: "

_SHOWN_CALLS = 3


def run_exercise(
    exercise: Exercise, student: Student, reference: ModuleType | None
) -> tuple[TestResult, ...]:
    """Run each of the exercise's tests for ``student``."""
    return tuple(run_test(test, student, reference) for test in exercise.tests)


def without_form_alone(exercise: Exercise, tests: tuple[TestResult, ...]) -> tuple[TestResult, ...]:
    """The results, in which tests of form fail where no other test passes.

    Zeros of the right shape would earn the points for form without any work.
    """
    is_form = [test.declaration.form for test in exercise.tests]
    others = [test for test, form in zip(tests, is_form, strict=True) if not form]
    if not others or any(test.outcome is not Outcome.FAILED for test in others):
        return tests
    failure = Failure(
        "the form is right, but no test of the values passes: form alone earns nothing"
    )
    return tuple(
        replace(test, outcome=Outcome.FAILED, failure=failure)
        if form and test.outcome is Outcome.PASSED
        else test
        for test, form in zip(tests, is_form, strict=True)
    )


def status_of(tests: Sequence[TestResult]) -> Status:
    """The status of an exercise with these results."""
    outcomes = {test.outcome for test in tests}
    kinds = {test.failure.kind for test in tests if test.failure}
    if Outcome.ERROR in outcomes:
        return Status.ERROR
    if outcomes == {Outcome.PASSED}:
        return Status.PASSED
    if Outcome.PASSED in outcomes:
        return Status.PARTIAL
    if kinds == {Kind.MISSING}:
        return Status.MISSING
    return Status.UNFINISHED if kinds == {Kind.UNFINISHED} else Status.FAILED


def run_test(test: Test, student: Student, reference: ModuleType | None) -> TestResult:
    """Run ``test`` for ``student``: it passes, fails with a reason, or meets a grader's error."""
    fixtures = {"student": student, "reference": reference}
    asked = {name: fixtures[name] for name in test.fixtures}
    for example in test.examples:
        start = len(student.calls)
        try:
            test.body(**asked, **fresh(example))
        except StudentFailure as failure:
            return _failed(test, failure, example, student.calls[start:])
        except GraderError as error:
            return _error(test, str(error), Kind.MACHINE)
        except MemoryError:
            advice = "it ran out of memory; grade again with fewer submissions at once"
            return _error(test, advice, Kind.MACHINE)
        except AssertionError as error:
            return _failed(test, _of_assertion(error), example, student.calls[start:])
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit and pytest's outcomes are no Exception
            calls = student.calls[start:]
            found = _misfit(calls, reference, error)
            if found is None:
                return _error(test, _told(test, error), Kind.TEST)
            return _failed(test, found, example, calls)
    return TestResult(test.name, test.title, test.declaration.points, Outcome.PASSED)


def _failed(
    test: Test, failure: StudentFailure, example: Mapping[str, Any], calls: list[Call]
) -> TestResult:
    shown: list[str] = []
    if failure.kind not in (Kind.MISSING, Kind.UNFINISHED, Kind.SKIPPED):
        own = [call for call in calls if call.name == test.declaration.name]
        shown = list(dict.fromkeys(map(str, own or calls)))[-_SHOWN_CALLS:]
        shown = shown or [f"{name} = {show(value)}" for name, value in example.items()]
    detail = Failure(
        printable(failure.summary),
        given=printable("; ".join(shown)),
        got=printable(failure.got),
        expected=printable(failure.expected),
        cause=test.cause if failure.kind is Kind.WRONG else "",
        kind=failure.kind,
    )
    return TestResult(test.name, test.title, test.declaration.points, Outcome.FAILED, detail)


def _error(test: Test, message: str, kind: Kind) -> TestResult:
    failure = Failure(GRADER_FAILED + printable(message), kind=kind)
    return TestResult(test.name, test.title, test.declaration.points, Outcome.ERROR, failure)


def _told(test: Test, error: BaseException) -> str:
    """The exception that a test raised, and its place."""
    path = inspect.unwrap(test.body).__code__.co_filename
    line = line_in(path, error)
    place = f" ({Path(path).name}, line {line})" if line else ""
    return f"{type(error).__name__}: {error}{place}"


def _of_assertion(error: AssertionError) -> StudentFailure:
    """The failure of a plain ``assert``: its message, without the code that pytest adds."""
    first = str(error).partition("\n")[0]
    return StudentFailure("" if first.startswith("assert ") else first)


def _misfit(
    calls: list[Call], reference: ModuleType | None, error: BaseException
) -> StudentFailure | None:
    """The student's value that explains why a test raised an exception of its own.

    Every example passes with the reference, so the first call whose value differs from the
    reference's in kind or shape explains it. None without such a call: the error is the test's.
    """
    for call in calls:
        if not isinstance(call.result, Reply):
            continue
        if reference is None:
            seen = describe(call.result.value)
            return StudentFailure(f"the test cannot use what `{call.name}` returns: {seen}")
        with contextlib.suppress(Exception):
            wanted = LocalStudent(vars(reference)).call(call.name, call.args, call.kwargs).value
            try:
                assert_structure(call.result.value, wanted)
            except StudentFailure as failure:
                return failure
    return None
