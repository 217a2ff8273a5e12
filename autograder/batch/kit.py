"""All that grading an assignment needs, as plain data: what workers get, wherever they are.

The files are read once, so that every submission of a run meets the same tests.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from traitlets.config import Config

from autograder.course import Course
from autograder.fingerprint import digest, fingerprints
from autograder.grading import Judge, load_judge
from autograder.model import AuthorError, UserError
from autograder.sandbox.bubblewrap import Isolation
from autograder.sandbox.limits import Limits
from autograder.suite import check_folders

__all__ = ["Kit", "SourceCell", "Structure", "load_kit", "read_structure"]


@dataclass(frozen=True)
class SourceCell:
    """A cell of the released notebook, as the gradebook knows it; no points, unless it is graded.

    The names are nbgrader's.
    """

    name: str
    cell_type: str
    locked: bool
    source: str
    checksum: str
    max_score: float | None


@dataclass(frozen=True)
class Structure:
    """What the gradebook knows of the released notebook."""

    kernelspec: str
    cells: tuple[SourceCell, ...]


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
        """The digest of what feedback hangs on, beside the report."""
        return digest(repr(self.settings), repr(self.structure))

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
            judge = load_judge(course, self.assignment, self.isolation, self.limits)
            _ = judge.caching  # found in the source, which goes with the folder
            return judge


def load_kit(
    course: Course,
    assignment: str,
    settings: Config,
    structure: Structure,
    limits: Limits | None = None,
) -> Kit:
    """The kit of ``assignment``. Raises UserError or AuthorError when it cannot be graded with."""
    limits = limits or Limits()
    check_folders(course, assignment)  # a file that is astray would not reach the kit
    course.seed()
    isolation = Isolation(settings.Grade.get("isolation", Isolation.BUBBLEWRAP))
    paths = [*(course.root / "solutions").glob("*.py"), *course.test_files(assignment)]
    try:
        files = [(str(path.relative_to(course.root)), path.read_text("utf-8")) for path in paths]
        found = fingerprints(course, assignment, isolation, repr(limits))
    except (OSError, SyntaxError) as error:
        raise AuthorError(f"{assignment} cannot be read: {error}") from error
    files.append(("course/seed", (course.state / "seed").read_text("utf-8")))
    return Kit(
        assignment, tuple(sorted(files)), _plain(settings), structure, isolation, limits, found
    )


def read_structure(gradebook: Gradebook, assignment: str) -> Structure:
    """What ``gradebook`` knows of the released notebook; raises UserError when that is nothing."""
    try:
        notebook = gradebook.find_notebook(assignment, assignment)
    except MissingEntry:
        raise UserError(
            f"the gradebook does not know {assignment}: run `unroll release {assignment}` first"
        ) from None
    points = {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}
    cells = tuple(
        SourceCell(
            cell.name, cell.cell_type, cell.locked, cell.source, cell.checksum,
            points.get(cell.name),
        )
        for cell in notebook.source_cells
    )  # fmt: skip
    return Structure(notebook.kernelspec or "null", cells)


def _plain(settings: Config) -> dict[str, Any]:
    """What of the settings bears on a notebook, as plain values; not where things are kept."""
    return {
        section: {k: _value(v) for k, v in sorted(values.items()) if k != "course_root"}
        for section, values in sorted(settings.items())
        if section not in {"CourseDirectory", "NbGrader", "Exchange"}
    }


def _value(value: Any) -> Any:
    return f"{value.__module__}.{value.__qualname__}" if isinstance(value, type) else value
