"""QTI 1.2 for Canvas, by text2qti.

What it cannot carry:

- Marks in part. text2qti gives all or nothing, so an order of steps is either right or wrong. (Of
  several options, Canvas counts right ones less wrong ones by itself.)
- Steps to be dragged. Students type their letters in order, and Canvas compares texts.
- Feedback for one wrong number. All slips stand in the feedback for a wrong answer.
- Mathematics elsewhere. A formula is an image that Canvas draws; others show its LaTeX.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from html import escape
from zipfile import ZipFile, ZipInfo

from text2qti.config import Config
from text2qti.markdown import Markdown
from text2qti.qti import QTI
from text2qti.quiz import Quiz
from text2qti.xml_imsmanifest import imsmanifest

from quiz.engine import Number, Ordering, Several
from quiz.engine.markup import Markup
from quiz.engine.options import LETTERS
from quiz.engine.words import task
from quiz.export.entries import Entry, answers_of, decimal

__all__ = ["qti_package"]

_CONFIG = Config()
_DATE = (2000, 1, 1)
_CANVAS = Markdown(_CONFIG)
_MARKUP = Markup(lambda latex, _: str(_CANVAS.latex_to_canvas_img(latex)))
_SPECIAL = str.maketrans({char: f"&#{ord(char)};" for char in "$\\\n"})


def qti_package(topic: str, entries: Sequence[Entry]) -> bytes:
    """The zip file for "Import course content", format "QTI .zip file"."""
    source = [f"Quiz title: Unroll: {topic}"]
    for entry in entries:
        source += ["", *_source(entry)]
    quiz = Quiz("\n".join(source), config=_CONFIG)
    for question, entry in zip(quiz.questions_and_delims, entries, strict=True):
        if isinstance(entry.item, Number):
            _set_number(question, entry.item)
    return _without_dates(QTI(quiz))


def _source(entry: Entry) -> Iterator[str]:
    """A question in text2qti's language, each part on a line of its own."""
    item = entry.item
    yield f"Title: {entry.name}"
    steps = _steps(item) if isinstance(item, Ordering) else ""
    yield f"1. {_block(_MARKUP.text(item.prompt) + steps, entry.name)}"
    yield f"... {_block(_MARKUP.text(item.explanation))}"
    if isinstance(item, Number):
        yield f"- {_block(_slips(item))}"
        yield "= 1"
        return
    if isinstance(item, Ordering):
        yield from (f"* {mark.join(item.order)}" for mark in ("", " ", ", ", ","))
        return
    for letter, each in zip(LETTERS, answers_of(item), strict=False):
        if isinstance(item, Several):
            sign = "[*]" if each.share > 0 else "[ ]"
        else:
            sign = f"*{letter})" if each.share == 1 else f"{letter})"
        yield f"{sign} {_block(_MARKUP.line(each.text))}"
        yield f"... {_block(_MARKUP.line(each.reason))}"


def _slips(item: Number) -> str:
    each = (f"<li>{decimal(slip.value)}: {_MARKUP.line(slip.reason)}</li>" for slip in item.slips)
    return f"<ul>{''.join(each)}</ul>"


def _steps(item: Ordering) -> str:
    """The steps with their letters, and how to answer."""
    each = (f"<p>{x}: {_MARKUP.line(step.text)[3:]}" for x, step in item.lettered.items())
    return f"{''.join(each)}<p>{task(item)}</p>"


def _block(html: str, name: str = "") -> str:
    """One line of HTML in which text2qti finds no Markdown and no LaTeX, and changes nothing.

    The ``name`` of a question tells it from a variant with the same prompt: text2qti takes no two
    questions with the same text.
    """
    opening = f'<div class="{escape(name)}">' if name else "<div>"
    return f"{opening}{html}</div>".translate(_SPECIAL)


def _set_number(question: object, item: Number) -> None:
    """Put the exact numbers where text2qti would round to four decimals, and refuse a 0."""
    value, room = Decimal(decimal(item.value)), Decimal(decimal(item.tolerance))
    for name, number in (("min", value - room), ("exact", value), ("max", value + room)):
        setattr(question, f"numerical_{name}_html_xml", f"{number:f}")


def _without_dates(package: QTI) -> bytes:
    """The zip file with a fixed date where text2qti writes today's; stored, for the same bytes."""
    package.imsmanifest_xml = imsmanifest(
        manifest_identifier=package.manifest_identifier,
        assessment_identifier=package.assessment_identifier,
        dependency_identifier=package.dependency_identifier,
        images={},
        date="{}-{:02}-{:02}".format(*_DATE),
    )
    content = io.BytesIO()
    with ZipFile(io.BytesIO(package.zip_bytes())) as dated, ZipFile(content, "w") as fixed:
        for name in dated.namelist():
            member = ZipInfo(name, (*_DATE, 0, 0, 0))
            member.create_system = 3
            fixed.writestr(member, dated.read(name))
    return content.getvalue()
