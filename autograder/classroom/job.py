"""One submission's way through a worker: what goes in, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.core.results import Report
from autograder.judging.judge import Earlier
from autograder.nbgrader_bridge.grades import Grades

__all__ = ["Done", "Job"]


@dataclass(frozen=True)
class Job:
    """A submission to grade: its notebook's bytes, and what is known from an earlier run."""

    student: str
    content: bytes
    earlier: Earlier | None = None


@dataclass(frozen=True)
class Done:
    """A submission's outcome. Without a ``report`` a person is needed; ``problem`` says why.

    ``seconds`` are processor time by phase, the sandbox's included; no report or notebook depends
    on them.
    """

    student: str
    notebook: str = ""
    grades: Grades = field(default_factory=Grades)
    report: Report | None = None
    problem: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
