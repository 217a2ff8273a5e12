"""Citations in a notebook's prose, and the sources that they lead to."""

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
    """A document or paper: how the prose names it, its entry, and what to look for in it."""

    short: str
    text: str
    look_for: str


def load_sources(path: Path) -> dict[str, Source]:
    """The sources in the TOML file ``path`` by their keys, in its order; none if there is no file.

    Raises AuthorError for an entry that is not complete.
    """
    if not path.is_file():
        return {}
    try:
        entries = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise AuthorError(f"{path} is no TOML: {error}") from error
    try:
        return {key: Source(**entry) for key, entry in entries.items()}
    except TypeError as error:
        raise AuthorError(
            f"{path}: an entry has other keys than short, text and look_for ({error})"
        ) from error


def cited(text: str) -> list[str]:
    """The keys that ``text`` cites, in its order."""
    return _CITATION.findall(text)


def with_short_forms(text: str, sources: Mapping[str, Source]) -> str:
    """``text`` with its citations in their short form, neighbours in one pair of parentheses.

    Raises AuthorError for an unknown one.
    """

    def short(key: str) -> str:
        if key not in sources:
            known = ", ".join(sources) or "none"
            raise AuthorError(f"[@{key}] is no source: add it to sources.toml ({known})")
        return sources[key].short

    return _CITATIONS.sub(lambda found: f"({'; '.join(map(short, cited(found[0])))})", text)


def section(keys: list[str], sources: Mapping[str, Source]) -> str:
    """The notebook's last cell: the cited sources in the file's order; empty if there are none."""
    rows = [f"- {s.text}. *Look for:* {s.look_for}." for key, s in sources.items() if key in keys]
    return "\n".join([_HEADING, "", *rows]) if rows else ""
