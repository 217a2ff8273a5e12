"""Read a submission's files safely. Every file that a student controls is opened here.

A submission may hold links to the course's seed, or pipes that never end. This module opens only
regular files, follows no link, and reads from the open descriptor up to a limit. ``notebook`` uses
it for the notebook, ``folder`` for the files beside it.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import stat
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from autograder.core.errors import MACHINE_ERRORS, UserError
from autograder.core.untrusted_text import printable

__all__ = [
    "Refused",
    "TooLarge",
    "amount",
    "chunks",
    "is_fit_name",
    "look_at",
    "names_in",
    "open_folder",
    "opened",
    "read_file",
    "shown_name",
]

# NONBLOCK: opening a pipe must not wait for its other end. NOCTTY: opening a terminal must not make
# it the grader's own.
_FLAGS = sum(getattr(os, f"O_{flag}", 0) for flag in ("NOFOLLOW", "NONBLOCK", "NOCTTY", "BINARY"))
_CHUNK = 2**20
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
    """A refusal to read a file; the message completes a sentence that begins with its name."""


class TooLarge(Refused):
    """A refusal of a file that is larger than its limit."""


def read_file(path: str | Path, most: int, folder: int | None = None) -> bytes:
    """The content of a regular file, named by its path or within the open ``folder``.

    Raises Refused, TooLarge beyond ``most`` bytes, and FileNotFoundError.
    """
    with opened(path, folder) as file:
        if os.fstat(file).st_size > most:
            raise TooLarge(f"is larger than {amount(most)}")
        return b"".join(chunks(file, most))


@contextlib.contextmanager
def open_folder(path: Path, trusted: Path) -> Iterator[int]:
    """Open the folder ``path``, following no link below ``trusted``; raises UserError."""
    parts = path.relative_to(trusted).parts
    with contextlib.ExitStack() as stack:
        folder = os.open(trusted, os.O_RDONLY | os.O_DIRECTORY)
        stack.callback(os.close, folder)
        for part in parts:  # one at a time: NOFOLLOW guards only the last part of a path
            try:
                folder = stack.enter_context(opened(part, folder, os.O_DIRECTORY))
            except FileNotFoundError:
                raise UserError(f"{shown_name(part)} is not there") from None
            except Refused as error:
                raise UserError(f"{shown_name(part)} {error}") from error
        yield folder


def names_in(folder: int, ending: str, most: int = 5) -> list[str]:
    """Up to ``most`` names in the open ``folder`` with this ending, for a message."""
    with os.scandir(folder) as entries:
        found = (entry.name for entry in itertools.islice(entries, 10_000))
        return sorted(shown_name(name) for name in found if name.endswith(ending))[:most]


def is_fit_name(name: str) -> bool:
    """Whether a file's name is UTF-8 without control characters, so that any output can show it."""
    return not any(unicodedata.category(character) in _UNFIT for character in name)


def shown_name(name: str | Path) -> str:
    """A file's name in one printable line, for messages."""
    return printable(str(name), 500).replace("\n", "\\n")


@contextlib.contextmanager
def opened(name: str | Path, folder: int | None, kind: int = 0) -> Iterator[int]:
    """Open a regular file, or with O_DIRECTORY a folder, for reading; follow no link.

    Its kind is checked before it is opened, since opening a device may have effects, and again
    afterwards, since another process may have replaced it in between.
    """
    wanted = stat.S_ISDIR if kind else stat.S_ISREG
    _assert_kind(look_at(name, folder), wanted)
    with _refusing():
        file = os.open(name, os.O_RDONLY | _FLAGS | kind, dir_fd=folder)
    try:
        _assert_kind(os.fstat(file), wanted)
        yield file
    finally:
        os.close(file)


def look_at(name: str | Path, folder: int | None) -> os.stat_result:
    """The status of a file, or of a link itself rather than its target. Raises Refused."""
    with _refusing():
        return os.stat(name, dir_fd=folder, follow_symlinks=False)


@contextlib.contextmanager
def _refusing() -> Iterator[None]:
    """Convert an error on an existing file to Refused, unless it is the machine's fault."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno in MACHINE_ERRORS - {errno.EIO}:  # EIO may concern this one file
            raise
        raise Refused(f"cannot be read: {error.strerror}") from error


def _assert_kind(found: os.stat_result, wanted: Callable[[int], bool]) -> None:
    if not wanted(found.st_mode):
        kind = _KINDS.get(stat.S_IFMT(found.st_mode), "a regular file")
        raise Refused(f"is {kind}, not a {'file' if wanted is stat.S_ISREG else 'folder'}")


def chunks(file: int, most: int) -> Iterator[bytes]:
    """The open file's content in parts; raises TooLarge once it exceeds ``most`` bytes."""
    left = most + 1  # the size that fstat told does not count: the file may grow while it is read
    while True:
        with _refusing():
            chunk = os.read(file, min(_CHUNK, left))
        left -= len(chunk)
        if not left:
            raise TooLarge(f"is larger than {amount(most)}")
        if not chunk:
            return
        yield chunk


def amount(size: int) -> str:
    """A number of bytes, for a message."""
    if size >= 2**20:
        return f"{size // 2**20} MiB" if size % 2**20 == 0 else f"{size / 1e6:g} MB"
    return f"{size:,} bytes"
