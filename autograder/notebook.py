"""Reading a submission's code cells. Its check cells are never among them.

Cells may hold IPython's magics and shell lines: those are transformed as IPython would, as text;
nothing of a submission is executed here.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.model import UserError

__all__ = ["Cell", "Submission", "read", "read_node"]

MAX_BYTES = 64 * 2**20
_MAX_SOURCE = 200_000


@dataclass(frozen=True)
class Cell:
    """A code cell, by its number among all cells of the notebook, counted from 1."""

    index: int
    source: str


@dataclass(frozen=True)
class Submission:
    """What of a notebook is graded: its code cells, without the check cells, whose names it has."""

    cells: tuple[Cell, ...]
    exercises: tuple[str, ...]


def read(path: Path) -> Submission:
    """The submission in the notebook file ``path``; raises UserError when it is not a notebook."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UserError(f"{path} is larger than {MAX_BYTES // 2**20} MiB: clear its outputs")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not a notebook: it is not UTF-8 text ({error})") from error
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path} is not a notebook: it is not JSON ({error})") from error
    try:
        return read_node(_upgraded(content))
    except UserError as error:
        raise UserError(f"{path} is not a notebook: {error}") from error


def read_node(content: Mapping[str, Any]) -> Submission:
    """The submission in a notebook of format 4, as a tree of dicts and lists."""
    cells = content.get("cells") if isinstance(content, Mapping) else None
    if not isinstance(cells, list) or not all(isinstance(cell, Mapping) for cell in cells):
        raise UserError("it has no list of cells")
    code = []
    exercises = []
    for index, cell in enumerate(cells, start=1):
        settings = _nbgrader(cell)
        if settings.get("grade") and not settings.get("solution"):
            exercises.append(str(settings.get("grade_id", "")))
        elif cell.get("cell_type") == "code":
            source = _source(cell)
            if source.strip():
                code.append(Cell(index, _as_python(source)))
    return Submission(tuple(code), tuple(exercises))


def _upgraded(content: Any) -> Mapping[str, Any]:
    """The notebook in format 4, converted from an older one when need be."""
    if not isinstance(content, dict):
        raise UserError("it holds no notebook")
    if content.get("nbformat", 4) == 4:
        return content
    import nbformat  # heavy, and rarely needed

    try:
        upgraded: Mapping[str, Any] = nbformat.convert(nbformat.from_dict(content), 4)
    except Exception as error:  # nbformat raises whatever the broken file makes it
        raise UserError(f"its format cannot be read ({error})") from error
    return upgraded


def _nbgrader(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = cell.get("metadata")
    settings = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return settings if isinstance(settings, Mapping) else {}


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    return source.replace("\r\n", "\n")[:_MAX_SOURCE] if isinstance(source, str) else ""


def _as_python(source: str) -> str:
    """The cell as plain Python: as it is when it parses, else with IPython's syntax transformed."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        from IPython.core.inputtransformer2 import TransformerManager

        try:
            return TransformerManager().transform_cell(source)
        except Exception:  # a cell that not even IPython can read raises when it is run
            return source
    return source
