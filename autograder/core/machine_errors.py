"""Faults of the machine, told: what could not be done, why, and what to do."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from autograder.core.errors import GraderError

__all__ = ["first_line", "told"]

_GO_ON = "What is graded is kept: mend this, then the same command goes on from here"


@contextlib.contextmanager
def told(what: str) -> Iterator[None]:
    """Within, a failing disk, database or memory raises GraderError: ``what`` cannot be done."""
    try:
        yield
    except (OSError, MemoryError, sqlite3.Error, SQLAlchemyError) as error:
        raise GraderError(f"{what}: {first_line(error)}. {_GO_ON}") from error


def first_line(error: BaseException) -> str:
    """The error's first line, or its kind where it says nothing."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
