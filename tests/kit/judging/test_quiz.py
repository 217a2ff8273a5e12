"""The questions for marks: from a notebook's dictionary to points and feedback."""

from __future__ import annotations

import json
import re
import shutil

import nbformat
import pytest

from autograder.authoring.release import release, release_command, stale_files
from autograder.authoring.validate import validate
from autograder.core.course import Course, Seed
from autograder.core.errors import UserError
from autograder.core.results import Outcome, Status
from autograder.judging.fingerprint import fingerprints
from autograder.judging.judge import load_judge
from autograder.judging.quiz import PUBLIC, load_graded, secret_texts, seed_of_questions
from autograder.report import exercise_html, exercise_text, plain
from autograder.submission.notebook import read, read_node
from tests.kit.toy_class import Class
from tests.kit.toy_course import (
    DOUBLE,
    LIMITS,
    QUADRUPLE,
    QUESTIONS,
    TOY,
    make_course,
    notebook,
)
from tests.submissions.fill import fill, with_answers

CODE = {"double": DOUBLE, "quadruple": QUADRUPLE}


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """The toy course with questions, released, with a gradebook."""
    root = tmp_path_factory.mktemp("template")
    release(make_course(root, questions=QUESTIONS), TOY)
    return root


@pytest.fixture(scope="module")
def judge(template):
    return load_judge(Course(template), TOY, limits=LIMITS)


@pytest.fixture(scope="module")
def quiz(judge):
    return judge.quiz


def graded(judge, *sources):
    """The quiz's part of the report on a notebook with these cells."""
    report = judge.grade(read_node(notebook(DOUBLE, QUADRUPLE, *sources)))
    (result,) = [result for result in report.exercises if result.name == "quiz"]
    return result


def scores(result):
    return {test.name: test.score for test in result.tests}


def test_right_answers_earn_everything(judge, quiz):
    result = graded(judge, f"answers = {quiz.key!r}")
    assert result.status is Status.PASSED
    assert (result.score, result.max_score) == (5, 5)
    assert "all questions are right, 5 of 5 points" in plain(exercise_text(result))


def test_several_earn_in_part_and_a_wrong_choice_says_what_one_believes(judge, quiz):
    wrong = next(
        letter for letter, option in quiz.items["twice"].lettered.items() if option.text == "nine"
    )
    four = next(
        letter
        for letter, option in quiz.items["even-ones"].lettered.items()
        if option.text == "four"
    )
    given = {"twice": wrong, "even-ones": {four}, "a-quarter": 1.0}
    result = graded(judge, f"answers = {given!r}")
    assert scores(result) == {"twice": 0, "even-ones": 0.5, "a-quarter": 0}
    assert result.status is Status.PARTIAL
    text = plain(exercise_text(result))
    assert f"{wrong}: That is three times three, a square." in text
    assert "You added the halves instead of multiplying." in text


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "`answers` is not defined"),
        ("answers = ['A']", "`answers` is no dictionary but of type list"),
        ("answers = object", "`answers` is no dictionary but of type type"),
        ("class Mine(dict): pass\nanswers = Mine(twice='A')", "no dictionary but of type"),
        (
            "answers = 'x' * 2**26",
            "gives a value that cannot be sent to the grader: .* too large to send",
        ),
    ],
)
def test_without_a_dictionary_nothing_is_answered_and_the_report_says_why(judge, source, message):
    result = graded(judge, source)
    assert result.score == 0
    assert result.status is Status.UNFINISHED
    assert re.search(message, result.notes[0])


def test_odd_answers_cost_themselves_alone(judge, quiz):
    source = f"""
    answers = {quiz.key!r}
    answers["a-quarter"] = object()
    answers["tvice"] = "A"
    answers[3] = "A"
    """
    result = graded(judge, source)
    assert scores(result) == {"twice": 2, "even-ones": 1, "a-quarter": 0}
    assert "must be a number, without quotes; it is of type object" in str(result.tests[2].failure)
    assert "there is no question 'tvice' here: did you mean 'twice'?" in result.notes
    assert "there is no question '3' here" in result.notes


