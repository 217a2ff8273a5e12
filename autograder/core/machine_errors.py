"""Faults of the machine, told: what could not be done, why, and what to do.

A full disk or a locked gradebook concerns everyone, and ends the run. A folder that is in the way,
or a name that the gradebook refuses, is one submission's problem.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError

from autograder.core.errors import MACHINE_ERRORS, GraderError
from autograder.core.untrusted_text import sentence

__all__ = ["MachineError", "attempt", "first_line", "told"]

_GO_ON = "What is graded is kept: mend this, then the same command goes on from here"


class MachineError(GraderError):
    """The machine failed, and would fail for the next submission, too."""


@contextlib.contextmanager
def told(what: str) -> Iterator[None]:
    """Within, a failing disk, database or memory raises GraderError: ``what`` cannot be done.

    It is a MachineError where that concerns everyone.
    """
    try:
        yield
    except (OSError, MemoryError, sqlite3.Error, SQLAlchemyError) as error:
        kind = MachineError if _concerns_everyone(error) else GraderError
        raise kind(f"{what}: {first_line(error)}. {_GO_ON}") from error


def attempt(step: Callable[[], object]) -> str:
    """Do what concerns one submission; gives what went wrong, in a line. Raises MachineError."""
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
    """The error's first line, or its kind where it says nothing."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
