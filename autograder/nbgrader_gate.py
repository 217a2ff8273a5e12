"""nbgrader's ways to read submissions, led through the gate of ``submission_files``.

Grading a class uses what is here of folders, files and timestamps. nbgrader's own commands get it
in two places: `collect` is a class that the settings name; `autograde` is not, but its exporter is,
and has ``guard`` look at submissions first.
"""

from __future__ import annotations

import contextlib
import fnmatch
import functools
import glob
import os
import re
import tempfile
import warnings
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import dateutil.parser
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import find_all_files, parse_utc

from autograder.course import Course
from autograder.model import UserError
from autograder.submission_files import (
    NBGRADER_FILES,
    Gate,
    Refused,
    is_fit_name,
    open_folder,
    read_file,
    shown_name,
)

__all__ = [
    "TIMESTAMP",
    "GatedCollect",
    "Place",
    "date_of",
    "guard",
    "is_fit_student",
    "masters",
    "read_timestamp",
]

TIMESTAMP = "timestamp.txt"
_MAX_TIMESTAMP = 100
_MAX_STUDENT = 128  # characters that the gradebook holds
_PUT = "put the time of submission there, like 2026-05-01 12:00:00 UTC"


class Place:
    """Where the submissions of one assignment lie, and the gate in front of them."""

    def __init__(self, where: CourseDirectory, assignment: str) -> None:
        self._where, self._assignment = where, assignment
        parts = Path(self.folder("\0")).parts  # up to the student's name, the course's own
        depth = next(number for number, part in enumerate(parts) if "\0" in part)
        self.trusted, self._form = Path(*parts[:depth]), parts[depth]

    def folder(self, student: str) -> Path:
        where = self._where
        return Path(where.format_path(where.submitted_directory, student, self._assignment))

    def open(self, student: str) -> contextlib.AbstractContextManager[int]:
        """The student's folder, open; raises UserError, of a link among others."""
        return open_folder(self.folder(student), self.trusted)

    def students(self) -> Iterator[str]:
        """Whoever has a submission, by name."""
        before, _, after = self._form.partition("\0")
        for name in sorted(os.listdir(self.trusted)) if self.trusted.is_dir() else ():
            is_hidden = name.startswith(".") and not before.startswith(".")
            student = name[len(before) : len(name) - len(after)]
            is_one = student and name == f"{before}{student}{after}" and not is_hidden
            if is_one and _is_there(self.folder(student)):
                yield student

    def gate(self, masters: Collection[str] = ()) -> Gate:
        """What files beside the notebook may be: as large as nbgrader's exchange lets them be."""
        return Gate(
            functools.partial(_is_ignored, [*self._where.ignore, "*.ipynb"]),
            functools.cache(self._own_files),
            masters,
            max_file=1000 * self._where.max_file_size,
            max_total=1000 * self._where.max_dir_size,
        )

    def _own_files(self) -> frozenset[tuple[int, int]]:
        """What students must not have, by device and inode; looked up for hard links alone."""
        where = self._where
        course = Course(Path(where.root))
        source = Path(where.format_path(where.source_directory, ".", self._assignment))
        folders = (course.root / "solutions", course.tests(self._assignment), source)
        files = [*course.state.glob("*"), *(path for each in folders for path in each.rglob("*"))]
        found = [path.stat() for path in files if path.exists()]
        return frozenset((each.st_dev, each.st_ino) for each in found)


def is_fit_student(name: str) -> bool:
    """Whether a gradebook, a table and a terminal can hold the name."""
    return is_fit_name(name) and len(name) <= _MAX_STUDENT


def masters(converter: Autograde, assignment: str) -> dict[str, Path]:
    """The course's files that nbgrader writes over those of a submission, by name."""
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
        raise UserError(f"{TIMESTAMP} holds no date, but bytes: {_PUT}") from error
    date_of(text)
    return text


def date_of(text: str) -> datetime | None:
    """The date in UTC that nbgrader reads from a timestamp. Raises UserError for half a date.

    nbgrader writes them in the form of `Exchange.timestamp_format`, so that many forms are right.
    What they leave out would be taken from the day on which they are read.
    """
    if not text:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a time zone that is not known, and counts as UTC
            _assert_whole(text)
            found: datetime = parse_utc(text)
    except Exception as error:  # dateutil raises what it meets
        raise UserError(f"{TIMESTAMP} holds no date ({shown_name(text)}): {_PUT}") from error
    return found


