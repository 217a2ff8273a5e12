"""The three kinds of error, and the failures of student code that a report shows."""

from __future__ import annotations

import errno
from enum import StrEnum

__all__ = [
    "MACHINE_ERRORS",
    "AuthorError",
    "GraderError",
    "Kind",
    "StudentFailure",
    "UserError",
]

MACHINE_ERRORS = frozenset({
    errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC, errno.EROFS,
})  # fmt: skip  # as errno: faults of the machine, and of no submission


class UserError(Exception):
    """Somebody asked for something that cannot be done; the message says what to do instead."""


class AuthorError(Exception):
    """The course itself is wrong (a solution, a test or a misconception); the author mends it."""


class GraderError(Exception):
    """The grader or its machine failed. Never counts for or against a student."""


class Kind(StrEnum):
    """How a test failed."""

    WRONG = "wrong"
    RAISED = "raised"
    MISSING = "missing"
    UNFINISHED = "unfinished"
    TIMEOUT = "timeout"
    SKIPPED = "skipped"
    CRASHED = "crashed"
    TEST = "test"  # an error of the test itself
    MACHINE = "machine"


class StudentFailure(AssertionError):
    """Student code did not do what a test asks; ``summary`` is a sentence for the student.

    ``error`` is the name of the exception's type where their code raised one.
    """

    def __init__(
        self,
        summary: str,
        *,
        got: str = "",
        expected: str = "",
        kind: Kind = Kind.WRONG,
        error: str = "",
    ) -> None:
        super().__init__(summary)
        self.summary, self.got, self.expected = summary, got, expected
        self.kind, self.error = kind, error
