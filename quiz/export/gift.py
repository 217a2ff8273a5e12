"""GIFT, Moodle's text format: everything arrives, but for the order of options.

Moodle shuffles the options of all questions that it reads from GIFT; use Moodle XML to keep the
reasons of a judgement in the order of their verdicts. Steps to be put in order become a matching
question, from each step to its place, which has no feedback on single steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quiz.engine import Choice, Item, Judgement, Number, Ordering, Several
from quiz.engine.markup import Markup, mathjax
from quiz.export.entries import Entry, answers_of, decimal
from quiz.export.moodle import category, percent

__all__ = ["gift_text"]

_MARKUP = Markup(mathjax)
_ESCAPES = str.maketrans({char: f"\\{char}" for char in r"\~=#{}:"} | {"\n": r"\n"})


def gift_text(topic: str, entries: Sequence[Entry]) -> bytes:
    """The file for "Import questions", format "GIFT"."""
    questions = [f"$CATEGORY: {category(topic)}", *map(_question, entries)]
    return ("\n\n".join(questions) + "\n").encode()


def _question(entry: Entry) -> str:
    item = entry.item
    is_number = isinstance(item, Number)
    lines = [
        f"::{_escape(entry.name)}::[html]{_text(item.prompt)}{{{'#' if is_number else ''}",
        *_answers(item),
        f"####{_text(item.explanation)}",
        "}",
    ]
    return "\n".join(lines)


def _answers(item: Item) -> Iterator[str]:
    if isinstance(item, Number):
        return _numbers(item)
    return _places(item) if isinstance(item, Ordering) else _options(item)


def _places(item: Ordering) -> Iterator[str]:
    for step in item.steps:
        yield f"={_line(step.text)} -> {step.place}"


def _options(item: Choice | Several | Judgement) -> Iterator[str]:
    """``=`` marks the right one of which one may be chosen; all else has a weight in percent."""
    for each in answers_of(item):
        is_the_one = each.share == 1 and not isinstance(item, Several)
        sign = "=" if is_the_one else f"~%{percent(each.share)}%"
        yield f"{sign}{_line(each.text)}#{_line(each.reason)}"


def _numbers(item: Number) -> Iterator[str]:
    yield f"={decimal(item.value)}:{decimal(item.tolerance)}"
    for slip in item.slips:
        yield f"=%0%{decimal(slip.value)}:{decimal(item.room(slip))}#{_line(slip.reason)}"


def _text(markdown: str) -> str:
    return _escape(_MARKUP.text(markdown))


def _line(markdown: str) -> str:
    return _escape(_MARKUP.line(markdown))


def _escape(text: str) -> str:
    return text.translate(_ESCAPES)
