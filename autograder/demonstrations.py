"""A course's own cells that draw: graded functions do without them, so grading need not run them.

The author marks them: they are commented out in the solution file, which every hidden test passes
without them. A student's notebook holds them as they were released; one that was edited, or that
defines a name which another cell mentions, is run like any other.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import jupytext

from autograder.fingerprint import bound_names, words
from autograder.notebook import Cell

__all__ = ["LIVE_TAG", "demonstrations", "without_demonstrations"]

LIVE_TAG = "active-ipynb"


def demonstrations(solution: Path) -> frozenset[str]:
    """The sources of the cells that the solution file shows in the notebook only."""
    cells = jupytext.read(solution, fmt="py:percent").cells
    return frozenset(c.source.strip() for c in cells if LIVE_TAG in c.metadata.get("tags", ()))


def without_demonstrations(cells: Sequence[Cell], shown: AbstractSet[str]) -> tuple[Cell, ...]:
    """``cells`` without those of ``shown`` that no other cell can need."""
    trees = {cell.index: _parsed(cell) for cell in cells}
    dropped = {cell.index for cell in cells if cell.source.strip() in shown and trees[cell.index]}
    while True:
        kept = [tree for index, tree in trees.items() if index not in dropped]
        if None in kept:  # IPython or no Python: who knows what it mentions
            return tuple(cells)
        mentioned = set().union(*(words(tree) for tree in kept if tree))
        needed = {index for index in dropped if _defines(trees[index]) & mentioned}
        if not needed:
            return tuple(cell for cell in cells if cell.index not in dropped)
        dropped -= needed


def _parsed(cell: Cell) -> ast.Module | None:
    try:
        return ast.parse(cell.source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _defines(tree: ast.Module | None) -> set[str]:
    return {name for each in (tree.body if tree else ()) for name in bound_names(each)}
