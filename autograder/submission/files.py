"""The gate for every file that comes in with a submission, whichever way it comes.

A submission may hold links to the course's seed, and pipes that never end. What passes is a regular
file, reached without following a link, and read from its open descriptor up to a limit. The module
``notebook`` reads through this one, as does ``folder``, which looks at what is beside a notebook.
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
    """A file does not pass. The message completes a sentence that begins with its name."""


class TooLarge(Refused):
    """A file is larger than its limit."""


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
    """The folder ``path``, open. Below ``trusted`` no link is followed; raises UserError."""
    parts = path.relative_to(trusted).parts
    with contextlib.ExitStack() as stack:
        folder = os.open(trusted, os.O_RDONLY | os.O_DIRECTORY)
        stack.callback(os.close, folder)
        for part in parts:
            try:
                folder = stack.enter_context(opened(part, folder, os.O_DIRECTORY))
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
    return printable(str(name), 500).replace("\n", "\\n")


@contextlib.contextmanager
def opened(name: str | Path, folder: int | None, kind: int = 0) -> Iterator[int]:
    """A regular file, or with O_DIRECTORY a folder, open for reading, and not through a link.

    Looked at before it is opened, since opening a device may do something, and again when it is.
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
    """What a file is, itself and not what it links to. Raises Refused."""
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


def chunks(file: int, most: int) -> Iterator[bytes]:
    """The open file's content; raises TooLarge as soon as there are more than ``most`` bytes."""
    left = most + 1
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
    """A number of bytes, for people."""
    if size >= 2**20:
        return f"{size // 2**20} MiB" if size % 2**20 == 0 else f"{size / 1e6:g} MB"
    return f"{size:,} bytes"
