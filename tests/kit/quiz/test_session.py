"""A round of practice, without anybody who shows it."""

from __future__ import annotations

import json

import pytest

from quiz.engine import AnswerError, right_answer
from quiz.engine.session import load_session, save_session
from tests.kit.quiz.rounds import TOPIC, new_session, wrong_answer


@pytest.fixture
def session():
    return new_session()


def test_a_round_ends_when_everything_is_answered_rightly(session):
    count = session.total
    while session.current:
        assert session.answer(right_answer(session.current.item)).is_right
    assert session.done == session.total == count
    assert session.scores == {TOPIC: (count, count)}


def test_easier_questions_come_first_within_a_topic():
    levels = [asked.question.level for asked in new_session().queue]
    assert levels == sorted(levels)
    assert set(levels) == {1, 2, 3}


def test_what_was_wrong_comes_again_and_the_score_counts_first_answers(session):
    first, count = session.current, session.total
    session.answer(wrong_answer(first.item))
    assert (session.again, session.done, session.total) == (1, 0, count)
    while not session.current.is_again:
        session.answer(right_answer(session.current.item))
    assert session.current.question == first.question
    session.answer(right_answer(session.current.item))
    assert session.current is None
    assert session.scores[TOPIC] == (count - 1, count)


def test_a_family_comes_again_with_other_numbers(session):
    while not session.current.question.is_family:
        session.answer(right_answer(session.current.item))
    asked = session.current
    session.answer(wrong_answer(asked.item))
    assert session.queue[-1].question == asked.question
    assert session.queue[-1].seed != asked.seed


def test_an_answer_of_no_valid_form_changes_nothing(session):
    before = session.current
    with pytest.raises(AnswerError):
        session.answer(object())
    assert session.current is before
    assert session.scores == {}


def test_a_round_is_stored_and_goes_on(session, tmp_path):
    path = tmp_path / "deep" / "round.json"
    session.answer(wrong_answer(session.current.item))
    save_session(session, path)
    again = load_session(path)
    assert again == session
    assert load_session(tmp_path / "none.json") is None


def test_a_stored_round_may_name_questions_that_are_gone(session, tmp_path):
    path = tmp_path / "round.json"
    save_session(session, path)
    content = json.loads(path.read_text())
    content["queue"].append(["a-question-of-old", 1, False])
    path.write_text(json.dumps(content))
    assert load_session(path) == session


@pytest.mark.parametrize("text", ["{", "[]", '{"version": 0}', '{"version": 1, "topics": 1}'])
def test_a_damaged_round_is_told_from_none(tmp_path, text):
    path = tmp_path / "round.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r".+"):
        load_session(path)
