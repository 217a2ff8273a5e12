"""A notebook's imports: NumPy, the standard library, files that cells wrote, and stand-ins."""

from __future__ import annotations

import ast
import builtins
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from autograder.sandbox.guest.observe import CELL, remember_lines
from autograder.sandbox.guest.packages import is_absent, is_unknown, remark
from autograder.sandbox.guest.stand_ins import Phase, StandIn, stand_in_of

__all__ = ["Importer", "guarded"]

_CATCHES = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
_GIVES_UP = {"exit", "quit", "_exit"}
_MOST_FILES = 100
_PYLAB = {"pylab", "matplotlib.pylab"}  # NumPy's names, and those for drawing


@dataclass(frozen=True)
class _File:
    """A file that a cell wrote, and the file name of its code, which names the cell."""

    text: str
    filename: str


class Importer(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Answers the imports that a notebook's own code makes, and no others.

    ``guards`` has the lines of each cell whose imports of absent packages fail, because the student
    handles the ImportError there. ``notes`` are remarks on the running cell, for the report.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.phase = Phase()
        self.guards: dict[str, list[range]] = {}
        self.notes: dict[str, None] = {}
        self.has_failed_guard = 0
        self._namespace = namespace
        self._files: dict[str, _File] = {}

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if name in self._files:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        package = name.partition(".")[0]
        if not is_absent(package):
            return None
        caller = _caller()
        if caller is None or not self._is_own(caller) or _only_asks():
            return None
        line = caller.f_lineno
        if any(line in lines for lines in self.guards.get(caller.f_code.co_filename, ())):
            self.has_failed_guard = self.has_failed_guard or line
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        if is_unknown(package) and not self.phase.is_graded:
            self.notes[f"imports {package}, {remark(package)}"] = None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: Any) -> types.ModuleType | None:
        if spec.name in self._files:
            return None
        if spec.name in _PYLAB:
            return _Pylab(spec.name, self)
        return _Package(spec.name, self)

    def exec_module(self, module: types.ModuleType) -> None:
        if file := self._files.get(module.__name__):
            vars(module)["__builtins__"] = self._namespace["__builtins__"]
            self.run_file(file, vars(module))

    def write(self, path: str, text: str, filename: str, *, appends: bool) -> None:
        """Make ``text`` importable as the file ``path``, which the cell ``filename`` writes."""
        *folders, last = [part for part in PurePosixPath(path).parts if part != "/"] or [""]
        parts = [*folders, last.removesuffix(".py")]
        if not last.endswith(".py") or len(self._files) + len(parts) > _MOST_FILES:
            return
        code = f"{filename[:-1]} ({last[:80]})>"
        for name in {".".join(parts), parts[-1]}:
            before = self._files.get(name)
            if appends and before:
                self._files[name] = replace(before, text=before.text + text)
            elif is_absent(name.partition(".")[0]):
                self._files[name] = _File(text, code)
        for depth in range(1, len(parts)):
            self._files.setdefault(".".join(parts[:depth]), _File("", code))

    def written(self, path: str) -> _File | None:
        """The file ``path``, if a cell has written it."""
        return self._files.get(PurePosixPath(path).stem)

    def run_file(self, file: _File, namespace: dict[str, Any]) -> None:
        remember_lines(file.filename, file.text)
        exec(compile(file.text, file.filename, "exec"), namespace)

    def name_everything(self, package: str) -> None:
        """Let names that nothing defines be stand-ins, after ``from package import *``."""
        known = self._namespace["__builtins__"]
        self._namespace["__builtins__"] = _WithStandIns(known, package, self.phase)

    def forget(self, packages: set[str]) -> None:
        """Import these packages again at their next import, if they are stand-ins."""
        for name, module in list(sys.modules.items()):
            if isinstance(module, StandIn) and name.partition(".")[0] in packages:
                del sys.modules[name]

    def _is_own(self, frame: types.FrameType) -> bool:
        return frame.f_code.co_filename.startswith(CELL) or frame.f_globals is self._namespace


class _Package(StandIn):
    """A stand-in for an imported package."""

    __file__ = None

    def __init__(self, name: str, importer: Importer) -> None:
        super().__init__(stand_in_of(name, importer.phase)._unroll)
        self._importer = importer

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":  # `from … import *` reads it
            self._importer.name_everything(self._unroll.package)
        return super().__getattr__(name)


class _Pylab(_Package):
    """matplotlib's pylab: NumPy's names, and stand-ins for drawing."""

    def __getattr__(self, name: str) -> Any:
        if name == "np":
            return np
        if name == "__all__":
            self._importer.name_everything(self._unroll.package)
            return ["np", *(each for each in np.__all__ if not hasattr(builtins, each))]
        return getattr(np, name) if name in np.__all__ else super().__getattr__(name)


class _WithStandIns(dict[str, Any]):
    """Builtins, and stand-ins for all other names, as if a package had brought them."""

    def __init__(self, known: Mapping[str, Any], package: str, phase: Phase) -> None:
        super().__init__(known)
        self._package, self._phase = package, phase

    def __missing__(self, name: str) -> Any:
        if name.startswith("__"):
            raise KeyError(name)
        return getattr(stand_in_of(self._package, self._phase), name)


def _caller() -> types.FrameType | None:
    """The frame that imports something: the innermost one outside the import system."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame and _module_of(frame).partition(".")[0] in ("importlib", "autograder"):
        frame = frame.f_back
    return frame


def _only_asks() -> bool:
    """Whether `importlib.util.find_spec` only asks whether a package exists."""
    return "importlib.util" in (_module_of(sys._getframe(2)), _module_of(sys._getframe(3)))


def _module_of(frame: types.FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).removeprefix("_frozen_")


def guarded(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements in ``tree`` whose author handles a failing import."""
    for node in ast.walk(tree):
        match node:
            case ast.Try(body=body, handlers=handlers):
                if any(_catches(handler) and not _gives_up(handler) for handler in handlers):
                    yield from body
            case ast.With(items=[ast.withitem(ast.Call(func, args))], body=body):
                called = _last_name(func)
                if called == "suppress" and any(_last_name(arg) in _CATCHES for arg in args):
                    yield from body


def _catches(handler: ast.ExceptHandler) -> bool:
    kinds = ast.walk(handler.type) if handler.type else ()
    return handler.type is None or any(_last_name(kind) in _CATCHES for kind in kinds)


def _gives_up(handler: ast.ExceptHandler) -> bool:
    return any(
        isinstance(node, ast.Raise)
        or (isinstance(node, ast.Call) and _last_name(node.func) in _GIVES_UP)
        for node in ast.walk(handler)
    )


def _last_name(node: ast.AST) -> str:
    match node:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
    return ""
