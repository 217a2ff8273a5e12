"""Run a notebook's cells outside Jupyter, statement by statement, as Jupyter does.

A cell that fails has run up to the statement that failed. The names that it alone defines below
that statement can be taken up afterwards.
"""

from __future__ import annotations

import ast
import inspect
import types
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from autograder.sandbox.guest.imports import Importer, guarded
from autograder.sandbox.guest.jupyter import add_names, run_coroutine
from autograder.sandbox.guest.observe import CELL, remember_lines

__all__ = ["Notebook"]

_COMPUTES = (ast.Call, ast.Await, ast.Yield, ast.comprehension, ast.NamedExpr)
_OF_A_LOOP = {"create_task", "get_running_loop", "ensure_future"}
_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Notebook:
    """A ``__main__`` in which cells run. Once installed, ``importer`` answers their imports."""

    def __init__(self) -> None:
        self.module = types.ModuleType("__main__")
        self.namespace = vars(self.module)
        self.importer = Importer(self.namespace)
        self._file = ""
        self._left: dict[int, list[ast.stmt]] = {}
        add_names(self.importer, self.namespace, lambda: self._file)

    def run(self, index: int, source: str) -> None:
        """Run code cell ``index``; its exceptions pass through, with the cell as file name."""
        self._file = f"{CELL}{index}>"
        self.importer.notes.clear()
        self.importer.has_failed_guard = 0
        remember_lines(self._file, source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source, self._file)
            self._guard(tree)
            for i, statement in enumerate(tree.body):
                try:
                    self._execute(statement, self.namespace)
                except Exception as error:
                    line = _line_of(error, self._file)
                    again = [statement, *_below([statement], line)]  # its needs may come later
                    self._left[index] = [*again, *tree.body[i + 1 :]]
                    raise
            if line := self.importer.has_failed_guard:
                self._left[index] = [each for each in _below(tree.body, line) if _is_import(each)]

    def has_more(self, index: int) -> bool:
        """Whether ``take_up`` may find definitions in what did not run of cell ``index``."""
        return bool(self._left.get(index))

    def take_up(self, index: int) -> list[str]:
        """Define the missing names at or below the statement where cell ``index`` stopped.

        Functions, classes, imports and constants run one by one. Returns the names.
        """
        self._file = f"{CELL}{index}>"
        taken: list[str] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for statement in _definitions(self._left[index]):
                try:
                    taken += self._define(statement)
                except BaseException:  # a decorator may raise anything; the others still count
                    continue
        return taken

    def _guard(self, tree: ast.Module) -> None:
        statements = [*guarded(tree)]
        ends = [(each.lineno, each.end_lineno or each.lineno) for each in statements]
        self.importer.guards[self._file] = [range(first, last + 1) for first, last in ends]
        self.importer.forget({name.partition(".")[0] for name in _imported(statements)})

    def _execute(self, statement: ast.stmt, namespace: dict[str, Any]) -> None:
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code = compile(ast.Module([statement], []), self._file, "exec", flags)
        if code.co_flags & inspect.CO_COROUTINE:
            run_coroutine(eval(code, namespace))
        elif _asks_for_loop(statement):
            run_coroutine(_within_loop(code, namespace))
        else:
            exec(code, namespace)

    def _define(self, statement: ast.stmt) -> list[str]:
        """Run ``statement`` for the names that are missing; existing names keep their values."""
        if _is_import(statement) or isinstance(statement, ast.Try):
            space = dict(self.namespace)
            self._execute(statement, space)
            found = space.keys() - self.namespace.keys()
            self.namespace.update({name: space[name] for name in found})
            return sorted(found)
        names = {*_bound(statement)}
        existing = {name: self.namespace[name] for name in names if name in self.namespace}
        if len(existing) < len(names):
            self._execute(statement, self.namespace)
            self.namespace.update(existing)
        return sorted(names - existing.keys())


def _asks_for_loop(statement: ast.stmt) -> bool:
    """Whether ``statement`` itself uses the event loop that runs in Jupyter."""
    return not isinstance(statement, _Function | ast.ClassDef) and any(
        isinstance(node, ast.Attribute | ast.Name)
        and getattr(node, "attr", getattr(node, "id", "")) in _OF_A_LOOP
        for node in ast.walk(statement)
    )


async def _within_loop(code: types.CodeType, namespace: dict[str, Any]) -> None:
    exec(code, namespace)


def _line_of(error: BaseException, filename: str) -> int:
    """The line of the cell at which ``error`` stopped it, whatever that line called."""
    line, at = 0, error.__traceback__
    while at is not None:
        code = at.tb_frame.f_code
        if code.co_filename == filename and code.co_name == "<module>":
            line = at.tb_lineno or line
        at = at.tb_next
    return line


def _below(body: Iterable[ast.stmt], line: int) -> Iterator[ast.stmt]:
    """The statements below ``line``, in the blocks that contain it."""
    for statement in body:
        if statement.lineno > line:
            yield statement
        elif line <= (statement.end_lineno or 0) and not isinstance(
            statement, _Function | ast.ClassDef
        ):
            blocks = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
            blocks += [handler.body for handler in getattr(statement, "handlers", [])]
            inside = [each for each in blocks if each and line <= (each[-1].end_lineno or 0)]
            yield from _below(inside[0] if inside else [], line)


def _definitions(statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that define functions, classes or constants, or import."""
    for statement in statements:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield statement
            case ast.Import() | ast.ImportFrom():
                yield statement
            case ast.Try(body=body) if all(_is_import(each) for each in body):
                yield statement
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                if isinstance(value, ast.Lambda) or not any(
                    isinstance(node, _COMPUTES) for node in ast.walk(value)
                ):
                    yield statement
            case ast.If(test=ast.Compare(left=ast.Name("__name__")), body=body):
                yield from _definitions(body)


def _bound(statement: ast.stmt) -> Iterator[str]:
    """The names that a definition or an assignment binds."""
    if isinstance(statement, _Function | ast.ClassDef):
        yield statement.name
    else:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def _is_import(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _imported(statements: Iterable[ast.stmt]) -> Iterator[str]:
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module or ""
