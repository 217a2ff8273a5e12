"""The submissions that nbgrader collected, and the folders of what has been graded."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.core.digests import digest
from autograder.core.errors import UserError
from autograder.core.machine_errors import told
from autograder.nbgrader_bridge.gate import (
    TIMESTAMP,
    Place,
    date_of,
    is_fit_student,
    masters,
    read_timestamp,
)
from autograder.submission.files import names_in, shown_name
from autograder.submission.notebook import file_content

__all__ = ["Contents", "Folders", "Submitted"]


@dataclass(frozen=True)
class Submitted:
    """A student's submission, by the folder's name. nbgrader's `collect` keeps the newest.

    A name that no gradebook can hold has a ``problem``, and is spelled out in ``student``.
    """

    student: str
    folder: str
    problem: str = ""


@dataclass(frozen=True)
class Contents:
    """What a submission holds: the notebook's bytes, a digest of all files, when it was handed in.

    ``left_out`` says which files beside the notebook are not taken over, and why.
    """

    notebook: bytes
    files: str
    timestamp: datetime | None
    left_out: tuple[str, ...]


class Folders:
    """Where nbgrader keeps submissions of one assignment, and how it lays autograded ones out."""

    def __init__(self, where: CourseDirectory, settings: Config, assignment: str) -> None:
        where.assignment_id = assignment
        self._where, self._assignment = where, assignment
        self._converter = Autograde(coursedir=where, config=settings)
        self._masters = masters(self._converter, assignment)
        self._place = Place(where, assignment)
        self._gate = self._place.gate(self._masters)

    def submissions(self) -> list[Submitted]:
        """All that nbgrader collected, by student. Raises UserError when there are none."""
        with told(f"{self._place.trusted} cannot be read"):
            names = list(self._place.students())
        excluded = set(filter(None, self._where.student_id_exclude.split(",")))
        found = [_submitted(name, names) for name in names if name not in excluded]
        if not found:
            raise UserError(
                f"there are no submissions of {self._assignment} ({self._place.folder('*')}): "
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

    def read(self, submitted: Submitted) -> Contents:
        """What the submission holds. Raises UserError with what is wrong."""
        if submitted.problem:
            raise UserError(submitted.problem)
        reading = told(f"{submitted.folder}'s submission cannot be read")
        with reading, self._place.open(submitted.folder) as folder:
            notebook = self._notebook(folder)
            timestamp = read_timestamp(folder)
            extras = self._gate.extras_or_few(folder)
        others = [
            f"{each.name} {each.changed} {each.size}"
            for each in extras.files
            if each.name != TIMESTAMP
        ]
        files = digest(notebook.decode("latin-1"), timestamp, *others, *extras.notes)
        return Contents(notebook, files, date_of(timestamp), extras.notes)

    def _notebook(self, folder: int) -> bytes:
        name = f"{self._assignment}.ipynb"
        try:
            return file_content(name, folder)
        except FileNotFoundError:
            names = ", ".join(names_in(folder, ".ipynb"))
            there = f"there is {names}" if names else "there is no notebook"
            raise UserError(f"{name} is missing; {there}") from None

    def is_autograded(self, student: str) -> bool:
        return Path(self._autograded(student), f"{self._assignment}.ipynb").is_file()

    def remove(self, student: str) -> None:
        """Take an autograded submission away, as nbgrader does with one that cannot be graded."""
        folder = self._autograded(student)
        with told(f"{folder} cannot be removed"), contextlib.suppress(FileNotFoundError):
            shutil.rmtree(folder)

    def write(self, submitted: Submitted, notebook: str) -> list[str]:
        """Lay the autograded folder out, as nbgrader does, and put it in place when it is whole.

        Gives a sentence on each file that passed when it was read, and does not any more.
        """
        with told(f"{self._autograded(submitted.student)} cannot be written"):
            return self._write(submitted, notebook)

    def _write(self, submitted: Submitted, notebook: str) -> list[str]:
        target = Path(self._autograded(submitted.student))
        fresh = target.with_name(f".{target.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        with self._place.open(submitted.folder) as folder:
            left_out = self._gate.copy_all(folder, fresh)
        for name, path in self._masters.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, fresh / name)
        (fresh / f"{self._assignment}.ipynb").write_text(notebook, "utf-8")
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
        self._converter.set_permissions(self._assignment, submitted.student)
        return left_out

    def _autograded(self, student: str) -> str:
        path: str = self._where.format_path(
            self._where.autograded_directory, student, self._assignment
        )
        return os.path.normpath(path)


def _submitted(name: str, names: list[str]) -> Submitted:
    if is_fit_student(name):
        return Submitted(name, name)
    shown = shown_name(name)
    while shown in names:  # somebody else's
        shown += "?"
    return Submitted(
        shown, name, "the folder's name is too long for a student's, or not plain text: rename it"
    )
