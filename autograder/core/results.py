"""Records of a graded submission, handed from one package to the next: frozen and plain."""

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
    """What came of one test. ``ERROR`` is the grader's own failure and needs a person."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"


class Status(StrEnum):
    """What came of one exercise, in the words of a report."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    MISSING = "missing"
    UNFINISHED = "not implemented"
    ERROR = "error"


@dataclass(frozen=True)
class Failure:
    """Why a test failed, on the smallest recorded input for which it does.

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

    ``partial`` is what a failed test earns all the same (an answer that is right in part);
    ``comment`` says more about a passed one.
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
    """All tests of one exercise. ``diagnosis`` names the mistake, ``notes`` say what else is.

    ``unit`` is what is counted of them, in a sentence: "5 of 7 tests pass".
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
    """A cell of the submission that did not run as it stands: its number, and why."""

    cell: int
    message: str

    def __str__(self) -> str:
        return f"cell {self.cell}: {self.message}"


@dataclass(frozen=True)
class Provenance:
    """What a grade was made with; two runs with the same provenance give the same report."""

    unroll: str
    python: str
    numpy: str
    hypothesis: str
    suite: str
    seed: str
    isolation: str


@dataclass(frozen=True)
class Report:
    """One submission, graded. Holds no time, path or other thing that differs between two runs."""

    assignment: str
    exercises: tuple[ExerciseResult, ...]
    provenance: Provenance
    problems: tuple[CellProblem, ...] = field(default=())

    @property
    def needs_person(self) -> bool:
        """Whether the grader failed somewhere, so that a person has to look."""
        return any(exercise.status is Status.ERROR for exercise in self.exercises)

    @property
    def score(self) -> float:
        return total(exercise.score for exercise in self.exercises)

    @property
    def max_score(self) -> float:
        return total(exercise.max_score for exercise in self.exercises)


def total(points: Iterable[float]) -> float:
    """The exact sum of points, free of the order's rounding errors."""
    return round(math.fsum(points), 9)
