"""Rebuild a live notebook's functions as the grader sees them, without absent packages."""

from __future__ import annotations

import ast
import builtins
import contextlib
import dis
import inspect
import sys
import textwrap
import types
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from autograder.sandbox.guest.imports import guarded
from autograder.sandbox.guest.packages import is_absent
from autograder.sandbox.guest.stand_ins import Phase, stand_in_of

__all__ = ["as_graded"]

_THERE = {"__main__", "IPython", "ipykernel"}  # the notebook itself, and Jupyter


def as_graded(namespace: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], list[str]]:
    """The namespace in which ``check`` calls ``name``, and the used packages that the grader lacks.

    If there are any, the functions are copies that use stand-ins for them; the notebook's own
    functions stay unchanged.
    """
    graded = _Graded(namespace)
    graded.space[name] = graded.value(name, namespace.get(name))
    if not graded.packages:
        return namespace, []
    return graded.space, sorted(graded.packages)


class _Graded:
    """A copy of a namespace, in which each function in use is replaced with a rebuilt one."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self.space = {**namespace, "__builtins__": {**vars(builtins), "__import__": self._import}}
        self.packages: set[str] = set()
        self._namespace, self._phase = namespace, Phase(is_graded=True)
        self._made: dict[int, types.FunctionType] = {}
        self._guards: dict[str, list[range]] = {}

    def value(self, key: str, value: Any) -> Any:
        """The substitute for ``value``, which the notebook calls ``key``."""
        if self._is_own(value):
            return self._function(value)
        if isinstance(value, type) and value.__module__ == "__main__":
            for method in filter(self._is_own, vars(value).values()):
                self._function(method)
        origin = _origin(key, value)
        if not _is_lacking(origin):
            return value
        for attribute in ("py_func", "__wrapped__"):  # compiled functions, for example numba's
            if self._is_own(inside := inspect.getattr_static(value, attribute, None)):
                return self._function(inside)
        return self._stand_in(origin)

    def _is_own(self, value: object) -> bool:
        return isinstance(value, types.FunctionType) and value.__globals__ is self._namespace

    def _stand_in(self, name: str) -> Any:
        self.packages.add(name.partition(".")[0])
        return stand_in_of(name, self._phase)

    def _function(self, old: types.FunctionType) -> types.FunctionType:
        if id(old) in self._made:
            return self._made[id(old)]
        cells = tuple(types.CellType() for _ in old.__closure__ or ())
        defaults = tuple(self.value("", each) for each in old.__defaults__ or ())
        new = types.FunctionType(old.__code__, self.space, old.__name__, defaults, cells)
        new.__kwdefaults__, new.__qualname__ = old.__kwdefaults__, old.__qualname__
        self._made[id(old)] = new  # before what it refers to: a function may call itself
        self._guards.setdefault(old.__code__.co_filename, []).extend(_guarded_lines(old))
        for mine, theirs in zip(cells, old.__closure__ or (), strict=True):
            with contextlib.suppress(ValueError):  # an empty cell
                mine.cell_contents = self.value("", theirs.cell_contents)
        for name in _names(old.__code__):
            if name in self._namespace:
                self.space[name] = self.value(name, self._namespace[name])
        for name in _imports(old.__code__):
            if _is_lacking(name):
                self.packages.add(name.partition(".")[0])
        return new

    def _import(
        self, name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> Any:
        package = name.partition(".")[0]
        if level or not _is_lacking(package):
            return __import__(name, globals, locals, fromlist, level)
        caller = sys._getframe(1)
        guards = self._guards.get(caller.f_code.co_filename, ())
        if any(caller.f_lineno in lines for lines in guards):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return self._stand_in(name if fromlist else package)


def _is_lacking(name: str) -> bool:
    package = name.partition(".")[0]
    return is_absent(package) and package not in _THERE


def _origin(key: str, value: object) -> str:
    """The origin of ``value``, as ``package.name``."""
    if isinstance(value, types.ModuleType):
        return value.__name__
    if isinstance(value, np.ufunc) and getattr(np, value.__name__, None) is not value:
        for name in list(sys.modules):  # a ufunc does not tell its package
            if _is_lacking(name) and _has(sys.modules[name], value):
                return f"{name}.{key}"
    is_named = isinstance(value, type) or inspect.isroutine(value)
    owner = value if is_named else type(value)
    module = getattr(owner, "__module__", None) or "builtins"
    return f"{module}.{getattr(owner, '__name__', key) if is_named else key}"


def _has(module: object, function: np.ufunc) -> bool:
    return any(each is function for each in list(getattr(module, "__dict__", {}).values()))


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """A function's code, and the code of the functions defined in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _names(code: types.CodeType) -> set[str]:
    return {name for each in _codes(code) for name in each.co_names}


def _imports(code: types.CodeType) -> Iterator[str]:
    for each in _codes(code):
        for instruction in dis.get_instructions(each):
            if instruction.opname == "IMPORT_NAME":
                yield str(instruction.argval)


def _guarded_lines(function: types.FunctionType) -> Iterator[range]:
    """The lines of the function's cell whose failing imports it handles."""
    try:
        lines, first = inspect.getsourcelines(function)
        tree = ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, SyntaxError, TypeError):
        return
    for each in guarded(tree):
        yield range(first + each.lineno - 1, first + (each.end_lineno or each.lineno))
