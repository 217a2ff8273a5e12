"""One source becomes the release; the author's gate says what does not fit, and what to do."""

from __future__ import annotations

import shutil

import nbformat
import pytest

from autograder.authoring.release import build_source, release, stale_files
from autograder.authoring.validate import validate
from autograder.core.errors import AuthorError
from tests.kit.toy_course import (
    HIDDEN,
    MISCONCEPTIONS,
    PUBLIC,
    SOLUTION,
    TOY,
    make_course,
)

ABOVE = SOLUTION.replace("def quadruple", "### BEGIN SOLUTION\ndef quadruple").replace(
    "    ### BEGIN SOLUTION\n    return double", "    return double"
)
ONLY_DOUBLE = {
    "public": PUBLIC.partition('@exercise("quadruple"')[0],
    "hidden": HIDDEN.partition('@exercise("quadruple"')[0],
    "misconceptions": MISCONCEPTIONS.partition('@misconception("quadruple"')[0],
}


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory):
    """A gradebook that knows the toy (nbgrader takes seconds to make a new one)."""
    course = make_course(tmp_path_factory.mktemp("first"))
    release(course, TOY)
    return course.state / "gradebook.db"


@pytest.fixture
def make(tmp_path, gradebook):
    """Make the toy course, with some of its files replaced."""

    def make(**files):
        course = make_course(tmp_path, **files)
        shutil.copy(gradebook, course.state)
        return course

    return make


def released(course):
    return nbformat.read(course.release(TOY) / f"{TOY}.ipynb", as_version=4)


def test_a_release_is_the_notebook_with_stubs_and_the_public_tests(make):
    course = make()
    folder = release(course, TOY)
    assert sorted(path.name for path in folder.iterdir()) == [f"{TOY}.ipynb", "test_public.py"]
    notebook = released(course)
    text = "\n".join(cell.source for cell in notebook.cells)
    assert text.count("raise NotImplementedError()") == 2
    assert "twice_as_much_as_before" not in text
    assert "from autograder import check" in text
    assert "# from autograder" not in text


def test_each_exercise_is_followed_by_a_check_cell_worth_its_hidden_tests(make):
    notebook = build_source(make(), TOY)
    checks = {
        cell.source: cell.metadata.nbgrader.points
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }
    assert checks == {'check("double")': 4.0, 'check("quadruple")': 2.0}


def test_the_same_source_gives_the_same_bytes(make):
    course = make()
    path = release(course, TOY) / f"{TOY}.ipynb"
    first = path.read_bytes()
    release(course, TOY)
    assert path.read_bytes() == first
    assert stale_files(course, TOY) == ()


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        ({"solution": SOLUTION.replace("Twice as much.", "Two times.")}, f"{TOY}/{TOY}.ipynb"),
        ({"hidden": HIDDEN.replace("points=3", "points=5")}, f"{TOY}/{TOY}.ipynb"),
        ({"public": PUBLIC + "\n# more\n"}, f"{TOY}/test_public.py"),
    ],
)
def test_a_changed_source_makes_the_release_stale(make, change, stale):
    course = make()
    release(course, TOY)
    make(**change)
    assert stale_files(course, TOY) == (stale,)


def test_a_file_that_does_not_belong_to_the_release_is_noticed(make):
    course = make()
    (release(course, TOY) / "notes.txt").write_text("answers")
    assert stale_files(course, TOY) == (f"{TOY}/notes.txt",)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"solution": SOLUTION.replace("def quadruple", "def four")}, "four has no hidden tests"),
        (
            {"solution": ABOVE, **ONLY_DOUBLE},
            "the solution region of quadruple must lie inside the function",
        ),
        (
            {"solution": SOLUTION.replace("def double", "def other(): pass\n\ndef double")},
            r"must define one function, not 2 \(other, double\)",
        ),
        ({"solution": SOLUTION.replace("### END SOLUTION", "", 1)}, "nbgrader cannot generate"),
    ],
)
def test_a_source_that_does_not_fit_its_tests_is_refused(make, files, message):
    with pytest.raises(AuthorError, match=message):
        release(make(**files), TOY)


def problems(make, fresh=True, **files) -> str:
    course = make(**files)
    if fresh:
        release(course, TOY)
    return "\n".join(validate(course, TOY))


def test_a_sound_assignment_has_no_problem(make):
    assert problems(make) == ""


def without(text: str, name: str) -> str:
    """``text`` without the decorated function ``name``."""
    return "\n\n".join(part for part in text.split("\n\n") if f"def {name}(" not in part)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"public": without(PUBLIC, "test_quadruple_of_one_is_four")},
            "quadruple has no public test: add some to tests/a0_toy/quadruple/test_public.py",
        ),
        (
            {"misconceptions": without(MISCONCEPTIONS, "halved")},
            "double has 2 misconceptions of at least 3",
        ),
        (
            {"misconceptions": MISCONCEPTIONS.replace("x * x", "2.0 * x")},
            "no hidden test of double catches the misconception squared",
        ),
        (
            {"misconceptions": MISCONCEPTIONS.replace("x / 2", "x * x")},
            "the misconception halved is taken for squared",
        ),
        (
            {"misconceptions": MISCONCEPTIONS.replace("x / 2", "2.0 * x")},
            "the misconception halved is not recognised",
        ),
        (
            {"hidden": HIDDEN.replace("points=0.5)", "points=0)")},
            "test_double_is_pure earns nothing",
        ),
        (
            {"solution": SOLUTION.replace("2.0 *", "3.0 *")},
            "the reference fails the public test_double_of_one_is_two",
        ),
        (
            {"hidden": HIDDEN.replace("reference.double(x)", "3.0 * x")},
            "the reference solution fails test_double_agrees",
        ),
        (
            {
                "hidden": HIDDEN
                + '\n@exercise("double", points=1)\ndef test_no(student):\n    "t"\n'
            },
            "the stub passes test_no",
        ),
        (
            {"public": PUBLIC + '\n@exercise("double")\ndef test_no(student):\n    "t"\n'},
            "the stub of double passes the public test_no",
        ),
        (
            {"solution": SOLUTION.replace("Twice as much.", "return double(double(x))")},
            "the release holds a line of solutions/a0_toy.py: 'return double(double(x))'",
        ),
    ],
)
def test_what_does_not_fit_is_a_sentence_that_says_what_to_do(make, files, message):
    assert message in problems(make, **files)


def test_a_stale_release_says_what_to_run(make):
    found = problems(make, fresh=False)
    assert "a0_toy.ipynb" in found
    assert "run `unroll release a0_toy`" in found
