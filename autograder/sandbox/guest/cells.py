"""Running a notebook's cells outside Jupyter: no display, no shell, no plots, and no harm."""

from __future__ import annotations

import dis
import importlib.abc
import importlib.machinery
import linecache
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from autograder.sandbox.guest.observe import CELL

__all__ = ["InertFinder", "new_module", "run_cell"]


class _Inert(types.ModuleType):
    """Stands in for what a notebook imports for show (matplotlib, check): does nothing, quietly."""

    __path__: list[str] = []  # noqa: RUF012  (a module's attribute)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Inert(name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _Inert(self.__name__)

    def __getitem__(self, key: Any) -> Any:
        return _Inert(self.__name__)

    def __iter__(self) -> Iterator[Any]:
        return iter([_Inert(self.__name__) for _ in range(_unpacked_by(sys._getframe(1)))])

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *exception: object) -> None:
        return None


def _unpacked_by(frame: types.FrameType) -> int:
    """How many names ``frame`` is unpacking into just now (``fig, axes = plt.subplots()``).

    The number stands in the bytecode only. 1 where it does not unpack: a loop runs once.
    """
    code, position = frame.f_code.co_code, frame.f_lasti
    is_unpacking = dis.opname[code[position]] == "UNPACK_SEQUENCE"
    return code[position + 1] if is_unpacking else 1


class InertFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    packages = frozenset({"autograder", "quiz", "matplotlib", "IPython", "ipywidgets"})

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if name.partition(".")[0] in self.packages:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> types.ModuleType:
        return _Inert(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        return None


class _Shell:
    """What cells with IPython's magics call: all idle. (`%%time` was taken off its cell.)"""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *args, **kwargs: None


def new_module() -> types.ModuleType:
    """An empty ``__main__`` for a notebook, with a shell that makes magics harmless."""
    module = types.ModuleType("__main__")
    shell = _Shell()
    vars(module)["get_ipython"] = lambda: shell
    vars(module)["display"] = lambda *args, **kwargs: None
    return module


def run_cell(namespace: dict[str, Any], index: int, source: str) -> None:
    """Run one code cell; its exceptions pass through and name the cell."""
    filename = f"{CELL}{index}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(source, filename, "exec"), namespace)
