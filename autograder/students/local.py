"""Functions of this process: a notebook's own, a reference's, a misconception's."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from autograder.core.results import CellProblem
from autograder.sandbox.guest.cells import InertFinder, new_module, run_cell
from autograder.sandbox.guest.observe import copied, describe_error, observe
from autograder.sandbox.host.exception_text import sentence
from autograder.students.base import Reply, Student, missing, raised
from autograder.submission.notebook import Cell

__all__ = ["LocalStudent", "load_local"]


class LocalStudent(Student):
    """Functions of a namespace of this process: a notebook's own, a reference, a misconception."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        super().__init__()
        self._namespace = namespace

    def read_value(self, name: str) -> object:
        return self._namespace.get(name)

    def _run(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        function = self._namespace.get(name)
        if not callable(function):
            raise missing(name)
        args, kwargs = copied(args), copied(dict(kwargs))
        try:
            seen = observe(function, args, kwargs)
        except Exception as error:
            raise raised(name, describe_error(error)) from None
        return Reply(seen.value, seen.mutated, seen.warnings, seen.printed)


def load_local(cells: Iterable[Cell]) -> tuple[LocalStudent, tuple[CellProblem, ...]]:
    """The functions that ``cells`` define, run in this process, and the cells that raised.

    For a student's own check of their own code; plots and displays are idle.
    """
    module = new_module()
    problems = []
    finder = InertFinder()
    sys.meta_path.insert(0, finder)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            for cell in cells:
                try:
                    run_cell(vars(module), cell.index, cell.source)
                except Exception as error:
                    problems.append(CellProblem(cell.index, sentence(describe_error(error))))
    finally:
        sys.meta_path.remove(finder)
        for name, loaded in list(sys.modules.items()):
            if isinstance(getattr(loaded, "__loader__", None), InertFinder):
                del sys.modules[name]
    return LocalStudent(vars(module)), tuple(problems)
