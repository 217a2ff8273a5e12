"""Practice in a terminal: through a pipe, and in a real one."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pexpect
import pytest

from quiz.engine import load_topic
from quiz.engine.mathtext import as_text
from quiz.engine.session import Asked, Session, save_session
from tests.kit.quiz.rounds import TOPIC

UNROLL = [sys.executable, "-m", "autograder", "quiz"]


def run(lines, tmp_path, topic=TOPIC, **environment):
    """The output of ``unroll quiz`` that reads ``lines`` from a pipe."""
    env = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "COLUMNS": "100", **environment}
    text = lines if isinstance(lines, bytes) else "".join(f"{line}\n" for line in lines).encode()
    return subprocess.run(
        [*UNROLL, *([topic] if topic else [])],
        input=text,
        capture_output=True,
        env=env,
        timeout=60,
        check=False,
    )


def test_a_wrong_answer_is_explained_with_the_right_one_and_the_computation(tmp_path):
    done = run(["C"], tmp_path)
    out = done.stdout.decode()
    assert done.returncode == 0
    item = load_topic(TOPIC)[0].variant()
    assert as_text(item.prompt).split()[:6] == out.partition("\n  ")[2].split()[:6]
    assert "Not right." in out or "Right." in out
    assert "0.8¹⁵ = 0.0352" in out
    assert "Stopped. `unroll quiz vanishing` goes on from here." in out


def test_the_next_run_goes_on_where_the_last_one_stopped(tmp_path):
    run(["A"], tmp_path)
    out = run([], tmp_path).stdout.decode()

    assert re.search(r"Going on: [01] of \d+ done", out)


def test_restart_begins_anew(tmp_path):
    run(["A"], tmp_path)
    assert "Going on" not in run([], tmp_path, topic="--restart").stdout.decode()


def test_an_answer_that_is_none_of_the_options_is_asked_again(tmp_path):
    out = run(["Z", "", "A B"], tmp_path).stdout.decode()
    assert "Your answer is 'Z', which is none of A, B, C, D. Try again." in out
    assert "Your answer is none of A, B, C, D. Try again." in out
    assert "must be one of the letters" in out


def test_steps_are_put_in_order_by_their_letters(tmp_path):
    (question,) = (each for each in load_topic("rnn") if each.id == "order-of-one-step")
    round_of_one = Session(("rnn",), [Asked(question, 5)])
    save_session(round_of_one, tmp_path / "unroll" / "practice-rnn.json")
    order = question.variant(5).order
    out = run(["AB", order[::-1], ", ".join(order)], tmp_path, topic="rnn").stdout.decode()
    assert "Put the steps in order: give their letters, from the first to the last." in out
    assert 'Your answer must be the letters in order, like "EDCBA", each letter once' in out
    assert f"The right order: {', '.join(order)}." in out
    assert "once more" in out


def test_a_judgement_is_asked_as_three_verdicts_with_their_reasons(tmp_path):
    (question,) = (each for each in load_topic("rnn") if each.id == "deep-in-time")
    save_session(Session(("rnn",), [Asked(question, 0)]), tmp_path / "unroll" / "practice-rnn.json")
    out = run(["A"], tmp_path, topic="rnn").stdout.decode()
    assert "A  It holds: the way passes one tanh per step" in out
    assert "C  It does not hold: one layer means one tanh" in out
    assert "You answered every question correctly." in out


def test_a_word_stops_practice(tmp_path):
    done = run(["quit", "A"], tmp_path)
    assert "Stopped." in done.stdout.decode()
    assert done.returncode == 0


def test_bytes_that_are_no_utf8_are_an_answer_like_any_wrong_one(tmp_path):
    done = run(b"\xff\xfe\nA\n", tmp_path)
    assert done.returncode == 0
    assert "Try again" in done.stdout.decode()


def test_a_terminal_that_is_not_utf8_gets_what_it_can_show(tmp_path):
    done = run(["A"], tmp_path, PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    out = done.stdout.decode("latin-1")
    assert done.returncode == 0
    assert "Your terminal's encoding is " in out
    assert "Is it forgotten?" in out


def test_a_damaged_store_is_reported_and_a_new_round_begins(tmp_path):
    path = tmp_path / "unroll" / "practice-vanishing.json"
    path.parent.mkdir()
    path.write_text("{")
    out = run(["A"], tmp_path).stdout.decode()
    assert "The stored round cannot be read" in out
    assert "Is it forgotten?" in out


def test_an_unknown_topic_is_named(tmp_path):
    done = run([], tmp_path, topic="vanish")
    assert done.returncode == 2
    assert "there is no topic 'vanish'; there are: activations," in done.stderr.decode()


@pytest.fixture
def terminal(tmp_path):
    env = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "TERM": "xterm"}
    child = pexpect.spawn(
        UNROLL[0], [*UNROLL[1:], TOPIC], env=env, dimensions=(40, 100), encoding="utf-8", timeout=30
    )
    yield child
    child.close(force=True)


def stop(terminal):
    """Ctrl-C; once more where Python's `input` began to wait just then, which misses the first."""
    for _ in range(10):
        terminal.sendcontrol("c")
        if terminal.expect(["goes on from here", pexpect.TIMEOUT], timeout=2) == 0:
            return
    raise AssertionError("it does not stop")


@pytest.mark.filterwarnings("default")  # pexpect forks
def test_arrows_and_letters_answer_in_a_terminal(terminal):
    terminal.expect("Is it forgotten")
    terminal.expect("Ctrl-C stops")
    terminal.send("\x1b[B")  # down
    terminal.expect("›")
    terminal.send("\r")
    terminal.expect("Enter for the next question")
    terminal.send("\r")
    terminal.expect("of .* done")
    stop(terminal)
    terminal.expect(pexpect.EOF)
    assert terminal.wait() == 0


@pytest.mark.filterwarnings("default")
def test_ctrl_c_keeps_the_score(terminal, tmp_path):
    terminal.expect("Ctrl-C stops")
    terminal.send("a")
    terminal.expect("Enter for the next question")
    stop(terminal)
    assert "First answers" in terminal.before
    terminal.expect(pexpect.EOF)
    stored = json.loads((tmp_path / "unroll" / "practice-vanishing.json").read_text())
    assert stored["scores"][TOPIC][1] == 1
