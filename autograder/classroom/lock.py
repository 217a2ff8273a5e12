"""A lock for one grader at a time; the kernel releases it when the holder ends."""

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
    """Hold the lock ``path``; raises UserError if another process holds it or it cannot be made."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = open(path, "a+")  # noqa: SIM115  (closed below)
    except OSError as error:
        raise UserError(
            f"{path} cannot be written: {error.strerror}. Fix that, then try again"
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            why = f"{what} is being graded just now, by {holder}: wait until it ends"
            raise UserError(why) from None
        # Truncate the file only now: until the lock is held, it names the other holder.
        file.truncate(0)
        with contextlib.suppress(OSError):  # a full disk: the lock holds, without the name
            os.write(file.fileno(), f"process {os.getpid()} on {os.uname().nodename}".encode())
        yield
        file.truncate(0)
