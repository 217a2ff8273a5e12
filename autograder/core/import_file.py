"""Importing an author's Python file from wherever it lies."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from autograder.core.errors import AuthorError

__all__ = ["import_file"]


def import_file(path: Path) -> ModuleType:
    """The Python file ``path`` as a module of its own, whatever its name.

    Raises AuthorError, naming the file, when it is not there or not in order.
    """
    name = f"unroll_{path.parent.name}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise AuthorError(f"{path} is missing")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except AuthorError as error:
        raise AuthorError(f"{path}: {error}") from error
    except Exception as error:
        raise AuthorError(f"{path} cannot be imported: {type(error).__name__}: {error}") from error
    finally:
        del sys.modules[name]
    return module
