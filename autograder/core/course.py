"""Paths of a course: its solutions, tests, releases, records and secret seed."""

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
    {"benchmarks", "browser", "conftest", "demo", "fuzz", "kit", "mutation"}
    | {"oracles", "submissions"}
)
_PUBLIC = "public: "


@dataclass(frozen=True)
class Seed:
    """The seed that examples are drawn from. ``label`` identifies it without revealing it."""

    number: int
    label: str


@dataclass(frozen=True)
class Course:
    """The folders of a course below its ``root``."""

    root: Path

    @property
    def state(self) -> Path:
        """The private folder: the seed, the gradebook, nbgrader's sources and submissions."""
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

    def told(self, error: AuthorError) -> AuthorError:
        """The error, with its files named relative to the course's root."""
        return AuthorError(str(error).replace(f"{self.root}{os.sep}", ""))

    def solution(self, assignment: str) -> Path:
        """The file that an assignment is made from; raises UserError if it does not exist."""
        if assignment not in self.assignments:
            known = ", ".join(self.assignments) or "none"
            raise UserError(f"there is no assignment {assignment!r}; there are: {known}")
        return self.root / "solutions" / f"{assignment}.py"

    @property
    def sources(self) -> Path:
        """The list of works that notebooks may cite; a course may do without it."""
        return self.root / "solutions" / "sources.toml"

    def tests(self, assignment: str) -> Path:
        """The folder of an assignment's tests: a folder for each exercise, and what they share."""
        return self.root / "tests" / assignment

    def questions(self, assignment: str) -> Path:
        """The file of questions for marks; an assignment may do without it."""
        return self.tests(assignment) / QUESTIONS

    def test_files(self, assignment: str) -> tuple[Path, ...]:
        """All Python files of an assignment's tests, including its questions."""
        folder = self.tests(assignment)
        paths = sorted(folder.rglob("*.py"))
        return tuple(path for path in paths if "/." not in f"/{path.relative_to(folder)}")

    def alternatives(self, assignment: str) -> tuple[Path, ...]:
        """The files with other right answers to an assignment."""
        folder = self.root / "tests" / "submissions" / "alternatives"
        return tuple(sorted(folder.glob(f"{assignment}_*.py")))

    def assignment_of(self, test: Path) -> str:
        """The assignment that a test file belongs to; raises UserError if there is none."""
        for folder in test.parents:
            if folder.name in self.assignments:
                return folder.name
        raise UserError(f"{test} is not in the folder of an assignment: move it there")

    def release(self, assignment: str) -> Path:
        return self.root / "assignments" / assignment

    def records(self, assignment: str) -> Path:
        """The folder for the records and the data of a class's run."""
        return self.state / "grading" / assignment

    def seed(self) -> Seed:
        """The course's seed, made on first use.

        A file that begins with "public: " holds a seed that is not secret.
        """
        path = self.state / "seed"
        if not path.exists():
            self.state.mkdir(parents=True, exist_ok=True)
            # Write the seed in full before its name appears, so that no other grader reads half of
            # it. Link it, because a rename would replace the seed of a grader that was first.
            with tempfile.NamedTemporaryFile("w", dir=self.state) as fresh:
                fresh.write(f"{secrets.token_hex(16)}\n")
                fresh.flush()
                with contextlib.suppress(FileExistsError):
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
    """The course that contains ``start`` (by default the current folder); raises UserError."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "solutions").is_dir() and (folder / "nbgrader_config.py").is_file():
            return Course(folder)
    raise UserError(
        f"{here} is not part of a course: run this in the folder that holds solutions/ and "
        "nbgrader_config.py"
    )