def _assert_whole(text: str) -> None:
    """Raise ValueError unless the text says year, month and day, and names no file as its zone."""
    parts = text.split(" ")
    if any(part.startswith("/") or ".." in part for part in parts):
        raise ValueError
    if len(parts) == 3:  # as parse_utc, which looks the zone up
        text = " ".join(parts[:2])
    days = (datetime(2000, 1, 1), datetime(2001, 2, 2))
    first, second = (dateutil.parser.parse(text, default=day, ignoretz=True) for day in days)
    if first != second:
        raise ValueError


def _is_ignored(patterns: Collection[str], name: str) -> bool:
    """Whether nbgrader passes over a file of this name."""
    return any(
        fnmatch.fnmatchcase(name, pattern) and (name[0] != "." or pattern[:1] == ".")
        for pattern in patterns
    )


def _is_there(folder: Path) -> bool:
    try:
        folder.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:  # told by whoever opens it
        return True
    return True


def guard(converter: Autograde) -> None:
    """Have nbgrader's converter look at each submission before it opens or copies any of it.

    Nothing in nbgrader's settings chooses the converter's class, so that it is changed here.
    """
    converter.__class__ = _GatedAutograde


class _GatedAutograde(Autograde):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's converter, behind the gate. What does not pass fails as one student's."""

    def convert_notebooks(self) -> None:
        form = self._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True)
        unfit = []
        for folder in sorted(self.assignments):
            match = re.match(form, folder)  # as nbgrader, which ends the run where there is none
            if not match or not is_fit_student(match["student_id"]):
                unfit.append(self.assignments.pop(folder))
                self.log.error("%s is not graded: rename the student", shown_name(folder))
        super().convert_notebooks()
        if unfit:
            raise NbGraderException(f"{len(unfit)} submissions were not graded: see above")

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        with Place(self.coursedir, assignment_id).open(student_id) as folder:
            read_timestamp(folder)
        earlier = Path(self._format_dest(assignment_id, student_id))
        if earlier.is_dir():
            with open_folder(earlier, earlier) as folder:
                read_timestamp(folder)
        return bool(super().init_destination(assignment_id, student_id))

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        place = Place(self.coursedir, assignment_id)
        with place.open(student_id) as folder:
            found = place.gate(masters(self, assignment_id)).extras(folder)
        for note in found.notes:
            self.log.warning("%s: left out: %s", student_id, note)
        source, ignore = self._format_source(assignment_id, student_id), self.coursedir.ignore
        refused = [glob.escape(os.path.join(source, name)) for name, _ in found.left_out]
        self.coursedir.ignore = [*ignore, *refused]
        try:
            super().init_assignment(assignment_id, student_id)
        finally:
            self.coursedir.ignore = ignore


class GatedCollect(ExchangeCollect):  # type: ignore[misc]
    """nbgrader's `collect`, which follows links as whoever collects, behind the gate."""

    def _path_to_record(self, path: str) -> dict[str, Any]:
        """As nbgrader's; a folder whose name holds no date counts as the oldest."""
        try:
            record: dict[str, Any] = super()._path_to_record(path)
        except Exception:
            filename = os.path.basename(path)
            student = filename.rsplit("+", 3)[0]
            record = {"username": student, "filename": filename, "timestamp": datetime.min}
        return record

    def init_src(self) -> None:
        super().init_src()
        for record in list(self.src_records):
            name = record["username"]
            path = Path(self.inbound_path, record["filename"])
            if not is_fit_student(name) or path.is_symlink() or not path.is_dir():
                self.log.error("%s is not collected: no folder of a student", shown_name(path))
                self.src_records.remove(record)

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        notebook = f"{self.coursedir.assignment_id}.ipynb"
        gate = Gate(
            functools.partial(_is_ignored, self.coursedir.ignore),
            always=(*NBGRADER_FILES, notebook),
            max_file=1000 * self.coursedir.max_file_size,
            max_total=1000 * self.coursedir.max_dir_size,
        )
        try:
            with tempfile.TemporaryDirectory() as clean:
                os.chmod(clean, 0o755)
                with open_folder(Path(src), Path(src).parent) as folder:
                    notes = gate.extras_or_few(folder).notes
                    for note in [*notes, *gate.copy_all(folder, Path(clean))]:
                        self.log.warning("%s: left out: %s", shown_name(src), note)
                super().do_copy(clean, dest, log)
        except UserError as error:
            self.log.error("%s is not collected: %s", shown_name(src), error)
