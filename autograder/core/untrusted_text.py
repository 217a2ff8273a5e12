"""Escape untrusted text for display in a terminal, a page or a file."""

from __future__ import annotations

from autograder.core.errors import AuthorError, GraderError, UserError

__all__ = ["printable", "sentence"]


def printable(text: str, most: int = 2000) -> str:
    """Escape ``text`` for display, and cut it after ``most`` characters.

    Control characters, escape codes, marks that change the direction of writing and lone surrogates
    are spelled out (``\\x1b``); line ends stay. The number of characters that were cut is added.
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
    """An error in a printable line, with its type unless it is one of the engine's own."""
    first = (str(error).strip().splitlines() or [""])[0]
    known = isinstance(error, AuthorError | GraderError | UserError)
    line = first if known and first else f"{type(error).__name__}: {first}".removesuffix(": ")
    return printable(line)
