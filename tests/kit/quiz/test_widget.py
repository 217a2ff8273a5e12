"""Practice in a notebook: the widgets, pressed as a student would."""

from __future__ import annotations

import pytest

from autograder.core.errors import UserError
from quiz import practice
from quiz.engine import Number, Ordering, right_answer
from quiz.engine.widget import Practice
from tests.kit.quiz.rounds import TOPIC, new_session, wrong_answer


@pytest.fixture
def session():
    return new_session()


def press(widget):
    widget.button.click()


def choose(widget, item):
    """Answer rightly with the buttons that are shown."""
    key = right_answer(item)
    if isinstance(item, Number):
        widget.answer.children[0].value = f"{item.value!r}"
        return
    if isinstance(item, Ordering):
        widget.answer.children[-1].value = key
        return
    for row in widget.answer.children:
        button = row.children[0]
        if button.description in key:
            button.value = True


def test_a_round_in_a_notebook_ends_with_the_score(session):
    widget = Practice(session)
    while session.current:
        choose(widget, session.current.item)
        press(widget)
        assert "Right." in widget.feedback.value
        press(widget)
    assert "You answered every question correctly." in widget.head.value
    assert f"{TOPIC}: {session.total} of {session.total}" in widget.question.value
    assert widget.button.layout.display == "none"


def test_an_answer_without_a_choice_is_asked_for(session):
    widget = Practice(session)
    press(widget)
    assert "is missing: choose first" in widget.feedback.value
    assert session.scores == {}


def test_choosing_another_option_unticks_the_first(session):
    widget = Practice(session)
    buttons = [row.children[0] for row in widget.answer.children]
    buttons[0].value = True
    buttons[1].value = True
    assert [button.value for button in buttons[:2]] == [False, True]


def test_a_wrong_answer_in_a_notebook_shows_the_right_one(session):
    widget = Practice(session)
    wrong = wrong_answer(session.current.item)
    for row in widget.answer.children:
        row.children[0].value = row.children[0].description == wrong
    press(widget)
    assert "Not right." in widget.feedback.value
    assert "The right answer: " in widget.feedback.value


def test_a_number_that_is_none_is_asked_for_again(session):
    while not isinstance(session.current.item, Number):
        session.answer(right_answer(session.current.item))
    widget = Practice(session)
    widget.answer.children[0].value = "many"
    press(widget)
    assert "must be a number, like 0.25 or 3e-5; it is" in widget.feedback.value


def test_without_a_notebook_practice_asks_by_text(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("builtins.input", lambda prompt: "q")
    practice(TOPIC)
    assert "Is it forgotten?" in capsys.readouterr().out


def test_practice_on_an_unknown_topic_is_refused():
    with pytest.raises(UserError, match="there is no topic 'memories'"):
        practice("memories")
