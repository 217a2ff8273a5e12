"""What an answer earns, and what is said of one that has no valid form."""

from __future__ import annotations

import numpy as np
import pytest

from quiz.engine import (
    CONDITION,
    FAILS,
    HOLDS,
    AnswerError,
    Choice,
    Judgement,
    Number,
    Ordering,
    Several,
    Step,
    mark,
    right,
    right_answer,
    slip,
    wrong,
)
from quiz.engine.forms import AnswersIncomplete, check_namespace, forms_json
from quiz.engine.marking import form_of

R, W = np.bool_(True), np.bool_(False)
CHOICE = Choice("p", "e", (wrong("a", "not a", W), right("b", "yes b", R), wrong("c", "not c", W)))
SEVERAL = Several(
    "p",
    "e",
    (
        right("a", "yes a", R),
        right("b", "yes b", R),
        wrong("c", "not c", W),
        wrong("d", "not d", W),
    ),
)
JUDGEMENT = Judgement(
    "p",
    "e",
    (
        wrong("a", "not a", W, HOLDS),
        wrong("b", "not b", W, CONDITION),
        right("c", "yes c", R, FAILS),
    ),
)
ORDER = Ordering("p", "e", (Step("a", "second", 2), Step("b", "last", 3), Step("c", "first", 1)))
NUMBER = Number("p", "e", 0.25, 0.005, (slip(0.75, "one minus it"),))


@pytest.mark.parametrize(
    "item", [CHOICE, SEVERAL, JUDGEMENT, NUMBER, ORDER], ids=lambda item: item.kind
)
def test_the_key_earns_everything(item):
    assert mark(item, right_answer(item)).is_right


@pytest.mark.parametrize("given", ["B", "b", " B ", ("B",), {"B"}])
def test_a_letter_may_be_written_in_these_ways(given):
    if not isinstance(given, str):
        with pytest.raises(AnswerError, match='must be one letter in quotes, from "A" to "C"'):
            mark(CHOICE, given)
    else:
        assert mark(CHOICE, given).is_right


@pytest.mark.parametrize(
    ("given", "share"),
    [
        ({"A", "B"}, 1),
        (["b", "a"], 1),
        ({"A"}, 0.5),
        ("A", 0.5),
        ({"A", "C"}, 0),
        ({"A", "B", "C"}, 0.5),
        ({"A", "B", "C", "D"}, 0),
        (set(), 0),
    ],
)
def test_of_several_rights_count_for_and_wrongs_against(given, share):
    assert mark(SEVERAL, given).share == share


@pytest.mark.parametrize(("given", "share"), [("A", 0), ("B", 0), ("C", 1)])
def test_a_verdict_earns_all_or_nothing(given, share):
    assert mark(JUDGEMENT, given).share == share


@pytest.mark.parametrize(
    ("given", "share"),
    [
        ("CAB", 1),
        ("c, a, b", 1),
        (["C", "A", "B"], 1),
        ("C → A → B", 1),
        ("CBA", 1 / 3),
        ("ABC", 0),
    ],
)
def test_of_an_order_each_step_in_its_place_counts(given, share):
    assert mark(ORDER, given).share == pytest.approx(share)


def test_the_first_step_in_a_wrong_place_is_explained():
    assert mark(ORDER, "CBA").comments == ("B: last",)
    assert mark(ORDER, "CAB").comments == ()


@pytest.mark.parametrize(
    ("given", "share"),
    [(0.25, 1), (0.2549, 1), (np.float32(0.25), 1), (np.array(0.25), 1), (0.256, 0), (1, 0)],
)
def test_a_number_is_right_within_its_tolerance(given, share):
    assert mark(NUMBER, given).share == share


def test_a_number_that_a_known_mistake_leads_to_is_explained():
    assert mark(NUMBER, 0.75).comments == ("one minus it",)


def test_each_thing_chosen_is_explained_and_nothing_else():
    assert mark(SEVERAL, {"C", "A"}).comments == ("A: yes a", "C: not c")


