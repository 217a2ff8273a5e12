"""Run a student's own notebook as the grader does, for `unroll check` and pytest."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from autograder.core.errors import GraderError
from autograder.core.results import CellProblem
from autograder.sandbox.host.bubblewrap import Isolation
from autograder.sandbox.host.limits import Limits
from autograder.sandbox.host.session import Sandbox
from autograder.students.base import Student
from autograder.students.local_sandbox import LocalSandbox
from autograder.students.remote import remote_student
from autograder.submission.notebook import Submission

__all__ = ["OwnNotebook", "run_own"]


class OwnNotebook(Protocol):
    """A notebook whose cells have run: its problems, and its functions for one exercise."""

    @property
    def problems(self) -> tuple[CellProblem, ...]: ...

    def exercise(self) -> AbstractContextManager[Student]: ...


class _InProcess:
    """A notebook in a process of its own."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    @property
    def problems(self) -> tuple[CellProblem, ...]:
        return self._sandbox.problems

    def exercise(self) -> AbstractContextManager[Student]:
        return remote_student(self._sandbox)


@contextlib.contextmanager
def run_own(submission: Submission, limits: Limits | None = None) -> Iterator[OwnNotebook]:
    """Run the cells in a process of their own, with the grader's limits but without isolation.

    On systems without `fork` (Windows) they run in this process.
    """
    with contextlib.ExitStack() as stack:
        own: OwnNotebook | None = None
        if hasattr(os, "fork"):
            with contextlib.suppress(GraderError):
                sandbox = Sandbox(submission.cells, Isolation.PROCESS, limits, submission.python)
                own = _InProcess(stack.enter_context(sandbox))
        yield own or LocalSandbox(submission.cells, limits, submission.python)
