"""The whole loop, with nbgrader's own commands, a real exchange and a real gradebook."""

from __future__ import annotations

import csv
import io
import sqlite3

import nbformat
import pytest
from rich.console import Console

from autograder.authoring.validate import secret_lines
from autograder.submission.notebook import read
from quiz.engine import mark
from tests.demo import ASSIGNMENT, STUDENTS, Demo, answers_of, table
from tests.submissions.fill import quiz_of

pytestmark = pytest.mark.filterwarnings("default")  # nbgrader's own are not ours to mend


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    played = Demo(tmp_path_factory.mktemp("demo") / "course", Console(file=io.StringIO()))
    played.play()
    return played


@pytest.fixture(scope="module")
def scores(demo):
    return {student: scores for student, scores, _ in demo.scores()}


def test_the_complete_answer_gets_everything(demo, scores):
    most = {name: score for _, _, maxima in demo.scores() for name, score in maxima.items()}
    assert sum(most.values()) == 100
    assert scores["ada"] == most


def test_half_the_work_gets_the_half_that_is_done(scores):
    done = ("sigmoid", "sigmoid_prime", "tanh_prime", "relu", "relu_prime")
    assert {name for name, score in scores["ben"].items() if score} == set(done)
    assert all(scores["ben"][name] == scores["ada"][name] for name in done)


def test_three_mistakes_cost_where_they_are_and_nowhere_else(scores):
    lower = {name for name in scores["ada"] if scores["cleo"][name] < scores["ada"][name]}
    assert lower == {"sigmoid", "tanh_prime", "softmax_cross_entropy", "quiz"}
    assert scores["cleo"]["sigmoid"] > 0


def test_a_function_that_never_returns_costs_itself_alone(scores):
    lower = {name for name in scores["ada"] if scores["dan"][name] < scores["ada"][name]}
    assert lower == {"numerical_gradient"}
    assert scores["dan"]["numerical_gradient"] == 0


def test_cheating_earns_what_the_honest_parts_earn(scores):
    honest = ("relu", "relu_prime")
    assert {name: scores["eve"][name] for name in honest} == {
        name: scores["ada"][name] for name in honest
    }
    assert all(scores["eve"][name] == 0 for name in scores["eve"] if name not in honest)


def test_the_table_shows_each_exercise_in_its_order_and_the_totals(demo, scores):
    console = Console(file=io.StringIO(), width=120)
    console.print(table(demo))
    text = console.file.getvalue()
    order = [text.index(f" {name} ") for name in ("sigmoid", "relu_prime", "gradient_check")]
    assert order == sorted(order)
    assert f" {sum(scores['cleo'].values()):g} " in text


def test_the_export_has_the_same_totals(demo, scores):
    rows = csv.DictReader(io.StringIO((demo.root / "grades.csv").read_text()))
    exported = {row["student_id"]: float(row["score"]) for row in rows}
    assert exported == {student: sum(each.values()) for student, each in scores.items()}


def test_each_student_finds_feedback_at_the_exchange(demo):
    for student in STUDENTS:
        assert demo.feedback_page(student).is_file()
    assert len(list(demo.exchange.rglob("feedback/*.html"))) == len(STUDENTS)


def test_feedback_explains_and_names_the_mistakes(demo):
    page = demo.feedback_page("cleo").read_text()
    assert page.count("Likely mistake:") == 3
    assert "does not return within 5 s" in demo.feedback_page("dan").read_text()


def test_feedback_holds_no_line_of_the_hidden_tests_or_the_solution(demo):
    pages = {student: demo.feedback_page(student).read_text() for student in STUDENTS}
    handed_in = {s: [c.source for c in read(demo.notebook(s)).cells] for s in STUDENTS}
    for source, lines in secret_lines(demo.course, ASSIGNMENT):
        for student, page in pages.items():
            own = "\n".join([*handed_in[student], *explained_to(student)])
            found = [line for line in lines if line in page and line not in own]
            assert found == [], f"{source} in the feedback of {student}"


def explained_to(student):
    """What the feedback may say about a student's answers to questions."""
    items, given = quiz_of(ASSIGNMENT).items, answers_of(student)
    for id, answer in given.items():
        marked = mark(items[id], answer)
        yield from (*marked.comments, items[id].explanation if marked.is_right else "")


def test_what_was_collected_is_what_was_handed_in(demo):
    for student in STUDENTS:
        collected = demo.root / "course/submitted" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        assert collected.read_bytes() == demo.notebook(student).read_bytes()


def test_nobody_but_nbgrader_wrote_to_the_gradebook(demo):
    with sqlite3.connect(demo.root / "course/gradebook.db") as database:
        manual = database.execute("select count(*) from grade where manual_score is not null")
        assert manual.fetchone() == (0,)


def test_the_check_cells_of_the_autograded_notebooks_are_never_empty(demo):
    for student in STUDENTS:
        path = demo.root / "course/autograded" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.metadata.get("nbgrader", {}).get("grade"):
                assert [o.output_type for o in cell.outputs] == ["display_data", "execute_result"]


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("precious")
    with pytest.raises(SystemExit, match="holds something else"):
        Demo(tmp_path, Console(file=io.StringIO())).make_course()
    assert (tmp_path / "thesis.tex").read_text() == "precious"
