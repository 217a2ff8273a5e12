"""The bundle: everything that a worker needs to grade one assignment, as plain data.

A run reads the course's files once, so that every submission meets the same tests on every machine.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traitlets.config import Config

from autograder.core.course import Course
from autograder.core.digests import digest
from autograder.core.errors import AuthorError
from autograder.judging.fingerprint import engine_digest, fingerprints
from autograder.judging.judge import Judge, load_judge
from autograder.nbgrader_bridge.preflight import examine, sources
from autograder.nbgrader_bridge.released import Released
from autograder.nbgrader_bridge.structure import Structure
from autograder.sandbox.host.bubblewrap import Isolation
from autograder.sandbox.host.limits import Limits

__all__ = ["Bundle", "load_bundle"]


@dataclass(frozen=True)
class Bundle:
    """The course's files, settings and structure, and the fingerprint of each exercise."""

    assignment: str
    files: tuple[tuple[str, str], ...]
    settings: dict[str, Any]
    structure: Structure
    isolation: Isolation
    limits: Limits
    fingerprints: dict[str, str]

    @property
    def rendering(self) -> str:
        """The digest of what an autograded notebook depends on, apart from the report."""
        engine = engine_digest("autograder/report", "autograder/nbgrader_bridge")
        return digest(engine, repr(self.settings), repr(self.structure))

    @property
    def digest(self) -> str:
        return digest(self.rendering, repr(sorted(self.fingerprints.items())), repr(self.files))

    def judge(self) -> Judge:
        """The judge, loaded from the bundle's own copy of the files."""
        with self._laid_out() as course:
            return load_judge(course, self.assignment, self.isolation, self.limits)

    def examine(self, found: Sequence[Released]) -> None:
        """Judge the reference and compare the tests with the release; raises AuthorError."""
        with self._laid_out() as course:
            judge = load_judge(course, self.assignment, self.isolation, self.limits)
            examine(judge, course, found)

    @contextlib.contextmanager
    def _laid_out(self) -> Iterator[Course]:
        """A temporary course folder with the bundle's files."""
        with tempfile.TemporaryDirectory(prefix="unroll-") as folder:
            for name, text in self.files:
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch(mode=0o600)  # before the text: hidden tests are never readable by others
                path.write_text(text, "utf-8")
            yield Course(Path(folder))


def load_bundle(
    course: Course,
    assignment: str,
    settings: Config,
    structure: Structure,
    limits: Limits | None = None,
) -> Bundle:
    """Make the bundle of ``assignment``; raises UserError or AuthorError if that fails."""
    limits = limits or Limits()
    files = sources(course, assignment)
    isolation = Isolation(settings.Grade.get("isolation", Isolation.BUBBLEWRAP))
    try:
        found = fingerprints(course, assignment, isolation, repr(limits))
    except SyntaxError as error:
        name = os.path.relpath(error.filename or "", course.root)
        raise AuthorError(
            f"{name}:{error.lineno}: it cannot be imported: SyntaxError: {error}"
        ) from error
    except FileNotFoundError as error:
        raise AuthorError(f"{os.path.relpath(error.filename, course.root)} is missing") from error
    return Bundle(assignment, files, _plain(settings), structure, isolation, limits, found)


def _plain(settings: Config) -> dict[str, Any]:
    """The settings that bear on a notebook, as plain values; paths of the course are left out."""
    return {
        section: {k: _value(v) for k, v in sorted(values.items()) if k != "course_root"}
        for section, values in sorted(settings.items())
        if section not in {"CourseDirectory", "NbGrader", "Exchange"}
    }


def _value(value: Any) -> Any:
    return f"{value.__module__}.{value.__qualname__}" if isinstance(value, type) else value
