"""How nbgrader reads submissions here: by the same rules as everything else in the kit.

Its own reader gives up on a byte order mark or half a character, and makes an empty notebook of one
that does not name its format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from autograder.notebook import load, text_of, without_halves

__all__ = ["SubmissionExporter", "well_formed"]

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MAKERS: dict[str, Any] = {"code": new_code_cell, "markdown": new_markdown_cell}


class SubmissionExporter(NotebookExporter):
    """An exporter that loads with ``notebook.load``; raises UserError for what is no notebook."""

    def from_file(self, file_stream: Any, resources: Any = None, **settings: Any) -> Any:
        export: Any = self.from_notebook_node
        return export(well_formed(load(Path(file_stream.name))), resources, **settings)


def well_formed(content: Mapping[str, Any]) -> Any:
    """The notebook as the format wants it, without outputs: each cell with a type and a text."""
    taken: set[str] = set()
    cells = [_cell(cell, number, taken) for number, cell in enumerate(content["cells"], start=1)]
    return new_notebook(cells=cells, metadata=_metadata(content))


def _cell(cell: Mapping[str, Any], number: int, taken: set[str]) -> Any:
    """The cell with its own id, or one made of its number: the same in every run."""
    id = str(cell.get("id", ""))
    while not _ID.fullmatch(id) or id in taken:
        id, number = f"cell-{number}", number + 1
    taken.add(id)
    make = _MAKERS.get(str(cell.get("cell_type")), new_raw_cell)
    made = make(text_of(cell), id=id, metadata=_metadata(cell))
    if isinstance(cell.get("attachments"), Mapping) and make is not new_code_cell:
        made["attachments"] = _plain(cell["attachments"])
    return made


def _metadata(owner: Mapping[str, Any]) -> Any:
    metadata = owner.get("metadata")
    return _plain(metadata) if isinstance(metadata, Mapping) else from_dict({})


def _plain(value: Any) -> Any:
    return from_dict(json.loads(without_halves(json.dumps(value, ensure_ascii=False))))
