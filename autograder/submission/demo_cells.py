"""Skip a course's unmodified plotting cells when grading: no graded function needs them.

The author marks these cells: they are commented out in the solution file, and it passes every
hidden test without them. A cell that the student has edited, or that defines a name which another
cell mentions, runs like any other.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

import jupytext

from autograder.core.syntax import bound_names, syntax_tree, words
from autograder.submission.notebook import Cell

__all__ = ["LIVE_TAG", "demonstrations", "without_demonstrations"]

LIVE_TAG = "active-ipynb"


def demonstrations(solution: Path) -> frozenset[str]:
    """The sources of the cells that run in the notebook only, not in the solution file."""
    cells = jupytext.read(solution, fmt="py:percent").cells
    return frozenset(c.source.strip() for c in cells if LIVE_TAG in c.metadata.get("tags", ()))


def without_demonstrations(cells: Sequence[Cell], shown: AbstractSet[str]) -> tuple[Cell, ...]:
    """``cells`` without those in ``shown`` that no other cell can need."""
    names = {cell.index: _names(cell.source) for cell in cells}
    dropped = {cell.index for cell in cells if cell.source.strip() in shown and names[cell.index]}
    while True:  # a cell that is kept may need another one, so repeat until nothing changes
        kept = [each for index, each in names.items() if index not in dropped]
        if None in kept:  # not valid Python: it may mention any name
            return tuple(cells)
        mentioned = set().union(*(each.mentioned for each in kept if each))
        needed = {i for i in dropped if (each := names[i]) and each.defined & mentioned}
        if not needed:
            return tuple(cell for cell in cells if cell.index not in dropped)
        dropped -= needed


class _Names(NamedTuple):
    """The names in a cell."""

    defined: frozenset[str]
    mentioned: frozenset[str]


@functools.lru_cache(maxsize=128)  # a class shares most of its cells
def _names(source: str) -> _Names | None:
    """The names in a cell; None if it is not valid Python."""
    tree = syntax_tree(source)
    if tree is None:
        return None
    defined = frozenset(name for each in tree.body for name in bound_names(each))
    return _Names(defined, frozenset(words(tree)))
