"""The gate for every file that comes in with a submission, whichever way it comes.

A submission may hold links to the course's seed, pipes that never end, a million files. What passes
is a regular file, reached without following a link, and read from its open descriptor up to a
limit. `notebook` reads single files through it; grading a class and nbgrader, whole folders.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import stat
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.model import UserError
from autograder.printable import printable

__all__ = [
    "MACHINE_ERRORS",
    "Extra",
    "Extras",
    "Gate",
    "Refused",
    "TooLarge",
    "TooMany",
    "is_fit_name",
    "names_in",
    "open_folder",
    "read_file",
    "shown_name",
]

MACHINE_ERRORS = frozenset({
    errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC, errno.EROFS,
})  # fmt: skip  # as errno: no submission's fault
NBGRADER_FILES = ("submission_secret.txt", "timestamp.txt")  # nbgrader's feedback needs them
_FLAGS = sum(getattr(os, f"O_{flag}", 0) for flag in ("NOFOLLOW", "NONBLOCK", "NOCTTY", "BINARY"))
_CHUNK = 2**20
_MAX_NOTES = 5
_KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_UNFIT = ("Cc", "Cf", "Cs", "Zl", "Zp")  # control, direction, not UTF-8, line ends


class Refused(UserError):
    """A file does not pass. The message completes a sentence that begins with its name."""


class TooLarge(Refused):
    """A file is larger than its limit."""


class TooMany(Refused):
    """A folder holds more files than are looked at."""


@dataclass(frozen=True)
class Extra:
    """A file beside the notebook: its path below the submission's folder."""

    name: str
    size: int
    changed: int


