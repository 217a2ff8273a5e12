"""Input and outcome of a worker for one submission."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.core.results import Report
from autograder.judging.judge import Earlier
from autograder.nbgrader_bridge.grades import Grades

__all__ = ["Done", "Job"]


@dataclass(frozen=True)
class Job:
    """A submission to grade: its notebook's bytes, and results of an earlier run to reuse."""

    student: str
    content: bytes
    earlier: Earlier | None = None


@dataclass(frozen=True)
class Done:
    """A submission's outcome. Without a ``report``, a person must review it; ``problem`` says why.

    ``seconds`` holds processor time by phase, including the sandbox's; no report or notebook
    depends on it.
    """

    student: str
    notebook: str = ""
    grades: Grades = field(default_factory=Grades)
    report: Report | None = None
    problem: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
