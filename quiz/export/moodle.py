"""Moodle XML: everything arrives, and Moodle marks as the course does.

A wrong number that a slip leads to is an answer worth nothing, with feedback. Steps to be put in
order become a matching question, from each step to its place, without feedback on single steps.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from quiz.engine import Choice, Judgement, Number, Ordering, Several
from quiz.engine.markup import Markup, mathjax
from quiz.export.entries import Entry, answers_of, decimal

__all__ = ["category", "moodle_xml", "percent"]

_MARKUP = Markup(mathjax)


def moodle_xml(topic: str, entries: Sequence[Entry]) -> bytes:
    """The file for "Import questions", format "Moodle XML"."""
    quiz = ET.Element("quiz")
    _text(ET.SubElement(quiz, "question", type="category"), "category", category(topic))
    for entry in entries:
        _add_question(quiz, entry)
    ET.indent(quiz)
    return bytes(ET.tostring(quiz, encoding="utf-8", xml_declaration=True)) + b"\n"


def category(topic: str) -> str:
    """Where in a course's question bank the questions on ``topic`` go."""
    return f"$course$/top/Unroll/{topic}"


def percent(share: float) -> str:
    """A share as Moodle spells it.

    Moodle takes only certain fractions; all of 1/n with n up to 7 are among them, in seven digits:
    33.33333, 14.28571.
    """
    return f"{100 * share:.7g}"


def _add_question(quiz: ET.Element, entry: Entry) -> None:
    item = entry.item
    kind = {"number": "numerical", "ordering": "matching"}.get(item.kind, "multichoice")
    question = ET.SubElement(quiz, "question", type=kind)
    _text(question, "name", entry.name)
    _html(question, "questiontext", _MARKUP.text(item.prompt))
    _html(question, "generalfeedback", _MARKUP.text(item.explanation))
    ET.SubElement(question, "defaultgrade").text = "1"
    if isinstance(item, Number):
        _add_numbers(question, item)
    elif isinstance(item, Ordering):
        _add_places(question, item)
    else:
        _add_options(question, item)


def _add_options(question: ET.Element, item: Choice | Several | Judgement) -> None:
    ET.SubElement(question, "single").text = str(not isinstance(item, Several)).lower()
    ET.SubElement(question, "shuffleanswers").text = str(not isinstance(item, Judgement)).lower()
    ET.SubElement(question, "answernumbering").text = "ABCD"
    for each in answers_of(item):
        answer = ET.SubElement(question, "answer", fraction=percent(each.share), format="html")
        ET.SubElement(answer, "text").text = _MARKUP.line(each.text)
        _html(answer, "feedback", _MARKUP.line(each.reason))


def _add_places(question: ET.Element, item: Ordering) -> None:
    ET.SubElement(question, "shuffleanswers").text = "true"
    for step in item.steps:
        each = ET.SubElement(question, "subquestion", format="html")
        ET.SubElement(each, "text").text = _MARKUP.line(step.text)
        _text(each, "answer", str(step.place))


def _add_numbers(question: ET.Element, item: Number) -> None:
    _add_number(question, 1.0, item.value, item.tolerance)
    for slip in item.slips:
        answer = _add_number(question, 0.0, slip.value, item.room(slip))
        _html(answer, "feedback", _MARKUP.line(slip.reason))


def _add_number(question: ET.Element, share: float, value: float, room: float) -> ET.Element:
    answer = ET.SubElement(question, "answer", fraction=percent(share))
    ET.SubElement(answer, "text").text = decimal(value)
    ET.SubElement(answer, "tolerance").text = decimal(room)
    return answer


def _text(parent: ET.Element, tag: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, tag)
    ET.SubElement(element, "text").text = text
    return element


def _html(parent: ET.Element, tag: str, html: str) -> None:
    _text(parent, tag, html).set("format", "html")
