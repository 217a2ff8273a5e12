"""The exporter with which nbgrader reads submissions by the same rules as the rest of the engine.

nbgrader's own reader fails on a byte order mark or half a surrogate pair, and reads a notebook that
does not name its format as an empty one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import ValidationError, from_dict, validate
from nbformat.v4 import new_notebook
from nbgrader.converters import Autograde

from autograder.nbgrader_bridge.grade_cells import refuse_mistakes
from autograder.nbgrader_bridge.guard import guard
from autograder.submission.notebook import load, text_of, without_halves

__all__ = ["SubmissionExporter", "well_formed"]

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class SubmissionExporter(NotebookExporter):
    """An exporter that loads with ``notebook.load``; raises UserError for an unreadable notebook.

    nbgrader's `autograde` creates one before it opens the first submission. That is the moment to
    refuse a course that is not in order, and to put the gate in front of the students' files.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        if isinstance(self.parent, Autograde):
            refuse_mistakes(self.parent)
            guard(self.parent)

    def from_filename(self, filename: str, resources: Any = None, **settings: Any) -> Any:
        export: Any = self.from_notebook_node
        return export(well_formed(load(Path(filename))), resources, **settings)


def well_formed(content: Mapping[str, Any]) -> Any:
    """Rebuild the notebook as the format requires: no outputs, each cell with a type and a text.

    If any metadata or attachment violates the format, all of them are dropped, except nbgrader's.
    """
    taken: set[str] = set()
    cells = [_cell(cell, number, taken) for number, cell in enumerate(content["cells"], start=1)]
    notebook = new_notebook()  # filled afterwards: its arguments would be validated too early
    notebook.metadata, notebook.cells = _metadata(content), cells
    try:
        validate(notebook)
    except ValidationError:
        _strip(notebook)
    return notebook


def _strip(notebook: Any) -> None:
    """Remove attachments, and all metadata except nbgrader's: the format may forbid them."""
    notebook.metadata = from_dict({})
    for cell in notebook.cells:
        own = cell.metadata.get("nbgrader")
        cell.metadata = from_dict({} if own is None else {"nbgrader": own})
        cell.pop("attachments", None)


def _cell(cell: Mapping[str, Any], number: int, taken: set[str]) -> Any:
    """The cell with its own id, or with one made from its number, so that every run agrees."""
    id = str(cell.get("id", ""))
    while not _ID.fullmatch(id) or id in taken:
        id, number = f"cell-{number}", number + 1
    taken.add(id)
    kind = str(cell.get("cell_type"))
    made = {
        "cell_type": kind if kind in ("code", "markdown") else "raw",
        "id": id,
        "metadata": _metadata(cell),
        "source": text_of(cell),
    }
    if kind == "code":
        made |= {"execution_count": None, "outputs": []}
    elif isinstance(cell.get("attachments"), Mapping):
        made["attachments"] = _plain(cell["attachments"])
    return from_dict(made)  # nbformat's constructors would validate every cell by itself


def _metadata(owner: Mapping[str, Any]) -> Any:
    metadata = owner.get("metadata")
    return _plain(metadata) if metadata and isinstance(metadata, Mapping) else from_dict({})


def _plain(value: Any) -> Any:
    return from_dict(json.loads(without_halves(json.dumps(value, ensure_ascii=False))))
