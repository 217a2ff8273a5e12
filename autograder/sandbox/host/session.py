"""One submission's sandbox: it loads the cells once, and each exercise gets a fork.

Code that hangs or breaks the guest costs only the call that did it: the sandbox is killed, and the
next call starts a new one with the same cells.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Self

from autograder.core.results import CellProblem
from autograder.sandbox.host.bubblewrap import Isolation
from autograder.sandbox.host.cell_problems import cell_message, taken_up, without_echoes
from autograder.sandbox.host.channel import Closed, TimedOut
from autograder.sandbox.host.exception_text import error_of, one_line
from autograder.sandbox.host.limits import Limits
from autograder.sandbox.host.process import Guest
from autograder.sandbox.wire.protocol import RunCell, TakeUp
from autograder.submission.notebook import Cell

__all__ = ["Sandbox", "assert_isolates"]

_MOST_NOTES = 20


def assert_isolates(isolation: Isolation) -> None:
    """Raise GraderError, with what to do, unless this machine can start sandboxes."""
    with Sandbox((), isolation):
        pass


class Sandbox:
    """A context manager: the guest with a submission's cells, which ``students.remote`` calls.

    ``problems`` lists the cells that did not run as they stand. ``python`` is the version that the
    notebook was written with. Raises GraderError if the sandbox cannot start here.
    """

    def __init__(
        self,
        cells: Sequence[Cell],
        isolation: Isolation = Isolation.BUBBLEWRAP,
        limits: Limits | None = None,
        python: str = "",
    ) -> None:
        self.limits = limits or Limits()
        self._cells, self._isolation, self._python = cells, isolation, python
        self._guest: Guest | None = None
        self._problems: dict[int, CellProblem] = {}
        self._skipped: set[int] = set()
        self._given_up: set[int] = set()
        self._taken: dict[str, int] = {}
        self.deadline = time.monotonic() + self.limits.submission_seconds
        self._exercise_seconds = self._worker_seconds = 0.0

    @property
    def problems(self) -> tuple[CellProblem, ...]:
        problems = [self._problems[index] for index in sorted(self._problems)]
        return without_echoes(problems, self._taken)

    @property
    def cpu_seconds(self) -> float:
        """Processor time as the guest reports it: for statistics only, since it can be forged."""
        return self._exercise_seconds + self._worker_seconds

    def note_seconds(self, of_exercise: float, of_worker: object) -> None:
        self._exercise_seconds += of_exercise
        if isinstance(of_worker, float):
            self._worker_seconds = of_worker

    def __enter__(self) -> Self:
        try:
            self.guest()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.kill()

    def guest(self) -> Guest:
        """The guest with the cells loaded; started if there is none, or none fit for use.

        Processes that an earlier exercise left behind are killed, and their sandbox with them.
        """
        if self._guest is not None and self._guest.has_company:
            self.kill()
        while self._guest is None:
            guest = Guest(self._isolation, self.limits)
            try:
                self._load(guest)
            except (Closed, TimedOut):
                guest.kill()
            except BaseException:
                guest.kill()
                raise
            else:
                self._guest = guest
        return self._guest

    def kill(self) -> None:
        if self._guest is not None:
            self._guest.kill()
            self._guest = None

    def _load(self, guest: Guest) -> None:
        """Run the cells; one that hangs or ends the guest is skipped from then on."""
        unfinished = []
        for cell in self._cells:
            if cell.index in self._skipped:
                continue
            if time.monotonic() > self.deadline:
                self._skip(cell, "was not run: the time for this notebook is used up")
                continue
            try:
                request = RunCell(op="cell", index=cell.index, source=cell.source)
                reply = guest.ask(request, self._cell_deadline())
                self._note(cell, reply)
            except (Closed, TimedOut) as error:
                self._skip(cell, self._why_skipped(error, lacked_memory=guest.lacked_memory))
                raise
            if reply.get("more") and cell.index not in self._given_up:
                unfinished.append(cell)
        for cell in unfinished:
            self._take_up(guest, cell)

    def _take_up(self, guest: Guest, cell: Cell) -> None:
        """Define missing names from the lines below the place where ``cell`` stopped."""
        if time.monotonic() > self.deadline:
            return
        try:
            reply = guest.ask(TakeUp(op="take up", index=cell.index), self._cell_deadline())
        except (Closed, TimedOut):
            self._given_up.add(cell.index)
            raise
        if names := _lines(reply.get("taken")):
            self._taken |= dict.fromkeys(names, cell.index)
            before = self._problems.get(cell.index)
            message = (f"{before.message}. " if before else "") + taken_up(names)
            self._problems[cell.index] = CellProblem(cell.index, message)

    def _cell_deadline(self) -> float:
        return min(time.monotonic() + self.limits.cell_seconds, self.deadline)

    def _note(self, cell: Cell, reply: Mapping[str, object]) -> None:
        """Record the message on a cell that has run or raised."""
        error = error_of(reply["error"]) if "error" in reply else None
        self._problems.pop(cell.index, None)
        if message := cell_message(_lines(reply.get("notes")), error, self._python):
            self._problems[cell.index] = CellProblem(cell.index, message)

    def _skip(self, cell: Cell, why: str) -> None:
        self._skipped.add(cell.index)
        self._problems[cell.index] = CellProblem(cell.index, why)

    def _why_skipped(self, error: Exception, *, lacked_memory: bool) -> str:
        if lacked_memory:
            return f"used more than {self.limits.memory // 2**20} MiB of memory and was skipped"
        if isinstance(error, TimedOut):
            return f"did not finish within {self.limits.cell_seconds:g} s and was skipped"
        return "ended the Python process and was skipped"


def _lines(texts: object) -> list[str]:
    """The first few lines of a list from the guest, each cut short."""
    return [*map(one_line, texts[:_MOST_NOTES])] if isinstance(texts, list) else []
