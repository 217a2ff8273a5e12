"""Strangers' text, made fit to be shown: in a terminal, a page, a file."""

from __future__ import annotations

__all__ = ["printable"]


def printable(text: str, most: int = 2000) -> str:
    """``text`` without what a terminal would obey or a file could not hold, and not too long.

    Control characters, escape codes, marks that turn the direction of writing and halves of
    characters are spelled out (``\\x1b``); line ends stay. What is cut is counted.
    """
    shown = text[:most]
    if not shown.isprintable():
        shown = "".join(map(_spelled, shown))
    return shown if len(text) <= most else f"{shown}… ({len(text) - most} more characters)"


def _spelled(character: str) -> str:
    if character == "\n" or character.isprintable():
        return character
    return character.encode("unicode_escape").decode()
