"""Strangers' text is harmless where it is shown, and still tells what it is."""

from __future__ import annotations

import pytest

from autograder.core.results import ExerciseResult, Failure, Outcome, Status, TestResult
from autograder.core.untrusted_text import printable
from autograder.report import exercise_html, exercise_text, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain σ, −1 × 2\nnext", "plain σ, −1 × 2\nnext"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x00\a\r\t", "\\x00\\x07\\r\\t"),
        ("\u202ebackwards", "\\u202ebackwards"),
        ("half \ud83d", "half \\ud83d"),
        ("", ""),
    ],
)
def test_what_a_terminal_would_obey_is_spelled_out(text, shown):
    assert printable(text) == shown


def test_long_text_is_cut_and_what_is_missing_is_counted():
    assert printable("x" * 12, 10) == "xxxxxxxxxx… (2 more characters)"
    assert printable("x" * 10, 10) == "x" * 10


def test_markup_of_terminals_and_pages_is_text_in_a_report():
    text = printable("[bold]b[/bold] <script>alert(1)</script> \x1b[2J")
    failure = Failure(text, given=text, got=text, expected=text)
    test = TestResult("test", "It holds", 1.0, Outcome.FAILED, failure)
    result = ExerciseResult("double", Status.FAILED, (test,), notes=(text,))
    assert "<script" not in exercise_html(result)
    assert "[bold]b[/bold] <script>" in plain(exercise_text(result))
    assert "\x1b" not in exercise_html(result) + plain(exercise_text(result))
