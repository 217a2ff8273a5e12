"""Mistakes of a course's author, each with the message that must tell of it."""

from __future__ import annotations

import sqlite3

from tests.autograder.toy_class import Class
from tests.autograder.toy_course import HIDDEN, TOY

TESTS, SOLUTION = f"tests/{TOY}", f"solutions/{TOY}.py"
QUADRUPLE = '@exercise("quadruple"'
HALF = '''
# %%
def half(x):
    """x / 2"""
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION
'''
HALF_TEST = '''
@exercise("half", points=1)
def test_half(student):
    """half(2) is 1"""
    assert_close(student.half(2.0), 1.0)
'''


def change(path: str, old: str, new: str):
    """A mistake: ``old`` in the course's file ``path`` becomes ``new``."""

    def mistake(klass: Class) -> None:
        text = (klass.root / path).read_text()
        assert old in text
        (klass.root / path).write_text(text.replace(old, new, 1))

    return mistake


def hidden(old: str, new: str):
    return change(f"{TESTS}/test_hidden.py", old, new)


def body(statement: str):
    """A mistake in the body of test_double_is_pure."""
    return hidden("    assert_pure(", f"    {statement}\n    assert_pure(")


def cell(column: str, value: object, table: str = "source_cell", name: str = "double"):
    """A cell of the gradebook that is not what was released."""

    def mistake(klass: Class) -> None:
        named = "name = ?"
        if table != "source_cell":
            named = "id in (select id from base_cell where name = ?)"
        with sqlite3.connect(klass.root / "course" / "gradebook.db") as database:
            query = f"update {table} set {column} = ? where {named}"
            assert database.execute(query, [value, name]).rowcount == 1

    return mistake


def all_of(*mistakes):
    def mistake(klass: Class) -> None:
        for each in mistakes:
            each(klass)

    return mistake


def added(klass: Class) -> None:
    for path, text in ((SOLUTION, HALF), (f"{TESTS}/test_hidden.py", HALF_TEST)):
        with open(klass.root / path, "a") as file:
            file.write(text)


def removed(klass: Class) -> None:
    (klass.root / TESTS / "test_hidden.py").write_text(HIDDEN[: HIDDEN.index(QUADRUPLE)])


def without_misconceptions(klass: Class) -> None:
    (klass.root / TESTS / "misconceptions.py").unlink()


def not_utf_8(klass: Class) -> None:
    (klass.root / TESTS / "questions.py").write_bytes(b"# \xff\n")


