"""Importing an author's Python files from wherever they lie."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from autograder.core.errors import AuthorError

__all__ = ["import_file", "import_files"]


def import_file(path: Path) -> ModuleType:
    """The Python file ``path`` as a module of its own, whatever its name.

    Raises AuthorError, naming the file, when it is not there or not in order.
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
    except AuthorError as error:
        raise AuthorError(f"{_place(error, path, folder)}: {error}") from error
    except Exception as error:
        place = _place(error, path, folder)
        raise AuthorError(f"{place} cannot be imported: {type(error).__name__}: {error}") from error
    return module


def _place(error: Exception, path: Path, folder: Path) -> str:
    """The line of a file in ``folder`` where ``error`` was raised, or else ``path``."""
    if isinstance(error, SyntaxError) and error.lineno:
        return f"{error.filename}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(folder)]
    return f"{own[-1].filename}:{own[-1].lineno}" if own else str(path)
