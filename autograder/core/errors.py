"""The three kinds of error, and the failure of student code that a report shows."""

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
})  # fmt: skip  # values of errno that are the machine's fault, never a submission's


class UserError(Exception):
    """A request that cannot be carried out; the message says what to do instead."""


class AuthorError(Exception):
    """A fault of the course (a solution, a test or a misconception), for its author to fix."""


class GraderError(Exception):
    """A failure of the grader or its machine; it never counts for or against a student."""


class Kind(StrEnum):
    """The kind of a test's failure, or of the grader's error."""

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
    """A failure of student code to do what a test asks; ``summary`` is a sentence for the student.

    ``error`` is the name of the exception's type if the code raised one.
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
