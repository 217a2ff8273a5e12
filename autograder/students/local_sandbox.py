"""Run a notebook's cells in this process, on systems without `fork`."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder.core.results import CellProblem
from autograder.sandbox.guest.cells import Notebook
from autograder.sandbox.guest.observe import describe_error
from autograder.sandbox.guest.stand_ins import StandIn
from autograder.sandbox.host.cell_problems import cell_message, taken_up, without_echoes
from autograder.sandbox.host.limits import Limits
from autograder.students.base import Reply, Student
from autograder.students.local import LocalStudent
from autograder.students.time_limit import TimeUp, time_limit
from autograder.submission.notebook import Cell

__all__ = ["LocalSandbox"]


class LocalSandbox:
    """A substitute for ``Sandbox`` without its guarantees, for code that its user trusts.

    Modules that this process has already loaded are not replaced by stand-ins.
    """

    def __init__(
        self, cells: Sequence[Cell], limits: Limits | None = None, python: str = ""
    ) -> None:
        self._limits, self._python = limits or Limits(), python
        self._notebook = Notebook()
        self._messages: dict[int, str] = {}
        self._taken: dict[str, int] = {}
        with _importing(self._notebook), contextlib.redirect_stdout(io.StringIO()):
            # All cells first: another cell may define what the rest of a stopped cell would.
            for cell in cells:
                self._run(cell)
            for cell in cells:
                if self._notebook.has_more(cell.index):
                    self._take_up(cell.index)
        self._notebook.importer.phase.is_graded = True

    @property
    def problems(self) -> tuple[CellProblem, ...]:
        problems = [CellProblem(*each) for each in sorted(self._messages.items()) if each[1]]
        return without_echoes(problems, self._taken)

    @contextlib.contextmanager
    def exercise(self) -> Iterator[Student]:
        """The functions, for the tests of one exercise."""
        yield _Student(self._notebook, self._limits)

    def _run(self, cell: Cell) -> None:
        error, notes = None, self._notebook.importer.notes
        try:
            with time_limit(self._limits.cell_seconds):
                self._notebook.run(cell.index, cell.source)
        except TimeUp:
            late = f"did not finish within {self._limits.cell_seconds:g} s and was stopped"
            self._messages[cell.index] = late
            return
        except (Exception, SystemExit) as raised:
            error = describe_error(raised)
        self._messages[cell.index] = cell_message([*notes], error, self._python)

    def _take_up(self, index: int) -> None:
        names: list[str] = []
        with contextlib.suppress(TimeUp), time_limit(self._limits.cell_seconds):
            names = self._notebook.take_up(index)
        if names:
            self._taken |= dict.fromkeys(names, index)
            before = self._messages[index]
            self._messages[index] = (f"{before}. " if before else "") + taken_up(names)


class _Student(LocalStudent):
    """The functions of a notebook; its importer answers their imports during each call."""

    def __init__(self, notebook: Notebook, limits: Limits) -> None:
        super().__init__(notebook.namespace, limits)
        self._notebook = notebook

    def _run(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        with _importing(self._notebook):
            return super()._run(name, args, kwargs)


@contextlib.contextmanager
def _importing(notebook: Notebook) -> Iterator[None]:
    """Let a notebook's importer answer this process's imports, then remove all stand-ins."""
    sys.meta_path.insert(0, notebook.importer)
    try:
        yield
    finally:
        sys.meta_path.remove(notebook.importer)
        for name, loaded in list(sys.modules.items()):
            if isinstance(loaded, StandIn):
                del sys.modules[name]
