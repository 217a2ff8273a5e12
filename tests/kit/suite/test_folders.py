"""An exercise is one folder: what belongs into it, and what is refused, naming file and line."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from autograder.core.course import RESERVED, Course, find_course
from autograder.core.errors import AuthorError, UserError
from autograder.suite import load_hidden, load_misconceptions, load_public
from tests.kit.toy_course import (
    HIDDEN,
    MISCONCEPTIONS,
    PUBLIC,
    SOLUTION,
    TOY,
    make_course,
    write_tests,
)

COURSE = find_course(Path(__file__))
SHARED = "from hypothesis import strategies as st\n\nTINY = st.integers(0, 3)\n"


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path)


def add(course, name, text=""):
    """Write a file below the tests of the toy; gives its path."""
    path = course.tests(TOY) / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def refusal(course, load=load_public):
    with pytest.raises(AuthorError) as refused:
        load(course, TOY)
    return str(refused.value).replace(f"{course.root}/", "")


def test_exercises_come_in_the_solution_s_order_and_tests_in_their_file_s(tmp_path):
    head, double, quadruple = SOLUTION.split("# %%\ndef ")
    swapped = f"{head}# %%\ndef {quadruple}\n# %%\ndef {double}"
    course = make_course(tmp_path, solution=swapped)
    assert [
        [exercise.name, *(test.name for test in exercise.tests)]
        for exercise in load_hidden(course, TOY, 1).exercises
    ] == [
        ["quadruple", "test_quadruple_agrees"],
        ["double", "test_double_agrees", "test_double_is_pure", "test_double_keeps_the_form"],
    ]


def test_misconceptions_are_read_in_order_with_their_hints(course):
    add(
        course,
        "double/misconceptions.py",
        "from autograder.testing import misconception\n"
        "def helper(): pass\n"
        "@misconception('double')\ndef b(x):\n    '''Twice\n    too much.'''\n"
        "@misconception('double')\ndef a(x):\n    '''Too little.'''\n",
    )
    found = load_misconceptions(course, TOY)
    assert [(m.exercise, m.name, m.hint) for m in found[:2]] == [
        ("double", "b", "Twice too much."),
        ("double", "a", "Too little."),
    ]
    assert {m.exercise for m in found[2:]} == {"quadruple"}


def test_what_exercises_share_is_read_once_and_changes_the_digest(course):
    before = load_hidden(course, TOY, 1)
    hidden = HIDDEN.replace("from hypothesis", "from ..shared_hidden import SEEN\nfrom hypothesis")
    write_tests(course.root, "test_hidden.py", hidden.replace("student.", "SEEN and student."))
    add(course, "shared_hidden.py", "SEEN = []\n")
    after = load_hidden(course, TOY, 1)
    shared = {id(test.body.__globals__["SEEN"]) for each in after.exercises for test in each.tests}
    assert len(shared) == 1
    assert after.digest != before.digest


def test_drawn_examples_do_not_depend_on_where_a_strategy_is_written(course):
    body = '@exercise("double")\n@given(n=TINY)\ndef test_it(student, n):\n    """t"""\n'
    head = "from hypothesis import given\nfrom autograder.testing import exercise\n"
    add(course, "double/test_hidden.py", SHARED + head + body)
    beside = load_hidden(course, TOY, 1).exercises[0].tests[0].examples
    add(course, "shared_hidden.py", SHARED)
    add(course, "double/test_hidden.py", head + "from ..shared_hidden import TINY\n" + body)
    assert load_hidden(course, TOY, 1).exercises[0].tests[0].examples == beside


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "duoble/test_hidden.py",
            rf"tests/{TOY}/duoble is the folder of no exercise: no function duoble in "
            rf"solutions/{TOY}\.py has a solution region; did you mean double\?",
        ),
        ("other/x.txt", "other is the folder of no exercise: .*; there are double, quadruple"),
        ("test_hidden.py", rf"tests/{TOY}/test_hidden\.py is misplaced: beside .* may be only "
         r"questions\.py, shared_public\.py, .*: move or remove it"),
        ("double/helpers.py", rf"tests/{TOY}/double/helpers\.py is misplaced: an exercise has only "
         r"test_public\.py, test_hidden\.py, misconceptions\.py: move or remove it"),
        ("double/test_hidden.py~", "is misplaced"),
    ],
)  # fmt: skip
def test_a_folder_or_file_that_belongs_nowhere_is_refused(course, name, message):
    add(course, name)
    assert re.search(message, refusal(course))


@pytest.mark.parametrize("name", ["double/.notes.swp", ".DS_Store", "__pycache__/x.pyc"])
def test_what_tools_leave_is_not_minded(course, name):
    add(course, name)
    assert len(load_public(course, TOY).exercises) == 2


def test_all_that_is_astray_is_told_at_once(course):
    add(course, "a.py")
    add(course, "double/b.py")
    (course.tests(TOY) / "quadruple" / "test_hidden.py").unlink()
    assert refusal(course).count("\n") == 2


def test_an_exercise_without_hidden_tests_is_refused_with_its_line(course):
    (course.tests(TOY) / "quadruple" / "test_hidden.py").unlink()
    line = SOLUTION.partition("def quadruple")[0].count("\n") + 1
    assert refusal(course) == (
        f"solutions/{TOY}.py:{line}: quadruple has no hidden tests: write some in "
        f"tests/{TOY}/quadruple/test_hidden.py"
    )


def test_a_solution_without_an_exercise_is_refused(tmp_path):
    course = make_course(tmp_path, solution="x = 1\n")
    assert f"solutions/{TOY}.py has no exercise" in refusal(course)


def test_a_solution_that_is_no_python_is_refused_with_the_line(tmp_path):
    course = make_course(tmp_path, solution="x = 1\ndef (:\n")
    assert refusal(course) == f"solutions/{TOY}.py:2 is not valid Python: invalid syntax"


@pytest.mark.parametrize(
    ("file", "text", "load", "line"),
    [
        ("test_public.py", PUBLIC, load_public, 5),
        ("misconceptions.py", MISCONCEPTIONS, load_misconceptions, 4),
    ],
)
def test_what_is_about_another_exercise_than_its_folder_says_is_refused(
    course, file, text, load, line
):
    path = course.tests(TOY) / "double" / file
    path.write_text(path.read_text().replace('("double")', '("quadruple")', 1))
    function = re.search(r"def (\w+)\(", text)[1]
    assert refusal(course, load) == (
        f"tests/{TOY}/double/{file}:{line}: {function} is about quadruple, but it is in the folder "
        "of double: move it, or correct its decorator"
    )


def test_a_mistake_in_a_shared_file_is_told_with_its_line(course):
    add(course, "shared_public.py", "\n1 / 0\n")
    write_tests(course.root, "test_public.py", "from .. import shared_public\n" + PUBLIC)
    assert refusal(course).startswith(
        f"tests/{TOY}/shared_public.py:2: it cannot be imported: ZeroDivisionError"
    )
    add(course, "shared_public.py", "x = 1\ny = (\n")
    assert refusal(course).startswith(
        f"tests/{TOY}/shared_public.py:2: it cannot be imported: Syntax"
    )


def test_a_test_that_cannot_be_graded_is_told_with_its_line(course):
    add(
        course,
        "double/test_public.py",
        "from hypothesis import given, strategies as st\nfrom autograder.testing import exercise\n"
        "\n@exercise('double')\n@given(n=st.integers())\ndef test_x(student, n):\n    pass\n",
    )
    assert f"tests/{TOY}/double/test_public.py:4: test_x has no docstring" in refusal(course)


def test_assignments_come_in_natural_order(tmp_path):
    (tmp_path / "solutions").mkdir()
    for name in ("a10_more", "a9_some", "a1_first", "_helpers", "b2"):
        (tmp_path / "solutions" / f"{name}.py").touch()
    assert Course(tmp_path).assignments == ("a1_first", "a9_some", "a10_more", "b2")


def test_a_test_file_knows_its_assignment(course):
    assert course.assignment_of(course.tests(TOY) / "double" / "test_hidden.py") == TOY
    assert course.assignment_of(course.release(TOY) / "test_public.py") == TOY
    with pytest.raises(UserError, match=r"test_x\.py is not in the folder of an assignment"):
        course.assignment_of(course.root / "tests" / "test_x.py")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("kit", "an assignment cannot be called kit, because the project needs tests/kit"),
        ("a1-first", "an assignment's name may have letters, digits and underscores"),
    ],
)
def test_a_name_that_cannot_be_an_assignment_s_is_refused(course, name, message):
    (course.root / "solutions" / f"{name}.py").touch()
    with pytest.raises(AuthorError, match=rf"solutions/{name}\.py: {message}"):
        course.solution(TOY)


def test_tests_import_nothing_of_the_engine_but_its_one_face():
    imported = set()
    for assignment in COURSE.assignments:
        for path in COURSE.test_files(assignment):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    imported |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    imported |= {f"{node.module}.{alias.name}" for alias in node.names}
    ours = {name for name in imported if name.startswith("autograder")}
    assert {name for name in ours if not name.startswith("autograder.testing")} == set()


def test_every_name_that_the_project_needs_below_tests_is_reserved():
    names = {path.stem for path in (COURSE.root / "tests").iterdir() if path.name[0].isalpha()}
    needed = {name for name in names if not name.startswith("test_")} - {*COURSE.assignments}
    assert needed <= RESERVED
