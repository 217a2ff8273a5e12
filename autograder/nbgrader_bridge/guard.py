"""nbgrader's own `collect` and `autograde`, behind the gate.

The settings name the class that collects. They do not name the one that autogrades, but its
exporter, which has ``guard`` look at submissions before nbgrader does.
"""

from __future__ import annotations

import functools
import glob
import os
import re
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.exchange.default import ExchangeCollect

from autograder.core.errors import UserError
from autograder.nbgrader_bridge.gate import (
    Place,
    is_fit_student,
    is_ignored,
    masters,
    read_timestamp,
)
from autograder.submission.files import open_folder, shown_name
from autograder.submission.folder import NBGRADER_FILES, Gate, TooMany

__all__ = ["GatedCollect", "guard"]


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
        gate = place.gate(masters(self, assignment_id))
        try:
            with place.open(student_id) as folder:
                found = gate.extras(folder)
        except TooMany as error:  # and nbgrader would look at each of them, thrice
            raise UserError(
                f"{student_id}'s folder {error}: take them away, or use `unroll grade`"
            ) from error
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
            functools.partial(is_ignored, self.coursedir.ignore),
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
