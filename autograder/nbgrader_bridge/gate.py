"""The place of submissions, and which of their folders, files and timestamps may be opened.

A class's run reads submissions through this module, and so do nbgrader's own commands (``guard``).
"""

from __future__ import annotations

import contextlib
import fnmatch
import functools
import os
import warnings
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path

import dateutil.parser
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files, parse_utc

from autograder.core.course import Course
from autograder.core.errors import UserError
from autograder.submission.files import (
    Refused,
    is_fit_name,
    open_folder,
    read_file,
    shown_name,
)
from autograder.submission.folder import Gate

__all__ = [
    "TIMESTAMP",
    "Place",
    "date_of",
    "is_fit_student",
    "is_ignored",
    "masters",
    "read_timestamp",
]

TIMESTAMP = "timestamp.txt"
_MAX_TIMESTAMP = 100
_MAX_STUDENT = 128  # characters: the size of the gradebook's column
_PUT = "put the time of submission there, like 2026-05-01 12:00:00 UTC"


class Place:
    """The folder that holds the submissions of one assignment, and the gate in front of it."""

    def __init__(self, where: CourseDirectory, assignment: str) -> None:
        self._where, self._assignment = where, assignment
        parts = Path(self.folder("\0")).parts  # those before the student's name are the course's
        depth = next(number for number, part in enumerate(parts) if "\0" in part)
        self.trusted, self._form = Path(*parts[:depth]), parts[depth]

    def folder(self, student: str) -> Path:
        where = self._where
        return Path(where.format_path(where.submitted_directory, student, self._assignment))

    def open(self, student: str) -> contextlib.AbstractContextManager[int]:
        """Open the student's folder; raises UserError, for example if it is a link."""
        return open_folder(self.folder(student), self.trusted)

    def students(self) -> Iterator[str]:
        """The names of all students that have a submission."""
        before, _, after = self._form.partition("\0")
        for name in sorted(os.listdir(self.trusted)) if self.trusted.is_dir() else ():
            is_hidden = name.startswith(".") and not before.startswith(".")
            student = name[len(before) : len(name) - len(after)]
            is_one = student and name == f"{before}{student}{after}" and not is_hidden
            if is_one and _is_there(self.folder(student)):
                yield student

    def gate(self, masters: Collection[str] = ()) -> Gate:
        """The gate for files beside the notebook, with the size limits of nbgrader's exchange."""
        return Gate(
            functools.partial(is_ignored, [*self._where.ignore, "*.ipynb"]),
            functools.cache(self._own_files),
            masters,
            max_file=1000 * self._where.max_file_size,
            max_total=1000 * self._where.max_dir_size,
        )

    def _own_files(self) -> frozenset[tuple[int, int]]:
        """Device and inode of each file that students must not have; needed for hard links only."""
        where = self._where
        course = Course(Path(where.root))
        source = Path(where.format_path(where.source_directory, ".", self._assignment))
        folders = (course.root / "solutions", course.tests(self._assignment), source)
        files = [*course.state.glob("*"), *(path for each in folders for path in each.rglob("*"))]
        found = [path.stat() for path in files if path.exists()]
        return frozenset((each.st_dev, each.st_ino) for each in found)


def is_fit_student(name: str) -> bool:
    """Whether the gradebook, a table and a terminal can hold the name."""
    return is_fit_name(name) and len(name) <= _MAX_STUDENT


def masters(converter: Autograde, assignment: str) -> dict[str, Path]:
    """The course's files, by name, that nbgrader writes over the submission's."""
    where = converter.coursedir
    kept = set(converter.exclude_overwriting.get(assignment, []))
    source = where.format_path(where.source_directory, ".", assignment)
    paths = find_all_files(source, [*where.ignore, "*.ipynb"])
    found = {os.path.relpath(path, source): Path(path) for path in paths}
    return {name: path for name, path in found.items() if name not in kept}


def read_timestamp(folder: int) -> str:
    """The text of the open ``folder``'s timestamp.txt; empty if there is none. Raises UserError."""
    try:
        text = read_file(TIMESTAMP, _MAX_TIMESTAMP, folder).decode().strip()
    except FileNotFoundError:
        return ""
    except Refused as error:
        raise UserError(f"{TIMESTAMP} {error}: {_PUT}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{TIMESTAMP} holds no date, but binary data: {_PUT}") from error
    date_of(text)
    return text


def date_of(text: str) -> datetime | None:
    """The date in UTC that nbgrader reads from a timestamp. Raises UserError for a partial date.

    `Exchange.timestamp_format` lets a course choose the form, so that every full date is accepted.
    The parser would fill in a missing year, month or day from the day on which it runs.
    """
    if not text:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an unknown time zone counts as UTC
            _assert_whole(text)
            found: datetime = parse_utc(text)
    except Exception as error:  # dateutil raises errors of many kinds
        raise UserError(f"{TIMESTAMP} holds no date ({shown_name(text)}): {_PUT}") from error
    return found


def _assert_whole(text: str) -> None:
    """Raise ValueError unless the text has year, month and day, and no path as its time zone."""
    parts = text.split(" ")
    if any(part.startswith("/") or ".." in part for part in parts):
        raise ValueError
    if len(parts) == 3:  # parse_utc takes the third part for a time zone, too
        text = " ".join(parts[:2])
    # Parts that the text lacks come from the default: a full date does not depend on it.
    days = (datetime(2000, 1, 1), datetime(2001, 2, 2))
    first, second = (dateutil.parser.parse(text, default=day, ignoretz=True) for day in days)
    if first != second:
        raise ValueError


def is_ignored(patterns: Collection[str], name: str) -> bool:
    """Whether nbgrader skips a file of this name."""
    return any(
        fnmatch.fnmatchcase(name, pattern) and (name[0] != "." or pattern[:1] == ".")
        for pattern in patterns
    )


def _is_there(folder: Path) -> bool:
    try:
        folder.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:  # opening it reports the error
        return True
    return True
