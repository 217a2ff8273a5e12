"""Import an author's Python files from any folder."""

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
    """Import the Python file ``path`` as a module of its own, whatever its name.

    Raises AuthorError, naming the file and the line, if it is missing or raises.
    """
    (module,) = import_files(path.parent, [path])
    return module


def import_files(folder: Path, paths: Iterable[Path]) -> list[ModuleType]:
    """Import the Python files ``paths`` below ``folder`` as modules of one package.

    The files share what lies beside or above them, up to ``folder``, through relative imports
    (``from ..shared_hidden import …``). No other code can import the package, and a later call
    reads the files again. Raises AuthorError like ``import_file``.
    """
    package = ModuleType(f"unroll_{folder.name}")
    while package.__name__ in sys.modules:  # import_files can be called by a file that it imports
        package.__name__ += "_"
    package.__path__ = [str(folder)]
    sys.modules[package.__name__] = package
    importlib.invalidate_caches()
    try:
        return [_import(path, folder, package.__name__) for path in paths]
    finally:  # otherwise a later call would get these modules, even if the files have changed
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
    except BaseException as error:  # SystemExit and pytest's outcomes are no Exception
        place = _place(error, path, folder)
        if isinstance(error, AuthorError):
            raise AuthorError(f"{place}: {error}") from error
        raise AuthorError(
            f"{place}: it cannot be imported: {type(error).__name__}: {error}"
        ) from error
    return module


def _place(error: BaseException, path: Path, folder: Path) -> str:
    """The file in ``folder`` and the line where ``error`` was raised; otherwise ``path``."""
    if isinstance(error, SyntaxError) and error.lineno:
        return f"{error.filename}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(folder)]
    return f"{own[-1].filename}:{own[-1].lineno}" if own else str(path)


def line_in(path: Path | str, error: BaseException) -> int:
    """The line of the file ``path`` at which ``error`` arose; 0 if it arose elsewhere."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return error.lineno or 0
    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno or 0 for f in reversed(frames) if f.filename == str(path)), 0)


def line_of(function: Callable[..., Any]) -> int:
    """The line at which a function begins in its file, including its decorators."""
    code: CodeType = inspect.unwrap(function).__code__
    return code.co_firstlineno
