"""One grader at a time: a lock that goes with the process that holds it."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from autograder.core.errors import UserError

__all__ = ["locked"]


@contextlib.contextmanager
def locked(path: Path, what: str) -> Iterator[None]:
    """Hold the lock ``path``; raises UserError when somebody else does, or it cannot be made."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = open(path, "a+")  # noqa: SIM115  (closed below)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise UserError(f"{what} is being graded just now, by {holder}: wait for it") from None
        file.truncate(0)
        with contextlib.suppress(OSError):  # a full disk: who holds the lock is not told then
            os.write(file.fileno(), f"process {os.getpid()} on {os.uname().nodename}".encode())
        yield
        file.truncate(0)
