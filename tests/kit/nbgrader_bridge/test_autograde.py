"""nbgrader's own autograde, with our preprocessors: right scores in a real gradebook."""

from __future__ import annotations

import copy
import shutil

import nbformat
import pytest
from nbconvert import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_raw_cell
from nbgrader.converters.base import NbGraderException

from autograder.authoring.release import release
from autograder.nbgrader_bridge import grade_cells as nbgrader_plugin
from tests.kit.toy_class import RIGHT, WRONG, Class
from tests.kit.toy_course import (
    SOLUTION,
    STUMBLING,
    TOY,
    TRAP,
    make_course,
    write_tests,
)
from tests.submissions.fill import fill

pytestmark = pytest.mark.filterwarnings("default")  # nbgrader's own are not ours to mend


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A released toy course with a gradebook, to be copied."""
    root = tmp_path_factory.mktemp("template")
    release(make_course(root), TOY)
    return root


@pytest.fixture
def klass(template, tmp_path):
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    nbgrader_plugin._judge.cache_clear()
    return Class(tmp_path)


def test_scores_are_in_the_gradebook_with_partial_credit(klass):
    klass.submit("ada", fill(klass.released, RIGHT))
    klass.submit(
        "ben", fill(klass.released, {"double": "def double(x):\n    x *= 2\n    return x"})
    )
    klass.submit("cleo", klass.released)
    klass.autograde()
    assert klass.scores("ada") == {"double": 4, "quadruple": 2}
    assert klass.scores("ben") == {"double": 3.5, "quadruple": 0}
    assert klass.scores("cleo") == {"double": 0, "quadruple": 0}


def test_the_check_cell_holds_the_feedback_as_html_and_text(klass):
    klass.submit("ada", fill(klass.released, WRONG))
    klass.autograde()
    data = klass.feedback("ada", "double")
    assert "You square: multiply by two instead." in data["text/html"]
    assert "You square: multiply by two instead." in data["text/plain"]
    assert "double(x) is 2 x" in data["text/html"]
    assert "assert_close" not in data["text/html"]


def test_cells_that_did_not_run_are_told_once_at_the_top(klass):
    notebook = fill(klass.released, RIGHT)
    notebook.cells.append(nbformat.v4.new_code_cell("raise ValueError('<b>no</b>')"))
    klass.submit("ada", notebook)
    klass.autograde()
    first, second = (klass.feedback("ada", name) for name in ("double", "quadruple"))
    told = "ValueError: &lt;b&gt;no&lt;/b&gt;"
    assert first["text/html"].count(told) == 1
    assert first["text/html"].index(told) < first["text/html"].index("double")
    assert "ValueError: <b>no</b>" in first["text/plain"]
    assert "ValueError" not in second["text/html"] + second["text/plain"]


@pytest.mark.parametrize(
    ("policy", "shown", "hidden"),
    [("hint", "You square", "got"), ("score", "double(x) is 2 x", "You square")],
)
def test_the_course_decides_how_much_students_see(klass, policy, shown, hidden):
    klass.submit("ada", fill(klass.released, WRONG))
    klass.autograde(feedback=policy)
    text = klass.feedback("ada", "double")["text/plain"]
    assert shown in text
    assert hidden not in text


def test_without_isolation_the_feedback_says_so(klass):
    klass.submit("ada", fill(klass.released, RIGHT))
    klass.autograde(isolation="process")
    assert "NOT ISOLATED" in klass.feedback("ada", "double")["text/html"]


@pytest.mark.parametrize("make", [new_markdown_cell, new_raw_cell])
def test_html_in_a_students_prose_does_not_run_in_the_instructors_browser(klass, make):
    notebook = fill(klass.released, RIGHT)
    notebook.cells.append(make("Is $a < b$? <script>steal()</script><img src=x onerror=steal()>"))
    klass.submit("ada", notebook)
    klass.autograde()
    page, _ = HTMLExporter().from_notebook_node(klass.autograded("ada"))
    assert "steal()" in page
    assert "<script>steal" not in page
    assert "<img src=x" not in page
    assert "a < b" in klass.autograded("ada").cells[-1].source


def test_prints_and_warnings_cost_nothing(klass):
    noisy = "import sys, warnings\nprint('x', file=sys.stderr)\nwarnings.warn('x')\n"
    klass.submit("ada", fill(klass.released, {**RIGHT, "double": noisy + RIGHT["double"]}))
    klass.autograde()
    assert klass.scores("ada") == {"double": 4, "quadruple": 2}


def cells_without(notebook, *grade_ids):
    notebook = copy.deepcopy(notebook)
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") not in grade_ids
    ]
    return notebook


@pytest.mark.parametrize(
    "deleted",
    [
        ["double"],
        ["quadruple"],
        ["double", "double-solution"],
        ["double", "quadruple", "double-solution", "quadruple-solution"],
    ],
    ids=", ".join,
)
def test_deleted_cells_come_back_and_only_missing_functions_cost(klass, deleted):
    klass.submit("ada", cells_without(fill(klass.released, RIGHT), *deleted))
    klass.autograde()
    expected = {
        "double": 0 if "double-solution" in deleted else 4,
        "quadruple": 0 if "quadruple-solution" in deleted else 2,
    }
    assert klass.scores("ada") == expected


def test_edited_check_cells_and_points_are_put_right(klass):
    notebook = fill(klass.released, WRONG)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.source = "100.0"
            cell.metadata.nbgrader.points = 100.0
    klass.submit("ada", notebook)
    klass.autograde()
    assert klass.scores("ada")["double"] < 4


@pytest.mark.parametrize(
    "metadata",
    [{}, {"grade": True}, {"grade": True, "grade_id": "other", "points": 9}, "text"],
    ids=repr,
)
def test_foreign_marks_on_cells_are_dropped(klass, metadata):
    notebook = fill(klass.released, RIGHT)
    notebook.cells[1].metadata["nbgrader"] = metadata
    klass.submit("ada", notebook)
    klass.autograde()
    assert klass.scores("ada") == {"double": 4, "quadruple": 2}


def test_a_notebook_of_another_assignment_gets_nothing_and_no_error(klass):
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("def other(): pass")])
    klass.submit("ada", other)
    klass.autograde()
    assert klass.scores("ada") == {"double": 0, "quadruple": 0}


def test_an_unreadable_submission_is_reported_and_the_others_are_graded(klass, capsys):
    klass.submit("ada", b"not json")
    klass.submit("ben", fill(klass.released, RIGHT))
    with pytest.raises(NbGraderException):
        klass.autograde()
    assert klass.scores("ben") == {"double": 4, "quadruple": 2}
    log = capsys.readouterr().err
    assert "not JSON" in log or "does not appear to be JSON" in log
    assert "'a0_toy' for student 'ada'" in log


def test_an_error_of_the_grader_is_never_a_score(klass, capsys):
    write_tests(klass.root, "test_hidden.py", STUMBLING)
    klass.submit("ada", fill(klass.released, {**RIGHT, "double": f"{RIGHT['double']}\n\n{TRAP}"}))
    with pytest.raises(NbGraderException):
        klass.autograde()
    assert klass.scores("ada") == {"double": None, "quadruple": None}
    assert "no score was given" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("points=3", "points=5"), "the tests of double give 6 points, and the gradebook 4"),
        (("quadruple", "fourfold"), "the gradebook has no check cell for fourfold"),
    ],
)
def test_tests_that_differ_from_the_release_are_not_graded_with(klass, capsys, change, message):
    tests = klass.root / "tests" / TOY
    for path in (klass.root / "solutions" / f"{TOY}.py", *tests.rglob("*.py")):
        path.write_text(path.read_text().replace(*change))
    (tests / "quadruple").rename(tests / "quadruple".replace(*change))
    klass.submit("ada", fill(klass.released, RIGHT))
    with pytest.raises(NbGraderException):
        klass.autograde()
    log = capsys.readouterr().err
    assert message in log
    assert "unroll release" in log


def test_a_check_cell_without_tests_is_not_left_empty(klass, capsys):
    solution = klass.root / "solutions" / f"{TOY}.py"
    solution.write_text(SOLUTION[: SOLUTION.index("# %%\ndef quadruple")])
    shutil.rmtree(klass.root / "tests" / TOY / "quadruple")
    klass.submit("ada", fill(klass.released, RIGHT))
    with pytest.raises(NbGraderException):
        klass.autograde()
    assert "no tests for the check cell quadruple" in capsys.readouterr().err