@dataclass(frozen=True)
class Extras:
    """The files beside the notebook that pass, and a sentence on each that does not."""

    files: tuple[Extra, ...]
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out, for people: at most five sentences and a count."""
        notes = [f"{shown_name(name)} {why}" for name, why in self.left_out[:_MAX_NOTES]]
        more = len(self.left_out) - _MAX_NOTES
        return (*notes, f"{more} more files do not pass either") if more > 0 else tuple(notes)


@dataclass(frozen=True)
class Gate:
    """What files beside a notebook may be.

    ``is_ignored`` says by name which are passed over in silence; ``own`` are the course's own files
    (device, inode), to which a hard link may lead. ``masters`` will be written over what is handed
    in; ``always`` are taken even from a folder that holds too many.
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
        """What of the open ``folder`` passes, by name. Raises TooMany."""
        files: list[Extra] = []
        left_out: list[tuple[str, str]] = []
        self._look(folder, (), itertools.count(1), files, left_out)
        total, passed = 0, []
        for extra in sorted(files, key=lambda extra: (extra.name not in self.always, extra.name)):
            if total + extra.size > self.max_total:
                why = f"exceeds the {_amount(self.max_total)} that a submission may have in all"
                left_out.append((extra.name, why))
            else:
                total += extra.size
                passed.append(extra)
        return Extras(tuple(passed), tuple(sorted(left_out)))

    def extras_or_few(self, folder: int) -> Extras:
        """As ``extras``; of a folder that holds too many files, only those of ``always``."""
        try:
            return self.extras(folder)
        except TooMany as error:
            found = []
            for name in self.always:
                with contextlib.suppress(Refused, FileNotFoundError):
                    found.append(self._extra(name, (), folder))
            return Extras(tuple(found), (("the folder", f"{error}: none of them is taken over"),))

    def copy_all(self, folder: int, target: Path) -> list[str]:
        """Copy what of the open ``folder`` passes, and give a sentence on each file that fails."""
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
                folder = stack.enter_context(_opened(part, folder, os.O_DIRECTORY))
            source = stack.enter_context(_opened(name, folder))
            self._check(source, folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            with open(target, "xb") as file:
                file.writelines(_chunks(source, self.max_file))

    def _look(
        self,
        folder: int,
        parts: tuple[str, ...],
        count: Iterator[int],
        files: list[Extra],
        left_out: list[tuple[str, str]],
    ) -> None:
        """Add what ``folder`` holds, with its folders; ``count`` counts all that is looked at."""
        for name in sorted(self._names(folder, count)):
            path = "/".join((*parts, name))
            try:
                if not is_fit_name(name):
                    raise Refused("has a name that is not plain text")
                is_folder = stat.S_ISDIR(_look_at(name, folder).st_mode)
                if self._is_in_the_way(path, is_folder):
                    raise Refused("is where a file of the course belongs")
                if not is_folder:
                    files.append(self._extra(name, parts, folder))
                elif len(parts) == self.max_depth:
                    raise Refused(f"lies deeper than {self.max_depth} folders")
                else:
                    with _opened(name, folder, os.O_DIRECTORY) as inner:
                        _look_at(".", inner)  # refuses a folder that may be listed, not entered
                        self._look(inner, (*parts, name), count, files, left_out)
            except TooMany:
                raise
            except Refused as error:
                left_out.append((path, str(error)))

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
        with _opened(name, folder) as file:
            found = self._check(file, folder)
        return Extra("/".join((*parts, name)), found.st_size, found.st_mtime_ns)

    def _check(self, file: int, folder: int) -> os.stat_result:
        """What the open ``file`` is. Raises Refused when it is too large, or somebody else's."""
        found = os.fstat(file)
        if found.st_size > self.max_file:
            raise TooLarge(f"is larger than {_amount(self.max_file)}")
        if found.st_nlink > 1:
            foreign = found.st_uid != os.fstat(folder).st_uid
            if foreign or (found.st_dev, found.st_ino) in self.own():
                raise Refused("is a hard link to a file that is not the submission's")
        return found


def read_file(path: str | Path, most: int, folder: int | None = None) -> bytes:
    """The content of a regular file, named by its path or within the open ``folder``.

    Raises Refused, TooLarge beyond ``most`` bytes, and FileNotFoundError.
    """
    with _opened(path, folder) as file:
        if os.fstat(file).st_size > most:
            raise TooLarge(f"is larger than {_amount(most)}")
        return b"".join(_chunks(file, most))


@contextlib.contextmanager
def open_folder(path: Path, trusted: Path) -> Iterator[int]:
    """The folder ``path``, open. Below ``trusted`` no link is followed; raises UserError."""
    parts = path.relative_to(trusted).parts
    with contextlib.ExitStack() as stack:
        folder = os.open(trusted, os.O_RDONLY | os.O_DIRECTORY)
        stack.callback(os.close, folder)
        for part in parts:
            try:
                folder = stack.enter_context(_opened(part, folder, os.O_DIRECTORY))
            except FileNotFoundError:
                raise UserError(f"{shown_name(part)} is not there") from None
            except Refused as error:
                raise UserError(f"{shown_name(part)} {error}") from error
        yield folder


def names_in(folder: int, ending: str, most: int = 5) -> list[str]:
    """Some names in the open ``folder`` that end so, to be shown."""
    with os.scandir(folder) as entries:
        found = (entry.name for entry in itertools.islice(entries, 10_000))
        return sorted(shown_name(name) for name in found if name.endswith(ending))[:most]


def is_fit_name(name: str) -> bool:
    """Whether a file's name is UTF-8, and holds nothing that a terminal or a table would obey."""
    return not any(unicodedata.category(character) in _UNFIT for character in name)


def shown_name(name: str | Path) -> str:
    """A file's name in a line, whatever it holds."""
    return printable(str(name), 200).replace("\n", "\\n")


@contextlib.contextmanager
def _opened(name: str | Path, folder: int | None, kind: int = 0) -> Iterator[int]:
    """A regular file, or with O_DIRECTORY a folder, open for reading, and not through a link.

    Looked at before it is opened, since opening a device may do something, and again when it is.
    """
    wanted = stat.S_ISDIR if kind else stat.S_ISREG
    _assert_kind(_look_at(name, folder), wanted)
    with _refusing():
        file = os.open(name, os.O_RDONLY | _FLAGS | kind, dir_fd=folder)
    try:
        _assert_kind(os.fstat(file), wanted)
        yield file
    finally:
        os.close(file)


def _look_at(name: str | Path, folder: int | None) -> os.stat_result:
    with _refusing():
        return os.stat(name, dir_fd=folder, follow_symlinks=False)


@contextlib.contextmanager
def _refusing() -> Iterator[None]:
    """Within, a file that is there and cannot be read raises Refused, unless the machine fails."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno in MACHINE_ERRORS - {errno.EIO}:
            raise
        raise Refused(f"cannot be read: {error.strerror}") from error


def _assert_kind(found: os.stat_result, wanted: Callable[[int], bool]) -> None:
    if not wanted(found.st_mode):
        kind = _KINDS.get(stat.S_IFMT(found.st_mode), "a regular file")
        raise Refused(f"is {kind}, not a {'file' if wanted is stat.S_ISREG else 'folder'}")


def _chunks(file: int, most: int) -> Iterator[bytes]:
    """The open file's content; raises TooLarge as soon as there are more than ``most`` bytes."""
    left = most + 1
    while True:
        with _refusing():
            chunk = os.read(file, min(_CHUNK, left))
        left -= len(chunk)
        if not left:
            raise TooLarge(f"is larger than {_amount(most)}")
        if not chunk:
            return
        yield chunk


def _amount(size: int) -> str:
    if size >= 2**20:
        return f"{size // 2**20} MiB" if size % 2**20 == 0 else f"{size / 1e6:g} MB"
    return f"{size:,} bytes"
