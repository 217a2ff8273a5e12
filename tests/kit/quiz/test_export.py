"""Exports, read back by other readers than their writers: what arrives, and how it is marked."""

from __future__ import annotations

import html
import io
import itertools
import sys
import xml.etree.ElementTree as ET
import zipfile
from functools import cache

import pytest
from moodle_xml_parser.parser import parse_string

from autograder.core.errors import UserError
from quiz import TOPICS
from quiz.engine import (
    Choice,
    Judgement,
    Number,
    Ordering,
    Several,
    Step,
    Verdict,
    mark,
    right,
    slip,
    wrong,
)
from quiz.engine.bank import Question, load_topic
from quiz.export import export
from quiz.export.entries import Entry, decimal, entries_of
from quiz.export.gift import gift_text
from quiz.export.moodle import moodle_xml
from quiz.export.qti import qti_package
from tests.kit.quiz.formats import in_each_format, read_back
from tests.kit.quiz.read_gift import read_gift
from tests.kit.quiz.read_moodle import read_moodle
from tests.kit.quiz.read_qti import read_qti
from tests.kit.quiz.sheet import Reply, as_seen

entries_on = cache(entries_of)

# Moodle refuses any other fraction.
POSITIVE = (
    *(100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20),
    *(16.66667, 14.28571, 12.5, 11.11111, 10, 5),
)
ALLOWED = {"0", *(f"{sign}{each}" for each in POSITIVE for sign in ("", "-"))}


def answers_to(item):
    """Everything that can be chosen; of numbers, those that matter."""
    if isinstance(item, Number):
        yield 3 * item.value + 7.1
        for way in (-1.1, -0.9, 0.0, 0.9, 1.1):
            yield item.value + way * item.tolerance
            for each in item.slips:
                yield each.value + way * max(item.tolerance, 1e-3 * abs(each.value))
        return
    if isinstance(item, Ordering):
        yield from itertools.permutations(range(len(item.steps)))
        return
    positions = range(len(item.options))
    for count in range(1, len(positions) + 1 if isinstance(item, Several) else 2):
        yield from map(set, itertools.combinations(positions, count))


def course_reply(item, answer):
    """How the course marks an answer, with the reasons as they are seen."""
    if isinstance(item, Ordering):
        share = mark(item, [list(item.lettered)[position] for position in answer]).share
        return Reply(pytest.approx(share, abs=1e-6), ())
    if not isinstance(item, Number):
        letters = [letter for position, letter in enumerate(item.lettered) if position in answer]
        answer = letters if isinstance(item, Several) else letters[0]
    result = mark(item, answer)
    comments = (each if isinstance(item, Number) else each[3:] for each in result.comments)
    return Reply(pytest.approx(result.share, abs=1e-6), tuple(map(as_seen, comments)))


def qti_reply(item, answer):
    """What is left of it in QTI: all or nothing, and all slips after any wrong number."""
    reply = course_reply(item, answer)
    share = 1.0 if reply.share == 1.0 else 0.0
    if not isinstance(item, Number):
        return Reply(share, reply.comments)
    slips = [f"<li>{decimal(slip.value)}: {as_seen(slip.reason)}</li>" for slip in item.slips]
    return Reply(share, () if share else ("".join(slips),))


def option_texts(item):
    for each in getattr(item, "steps", ()):
        yield as_seen(each.text)
    for option in getattr(item, "options", ()):
        verdict = f"*{option.verdict.capitalize()}:* " if isinstance(item, Judgement) else ""
        yield as_seen(verdict + option.text)


@in_each_format
@pytest.mark.parametrize("topic", TOPICS)
def test_each_question_arrives_and_is_marked_as_in_the_course(topic, format):
    sheets = read_back(format, entries_on(topic), topic)
    expected_reply = qti_reply if format == "qti" else course_reply
    for sheet, entry in zip(sheets, entries_on(topic), strict=True):
        item = entry.item
        assert sheet.name == entry.name
        assert sheet.prompt == as_seen(item.prompt)
        assert sheet.explanation == as_seen(item.explanation)
        assert sheet.options == tuple(option_texts(item))
        for answer in answers_to(item):
            assert sheet.reply(answer) == expected_reply(item, answer), (entry.name, answer)


