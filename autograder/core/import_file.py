"""Importing an author's Python files from wherever they lie."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from autograder.core.errors import AuthorError

__all__ = ["import_file", "import_files", "line_in", "line_of"]


def import_file(path: Path) -> ModuleType:
    """The Python file ``path`` as a module of its own, whatever its name.

    Raises AuthorError, naming the file and the line, when it is not there or not in order.
    """
    (module,) = import_files(path.parent, [path])
    return module


def import_files(folder: Path, paths: Iterable[Path]) -> list[ModuleType]:
    """The Python files ``paths`` below ``folder``, imported as modules of one package.

    So they can import what lies beside them or above, up to ``folder``, with a relative import
    (``from ..shared_hidden import …``), and share it. No other code can import the package, and a
    later call reads the files again. Raises AuthorError like ``import_file``.
    """
    package = ModuleType(f"unroll_{folder.name}")
    while package.__name__ in sys.modules:  # a file that imports another one of its folder
        package.__name__ += "_"
    package.__path__ = [str(folder)]
    sys.modules[package.__name__] = package
    importlib.invalidate_caches()
    try:
        return [_import(path, folder, package.__name__) for path in paths]
    finally:
        for name in list(sys.modules):
            if f"{name}.".startswith(f"{package.__name__}."):
                del sys.modules[name]


def _import(path: Path, folder: Path, package: str) -> ModuleType:
    name = ".".join((package, *path.relative_to(folder).with_suffix("").parts))
    spec = importlib.util.spec_from_file_location(name, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise AuthorError(f"{path} is missing")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # neither SystemExit nor pytest's own are an Exception
        place = _place(error, path, folder)
        if isinstance(error, AuthorError):
            raise AuthorError(f"{place}: {error}") from error
        raise AuthorError(
            f"{place}: it cannot be imported: {type(error).__name__}: {error}"
        ) from error
    return module


def _place(error: BaseException, path: Path, folder: Path) -> str:
    """The line of a file in ``folder`` where ``error`` was raised, or else ``path``."""
    if isinstance(error, SyntaxError) and error.lineno:
        return f"{error.filename}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(folder)]
    return f"{own[-1].filename}:{own[-1].lineno}" if own else str(path)


def line_in(path: Path | str, error: BaseException) -> int:
    """The line of the file ``path`` at which ``error`` arose; 0 where it arose elsewhere."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return error.lineno or 0
    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno or 0 for f in reversed(frames) if f.filename == str(path)), 0)


def line_of(function: Callable[..., Any]) -> int:
    """The line at which a function begins in its file, with its decorators."""
    code: CodeType = inspect.unwrap(function).__code__
    return code.co_firstlineno
