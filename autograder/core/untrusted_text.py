"""Strangers' text, made fit to be shown: in a terminal, a page, a file."""

from __future__ import annotations

from autograder.core.errors import AuthorError, GraderError, UserError

__all__ = ["printable", "sentence"]


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


def sentence(error: BaseException) -> str:
    """An error in a printable line, with its kind where it is none of the kit's own."""
    first = (str(error).strip().splitlines() or [""])[0]
    known = isinstance(error, AuthorError | GraderError | UserError)
    line = first if known and first else f"{type(error).__name__}: {first}".removesuffix(": ")
    return printable(line)