def test_an_object_that_equals_everything_is_no_answer(judge):
    source = """
    class Any:
        def __eq__(self, other): return True
        def __hash__(self): return 0
        def __float__(self): return 0.25
    answers = {"twice": Any(), "even-ones": {Any()}, "a-quarter": Any()}
    """
    result = graded(judge, source)
    assert result.score == 0
    assert all(test.outcome is Outcome.FAILED for test in result.tests)


TRAP = """
class Trap:
    def __hash__(self): return hash("answers")
    def __eq__(self, other): {}
globals()[Trap()] = 1
"""


@pytest.mark.parametrize(
    ("source", "note"),
    [
        ("answers = 1 / 0", "`answers` is not defined"),
        (
            TRAP.format("import os; os._exit(3)"),
            "`answers` cannot be read: the sandbox's process has ended",
        ),
        (
            TRAP.format("\n        while True: pass"),
            "`answers` cannot be read: the sandbox does not answer",
        ),
    ],
    ids=["raises", "exits when read", "hangs when read"],
)
def test_functions_are_graded_whatever_becomes_of_the_answers(judge, source, note):
    report = judge.grade(read_node(notebook(DOUBLE, QUADRUPLE, source)))
    assert report.score == 6
    (result,) = [result for result in report.exercises if result.name == "quiz"]
    assert result.notes[0].startswith(note)


def test_the_same_answers_give_the_same_report(judge):
    source = 'answers = {"twice": {"C", "A", "B"}, "even-ones": {"X", "Y", "Z"}}'
    assert str(graded(judge, source)) == str(graded(judge, source))


def test_the_released_notebook_asks_and_has_a_place_for_each_answer(template, quiz):
    released = nbformat.read(template / "assignments" / TOY / f"{TOY}.ipynb", as_version=4)
    sources = [cell.source for cell in released.cells]
    assert "from quiz import check_answers\n\nanswers = {}" in sources
    assert 'answers["twice"] = ...  # one letter in quotes, from "A" to "C"' in sources
    assert 'answers["a-quarter"] = ...  # a number, like 0.25' in sources
    (last,) = [cell for cell in released.cells if cell.source == "check_answers()"]
    assert last.metadata.nbgrader.points == 5
    forms = json.loads((template / "assignments" / TOY / "questions.json").read_text())
    assert forms["questions"]["twice"] == {"kind": "choice", "letters": "ABC"}
    assert set(forms["questions"]) == set(quiz.key)
    assert forms["seed"] == Course(template).seed().label


def test_no_letter_is_likelier_than_another(template):
    path = Course(template).tests(TOY) / "questions.py"
    keys = [load_graded(path, Seed(number, "")).key["twice"] for number in range(300)]
    assert all(abs(keys.count(letter) - 100) <= 30 for letter in "ABC")  # 3.7 standard deviations


def test_a_release_may_be_public_and_says_so(template, tmp_path):
    course = copied(template, tmp_path)
    release(course, TOY, PUBLIC)
    assert load_judge(course, TOY).quiz.seed == "public"
    assert stale_files(course, TOY) == ()
    assert release_command(course, TOY) == f"unroll release --public {TOY}"


def test_the_questions_released_are_those_graded_and_checked(template, judge):
    course = Course(template)
    drawn = load_graded(course.tests(TOY) / "questions.py", course.seed())
    assert judge.quiz.items == drawn.items
    assert stale_files(course, TOY) == ()
    assert release_command(course, TOY) == f"unroll release {TOY}"


def test_a_seed_that_is_not_that_of_the_release_is_refused(template, tmp_path):
    course = copied(template, tmp_path)
    old = course.seed().label
    (course.state / "seed").write_text("public: another term\n")
    message = (
        f"the questions of {TOY} were released with the seed {old!r}, but course/seed is "
        f"'public: another term': put that seed back from a copy, or draw new questions with "
        f"`unroll release {TOY}`"
    )
    for use in (load_judge, stale_files, fingerprints):
        with pytest.raises(UserError, match=re.escape(message)):
            use(course, TOY)
    release(course, TOY)
    assert seed_of_questions(course, TOY).label == "public: another term"