RENAMED = all_of(
    hidden(QUADRUPLE, '@exercise("fourfold"'),
    change(SOLUTION, "def quadruple(x)", "def fourfold(x)"),
)
AT = f"{TESTS}/test_hidden.py:"
RELEASE = f"run `unroll release {TOY}`, then grade again"
TAKE_BACK = "nbgrader neither adds nor removes cells. Take the change back; or "
MISTAKES = {
    "points": (
        hidden("points=3", "points=5"),
        AT + "7: the tests of double give 6 points, and the gradebook 4: " + RELEASE,
    ),
    "test added": (
        hidden(QUADRUPLE, HALF_TEST.replace("half", "double") + "\n" + QUADRUPLE),
        AT + "7: the tests of double give 5 points, and the gradebook 4: " + RELEASE,
    ),
    "test removed": (
        hidden(HIDDEN[HIDDEN.index('@exercise("double", points=1)') : HIDDEN.index(QUADRUPLE)], ""),
        AT + "7: the tests of double give 3 points, and the gradebook 4: " + RELEASE,
    ),
    "test without its mark": (
        hidden('@exercise("double", points=1)', ""),
        AT + "14: test_double_is_pure has no @exercise",
    ),
    "exercise added": (added, "the gradebook has no check cell for half: .*" + TAKE_BACK),
    "exercise removed": (
        removed,
        "no tests for the check cell quadruple of the gradebook: .*" + TAKE_BACK,
    ),
    "exercise renamed": (RENAMED, AT + "19: the gradebook has no check cell for fourfold"),
    "exercise renamed in tests": (
        hidden(QUADRUPLE, '@exercise("octuple"'),
        AT + f"19: {TOY} tests octuple, which {SOLUTION} does not have",
    ),
    "parameter": (
        change(SOLUTION, "def double(x)", "def double(x, factor)"),
        SOLUTION + r":15: double\(x, factor\) is double\(x\) in the gradebook: " + RELEASE,
    ),
    "question's points": (
        change(f"{TESTS}/questions.py", "points=2", "points=3"),
        "questions.py:4: the tests of quiz give 6 points, and the gradebook 5: " + RELEASE,
    ),
    "name": (
        body("np.ones(1)"),
        AT + r"13: test_double_is_pure raises NameError: name 'np' is not "
        r"defined \(test_hidden.py, line 17\)",
    ),
    "type": (body("len(3)"), AT + r"13: test_double_is_pure raises TypeError: .*line 17\)"),
    "import when run": (
        body("import nowhere"),
        AT + "13: .*ModuleNotFoundError: No module named 'nowhere'",
    ),
    "import": (
        hidden("from hypothesis", "import nowhere\nfrom hypothesis"),
        AT + "2: it cannot be imported: ModuleNotFoundError: No module named 'nowhere'",
    ),
    "exit": (
        hidden("from hypothesis", "raise SystemExit\nfrom hypothesis"),
        AT + "2: .*SystemExit",
    ),
    "syntax": (
        hidden("def test_double_agrees(", "def test_double_agrees("[:-1]),
        AT + "9: it cannot be imported: SyntaxError: ",
    ),
    "skip": (body("import pytest; pytest.skip('later')"), AT + "13: .* raises Skipped: later"),
    "wrong use": (
        body("assert_close()"),
        AT + "13: test_double_is_pure raises TypeError: assert_close",
    ),
    "negative points": (hidden("points=3", "points=-3"), AT + r"7: .*must not be negative, got -3"),
    "no sentence": (
        hidden('"""x is left unchanged"""', ""),
        AT + "13: test_double_is_pure has no docstring",
    ),
    "fixture": (
        hidden("def test_double_is_pure(student, x)", "def test_double_is_pure(tmp_path, x)"),
        AT + "13: test_double_is_pure asks for tmp_path",
    ),
    "examples": (
        hidden("arrays((2,))", "arrays((2,)).map(lambda x: 1 / 0)"),
        AT + "13: test_double_is_pure: its examples cannot be drawn: division by zero",
    ),
    "after": (hidden('after="double"', 'after="sextuple"'), AT + "19: quadruple is after sextuple"),
    "failing": (
        hidden("reference.quadruple(x))", "x)"),
        AT + "19: the reference solution fails test_quadruple_agrees: .*for quadruple",
    ),
    "raising": (
        change(SOLUTION, "return double(double(x))", "return double(doble(x))"),
        AT + "19: the reference solution fails test_quadruple_agrees: `quadruple` raises NameError",
    ),
    "impure": (
        change(
            SOLUTION,
            "twice_as_much_as_before = 2.0 * np.asarray(x)",
            "x *= 2; twice_as_much_as_before = x",
        ),
        AT + "13: the reference solution fails test_double_is_pure",
    ),
    "solution": (
        change(SOLUTION, "import numpy as np", "import nympy as np"),
        SOLUTION + ":6: it cannot be imported: ModuleNotFoundError: No module named 'nympy'",
    ),
    "misconceptions": (
        change(f"{TESTS}/misconceptions.py", "from autograder", "1 / 0\nfrom autograder"),
        "misconceptions.py:2: it cannot be imported: ZeroDivisionError",
    ),
    "no hint": (
        change(f"{TESTS}/misconceptions.py", '"""You divide by two."""', ""),
        "misconceptions.py:9: misconception `halved` has no hint",
    ),
    "no misconceptions": (without_misconceptions, "misconceptions.py is missing"),
    "key": (
        change(f"{TESTS}/questions.py", "double = 2 * 3", "double = 2 / 0"),
        "questions.py:6: twice cannot be computed: ZeroDivisionError",
    ),
    "wrong key": (
        change(f"{TESTS}/questions.py", "double = 2 * 3", "double = 3 * 3"),
        "questions.py:10: twice: the option 'six' is marked right",
    ),
    "text": (not_utf_8, "questions.py cannot be read: 'utf-8' codec"),
    "released notebook": (
        change(f"assignments/{TOY}/{TOY}.ipynb", '"cells"', "cells"),
        f"assignments/{TOY}/{TOY}.ipynb is not a notebook: .*" + RELEASE,
    ),
}
GRADEBOOKS = {
    "check cell": (
        cell("source", "check('single')"),
        "the cell double is not what the gradebook has",
    ),
    "unlocked": (cell("locked", 0), "the gradebook has no check cell for double: " + RELEASE),
    "stub": (
        cell("source", "def double(y): ...", name="double-solution"),
        r"double\(x\) is double\(y\) in the gradebook: " + RELEASE,
    ),
    "text": (
        cell("source", "def double(x): 3", name="double-solution"),
        f"assignments/{TOY}/{TOY}.ipynb: the cell double-solution is not what the gradebook has",
    ),
    "points": (
        cell("max_score", 7, table="grade_cells"),
        "the tests of double give 4 points, and the gradebook 7: " + RELEASE,
    ),
}
