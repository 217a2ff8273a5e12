"""Additions of Jupyter to Python: names, the shell that magics call, an event loop."""

from __future__ import annotations

import _sitebuiltins
import builtins
import contextlib
import shlex
import sys
from collections.abc import Callable
from typing import Any

from autograder.sandbox.guest.imports import Importer
from autograder.sandbox.guest.stand_ins import StandIn, find_stand_in, stand_in_of

__all__ = ["add_names", "run_coroutine"]

_HISTORY = ["In", "Out", "_", "__", "___", "_i", "_ii", "_iii", "_ih", "_oh", "_dh"]
_WRITES = {"writefile", "file"}


class ZMQInteractiveShell(StandIn):
    """``get_ipython()``: runs and imports files that cells wrote; everything else does nothing."""

    def __init__(
        self, importer: Importer, namespace: dict[str, Any], cell: Callable[[], str]
    ) -> None:
        super().__init__(stand_in_of("IPython", importer.phase)._unroll)
        self._importer, self._cell = importer, cell
        self.user_ns = self.user_global_ns = namespace

    def run_cell_magic(self, name: str, line: str = "", body: str = "") -> Any:
        if name in _WRITES and (words := _words(line)):
            self._importer.write(words[-1], body, self._cell(), appends="-a" in words)
        return stand_in_of("IPython", self._importer.phase)

    def run_line_magic(self, name: str, line: str = "", *others: Any) -> Any:
        if name == "pylab":
            exec("from pylab import *", self.user_ns)
        if name == "run":
            self._run(line)
        return stand_in_of("IPython", self._importer.phase)

    def _run(self, line: str) -> None:
        path = next((word for word in _words(line) if not word.startswith("-")), "")
        file = self._importer.written(path)
        if file is None:
            self._importer.notes[f"runs {path}, which the grader does not have"] = None
        else:
            self._importer.run_file(file, self.user_ns)


class _Exit:
    """``exit`` and ``quit``: while cells load, calling them does nothing."""

    def __init__(self, name: str, importer: Importer) -> None:
        self._name, self._importer = name, importer

    def __repr__(self) -> str:
        return f"<{self._name}>"

    def __call__(self, code: Any = None, *args: Any, **kwargs: Any) -> None:
        if self._importer.phase.is_graded:
            raise SystemExit(code)
        self._importer.notes[f"calls `{self._name}()`, which does nothing here"] = None


def add_names(importer: Importer, namespace: dict[str, Any], cell: Callable[[], str]) -> None:
    """Add the names that a notebook expects to ``namespace``; ``cell`` names the running cell."""
    shell = ZMQInteractiveShell(importer, namespace, cell)
    namespace["__builtins__"] = {
        **vars(builtins),
        "copyright": _sitebuiltins._Printer("copyright", sys.copyright),
        "credits": _sitebuiltins._Printer("credits", "See https://www.python.org/psf/"),
        "license": _sitebuiltins._Printer("license", "See https://docs.python.org/3/license.html"),
        "help": _help,
        "input": _input,
        "display": _Display(importer),
        "get_ipython": lambda: shell,
    }
    namespace.update(get_ipython=lambda: shell)
    namespace.update({name: _Exit(name, importer) for name in ("exit", "quit")})
    namespace.update(dict.fromkeys(_HISTORY, stand_in_of("IPython", importer.phase)))


class _Display:
    """``display``: shows nothing; returns a handle if one is asked for."""

    def __init__(self, importer: Importer) -> None:
        self._importer = importer

    def __call__(self, *shown: Any, display_id: Any = None, **settings: Any) -> Any:
        return stand_in_of("IPython", self._importer.phase) if display_id else None


def _help(*about: Any) -> None:
    """Print the documentation of ``about``; do nothing without arguments or for stand-ins."""
    if about and not find_stand_in(about):
        import pydoc

        with contextlib.suppress(Exception):
            pydoc.help(*about)


def _input(prompt: object = "") -> str:
    raise EOFError("EOF when reading a line")


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()


def run_coroutine(coroutine: Any) -> None:
    """Run a cell that awaits something in the notebook's only event loop."""
    import asyncio

    try:
        loop = asyncio.get_event_loop()
    except RuntimeError:  # no event loop yet, or a cell has removed it
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
    loop.run_until_complete(coroutine)
