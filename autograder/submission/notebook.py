"""Read a submission's code cells, without its check cells.

IPython's magics and shell lines become Python as text; nothing of a submission is executed here.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.core.errors import UserError
from autograder.core.untrusted_text import printable
from autograder.submission.files import Refused, TooLarge, read_file, shown_name
from autograder.submission.magics import AsPython

__all__ = [
    "Cell",
    "Submission",
    "file_content",
    "load",
    "parse",
    "read",
    "read_node",
    "text_of",
    "without_halves",
]

MAX_BYTES = 64 * 2**20
_MAX_BRACKETS = 3_000_000  # each may become a list or dict of about 90 bytes
_MAX_CELLS = 10_000
_MAX_SOURCE = 200_000  # characters of a cell
_MAX_CODE = 2_000_000  # characters of all code cells
_SAVE = "open it in Jupyter, save it, and hand that file in"
_TOO_LONG = f'raise ValueError("longer than {_MAX_SOURCE:,} characters: it was not run")'


@dataclass(frozen=True)
class Cell:
    """A code cell, by its number among all cells of the notebook, counted from 1."""

    index: int
    source: str


@dataclass(frozen=True)
class Submission:
    """The graded part of a notebook: its code cells, and the exercises of its check cells.

    ``set_aside`` are the check cells and all cells that are no code, to tell where code was lost.
    ``python`` is the version that the notebook was written with, if it says so.
    """

    cells: tuple[Cell, ...]
    exercises: tuple[str, ...]
    set_aside: tuple[Cell, ...] = ()
    python: str = ""


def read(path: Path) -> Submission:
    """Read the notebook file ``path`` as a submission; raises UserError if it is not a notebook."""
    content = load(path)
    try:
        return read_node(content)
    except UserError as error:
        raise UserError(f"{shown_name(path)} cannot be graded: {error}") from error


def load(path: Path) -> Mapping[str, Any]:
    """Load the notebook file ``path``, in format 4, with a list of cells; raises UserError."""
    try:
        return parse(file_content(path), shown_name(path))
    except FileNotFoundError as error:
        raise UserError(f"{shown_name(path)} cannot be read: {error.strerror}") from error


def file_content(path: str | Path, folder: int | None = None) -> bytes:
    """The bytes of a notebook file, named by its path or within the open ``folder``.

    Raises UserError if it is not a regular file or too large, and FileNotFoundError.
    """
    try:
        return read_file(path, MAX_BYTES, folder)
    except TooLarge as error:
        raise UserError(f"{shown_name(path)} {error}: clear its outputs and save it") from error
    except Refused as error:
        raise UserError(f"{shown_name(path)} {error}") from error


def parse(data: bytes, name: str) -> Mapping[str, Any]:
    """Parse the notebook in the bytes of the file ``name``, like ``load``; raises UserError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(
            f"{name} is not a notebook: it is not UTF-8 text ({error}): {_SAVE}"
        ) from error
    try:
        content = _upgraded(_parsed(text))
        _cells(content)
    except UserError as error:
        raise UserError(f"{name} is not a notebook: {error}") from error
    return content


def read_node(content: Mapping[str, Any]) -> Submission:
    """The submission in a notebook of format 4, as a tree of dicts and lists."""
    cells = _cells(content)
    code, aside, exercises = [], [], []
    for index, cell in enumerate(cells, start=1):
        settings, source = _nbgrader(cell), text_of(cell)
        if settings.get("grade") and not settings.get("solution"):
            exercises.append(" ".join(printable(str(settings.get("grade_id", "")), 80).split()))
            aside.append(Cell(index, source))
        elif not _is_code(cell, settings):
            aside.append(Cell(index, source))
        elif source.strip():
            code.append(Cell(index, source if len(source) <= _MAX_SOURCE else _TOO_LONG))
    if len(code) > _MAX_CELLS or sum(len(cell.source) for cell in code) > _MAX_CODE:
        raise UserError(
            f"it has more than {_MAX_CELLS:,} code cells, or {_MAX_CODE:,} characters in them"
        )
    as_python = AsPython()
    return Submission(
        tuple(Cell(cell.index, as_python(cell.source)) for cell in code),
        tuple(exercises),
        tuple(aside),
        _python(content),
    )


def _python(content: Mapping[str, Any]) -> str:
    """The version of Python that the notebook was saved with; empty if it does not say so."""
    metadata = content.get("metadata")
    language = metadata.get("language_info") if isinstance(metadata, Mapping) else None
    version = language.get("version") if isinstance(language, Mapping) else None
    found = re.match(r"\d{1,3}(\.\d{1,3}){1,2}", version) if isinstance(version, str) else None
    return found[0] if found else ""


def text_of(cell: Mapping[str, Any]) -> str:
    """The cell's text, with ``\\n`` as the only line end and without lone surrogates."""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return ""
    return without_halves(source).replace("\r\n", "\n").replace("\r", "\n")


def without_halves(text: str) -> str:
    """``text`` with U+FFFD for each lone surrogate, which can be neither sent nor saved."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _cells(content: Any) -> list[Mapping[str, Any]]:
    cells = content.get("cells") if isinstance(content, Mapping) else None
    if not isinstance(cells, list) or not all(isinstance(cell, Mapping) for cell in cells):
        raise UserError("it has no list of cells")
    return cells


def _parsed(text: str) -> Any:
    if not text.strip():
        raise UserError(f"it is empty: {_SAVE}")
    if text.count("[") + text.count("{") > _MAX_BRACKETS:
        raise UserError("it holds more lists and dicts than can be read: clear its outputs")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        first = printable(text.strip().splitlines()[0], 40)
        raise UserError(f"it is not JSON ({error}); it begins with {first!r}: {_SAVE}") from error


def _upgraded(content: Any) -> Mapping[str, Any]:
    """The notebook in format 4, converted from an older format if necessary."""
    if not isinstance(content, dict):
        raise UserError("it holds no notebook")
    version = content.get("nbformat", 4)
    if version == 4:
        return content
    if version not in (1, 2, 3):
        shown = printable(repr(version), 40)
        raise UserError(f"its format is {shown}, not 4: {_SAVE}")
    import nbformat  # heavy, and rarely needed

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            upgraded: Mapping[str, Any] = nbformat.convert(nbformat.from_dict(content), 4)
    except Exception as error:  # nbformat raises whatever the broken file makes it
        reason = printable(f"{type(error).__name__}: {error}", 200)
        raise UserError(f"its format, {version}, cannot be read ({reason}): {_SAVE}") from error
    return upgraded


def _nbgrader(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = cell.get("metadata")
    settings = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return settings if isinstance(settings, Mapping) else {}


def _is_code(cell: Mapping[str, Any], settings: Mapping[str, Any]) -> bool:
    """Whether the cell is code, or was, when it was released as one to be filled in."""
    was_code = bool(settings.get("solution")) and settings.get("cell_type") == "code"
    return cell.get("cell_type") == "code" or was_code
