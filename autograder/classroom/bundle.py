"""All that grading an assignment needs, as plain data: what workers get, wherever they are.

The files are read once, so that every submission of a run meets the same tests.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traitlets.config import Config

from autograder.core.course import Course
from autograder.core.digests import digest
from autograder.core.errors import AuthorError
from autograder.judging.fingerprint import engine_digest, fingerprints
from autograder.judging.judge import Judge, load_judge
from autograder.nbgrader_bridge.structure import Structure
from autograder.sandbox.host.bubblewrap import Isolation
from autograder.sandbox.host.limits import Limits
from quiz.engine.forms import FORMS

__all__ = ["Kit", "load_kit"]


@dataclass(frozen=True)
class Kit:
    """The course's files, settings and structure, and what the results of its exercises hang on."""

    assignment: str
    files: tuple[tuple[str, str], ...]
    settings: dict[str, Any]
    structure: Structure
    isolation: Isolation
    limits: Limits
    fingerprints: dict[str, str]

    @property
    def rendering(self) -> str:
        """The digest of what a notebook and its feedback depend on, apart from the report."""
        engine = engine_digest("autograder/report", "autograder/nbgrader_bridge")
        return digest(engine, repr(self.settings), repr(self.structure))

    @property
    def digest(self) -> str:
        return digest(self.rendering, repr(sorted(self.fingerprints.items())), repr(self.files))

    def judge(self) -> Judge:
        """The judge, loaded from the kit's own copy of the files."""
        with tempfile.TemporaryDirectory(prefix="unroll-") as folder:
            for name, text in self.files:
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch(mode=0o600)
                path.write_text(text, "utf-8")
            course = Course(Path(folder))
            return load_judge(course, self.assignment, self.isolation, self.limits)


def load_kit(
    course: Course,
    assignment: str,
    settings: Config,
    structure: Structure,
    limits: Limits | None = None,
) -> Kit:
    """The kit of ``assignment``. Raises UserError or AuthorError when it cannot be graded with."""
    limits = limits or Limits()
    course.solution(assignment)
    course.seed()
    isolation = Isolation(settings.Grade.get("isolation", Isolation.BUBBLEWRAP))
    paths = [
        *(course.root / "solutions").glob("*.py"),
        *course.tests(assignment).glob("*.py"),
        *course.release(assignment).glob(FORMS),
    ]
    try:
        files = [(str(path.relative_to(course.root)), path.read_text("utf-8")) for path in paths]
        found = fingerprints(course, assignment, isolation, repr(limits))
    except (OSError, SyntaxError) as error:
        raise AuthorError(f"{assignment} cannot be read: {error}") from error
    files.append(("course/seed", (course.state / "seed").read_text("utf-8")))
    return Kit(
        assignment, tuple(sorted(files)), _plain(settings), structure, isolation, limits, found
    )


def _plain(settings: Config) -> dict[str, Any]:
    """What of the settings bears on a notebook, as plain values; not where things are kept."""
    return {
        section: {k: _value(v) for k, v in sorted(values.items()) if k != "course_root"}
        for section, values in sorted(settings.items())
        if section not in {"CourseDirectory", "NbGrader", "Exchange"}
    }


def _value(value: Any) -> Any:
    return f"{value.__module__}.{value.__qualname__}" if isinstance(value, type) else value
