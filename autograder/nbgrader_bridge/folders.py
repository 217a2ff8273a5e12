"""The submissions that nbgrader collected, and the folders of what has been graded."""

from __future__ import annotations

import contextlib
import glob
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files
from traitlets.config import Config

from autograder.core.digests import digest
from autograder.core.errors import GraderError, UserError
from autograder.core.machine_errors import told

__all__ = ["Folders", "Submitted"]

_TIMESTAMP = "timestamp.txt"


@dataclass(frozen=True)
class Submitted:
    """A student's submission: its folder. nbgrader's `collect` keeps the newest of each student."""

    student: str
    folder: Path


class Folders:
    """Where nbgrader keeps submissions of one assignment, and how it lays autograded ones out."""

    def __init__(self, where: CourseDirectory, settings: Config, assignment: str) -> None:
        where.assignment_id = assignment
        self._where, self._assignment = where, assignment
        self._converter = Autograde(coursedir=where, config=settings)
        kept = set(self._converter.exclude_overwriting.get(assignment, []))
        source = Path(where.format_path(where.source_directory, ".", assignment))
        self._masters = {
            name: path for name, path in self._others(source) if name not in kept
        }  # written over what students hand in

    def submissions(self) -> list[Submitted]:
        """All that nbgrader collected, by student. Raises UserError when there are none."""
        pattern = self._submitted("*")
        excluded = set(filter(None, self._where.student_id_exclude.split(",")))
        expected = re.compile(self._submitted("(?P<student>.*)", escape=True))
        found = []
        for folder in sorted(glob.glob(pattern)):
            match = expected.fullmatch(folder)
            if match and match["student"] not in excluded:
                found.append(Submitted(match["student"], Path(folder)))
        if not found:
            raise UserError(
                f"there are no submissions of {self._assignment} ({pattern}): "
                f"run `nbgrader collect {self._assignment}` first"
            )
        return found

    def check_writable(self) -> None:
        """Raise UserError, and leave nothing behind, when autograded folders cannot be made."""
        folder = Path(self._autograded("x")).parent
        while not folder.exists():
            folder = folder.parent
        if not os.access(folder, os.W_OK | os.X_OK):
            raise UserError(
                f"{folder} cannot be written: give yourself the right to, and try again"
            )

    def read(self, submitted: Submitted) -> tuple[bytes, str]:
        """The notebook's bytes and a digest of all files. Raises GraderError with what is wrong."""
        path = submitted.folder / f"{self._assignment}.ipynb"
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            names = ", ".join(sorted(found.name for found in submitted.folder.glob("*.ipynb")))
            there = f"there is {names}" if names else "there is no notebook"
            raise GraderError(f"{path.name} is missing; {there}") from None
        except OSError as error:
            raise GraderError(f"{path.name} cannot be read: {error.strerror}") from error
        others = [
            f"{name} {other.stat().st_mtime_ns} {other.stat().st_size}"
            if name != _TIMESTAMP
            else other.read_text("utf-8", "replace")
            for name, other in self._others(submitted.folder)
        ]
        return content, digest(content.decode("latin-1"), *sorted(others))

    def timestamp(self, submitted: Submitted) -> datetime | None:
        """When it was handed in. Raises GraderError when its timestamp.txt cannot be read."""
        try:
            found: datetime | None = self._where.get_existing_timestamp(str(submitted.folder))
        except Exception as error:  # nbgrader's own way to fail is not to be relied on
            raise GraderError(f"{_TIMESTAMP} holds no date") from error
        return found

    def is_autograded(self, student: str) -> bool:
        return Path(self._autograded(student), f"{self._assignment}.ipynb").is_file()

    def remove(self, student: str) -> None:
        """Take an autograded submission away, as nbgrader does with one that cannot be graded."""
        folder = self._autograded(student)
        with told(f"{folder} cannot be removed"), contextlib.suppress(FileNotFoundError):
            shutil.rmtree(folder)

    def write(self, submitted: Submitted, notebook: str) -> None:
        """Lay the autograded folder out, as nbgrader does, and put it in place when it is whole."""
        with told(f"{self._autograded(submitted.student)} cannot be written"):
            self._write(submitted, notebook)

    def _write(self, submitted: Submitted, notebook: str) -> None:
        target = Path(self._autograded(submitted.student))
        fresh = target.with_name(f".{target.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        for name, path in {**dict(self._others(submitted.folder)), **self._masters}.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, fresh / name)
        (fresh / f"{self._assignment}.ipynb").write_text(notebook, "utf-8")
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
        self._converter.set_permissions(self._assignment, submitted.student)

    def _others(self, folder: Path) -> Iterator[tuple[str, Path]]:
        """The files in ``folder`` beside notebooks, by name."""
        for path in find_all_files(str(folder), [*self._where.ignore, "*.ipynb"]):
            yield os.path.relpath(path, folder), Path(path)

    def _submitted(self, student: str, escape: bool = False) -> str:
        where = self._where
        path: str = where.format_path(
            where.submitted_directory, student, self._assignment, escape=escape
        )
        return path

    def _autograded(self, student: str) -> str:
        path: str = self._where.format_path(
            self._where.autograded_directory, student, self._assignment
        )
        return os.path.normpath(path)