class Odd:
    label = "my.Odd"


@pytest.mark.parametrize(
    ("item", "given", "message"),
    [
        (CHOICE, "E", r"from \"A\" to \"C\"; it is 'E' \(str\)"),
        (CHOICE, 2, r"must be one letter in quotes, from \"A\" to \"C\"; it is of type int"),
        (CHOICE, {"B", "A"}, r"holds several answers, \{'A', 'B'\} \(set\)"),
        (CHOICE, Odd(), "it is of type my.Odd"),
        (CHOICE, "x" * 100, r"'x{59}… \(str\)"),
        (SEVERAL, 1, r"must be a set of letters, like \{\"A\", \"C\"\}"),
        (SEVERAL, "AB", "must be a set of letters"),
        (SEVERAL, {"A", "Z"}, "it is 'Z'"),
        (ORDER, "CA", r"must be the letters in order, like \"CBA\", each letter once; it is 'CA'"),
        (ORDER, "CAA", "each letter once"),
        (ORDER, 7, "it is of type int"),
        (ORDER, {"A", "B", "C"}, r"each letter once; it is \{'A', 'B', 'C'\} \(set\)"),
        (NUMBER, "0.25", r"must be a number, without quotes; it is '0.25' \(str\)"),
        (NUMBER, True, "must be a number, without quotes"),
        (NUMBER, np.bool_(True), "must be a number"),
        (NUMBER, float("nan"), "must be a finite number"),
        (NUMBER, 10**400, "must be a finite number"),
        (NUMBER, np.ones(2), "must be a number"),
        (NUMBER, 1j, "must be a number"),
    ],
)
def test_an_answer_of_no_valid_form_says_which_form_is_valid(item, given, message):
    with pytest.raises(AnswerError, match=message):
        mark(item, given)


FORMS = {"one": form_of(CHOICE), "two": form_of(SEVERAL), "three": form_of(NUMBER)}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "questions.json").write_text(forms_json(FORMS, "public"))
    return tmp_path


def test_check_answers_is_content_with_valid_answers_right_or_wrong(folder, capsys):
    check_namespace({"answers": {"one": "A", "two": {"D"}, "three": 7}}, folder)
    assert capsys.readouterr().out == "3 of 3 questions have an answer of a valid form.\n"


def test_check_answers_names_what_is_open_and_what_is_wrong(folder, capsys):
    given = {"one": ..., "two": {"Q"}, "three": "0.1", "four": "A", "on": "A"}
    with pytest.raises(AnswersIncomplete, match="not every question has a valid answer yet"):
        check_namespace({"answers": given}, folder)
    out = capsys.readouterr().out
    assert "`answers['two']` must be one letter in quotes" in out
    assert "`answers['three']` must be a number, without quotes" in out
    assert "there is no question 'four' here\n" in out
    assert "there is no question 'on' here: did you mean 'one'?" in out
    assert "0 of 3 questions have an answer of a valid form." in out
    assert "Not answered yet: one" in out


@pytest.mark.parametrize(
    ("namespace", "message"),
    [({}, "`answers` is not defined"), ({"answers": ["A"]}, "is no dictionary but of type list")],
)
def test_check_answers_says_when_there_is_no_dictionary(folder, capsys, namespace, message):
    with pytest.raises(AnswersIncomplete):
        check_namespace(namespace, folder)
    assert message in capsys.readouterr().out


def test_check_answers_needs_the_file_beside_the_notebook(tmp_path):
    with pytest.raises(AnswersIncomplete, match=r"questions\.json is not in .*open the notebook"):
        check_namespace({"answers": {}}, tmp_path)


@pytest.mark.parametrize("text", ['{"one": 1}', '{"seed": "public"}', '{"questions": {}}', "{"])
def test_check_answers_says_when_that_file_is_damaged(tmp_path, text):
    (tmp_path / "questions.json").write_text(text)
    with pytest.raises(AnswersIncomplete, match="is damaged: fetch the assignment again"):
        check_namespace({"answers": {}}, tmp_path)
