"""Select and copy the files beside a submission's notebook.

Grading a class copies them into its autograded folders; so do nbgrader's own commands.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import stat
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.core.errors import UserError
from autograder.submission.files import (
    Refused,
    TooLarge,
    amount,
    chunks,
    is_fit_name,
    look_at,
    opened,
    shown_name,
)

__all__ = ["NBGRADER_FILES", "Extra", "Extras", "Gate", "TooMany"]

NBGRADER_FILES = ("submission_secret.txt", "timestamp.txt")  # nbgrader's feedback needs them
_MAX_NOTES = 5


class TooMany(UserError):
    """A refusal of a folder with too many files; the message completes a sentence."""


@dataclass(frozen=True)
class Extra:
    """A file beside the notebook: its path below the submission's folder."""

    name: str
    size: int
    changed: int


@dataclass(frozen=True)
class Extras:
    """The files beside the notebook that are taken over, and why each other one is not."""

    files: tuple[Extra, ...]
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Which files were left out, for a report: at most five sentences and a count."""
        notes = [f"{shown_name(name)} {why}" for name, why in self.left_out[:_MAX_NOTES]]
        more = len(self.left_out) - _MAX_NOTES
        return (*notes, f"{more} more files do not pass either") if more > 0 else tuple(notes)


@dataclass(frozen=True)
class Gate:
    """Rules for the files beside a notebook.

    ``is_ignored`` names files that are skipped without a note. ``own`` are the course's files
    (device, inode), which a submission must not reach through a hard link. ``masters`` are the
    course's files that replace what is handed in. ``always`` are taken even from a folder that
    holds too many files.
    """

    is_ignored: Callable[[str], bool] = lambda name: False
    own: Callable[[], Collection[tuple[int, int]]] = tuple
    masters: Collection[str] = ()
    always: tuple[str, ...] = NBGRADER_FILES
    max_file: int = 100_000_000
    max_total: int = 100_000_000
    max_files: int = 2_000
    max_depth: int = 10

    def extras(self, folder: int) -> Extras:
        """The files in the open ``folder`` that are taken over. Raises TooMany."""
        found = list(self._look(folder, (), itertools.count(1)))
        files = [each for each in found if isinstance(each, Extra)]
        left_out = [each for each in found if not isinstance(each, Extra)]
        total, passed = 0, []
        for extra in sorted(files, key=lambda extra: (extra.name not in self.always, extra.name)):
            if total + extra.size > self.max_total:
                why = f"exceeds the {amount(self.max_total)} that a submission may have in all"
                left_out.append((extra.name, why))
            else:
                total += extra.size
                passed.append(extra)
        return Extras(tuple(passed), tuple(sorted(left_out)))

    def extras_or_few(self, folder: int) -> Extras:
        """Like ``extras``, but only the files in ``always`` from a folder that holds too many."""
        try:
            return self.extras(folder)
        except TooMany as error:
            found = []
            for name in self.always:
                with contextlib.suppress(Refused, FileNotFoundError):
                    found.append(self._extra(name, (), folder))
            return Extras(tuple(found), (("the folder", f"{error}: none of them is taken over"),))

    def copy_all(self, folder: int, target: Path) -> list[str]:
        """Copy the files of ``extras_or_few``; return a sentence on each that cannot be copied."""
        failed = []
        for extra in self.extras_or_few(folder).files:
            try:
                self._copy(folder, extra.name, target / extra.name)
            except Refused as error:
                (target / extra.name).unlink(missing_ok=True)
                failed.append(f"{shown_name(extra.name)} {error}")
        return failed

    def _copy(self, folder: int, path: str, target: Path) -> None:
        *parts, name = path.split("/")
        with contextlib.ExitStack() as stack:
            for part in parts:
                folder = stack.enter_context(opened(part, folder, os.O_DIRECTORY))
            source = stack.enter_context(opened(name, folder))
            self._check(source, folder)  # again: the file may have changed since it was listed
            target.parent.mkdir(parents=True, exist_ok=True)
            with open(target, "xb") as file:
                file.writelines(chunks(source, self.max_file))

    def _look(
        self, folder: int, parts: tuple[str, ...], count: Iterator[int]
    ) -> Iterator[Extra | tuple[str, str]]:
        """The content of ``folder`` and of the folders in it; ``count`` counts every entry."""
        for name in sorted(self._names(folder, count)):
            path = "/".join((*parts, name))
            try:
                if not is_fit_name(name):
                    raise Refused("has a name that is not plain text")
                is_folder = stat.S_ISDIR(look_at(name, folder).st_mode)
                if self._is_in_the_way(path, is_folder):
                    raise Refused("is where a file of the course belongs")
                if not is_folder:
                    yield self._extra(name, parts, folder)
                elif len(parts) == self.max_depth:
                    raise Refused(f"lies deeper than {self.max_depth} folders")
                else:
                    with opened(name, folder, os.O_DIRECTORY) as inner:
                        look_at(".", inner)  # refuses a folder that may be listed, not entered
                        yield from self._look(inner, (*parts, name), count)
            except Refused as error:
                yield path, str(error)

    def _is_in_the_way(self, path: str, is_folder: bool) -> bool:
        if is_folder:
            return path in self.masters
        return any(master.startswith(f"{path}/") for master in self.masters)

    def _names(self, folder: int, count: Iterator[int]) -> Iterator[str]:
        with os.scandir(folder) as entries:
            for entry in entries:
                if next(count) > self.max_files:
                    raise TooMany(f"holds more than {self.max_files:,} files")
                if not self.is_ignored(entry.name):
                    yield entry.name

    def _extra(self, name: str, parts: tuple[str, ...], folder: int) -> Extra:
        with opened(name, folder) as file:
            found = self._check(file, folder)
        return Extra("/".join((*parts, name)), found.st_size, found.st_mtime_ns)

    def _check(self, file: int, folder: int) -> os.stat_result:
        """The status of the open ``file``. Raises Refused if it is too large or somebody else's."""
        found = os.fstat(file)
        if found.st_size > self.max_file:
            raise TooLarge(f"is larger than {amount(self.max_file)}")
        if found.st_nlink > 1:  # hard links are invisible to NOFOLLOW
            foreign = found.st_uid != os.fstat(folder).st_uid
            if foreign or (found.st_dev, found.st_ino) in self.own():
                raise Refused("is a hard link to a file that is not the submission's")
        return found
