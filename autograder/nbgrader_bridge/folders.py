"""Folders of collected and of autograded submissions, as a class's run reads and writes them."""

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
    """A student's submission, by its folder's name. nbgrader's `collect` keeps the newest one.

    If no gradebook can hold the name, ``problem`` says why and ``student`` is the name, escaped.
    """

    student: str
    folder: str
    problem: str = ""


@dataclass(frozen=True)
class Contents:
    """A submission's content: the notebook's bytes, a digest of all files, the submission time.

    ``left_out`` has a sentence for each file that is not copied to the autograded folder.
    """

    notebook: bytes
    files: str
    timestamp: datetime | None
    left_out: tuple[str, ...]


class Folders:
    """The submitted and autograded folders of one assignment, laid out as nbgrader does it."""

    def __init__(self, where: CourseDirectory, settings: Config, assignment: str) -> None:
        where.assignment_id = assignment
        self._where, self._assignment = where, assignment
        self._converter = Autograde(coursedir=where, config=settings)
        self._masters = masters(self._converter, assignment)
        self._place = Place(where, assignment)
        self._gate = self._place.gate(self._masters)

    def submissions(self) -> list[Submitted]:
        """Every collected submission, by student. Raises UserError if there is none."""
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
        """Raise UserError if autograded folders cannot be created; creates none itself."""
        folder = Path(self._autograded("x")).parent
        while not folder.exists():
            folder = folder.parent
        if not os.access(folder, os.W_OK | os.X_OK):
            raise UserError(
                f"{folder} cannot be written: give yourself write permission, and try again"
            )

    def read(self, submitted: Submitted) -> Contents:
        """Read a submission's content. Raises UserError that says why it cannot be read."""
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
        """Remove an autograded folder, as nbgrader does when a submission cannot be graded."""
        folder = self._autograded(student)
        with told(f"{folder} cannot be removed"), contextlib.suppress(FileNotFoundError):
            shutil.rmtree(folder)

    def write(self, submitted: Submitted, notebook: str) -> list[str]:
        """Write the autograded folder as nbgrader lays it out; move it into place when complete.

        Returns a sentence for each file that passed the gate in ``read``, but no longer does.
        """
        with told(f"{self._autograded(submitted.student)} cannot be written"):
            return self._write(submitted, notebook)

    def _write(self, submitted: Submitted, notebook: str) -> list[str]:
        target = Path(self._autograded(submitted.student))
        # Build the folder beside its place, and rename it at the end: a run that is stopped in
        # between never leaves half a folder under the student's name.
        fresh = target.with_name(f".{target.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        with self._place.open(submitted.folder) as folder:
            left_out = self._gate.copy_all(folder, fresh)
        # The course's own files come after the student's, so that they replace them.
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
    while shown in names:  # the escaped name is another student's
        shown += "?"
    return Submitted(
        shown, name, "the folder's name is too long for a student's, or not plain text: rename it"
    )
