r"""Reads GIFT, as its grammar stands in Moodle's documentation, and nothing beyond it.

Of ``~ = # { } :`` each is a sign, unless a backslash stands before it; ``\n`` is a line break and
``\\`` a backslash. Blank lines separate questions.
"""

from __future__ import annotations

import re

from tests.kit.quiz.sheet import Line, moodle_sheet, places_sheet, seen

SIGNS = "~=#{}:"
HIDDEN = {sign: chr(0xE000 + ord(sign)) for sign in SIGNS} | {"n": "\n", "\\": "\\"}
SHOWN = str.maketrans({HIDDEN[sign]: sign for sign in SIGNS})
TEXT = rf"[^{SIGNS}]*"
NUMBER = r"-?\d+(?:\.\d+)?"
QUESTION = re.compile(
    rf"::(?P<name>{TEXT})::\[html\](?P<prompt>{TEXT})\{{(?P<number>#?)\s*"
    rf"(?P<answers>.*?)####(?P<explanation>{TEXT})\}}",
    re.DOTALL,
)
WEIGHT = rf"(?:%(?P<weight>{NUMBER})%)?"
OPTION = re.compile(rf"(?P<sign>[=~]){WEIGHT}(?P<text>{TEXT})#(?P<reason>{TEXT})\s*")
MATCH = re.compile(rf"=(?P<text>{TEXT}?) -> (?P<place>\d+)\s*")
NUMERIC = re.compile(rf"={WEIGHT}(?P<value>{NUMBER}):(?P<room>{NUMBER})(?:#(?P<reason>{TEXT}))?\s*")


def read_gift(content: bytes):
    """The category, and the sheets."""
    category, *questions = re.split(r"\n\s*\n", content.decode())
    assert category.startswith("$CATEGORY: ")
    return category.removeprefix("$CATEGORY: "), [
        _sheet(question.strip()) for question in questions
    ]


def _sheet(source):
    assert not re.search(r"^\s*//", source, re.MULTILINE), "a comment"
    hidden = re.sub(r"\\(.)", lambda found: HIDDEN[found[1]], source, flags=re.DOTALL)
    question = QUESTION.fullmatch(hidden)
    assert question, source
    about = (
        question["name"].translate(SHOWN),
        *map(_html, question.group("prompt", "explanation")),
    )
    if MATCH.match(question["answers"]):
        pairs = [
            (_html(each["text"]), each["place"]) for each in _matches(MATCH, question["answers"])
        ]
        return places_sheet(*about, pairs)
    answers = list(_matches(NUMERIC if question["number"] else OPTION, question["answers"]))
    kind = "number" if question["number"] else "several"
    if any(answer["sign"] == "=" for answer in answers if kind != "number"):
        kind = "one"
    lines = [_line(answer, kind) for answer in answers]
    return moodle_sheet(*about, kind, lines)


def _matches(pattern, text):
    """The matches of ``pattern`` that follow each other through all of ``text``."""
    while text:
        found = pattern.match(text)
        assert found, text
        yield found
        text = text[found.end() :]


def _line(answer, kind):
    reason = _html(answer["reason"] or "")
    if kind == "number":
        percent = float(answer["weight"] or 100)
        return Line(percent, reason, value=float(answer["value"]), room=float(answer["room"]))
    percent = 100.0 if answer["sign"] == "=" else float(answer["weight"] or 0)
    return Line(percent, reason, text=_html(answer["text"]))


def _html(text):
    return seen(text.translate(SHOWN).strip())
