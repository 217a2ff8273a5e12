"""A course's own cells that draw: graded functions do without them, so grading need not run them.

The author marks them: they are commented out in the solution file, which every hidden test passes
without them. A student's notebook holds them as they were released; one that was edited, or that
defines a name which another cell mentions, is run like any other.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

import jupytext

from autograder.fingerprint import bound_names, words
from autograder.magics import syntax_tree
from autograder.notebook import Cell

__all__ = ["LIVE_TAG", "demonstrations", "without_demonstrations"]

LIVE_TAG = "active-ipynb"


def demonstrations(solution: Path) -> frozenset[str]:
    """The sources of the cells that the solution file shows in the notebook only."""
    cells = jupytext.read(solution, fmt="py:percent").cells
    return frozenset(c.source.strip() for c in cells if LIVE_TAG in c.metadata.get("tags", ()))


def without_demonstrations(cells: Sequence[Cell], shown: AbstractSet[str]) -> tuple[Cell, ...]:
    """``cells`` without those of ``shown`` that no other cell can need."""
    names = {cell.index: _names(cell.source) for cell in cells}
    dropped = {cell.index for cell in cells if cell.source.strip() in shown and names[cell.index]}
    while True:
        kept = [each for index, each in names.items() if index not in dropped]
        if None in kept:  # IPython or no Python: who knows what it mentions
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
    """The names in a cell; None where it is no Python."""
    tree = syntax_tree(source)
    if tree is None:
        return None
    defined = frozenset(name for each in tree.body for name in bound_names(each))
    return _Names(defined, frozenset(words(tree)))
