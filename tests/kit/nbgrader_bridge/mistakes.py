"""Mistakes of a course's author, each with the message that must tell of it."""

from __future__ import annotations

import shutil
import sqlite3

from tests.kit.toy_class import Class
from tests.kit.toy_course import HIDDEN, MISCONCEPTIONS, TOY, write_tests

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


def rewritten(file: str, text: str, old: str, new: str):
    """A mistake in the files called ``file`` of the exercises, which hold ``text`` together."""

    def mistake(klass: Class) -> None:
        assert old in text
        for path in (klass.root / TESTS).glob(f"*/{file}"):
            path.unlink()
        write_tests(klass.root, file, text.replace(old, new, 1))

    return mistake


def hidden(old: str, new: str):
    return rewritten("test_hidden.py", HIDDEN, old, new)


def misconceptions(old: str, new: str):
    return rewritten("misconceptions.py", MISCONCEPTIONS, old, new)


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


def added(klass: Class) -> None:
    with open(klass.root / SOLUTION, "a") as file:
        file.write(HALF)
    hidden(QUADRUPLE, f"{HALF_TEST.lstrip()}\n{QUADRUPLE}")(klass)


def removed(klass: Class) -> None:
    text = (klass.root / SOLUTION).read_text()
    (klass.root / SOLUTION).write_text(text[: text.index("# %%\ndef quadruple")])
    shutil.rmtree(klass.root / TESTS / "quadruple")


def renamed(klass: Class) -> None:
    change(SOLUTION, "def quadruple(x)", "def fourfold(x)")(klass)
    (klass.root / TESTS / "quadruple").rename(klass.root / TESTS / "fourfold")
    for path in (klass.root / TESTS / "fourfold").iterdir():
        path.write_text(path.read_text().replace('"quadruple"', '"fourfold"'))


def not_utf_8(klass: Class) -> None:
    (klass.root / TESTS / "questions.py").write_bytes(b"# \xff\n")


AT = f"{TESTS}/double/test_hidden.py:"
AT_QUADRUPLE = f"{TESTS}/quadruple/test_hidden.py:5: "
RELEASE = f"run `unroll release {TOY}`, then grade again"
TAKE_BACK = "nbgrader neither adds nor removes cells. Undo the change; or "
MISTAKES = {
    "points": (
        hidden("points=3", "points=5"),
        AT + "5: the tests of double give 6 points, and the gradebook 4: " + RELEASE,
    ),
    "test added": (
        hidden(QUADRUPLE, HALF_TEST.replace("half", "double") + "\n" + QUADRUPLE),
        AT + "5: the tests of double give 5 points, and the gradebook 4: " + RELEASE,
    ),
    "test removed": (
        hidden(HIDDEN[HIDDEN.index('@exercise("double", points=0') : HIDDEN.index(QUADRUPLE)], ""),
        AT + "5: the tests of double give 3 points, and the gradebook 4: " + RELEASE,
    ),
    "test without its mark": (
        hidden('@exercise("double", points=0.5)', ""),
        AT + "12: test_double_is_pure has no @exercise",
    ),
    "exercise added": (added, "the gradebook has no check cell for half: .*" + TAKE_BACK),
    "exercise removed": (
        removed,
        "no tests for the check cell quadruple of the gradebook: .*" + TAKE_BACK,
    ),
    "exercise renamed": (
        renamed,
        f"{TESTS}/fourfold/test_hidden.py:5: the gradebook has no check cell for fourfold",
    ),
    "exercise renamed in tests": (
        hidden(QUADRUPLE, '@exercise("octuple"'),
        f"{TESTS}/octuple is the folder of no exercise: no function octuple in .*",
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
        AT + r"11: test_double_is_pure raises NameError: name 'np' is not "
        r"defined \(test_hidden.py, line 15\)",
    ),
    "type": (body("len(3)"), AT + r"11: test_double_is_pure raises TypeError: .*line 15\)"),
    "import when run": (
        body("import nowhere"),
        AT + "11: .*ModuleNotFoundError: No module named 'nowhere'",
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
        AT + "7: it cannot be imported: SyntaxError: ",
    ),
    "skip": (body("import pytest; pytest.skip('later')"), AT + "11: .* raises Skipped: later"),
    "wrong use": (
        body("assert_close()"),
        AT + "11: test_double_is_pure raises TypeError: assert_close",
    ),
    "negative points": (hidden("points=3", "points=-3"), AT + r"5: .*must not be negative, got -3"),
    "no sentence": (
        hidden('"""x is left unchanged"""', ""),
        AT + "11: test_double_is_pure has no docstring",
    ),
    "fixture": (
        hidden("def test_double_is_pure(student, x)", "def test_double_is_pure(tmp_path, x)"),
        AT + "11: test_double_is_pure asks for tmp_path",
    ),
    "examples": (
        hidden("arrays((2,))", "arrays((2,)).map(lambda x: 1 / 0)"),
        AT + "11: test_double_is_pure: its examples cannot be drawn: division by zero",
    ),
    "after": (
        hidden('after="double"', 'after="sextuple"'),
        AT_QUADRUPLE + "quadruple is after sextuple",
    ),
    "failing": (
        hidden(
            "close(student.quadruple(x), reference.quadruple(x))", "close(student.quadruple(x), x)"
        ),
        AT_QUADRUPLE + "the reference solution fails test_quadruple_agrees: .*for quadruple",
    ),
    "raising": (
        change(SOLUTION, "return double(double(x))", "return double(doble(x))"),
        AT_QUADRUPLE
        + "the reference solution fails test_quadruple_agrees: `quadruple` raises NameError",
    ),
    "impure": (
        change(
            SOLUTION,
            "twice_as_much_as_before = 2.0 * np.asarray(x)",
            "x *= 2; twice_as_much_as_before = x",
        ),
        AT + "5: test_double_agrees raises ValueError: output array is read-only",
    ),
    "solution": (
        change(SOLUTION, "import numpy as np", "import nympy as np"),
        SOLUTION + ":6: it cannot be imported: ModuleNotFoundError: No module named 'nympy'",
    ),
    "misconceptions": (
        misconceptions("from autograder", "1 / 0\nfrom autograder"),
        "misconceptions.py:2: it cannot be imported: ZeroDivisionError",
    ),
    "no hint": (
        misconceptions('"""You divide by two."""', ""),
        "misconceptions.py:9: misconception `halved` has no hint",
    ),
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
        "the cell double differs from the one in the gradebook",
    ),
    "unlocked": (cell("locked", 0), "the gradebook has no check cell for double: " + RELEASE),
    "stub": (
        cell("source", "def double(y): ...", name="double-solution"),
        r"double\(x\) is double\(y\) in the gradebook: " + RELEASE,
    ),
    "text": (
        cell("source", "def double(x): 3", name="double-solution"),
        f"assignments/{TOY}/{TOY}.ipynb: the cell double-solution differs from the one in "
        "the gradebook",
    ),
    "points": (
        cell("max_score", 7, table="grade_cells"),
        "the tests of double give 4 points, and the gradebook 7: " + RELEASE,
    ),
}
