"""Reads Moodle XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from tests.kit.quiz.sheet import Line, moodle_sheet, places_sheet, seen


def read_moodle(content: bytes):
    """The category, and the sheets."""
    category, *questions = ET.fromstring(content)
    assert category.get("type") == "category"
    return category.findtext("category/text"), [_sheet(question) for question in questions]


def _sheet(question):
    kind = question.get("type")
    about = (
        question.findtext("name/text"),
        _html(question.find("questiontext")),
        _html(question.find("generalfeedback")),
    )
    if kind == "matching":
        steps = question.findall("subquestion")
        return places_sheet(*about, [(_html(s), s.findtext("answer/text")) for s in steps])
    if kind == "multichoice":
        kind = {"true": "one", "false": "several"}[question.findtext("single")]
    else:
        assert kind == "numerical"
        kind = "number"
    return moodle_sheet(
        *about, kind, [_line(answer, kind) for answer in question.findall("answer")]
    )


def _line(answer, kind):
    feedback = answer.find("feedback")
    percent, reason = float(answer.get("fraction")), "" if feedback is None else _html(feedback)
    if kind == "number":
        value, room = float(answer.findtext("text")), float(answer.findtext("tolerance"))
        return Line(percent, reason, value=value, room=room)
    return Line(percent, reason, text=_html(answer))


def _html(element):
    assert element.get("format") == "html"
    return seen(element.findtext("text"))
