"""Convert IPython's magics, shell lines and help requests in a cell to plain Python, as text.

What IPython runs as Python in the notebook (`%time x = f(y)`, the cell under `%%capture out`) stays
Python. The rest becomes calls of ``get_ipython()``, as in IPython. Nothing is executed here.
"""

from __future__ import annotations

import ast
import functools
import re
import warnings
from collections.abc import Callable
from typing import Any

from autograder.core.syntax import syntax_tree

__all__ = ["AsPython"]

_MAX_TRANSFORMED = 1_000_000  # characters that IPython may read: it reads a cell once per magic
_HEADER = re.compile(r"\A((?:[ \t]*(?:#[^\n]*)?\n)*)[ \t]*%%(\w+)[ \t]*([^\n]*)")
_MOST_HEADERS = 5  # above one cell
_RUN_BY_PYTHON = """
time timeit capture prun memit mprun lprun snakeviz pyinstrument
"""
_RUNS = frozenset(_RUN_BY_PYTHON.split())
_OTHER_LANGUAGES = """
bash sh script system sx cmd powershell shell html HTML javascript js svg SVG latex markdown
perl ruby pypy python python2 python3 R sql bigquery writefile file julia matlab octave cu cpp
mermaid ai
"""
_NOT_PYTHON = frozenset(_OTHER_LANGUAGES.split())
_OPTION = re.compile(r"\s*--?[\w-]+(?:[ \t]+\d+)?(?=\s|\Z)")
_TIME = "get_ipython().run_line_magic('time', "
_LONGEST_LINE = 5_000  # characters; the magics of longer lines are left as they are


class AsPython:
    """Converts a notebook's cells: unchanged if they are valid Python, otherwise as IPython does.

    IPython reads a whole cell again for each of its magics, so the characters that it reads are
    limited: a small cell of many magics would keep the grader busy for minutes.
    """

    def __init__(self) -> None:
        self._left = _MAX_TRANSFORMED

    def __call__(self, source: str) -> str:
        with warnings.catch_warnings():  # about backslashes in docstrings, for example
            warnings.simplefilter("ignore")
            own, name = _without_headers(source)
            if _is_python(own):
                return own
            python = self._attempt(own)
            if own != source and name not in _RUNS and not _is_python(python):
                return self._attempt(source)  # the cell is in another language
            return python

    def _attempt(self, source: str) -> str:
        try:
            return "".join(map(_timed, self._transformed(source).splitlines(keepends=True)))
        except Exception:  # the cell is kept: it raises its error when it runs
            return source

    def _transformed(self, source: str) -> str:
        from IPython.core.inputtransformer2 import TransformerManager

        manager: Any = TransformerManager()
        look: Callable[[list[str]], Any] = manager.do_one_token_transform

        def counted(lines: list[str]) -> Any:
            self._left -= sum(map(len, lines))
            if self._left < 0:
                raise RecursionError("too many magics")
            return look(lines)

        manager.do_one_token_transform = counted
        text: str = manager.transform_cell(source)
        return text


def _without_headers(source: str) -> tuple[str, str]:
    """The cell with its `%%` lines replaced, if it may be Python, and the last magic's name.

    A line keeps its own effect: `%%capture out` binds a name, `%%timeit x = 1` runs its setup.
    """
    name = ""
    for _ in range(_MOST_HEADERS):
        found = _HEADER.match(source)
        if found is None or found[2] in _NOT_PYTHON:
            break
        above, name, line = found.groups()
        source = f"{above}{_header(name, line)}{source[found.end() :]}"
    return source, name


def _header(name: str, line: str) -> str:
    if name == "capture":
        names = [word for word in line.split() if word.isidentifier()]
        return f"{names[0]} = get_ipython().run_cell_magic('capture', '')" if names else "#"
    setup = _without_options(line)
    return setup if name == "timeit" and setup and _is_python(setup) else "#"


def _timed(line: str) -> str:
    """A line of Python; where IPython would time a statement, that statement."""
    before, magic, rest = line.rstrip().partition(_TIME)
    if not magic or len(line) > _LONGEST_LINE:
        return line
    try:
        code = _without_options(ast.literal_eval(rest.removesuffix(")")))
    except (ValueError, SyntaxError):
        return line
    if before.rstrip().endswith("="):
        return f"{before}({code})\n" if _is_value(code) else line
    return f"{before}{code}\n" if code and not before.strip() and syntax_tree(code) else line


def _without_options(line: str) -> str:
    while len(line) <= _LONGEST_LINE and (found := _OPTION.match(line)):
        line = line[found.end() :]
    return line.strip()


@functools.lru_cache(maxsize=128)  # a class shares most of its cells
def _is_python(source: str) -> bool:
    return syntax_tree(source) is not None


def _is_value(source: str) -> bool:
    tree = syntax_tree(source)
    return tree is not None and len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr)
