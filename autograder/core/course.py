"""Where a course keeps its things: solutions, tests, releases, and the secret seed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from autograder.core.errors import AuthorError, UserError

__all__ = [
    "EXERCISE_FILES",
    "HIDDEN_TESTS",
    "MISCONCEPTIONS",
    "PUBLIC_TESTS",
    "QUESTIONS",
    "RESERVED",
    "SHARED_FILES",
    "SHARED_PUBLIC",
    "Course",
    "Seed",
    "find_course",
]

# The files of an exercise's folder, and those that stand beside the folders of an assignment.
PUBLIC_TESTS, HIDDEN_TESTS = "test_public.py", "test_hidden.py"
MISCONCEPTIONS = "misconceptions.py"
EXERCISE_FILES = (PUBLIC_TESTS, HIDDEN_TESTS, MISCONCEPTIONS)
SHARED_PUBLIC = "shared_public.py"  # the only one of them that is released
SHARED_FILES = (SHARED_PUBLIC, "shared_hidden.py", "shared_misconceptions.py")
QUESTIONS = "questions.py"

RESERVED = frozenset(  # what tests/ holds beside the assignments
    {"autograder", "benchmarks", "browser", "conftest", "demo", "faults", "fuzz", "kit", "mutation"}
    | {"oracles", "quiz", "submissions", "waiting"}
)
_PUBLIC = "public: "


@dataclass(frozen=True)
class Seed:
    """What examples are drawn from. ``label`` tells seeds apart without giving them away."""

    number: int
    label: str


@dataclass(frozen=True)
class Course:
    """The folders of a course below its ``root``."""

    root: Path

    @property
    def state(self) -> Path:
        """What is never shared: the seed, the gradebook, nbgrader's sources and submissions."""
        return self.root / "course"

    @property
    def assignments(self) -> tuple[str, ...]:
        """The names of the assignments, in natural order: a10 comes after a9.

        Raises AuthorError for a name that cannot be an assignment's.
        """
        paths = [p for p in (self.root / "solutions").glob("*.py") if not p.name.startswith("_")]
        for path in paths:
            if path.stem in RESERVED:
                raise AuthorError(
                    f"{path}: an assignment cannot be called {path.stem}, because the project "
                    f"needs tests/{path.stem} for itself: rename the file"
                )
            if not path.stem.isidentifier():
                raise AuthorError(
                    f"{path}: an assignment's name may have letters, digits and underscores, and "
                    "begins with a letter: rename the file"
                )
        return tuple(sorted((path.stem for path in paths), key=_natural))

    def solution(self, assignment: str) -> Path:
        """The one source of an assignment; raises UserError when there is no such assignment."""
        if assignment not in self.assignments:
            known = ", ".join(self.assignments) or "none"
            raise UserError(f"there is no assignment {assignment!r}; there are: {known}")
        return self.root / "solutions" / f"{assignment}.py"

    def tests(self, assignment: str) -> Path:
        """The folder of an assignment's tests: a folder for each exercise, and what they share."""
        return self.root / "tests" / assignment

    def questions(self, assignment: str) -> Path:
        """The questions for marks; not every assignment has some."""
        return self.tests(assignment) / QUESTIONS

    def test_files(self, assignment: str) -> tuple[Path, ...]:
        """All Python files of an assignment's tests, its questions among them."""
        folder = self.tests(assignment)
        paths = sorted(folder.rglob("*.py"))
        return tuple(path for path in paths if "/." not in f"/{path.relative_to(folder)}")

    def alternatives(self, assignment: str) -> tuple[Path, ...]:
        """The files with other right answers to an assignment."""
        folder = self.root / "tests" / "submissions" / "alternatives"
        return tuple(sorted(folder.glob(f"{assignment}_*.py")))

    def assignment_of(self, test: Path) -> str:
        """The assignment that a test file belongs to; raises UserError when there is none."""
        for folder in test.parents:
            if folder.name in self.assignments:
                return folder.name
        raise UserError(f"{test} is not in the folder of an assignment: move it there")

    def release(self, assignment: str) -> Path:
        return self.root / "assignments" / assignment

    def seed(self) -> Seed:
        """The course's seed, made on first use. A file that begins with "public: " is no secret."""
        path = self.state / "seed"
        if not path.exists():
            self.state.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=self.state) as fresh:  # whole, or not there
                fresh.write(f"{secrets.token_hex(16)}\n")
                fresh.flush()
                with contextlib.suppress(FileExistsError):  # another grader was first
                    os.link(fresh.name, path)
        text = path.read_text().strip()
        if not text:
            raise UserError(f"{path} is empty: put the seed back from a copy, or remove the file")
        digest = hashlib.sha256(text.encode()).hexdigest()
        label = text if text.startswith(_PUBLIC) else f"secret {digest[-8:]}"
        return Seed(int(digest[:16], 16), label)


def _natural(name: str) -> list[str | int]:
    """A sorting key that compares numbers as numbers."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def find_course(start: Path | None = None) -> Course:
    """The course that ``start`` (the current folder when not given) lies in; raises UserError."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "solutions").is_dir() and (folder / "nbgrader_config.py").is_file():
            return Course(folder)
    raise UserError(
        f"{here} is not part of a course: run this in the folder that holds solutions/ and "
        "nbgrader_config.py"
    )
