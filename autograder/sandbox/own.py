"""A student's own notebook, run as the grader runs it: for `unroll check` and pytest."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from autograder.model import CellProblem, GraderError
from autograder.notebook import Submission
from autograder.sandbox.limits import Limits
from autograder.sandbox.local import LocalSandbox
from autograder.student import Student

__all__ = ["OwnNotebook", "run_own"]


class OwnNotebook(Protocol):
    """A notebook whose cells have run: its problems, and its functions for one exercise."""

    @property
    def problems(self) -> tuple[CellProblem, ...]: ...

    def exercise(self) -> AbstractContextManager[Student]: ...


@contextlib.contextmanager
def run_own(submission: Submission, limits: Limits | None = None) -> Iterator[OwnNotebook]:
    """Run the cells in a process of their own, under the grader's limits, but not isolated.

    Where the system cannot do that (on Windows), they run in this process.
    """
    with contextlib.ExitStack() as stack:
        own: OwnNotebook | None = None
        if hasattr(os, "fork"):
            from autograder.sandbox.bubblewrap import Isolation
            from autograder.sandbox.session import Sandbox

            with contextlib.suppress(GraderError):
                own = stack.enter_context(
                    Sandbox(submission.cells, Isolation.PROCESS, limits, submission.python)
                )
        yield own or LocalSandbox(submission.cells, limits, submission.python)
