"""Where a course keeps its things: solutions, tests, releases, and the secret seed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from autograder.model import UserError

__all__ = ["Course", "Seed", "find_course"]

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
        """The names of the assignments, in the course's order."""
        return tuple(sorted(path.stem for path in (self.root / "solutions").glob("a*_*.py")))

    def solution(self, assignment: str) -> Path:
        """The one source of an assignment; raises UserError when there is no such assignment."""
        if assignment not in self.assignments:
            known = ", ".join(self.assignments) or "none"
            raise UserError(f"there is no assignment {assignment!r}; there are: {known}")
        return self.root / "solutions" / f"{assignment}.py"

    def tests(self, assignment: str) -> Path:
        return self.root / "tests" / assignment

    def release(self, assignment: str) -> Path:
        return self.root / "assignments" / assignment

    def records(self, assignment: str) -> Path:
        """Where a class's run keeps its records, and puts its data."""
        return self.state / "grading" / assignment

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