@pytest.mark.parametrize("topic", TOPICS)
def test_moodle_xml_is_read_by_a_package_of_others(topic):
    content = moodle_xml(topic, entries_on(topic))
    choices = parse_string(content)["multichoice"]
    entries = [each for each in entries_on(topic) if hasattr(each.item, "options")]
    written = [each for each in ET.fromstring(content) if each.get("type") == "multichoice"]
    for choice, entry, question in zip(choices, entries, written, strict=True):
        texts = [html.unescape(each.findtext("text")) for each in question.iterfind("answer")]
        assert choice.name == entry.name
        assert choice.single is not isinstance(entry.item, Several)
        assert [option.answer for option in choice.options] == texts
        best = max(option.score_fraction for option in choice.options)
        assert [option.score_fraction == best for option in choice.options] == [
            option.is_right for option in entry.item.options
        ]


@pytest.mark.parametrize("topic", TOPICS)
def test_moodle_takes_each_fraction(topic):
    content = ET.fromstring(moodle_xml(topic, entries_on(topic)))
    assert {each.get("fraction") for each in content.iterfind("question/answer")} <= ALLOWED


@pytest.mark.parametrize("rights", range(1, 8))
def test_several_right_ones_share_the_mark_and_wrong_ones_take_it_away(rights):
    options = [right(f"right {n}", "yes", True) for n in range(rights)]
    options += [wrong(f"wrong {n}", "no", False) for n in range(8 - rights)]
    entry = Entry("several", Several("Which?", "Those.", tuple(options)))
    question = ET.fromstring(moodle_xml("rnn", [entry]))[1]
    fractions = [answer.get("fraction") for answer in question.iterfind("answer")]
    assert set(fractions) <= ALLOWED
    assert [float(each) for each in fractions] == pytest.approx(
        [100 / rights] * rights + [-100 / (8 - rights)] * (8 - rights), abs=1e-5
    )
    (sheet,) = read_back("gift", [entry])
    assert sheet.reply(set(range(rights))).share == pytest.approx(1)
    assert sheet.reply({0, 7}).share == pytest.approx(
        max(0, 1 / rights - 1 / (8 - rights)), abs=1e-6
    )


def test_verdicts_arrive_in_their_order():
    item = Judgement(
        "So?",
        "Computed.",
        (
            wrong("in all cases", "no", False, Verdict.HOLDS),
            wrong("at times", "no", False, Verdict.CONDITION),
            right("in no case", "yes", True, Verdict.FAILS),
        ),
    )
    for format in ("moodle", "gift"):
        (sheet,) = read_back(format, [Entry("judge", item)])
        assert [sheet.reply({n}).share for n in range(3)] == [0, 0, 1]
        assert sheet.options[0] == "<em>Holds:</em> in all cases"
        assert sheet.options[1] == "<em>Holds under a condition:</em> at times"
    assert shuffled(item) == "false", "the reasons stand in the order of their verdicts"
    assert shuffled(Choice("So?", "So.", item.options)) == "true"


@in_each_format
def test_an_order_arrives_with_signs_that_formats_know(format):
    texts = ("a -> b = $x_1 < 2$", "c ~ {d}", "* e # f")
    steps = tuple(Step(text, "r", place) for text, place in zip(texts, (2, 3, 1), strict=True))
    (sheet,) = read_back(format, [Entry("order", Ordering("So?", "So.", steps))])
    assert sheet.options == ("a -> b = ⟦x_1 < 2⟧", *texts[1:])
    assert sheet.reply((2, 0, 1)).share == 1
    assert sheet.reply((2, 1, 0)).share == (0 if format == "qti" else pytest.approx(1 / 3))


def shuffled(item):
    return ET.fromstring(moodle_xml("rnn", [Entry("one", item)]))[1].findtext("shuffleanswers")


@in_each_format
@pytest.mark.parametrize(
    ("value", "room"),
    [(0.0, 0.001), (-0.25, 0.01), (2e-6, 1e-8), (1 / 3, 1e-7), (123456.789, 0.0005), (-7.0, 0.0)],
)
def test_numbers_arrive_with_their_tolerance(format, value, room):
    (sheet,) = read_back(
        format, [Entry("n", Number("How many?", "So many.", value, room, (slip(9, "no"),)))]
    )
    shares = [sheet.reply(value + way * room).share for way in (0.0, -0.99, 0.99)]
    assert shares == [1, 1, 1]
    outside = 1.01 * room + 2e-9 * abs(value) + 1e-12
    assert [sheet.reply(value - outside).share, sheet.reply(value + outside).share] == [0, 0]


