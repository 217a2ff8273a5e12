"""Citations in a notebook's prose, and the list of cited sources at its end."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.core.errors import AuthorError

__all__ = ["Source", "cited", "load_sources", "section", "with_short_forms"]

_CITATION = re.compile(r"\[@([\w-]+)\]")
_CITATIONS = re.compile(rf"{_CITATION.pattern}(?:\s+{_CITATION.pattern})*")
_HEADING = "## Sources and further reading"


@dataclass(frozen=True)
class Source:
    """A paper or document: its short form in prose, its full entry, and what to look for in it."""

    short: str
    text: str
    look_for: str


def load_sources(path: Path) -> dict[str, Source]:
    """Read the sources of the TOML file ``path``, by key and in its order; none without a file.

    Raises AuthorError for an incomplete entry.
    """
    if not path.is_file():
        return {}
    try:
        entries = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise AuthorError(f"{path} is not valid TOML: {error}") from error
    try:
        return {key: Source(**entry) for key, entry in entries.items()}
    except TypeError as error:
        raise AuthorError(
            f"{path}: each entry needs exactly the keys short, text and look_for ({error})"
        ) from error


def cited(text: str) -> list[str]:
    """The keys that ``text`` cites, in its order."""
    return _CITATION.findall(text)


def with_short_forms(text: str, sources: Mapping[str, Source]) -> str:
    """Replace citations in ``text`` with short forms; adjacent ones share parentheses.

    Raises AuthorError for an unknown key.
    """

    def short(key: str) -> str:
        if key not in sources:
            known = ", ".join(sources) or "none"
            raise AuthorError(f"[@{key}] is not a known source ({known}): add it to sources.toml")
        return sources[key].short

    return _CITATIONS.sub(lambda found: f"({'; '.join(map(short, cited(found[0])))})", text)


def section(keys: list[str], sources: Mapping[str, Source]) -> str:
    """The notebook's last cell: the cited sources, in the file's order; empty without any."""
    rows = [f"- {s.text}. *Look for:* {s.look_for}." for key, s in sources.items() if key in keys]
    return "\n".join([_HEADING, "", *rows]) if rows else ""
