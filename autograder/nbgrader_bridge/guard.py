"""nbgrader's own `collect` and `autograde`, with the gate in front of the students' files.

nbgrader's settings can name the class that collects, but not the class that autogrades. They can
name the exporter of the latter, and the exporter calls ``guard``.
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
    """Make nbgrader's converter check each submission before it opens or copies any of its files.

    No setting of nbgrader chooses the converter's class, so this function replaces it.
    """
    converter.__class__ = _GatedAutograde


class _GatedAutograde(Autograde):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's converter behind the gate; a refused submission fails for its student alone."""

    def convert_notebooks(self) -> None:
        form = self._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True)
        unfit = []
        for folder in sorted(self.assignments):
            match = re.match(form, folder)  # where nbgrader finds no match, it ends the run
            if not match or not is_fit_student(match["student_id"]):
                unfit.append(self.assignments.pop(folder))
                self.log.error("%s is not graded: rename the student", shown_name(folder))
        super().convert_notebooks()
        if unfit:
            raise NbGraderException(f"{len(unfit)} submissions were not graded: see above")

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        # nbgrader compares both timestamps next, and would follow a link in either's place.
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
        except TooMany as error:  # nbgrader would look at each file three times
            raise UserError(
                f"{student_id}'s folder {error}: remove some, or use `unroll grade`"
            ) from error
        for note in found.notes:
            self.log.warning("%s: left out: %s", student_id, note)
        # nbgrader copies every file that its settings do not ignore: add the refused ones for
        # this student, and take them out again for the next.
        source, ignore = self._format_source(assignment_id, student_id), self.coursedir.ignore
        refused = [glob.escape(os.path.join(source, name)) for name, _ in found.left_out]
        self.coursedir.ignore = [*ignore, *refused]
        try:
            super().init_assignment(assignment_id, student_id)
        finally:
            self.coursedir.ignore = ignore


class GatedCollect(ExchangeCollect):  # type: ignore[misc]
    """nbgrader's `collect` behind the gate: nbgrader follows links with the collector's rights."""

    def _path_to_record(self, path: str) -> dict[str, Any]:
        """nbgrader's record of a folder; one without a date in its name counts as the oldest."""
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
                self.log.error("%s is not collected: not a student's folder", shown_name(path))
                self.src_records.remove(record)

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        notebook = f"{self.coursedir.assignment_id}.ipynb"
        gate = Gate(
            functools.partial(is_ignored, self.coursedir.ignore),
            always=(*NBGRADER_FILES, notebook),
            max_file=1000 * self.coursedir.max_file_size,
            max_total=1000 * self.coursedir.max_dir_size,
        )
        # Copy what passes to a clean folder, and let nbgrader collect from there: it would follow
        # links in the student's own folder.
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
