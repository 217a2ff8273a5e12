"""The command `unroll`: what it prints, and with which status it ends."""

from __future__ import annotations

import json
import shutil

import nbformat
import pytest
from click.testing import CliRunner

from autograder.authoring.release import release
from autograder.cli import main
from tests.kit.toy_course import (
    DOUBLE,
    QUADRUPLE,
    QUESTIONS,
    STUMBLING,
    TOY,
    TRAP,
    make_course,
    notebook,
)


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return make_course(tmp_path)


def unroll(*arguments):
    return CliRunner().invoke(main, [*map(str, arguments)])


def write(course, name, *cells):
    path = course.root / name
    nbformat.write(notebook(*cells), path)
    return path


def test_grade_prints_the_exercises_and_the_sum(course):
    run = unroll("grade", TOY, write(course, "ada.ipynb", DOUBLE, QUADRUPLE))
    assert run.exit_code == 0
    assert "double  all tests pass, 4 of 4 points" in run.output
    assert f"{TOY}: 6 of 6 points" in run.output


def test_grade_says_what_is_wrong_and_why(course):
    path = write(course, "ada.ipynb", "def double(x):\n    return x * x", QUADRUPLE, "1 / 0")
    output = unroll("grade", TOY, path).output
    for part in (
        "double  2 of 3 tests pass, 1 of 4 points",
        "Likely mistake: You square: multiply by two instead.",
        "graded with a correct `double` in place of yours",
        "cell 3: ZeroDivisionError",
        "bubblewrap sandbox",
    ):
        assert part in output


def test_grade_prints_one_json_object_per_notebook_in_the_order_given(course):
    right = write(course, "ada.ipynb", DOUBLE, QUADRUPLE)
    wrong = write(course, "ben.ipynb", QUADRUPLE)
    run = unroll("grade", TOY, wrong, right, "--json")
    scores = [json.loads(line)["score"] for line in run.output.splitlines()]
    assert scores == [2, 6]


def test_a_notebook_that_cannot_be_read_does_not_stop_the_others(course):
    broken = course.root / "broken.ipynb"
    broken.write_text("not json")
    run = unroll("grade", TOY, broken, write(course, "ada.ipynb", DOUBLE, QUADRUPLE), "--json")
    assert run.exit_code == 1
    assert json.loads(run.stdout)["score"] == 6
    assert "not graded" in run.stderr
    assert "broken.ipynb is not a notebook: it is not JSON" in run.stderr


def test_the_name_of_a_file_is_shown_as_it_is(course):
    (course.root / "a [").mkdir()
    write(course, "a [/red] \x1b[2J.ipynb", DOUBLE, QUADRUPLE)
    run = unroll("grade", TOY, "a [/red] \x1b[2J.ipynb")
    assert run.exit_code == 0
    assert r"a [/red] \x1b[2J.ipynb" in run.output


def test_an_error_of_the_grader_ends_with_status_1_and_no_score(course):
    make_course(course.root, hidden=STUMBLING)
    run = unroll("grade", TOY, write(course, "ada.ipynb", DOUBLE, QUADRUPLE, TRAP))
    assert run.exit_code == 1
    assert "Not scored (grader error): please review." in run.output


def test_grading_without_isolation_has_to_be_asked_for_and_is_told(course):
    path = write(course, "ada.ipynb", DOUBLE, QUADRUPLE)
    run = unroll("grade", TOY, path, "--isolation", "process")
    assert run.exit_code == 0
    assert "NOT ISOLATED" in run.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["grade", TOY], f"there are no submissions of {TOY}"),
        (["grade", TOY, "--workers", "0"], "Invalid value for '--workers'"),
        (
            ["grade", TOY, "--json"],
            "--json is only for single notebooks: name one, or leave --json out",
        ),
        (
            ["grade", TOY, "x.ipynb", "--force"],
            "--force is only for a whole class: name no notebook",
        ),
        (["grade", "a9", "x.ipynb"], "there is no assignment 'a9'"),
        (["grade", TOY, "x.ipynb", "--isolation", "none"], "Invalid value for '--isolation'"),
        (["release", "a9"], "there is no assignment 'a9'"),
        (["validate", "a9"], "there is no assignment 'a9'"),
        (["check"], "Missing argument 'NOTEBOOK'"),
        (["check", "nowhere.ipynb"], "test_public.py is not in"),
    ],
)
def test_wrong_usage_ends_with_status_2_and_says_what_is_wrong(course, arguments, message):
    run = unroll(*arguments)
    assert run.exit_code == 2
    assert message in run.stderr


def test_outside_of_a_course_the_way_into_one_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = unroll("validate")
    assert run.exit_code == 2
    assert "is not part of a course" in run.stderr


def test_a_course_that_is_not_in_order_is_the_author_s_business(course):
    make_course(course.root, hidden="")
    run = unroll("validate")
    assert run.exit_code == 1
    assert "the course is not in order" in run.stderr


def test_release_and_validate_go_together(course):
    assert unroll("release", "--check").exit_code == 1
    run = unroll("release")
    assert (run.exit_code, run.output) == (0, f"made assignments/{TOY}\n")
    assert unroll("release", "--check").exit_code == 0
    run = unroll("validate")
    assert (run.exit_code, run.output) == (0, f"✓ {TOY}\n")


def test_validate_shows_which_test_catches_which_mistake(course):
    unroll("release")
    output = unroll("validate", TOY, "--matrix").output
    assert "  double: a column per test, ✗ where it fails\n    ✗··  squared\n" in output
    assert "    ·✗·  in_place\n" in output
    assert "    ✗  to_the_fourth\n" in output


def test_a_public_release_is_told_from_one_of_the_courses_own(tmp_path, monkeypatch):
    course = make_course(tmp_path, questions=QUESTIONS)
    monkeypatch.chdir(course.root)
    assert unroll("release", "--public").exit_code == 0
    assert '"seed": "public"' in (course.release(TOY) / "questions.json").read_text()
    (course.release(TOY) / "test_public.py").unlink()
    assert f"run `unroll release --public {TOY}`" in unroll("release", "--check").stderr
    unroll("release")
    assert unroll("release", "--check").exit_code == 0
    (course.state / "seed").write_text("public: another term\n")
    run = unroll("release", "--check")
    assert run.exit_code == 2
    assert "put that seed back from a copy, or draw new questions with `unroll rel" in run.stderr


def test_validate_lists_what_is_wrong_and_release_check_what_is_stale(course, tmp_path):
    release(course, TOY)
    shutil.rmtree(course.release(TOY))
    run = unroll("validate")
    assert run.exit_code == 1
    assert f"✗ {TOY}: {TOY}/{TOY}.ipynb, {TOY}/test_public.py is not what" in run.output
    assert f"run `unroll release {TOY}`" in unroll("release", "--check").stderr


def test_help_names_the_commands():
    output = unroll("--help").output
    for command in ("check", "grade", "release", "validate"):
        assert command in output
