"""Check and cut the guest's description of an exception, and make a sentence of it."""

from __future__ import annotations

from autograder.core.untrusted_text import printable
from autograder.sandbox.host.channel import Closed
from autograder.sandbox.wire.protocol import ExceptionText

__all__ = ["LONGEST_SENTENCE", "error_of", "one_line", "sentence"]

_LONGEST = 500
LONGEST_SENTENCE = 600
_HINTS = {
    "EOFError": "nobody answers `input()` here",
    "FileNotFoundError": "the grader has no files of yours",
    "ModuleNotFoundError": "the grader has NumPy and Python's own modules",
}


def error_of(error: object) -> ExceptionText:
    """The guest's description of an exception, checked; raises Closed if it is malformed."""
    if not isinstance(error, dict):
        raise Closed("the sandbox sent no valid error")
    return ExceptionText(
        type=one_line(error.get("type")),
        message=one_line(error.get("message")),
        where=one_line(error.get("where")),
    )


def one_line(text: object) -> str:
    """A text from the guest as one short printable line; empty if it is not a text."""
    return printable(text, _LONGEST).replace("\n", " ") if isinstance(text, str) else ""


def sentence(error: ExceptionText) -> str:
    """An exception in a line, from the guest's description: its type, message and place."""
    what = f"{error['type']}: {error['message']}".removesuffix(": ")
    if error["type"] in _HINTS:
        what += f": {_HINTS[error['type']]}"
    return printable(what + (f" ({error['where']})" if error["where"] else ""), LONGEST_SENTENCE)
