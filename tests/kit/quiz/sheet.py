"""What a platform has after reading an export, and what of it a student sees."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser

import mistune

MISTUNE = mistune.create_markdown(plugins=["math", "table"])
MARKS = {"em", "strong", "li", "td"}
FORMULA = re.compile(r"\\[(\[](.*?)\\[)\]]|\$\$(.*?)\$\$", re.DOTALL)


@dataclass(frozen=True)
class Reply:
    """What the platform says to an answer: its share of the mark, and the feedback to it."""

    share: float
    comments: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A question on the platform.

    ``reply`` takes a number, the positions of the options chosen, or the positions of the steps in
    the order given.
    """

    name: str
    prompt: str
    explanation: str
    options: tuple[str, ...]
    reply: Callable[[set[int] | tuple[int, ...] | float], Reply]


@dataclass(frozen=True)
class Line:
    """An answer of a Moodle question: an option, or a number with room around it."""

    percent: float
    reason: str
    text: str = ""
    value: float = 0.0
    room: float = 0.0


def moodle_sheet(name, prompt, explanation, kind, lines):
    """The sheet of a question that Moodle marks: ``kind`` is one, several or number."""

    def reply(answer):
        if kind == "number":
            near = [x for x in lines if abs(answer - x.value) <= x.room + 1e-9 * abs(x.value)][:1]
        else:
            near = [line for position, line in enumerate(lines) if position in answer]
        assert kind == "several" or len(near) <= 1
        share = min(1.0, max(0.0, sum(line.percent for line in near) / 100))
        return Reply(share, tuple(line.reason for line in near if line.reason))

    options = () if kind == "number" else tuple(line.text for line in lines)
    return Sheet(name, prompt, explanation, options, reply)


def places_sheet(name, prompt, explanation, pairs):
    """The sheet of a matching question, from steps to their places, as Moodle marks it."""

    def reply(order):
        hits = [pairs[step][1] == f"{place}" for place, step in enumerate(order, start=1)]
        return Reply(sum(hits) / len(hits), ())

    return Sheet(name, prompt, explanation, tuple(text for text, _ in pairs), reply)


class _Reader(HTMLParser):
    """Collects text, formulas as ``⟦…⟧``, and the tags that students see; code as it stands."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.is_code = False

    def handle_starttag(self, tag, attrs):
        self.is_code |= tag == "pre"
        formula = dict(attrs).get("data-equation-content")
        self.text += f"⟦{formula}⟧" if formula else f"<{tag}>" if tag in MARKS else ""

    def handle_endtag(self, tag):
        self.is_code &= tag != "pre"
        self.text += f"</{tag}>" if tag in MARKS else ""

    def handle_data(self, data):
        self.text += data.replace("\n", "⏎").replace(" ", "␣") if self.is_code else data


def seen(html: str) -> str:
    """What a student sees of ``html``; line breaks count only in code."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    text = FORMULA.sub(lambda found: f"⟦{(found[1] or found[2]).strip()}⟧", reader.text)
    return re.sub(r"⏎*(\s|$)", r"\1", " ".join(text.split())).strip()


@cache
def as_seen(markdown: str) -> str:
    """What a student sees of ``markdown`` when mistune, the reader of nbconvert, makes HTML of it.

    It knows no formula that goes over the end of a line.
    """
    joined = re.sub(r"(?<!\$)\$[^$`]+\$", lambda found: " ".join(found[0].split()), markdown)
    return seen(MISTUNE(joined))
