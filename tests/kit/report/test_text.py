"""A result as text: lines that fit, points at their right, and nothing told twice."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from autograder.core.errors import Kind
from autograder.core.results import ExerciseResult, Failure, Outcome, Status, TestResult
from autograder.report import exercise_html, exercise_text, plain

LONG = "a sentence that goes on for quite a while, so that no line can hold it: "


def failed(failure, title="a sentence", points=2.5):
    return TestResult("test_it", title, points, Outcome.FAILED, failure)


def result(*tests, **settings):
    return ExerciseResult("double", Status.FAILED, tests, **settings)


PASSED = TestResult("test_other", "another", 0.5, Outcome.PASSED)
WRONG = Failure("the result is wrong", given="double([1.])", got="[2.,\n 3.]", cause="a slip")


def test_a_failure_is_told_under_its_test_with_the_points_in_a_column():
    text = plain(exercise_text(result(failed(WRONG), PASSED, diagnosis="twice one is two")))
    assert text.splitlines() == [
        "double  1 of 2 tests pass, 0.5 of 3 points",
        "  Likely mistake: twice one is two",
        "  ✗ a sentence                    0/2.5",
        "    → the result is wrong",
        "      for          double([1.])",
        "      got          [2.,",
        "                    3.]",
        "      likely cause a slip",
        "  ✓ another                     0.5/0.5",
    ]


@pytest.mark.parametrize("width", [30, 40, 96, 200])
@pytest.mark.parametrize("text", [LONG * 3, "日本語のとても長いテキスト" * 20, "x" * 500])
def test_no_line_is_wider_than_it_may_be_and_nothing_is_lost(text, width):
    failure = Failure(text, given=text, got=text, expected=text, cause=text)
    shown = exercise_text(result(failed(failure, text), notes=(text,), diagnosis=text))
    lines = plain(shown, width).splitlines()
    assert max(map(cell_len, lines)) <= width
    squeezed = "".join("".join(lines).split())
    assert squeezed.count("".join(text.split())[:10]) >= 8
    stream = io.StringIO()
    Console(file=stream, width=width, force_jupyter=False).print(shown)
    assert [line.rstrip() for line in stream.getvalue().splitlines()] == lines


def test_a_terminal_shows_colours():
    stream = io.StringIO()
    Console(file=stream, width=80, force_terminal=True, color_system="standard").print(
        exercise_text(result(failed(WRONG), PASSED))
    )
    assert "\x1b[31m  ✗ \x1b[0ma sentence" in stream.getvalue()
    assert "\x1b[32m  ✓ \x1b[0manother" in stream.getvalue()
    assert "\x1b[2m      for          \x1b[0mdouble([1.])" in stream.getvalue()


def test_an_exception_that_comes_again_is_told_once():
    error = Failure("`double` raises NameError", given="double([1.])", kind=Kind.RAISED)
    again = Failure("`double` raises NameError", given="double([2.])", kind=Kind.RAISED)
    shown = result(failed(error), failed(again), failed(WRONG), failed(WRONG))
    for text in (plain(exercise_text(shown)), exercise_html(shown)):
        assert text.count("NameError") == 1
        assert text.count("double([2.])") == 0
        assert text.count("→ same error as above") == 1
        assert text.count("the result is wrong") == 2


def test_an_exception_is_told_again_where_another_failure_came_between():
    error = Failure("`double` raises NameError", kind=Kind.RAISED)
    other = Failure("`double` raises TypeError", kind=Kind.RAISED)
    shown = result(failed(error), PASSED, failed(error), failed(other), failed(error))
    for text in (plain(exercise_text(shown)), exercise_html(shown)):
        assert text.count("NameError") == 2
        assert text.count("TypeError") == 1
        assert text.count("→ same error as above") == 1
