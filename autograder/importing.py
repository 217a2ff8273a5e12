"""Importing an author's Python file from wherever it lies."""

from __future__ import annotations

import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from autograder.model import AuthorError

__all__ = ["import_file", "line_in", "line_of"]


def import_file(path: Path) -> ModuleType:
    """The Python file ``path`` as a module of its own, whatever its name.

    Raises AuthorError, naming the file and the line, when it is not there or not in order.
    """
    name = f"unroll_{path.parent.name}_{path.stem}"
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
        where = f"{path}:{line}" if (line := line_in(path, error)) else str(path)
        if isinstance(error, AuthorError):
            raise AuthorError(f"{where}: {error}") from error
        raise AuthorError(
            f"{where}: it cannot be imported: {type(error).__name__}: {error}"
        ) from error
    finally:
        del sys.modules[name]
    return module


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
