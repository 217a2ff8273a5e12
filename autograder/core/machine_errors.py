"""Convert OS and database errors to GraderError: what failed, why, and what to do.

A full disk or a locked gradebook affects every submission and ends the run. A folder that is in the
way, or a name that the gradebook refuses, affects one submission, and the run goes on.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError

from autograder.core.errors import MACHINE_ERRORS, GraderError
from autograder.core.untrusted_text import sentence

__all__ = ["MachineError", "attempt", "first_line", "told"]

_GO_ON = "Grades so far are saved. Fix this and run the command again"


class MachineError(GraderError):
    """A failure of the machine that the next submission would meet, too."""


@contextlib.contextmanager
def told(what: str) -> Iterator[None]:
    """Convert errors of disk, database or memory in the block to GraderError; ``what`` has failed.

    An error that affects every submission becomes a MachineError.
    """
    try:
        yield
    except (OSError, MemoryError, sqlite3.Error, SQLAlchemyError) as error:
        kind = MachineError if _concerns_everyone(error) else GraderError
        raise kind(f"{what}: {first_line(error)}. {_GO_ON}") from error


def attempt(step: Callable[[], object]) -> str:
    """Run ``step`` for one submission; return its error in a line, or "". Raises MachineError."""
    try:
        step()
    except MachineError:
        raise
    except Exception as error:
        return sentence(error)
    return ""


def _concerns_everyone(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in MACHINE_ERRORS
    if isinstance(error, SQLAlchemyError):
        return isinstance(error, DBAPIError) and not isinstance(error, DataError | IntegrityError)
    return not isinstance(error, sqlite3.DataError | sqlite3.IntegrityError)


def first_line(error: BaseException) -> str:
    """The error's first line, or its type if it has no message."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