def test_without_a_release_the_courses_own_seed_draws(template, tmp_path):
    course = copied(template, tmp_path)
    shutil.rmtree(course.release(TOY))
    assert seed_of_questions(course, TOY) == course.seed()


def test_results_hang_on_the_seed_of_the_questions(template, tmp_path):
    course = copied(template, tmp_path)
    before = fingerprints(course, TOY)
    release(course, TOY, PUBLIC)
    after = fingerprints(course, TOY)
    assert [name for name in before if before[name] != after[name]] == ["quiz"]


def test_an_order_is_asked_and_graded(tmp_path):
    root = make_course(tmp_path, questions=ORDERED).root
    release(Course(root), TOY)
    judge = load_judge(Course(root), TOY, limits=LIMITS)
    key = judge.quiz.key["which-first"]
    released = nbformat.read(root / "assignments" / TOY / f"{TOY}.ipynb", as_version=4)
    sources = "\n".join(cell.source for cell in released.cells)
    assert 'answers["which-first"] = ...  # the letters in order, like "CBA"' in sources
    assert "Put the steps in order: give their letters, from the first to the last." in sources
    assert graded(judge, f"answers = {{'which-first': {key!r}}}").score == 3
    swapped = key[1] + key[0] + key[2]
    assert graded(judge, f"answers = {{'which-first': {swapped!r}}}").score == 1


def copied(template, tmp_path):
    shutil.copytree(template, tmp_path / "course")
    return Course(tmp_path / "course")


ORDERED = """
from quiz.engine import ordering, question, step

@question("000-7", level=1, points=3)
def which_first(rng):
    return ordering(
        prompt="You want twice four, squared.",
        steps=(
            step("take four", "There has to be a number first.", lambda r: r.update(x=4)),
            step("double it", "It needs a number.", lambda r: r.update(y=2 * r["x"])),
            step("square it", "The double is what is squared.", lambda r: r.update(z=r["y"] ** 2)),
        ),
        explanation="Four, eight, sixty-four, one after the other.",
        is_reached=lambda results: results["z"] == 64,
    )
"""


def test_validate_is_content_with_a_course_that_asks_questions(template):
    assert list(validate(Course(template), TOY)) == []


def test_validate_finds_a_reason_in_the_release(template, tmp_path):
    root = tmp_path / "course"
    shutil.copytree(template, root)
    source = root / "solutions" / f"{TOY}.py"
    hint = "That is three times three, a square."
    source.write_text(source.read_text() + f"\n# %% [markdown]\n# {hint}\n")
    release(Course(root), TOY)
    assert any("questions.py" in problem for problem in validate(Course(root), TOY))


@pytest.mark.filterwarnings("default")
def test_points_and_feedback_reach_the_gradebook(template, tmp_path, quiz):
    shutil.copytree(template, tmp_path / "course")
    klass = Class(tmp_path / "course")
    filled = fill(klass.released, CODE)
    klass.submit("ada", with_answers(filled, quiz.key))
    klass.submit("ben", with_answers(filled, {"a-quarter": 1.0}))
    klass.submit("cleo", filled)
    klass.autograde()
    assert klass.scores("ada") == {"double": 4, "quadruple": 2, "quiz": 5}
    assert klass.scores("ben") == {"double": 4, "quadruple": 2, "quiz": 0}
    assert klass.scores("cleo") == {"double": 4, "quadruple": 2, "quiz": 0}
    assert "You added the halves" in klass.feedback("ben", "quiz")["text/html"]


def test_the_feedback_on_open_questions_tells_no_key(template, judge, quiz):
    report = judge.grade(read(template / "assignments" / TOY / f"{TOY}.ipynb"))
    for result in report.exercises:
        for text in (exercise_html(result), plain(exercise_text(result))):
            for secret in secret_texts(quiz):
                assert secret not in text
