"""The names that modules had before version 0.2, for courses that were released with them.

Their ``nbgrader_config.py`` and the public tests that their students have import these. Version 1.0
will remove the table.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType

__all__ = ["OLD_NAMES", "find_old_names"]

OLD_NAMES = {
    "autograder.assertions": ("autograder.testing.forward_backward",),
    "autograder.compare": ("autograder.testing.compare",),
    "autograder.gradcheck": ("autograder.testing.gradcheck",),
    "autograder.model": ("autograder.core.errors", "autograder.core.results"),
    "autograder.nbgrader_plugin": (
        "autograder.nbgrader_bridge.mend_cells",
        "autograder.nbgrader_bridge.grade_cells",
    ),
    "autograder.nbgrader_reader": ("autograder.nbgrader_bridge.exporter",),
    "autograder.strategies": ("autograder.testing.strategies",),
}


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports an old name as a module that looks its attributes up in the current modules."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        return importlib.machinery.ModuleSpec(name, self) if name in OLD_NAMES else None

    def exec_module(self, module: ModuleType) -> None:
        old = module.__name__

        def look_up(name: str) -> object:
            for each in OLD_NAMES[old]:
                found = vars(importlib.import_module(each))
                if name in found:
                    return found[name]
            raise AttributeError(f"module {old!r} has no attribute {name!r}")

        vars(module)["__getattr__"] = look_up


def find_old_names() -> None:
    """Let imports find the old names as well."""
    sys.meta_path.append(_Finder())