@in_each_format
def test_variants_with_the_same_prompt_are_all_there(format):
    items = [Number("How many?", "So many.", n, 0, (slip(9, "no"),)) for n in (1, 2)]
    sheets = read_back(format, [Entry(f"n ({n})", item) for n, item in enumerate(items, 1)])
    assert [sheet.name for sheet in sheets] == ["n (1)", "n (2)"]
    assert [sheet.reply(2.0).share for sheet in sheets] == [0, 1]


def test_a_family_is_three_variants_and_a_fixed_question_is_one():
    for question in load_topic("vanishing"):
        if question.is_family:
            expected = [(f"{question.id} ({seed})", question.variant(seed)) for seed in (1, 2, 3)]
        else:
            expected = [(question.id, question.variant())]
        entries = [each for each in entries_on("vanishing") if each.name.split()[0] == question.id]
        assert entries == [Entry(*each) for each in expected]


def test_a_variant_that_comes_again_is_left_out(monkeypatch):
    def coin(rng):
        return Number("Heads?", "So.", 1, 0, (slip(3, "no"),))

    family = Question("coin", "luck", ("000-1",), 1, 0.0, coin, is_family=True)
    monkeypatch.setattr("quiz.export.entries.load_topic", lambda topic: (family,))
    assert [entry.name for entry in entries_of("luck")] == ["coin (1)"]


def test_questions_go_to_a_place_named_after_their_topic():
    place = "$course$/top/Unroll/vanishing"
    entries = entries_on("vanishing")
    assert read_moodle(moodle_xml("vanishing", entries))[0] == place
    assert read_gift(gift_text("vanishing", entries))[0] == place
    assert read_qti(qti_package("vanishing", entries))[0] == "Unroll: vanishing"


def test_a_topic_gives_three_files_and_twice_the_same_bytes(tmp_path):
    paths = export(["vanishing"], tmp_path / "new" / "folder")
    assert [path.name for path in paths] == [
        "vanishing.qti.zip",
        "vanishing.moodle.xml",
        "vanishing.gift.txt",
    ]
    again = export(["vanishing"], tmp_path)
    assert [path.read_bytes() for path in paths] == [path.read_bytes() for path in again]


def test_a_zip_tells_neither_day_nor_machine(monkeypatch):
    first = qti_package("vanishing", entries_on("vanishing"))
    monkeypatch.setattr("text2qti.xml_imsmanifest.datetime.date", Later)
    assert qti_package("vanishing", entries_on("vanishing")) == first
    for member in zipfile.ZipFile(io.BytesIO(first)).infolist():
        assert member.date_time == (2000, 1, 1, 0, 0, 0)
        assert (member.create_system, member.compress_type) == (3, zipfile.ZIP_STORED)


class Later:
    """A calendar that stands at another day."""

    @staticmethod
    def today():
        return "2033-05-18"


def test_without_topics_all_are_exported(tmp_path, monkeypatch):
    monkeypatch.setattr("quiz.export.TOPICS", ("vanishing", "lstm"))
    names = {path.name.partition(".")[0] for path in export([], tmp_path)}
    assert names == {"vanishing", "lstm"}


def test_an_unknown_topic_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(UserError, match=r"there is no topic 'gru'; there are: activations, rnn"):
        export(["vanishing", "gru"], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    message = (
        r"file/vanishing.qti.zip cannot be written \(.+\): name a folder that you may write to"
    )
    with pytest.raises(UserError, match=message):
        export(["vanishing"], tmp_path / "file")


def test_a_missing_library_is_named_with_what_to_install(tmp_path, monkeypatch):
    for name in list(sys.modules):
        if name.partition(".")[0] == "text2qti" or name.startswith("quiz.export."):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "text2qti", None)
    message = r"needs the library text2qti, which is not installed: pip install 'unroll-course\[e"
    with pytest.raises(UserError, match=message):
        export(["vanishing"], tmp_path)
