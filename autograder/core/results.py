"""Records of a graded submission: frozen, plain data that the packages hand to each other."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from autograder.core.errors import Kind

__all__ = [
    "DID_NOT_RUN",
    "CellProblem",
    "ExerciseResult",
    "Failure",
    "Outcome",
    "Provenance",
    "Report",
    "Status",
    "TestResult",
]

DID_NOT_RUN = "Cells that did not run as they stand"  # the title of a report's CellProblems


class Outcome(StrEnum):
    """The outcome of one test. ``ERROR`` is the grader's own failure: somebody has to review it."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"


class Status(StrEnum):
    """The status of one exercise, in the words of a report."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    MISSING = "missing"
    UNFINISHED = "not implemented"
    ERROR = "error"


@dataclass(frozen=True)
class Failure:
    """The reason why a test failed, with the smallest recorded input for which it fails.

    ``summary`` is a sentence; ``given`` shows the input; ``got`` and ``expected`` are short tables.
    """

    summary: str
    given: str = ""
    got: str = ""
    expected: str = ""
    cause: str = ""
    kind: Kind = Kind.WRONG

    def __str__(self) -> str:
        rows = [
            ("for", self.given),
            ("got", self.got),
            ("expected", self.expected),
            ("likely cause", self.cause),
        ]
        return "\n".join([self.summary, *(f"{label}: {text}" for label, text in rows if text)])


@dataclass(frozen=True)
class TestResult:
    """One test's outcome for one submission. ``title`` is the sentence that the student reads.

    ``partial`` is the score of a failed test (for an answer that is partly right); ``comment`` is
    a remark on a passed one.
    """

    __test__ = False  # not a test class, whatever pytest thinks of the name

    name: str
    title: str
    points: float
    outcome: Outcome
    failure: Failure | None = None
    partial: float = 0.0
    comment: str = ""

    @property
    def score(self) -> float:
        return self.points if self.outcome is Outcome.PASSED else self.partial


@dataclass(frozen=True)
class ExerciseResult:
    """All tests of one exercise. ``diagnosis`` names the mistake, ``notes`` hold further remarks.

    ``unit`` completes the headline: "5 of 7 tests pass".
    """

    name: str
    status: Status
    tests: tuple[TestResult, ...]
    diagnosis: str = ""
    notes: tuple[str, ...] = ()
    unit: str = "tests pass"

    @property
    def score(self) -> float:
        return total(test.score for test in self.tests)

    @property
    def max_score(self) -> float:
        return total(test.points for test in self.tests)


@dataclass(frozen=True)
class CellProblem:
    """A cell of the submission that did not run as it stands: its number and the reason."""

    cell: int
    message: str

    def __str__(self) -> str:
        return f"cell {self.cell}: {self.message}"


@dataclass(frozen=True)
class Provenance:
    """Everything that a grade depends on; runs with the same provenance give the same report."""

    unroll: str
    python: str
    numpy: str
    hypothesis: str
    suite: str
    seed: str
    isolation: str


@dataclass(frozen=True)
class Report:
    """One graded submission, without times, paths or anything else that differs between runs."""

    assignment: str
    exercises: tuple[ExerciseResult, ...]
    provenance: Provenance
    problems: tuple[CellProblem, ...] = field(default=())

    @property
    def needs_person(self) -> bool:
        """Whether the grader failed on an exercise, so that somebody has to review it."""
        return any(exercise.status is Status.ERROR for exercise in self.exercises)

    @property
    def score(self) -> float:
        return total(exercise.score for exercise in self.exercises)

    @property
    def max_score(self) -> float:
        return total(exercise.max_score for exercise in self.exercises)


def total(points: Iterable[float]) -> float:
    """The sum of points, the same in any order (a plain sum depends on it through rounding)."""
    return round(math.fsum(points), 9)
