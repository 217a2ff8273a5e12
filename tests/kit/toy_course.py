"""A course of two tiny exercises, to test the engine with: double(x), and quadruple(x) after it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from textwrap import dedent

import nbformat

from autograder.core import course as names
from autograder.core.course import Course
from autograder.core.results import Report
from autograder.judging.judge import load_judge
from autograder.sandbox.host.limits import Limits
from autograder.submission.notebook import read_node

TOY = "a0_toy"
LIMITS = Limits(call_seconds=1.0, cell_seconds=1.0)

SOLUTION = '''
# %% [markdown]
# # A toy

# %%
import numpy as np

# %% tags=["active-ipynb"]
# from autograder import check

# %% [markdown]
# Twice as much.

# %%
def double(x):
    """2 x, elementwise."""
    ### BEGIN SOLUTION
    twice_as_much_as_before = 2.0 * np.asarray(x)
    return twice_as_much_as_before
    ### END SOLUTION

# %%
def quadruple(x):
    """4 x, elementwise."""
    ### BEGIN SOLUTION
    return double(double(x))
    ### END SOLUTION
'''

PUBLIC = '''
import numpy as np
from autograder.testing import assert_close, exercise

@exercise("double")
def test_double_of_one_is_two(student):
    """double(1) is 2

    Look at the factor."""
    assert_close(student.double(np.ones(1)), np.array([2.0]))

@exercise("quadruple")
def test_quadruple_of_one_is_four(student):
    """quadruple(1) is 4"""
    assert_close(student.quadruple(np.ones(1)), np.array([4.0]))
'''

HIDDEN = '''
from hypothesis import given
from autograder.testing import arrays, assert_close, assert_form, assert_pure, exercise, shapes

@exercise("double", points=3)
@given(x=arrays(shapes(1)))
def test_double_agrees(student, reference, x):
    """double(x) is 2 x"""
    assert_close(student.double(x), reference.double(x))

@exercise("double", points=0.5)
@given(x=arrays((2,)))
def test_double_is_pure(student, x):
    """x is left unchanged"""
    assert_pure(student.double, x)

@exercise("double", points=0.5, form=True)
@given(x=arrays(shapes(1)))
def test_double_keeps_the_form(student, x):
    """the result has the shape of x"""
    assert_form(student.double(x), x)

@exercise("quadruple", points=2, after="double", form=True)
@given(x=arrays(shapes(1)))
def test_quadruple_agrees(student, reference, x):
    """quadruple(x) is 4 x"""
    assert_form(student.quadruple(x), x)
    assert_close(student.quadruple(x), reference.quadruple(x))
'''

MISCONCEPTIONS = '''
from autograder.testing import misconception

@misconception("double")
def squared(x):
    """You square: multiply by two instead."""
    return x * x

@misconception("double")
def halved(x):
    """You divide by two."""
    return x / 2

@misconception("double")
def in_place(x):
    """You change x itself."""
    x *= 2
    return x

@misconception("quadruple")
def tripled(x):
    """Three times is not four times."""
    return 3 * x

@misconception("quadruple")
def doubled_once(x):
    """Double twice."""
    return 2 * x

@misconception("quadruple")
def to_the_fourth(x):
    """You take a power."""
    return x**4
'''


QUESTIONS = """
from quiz.engine import Choice, Number, Several, question, right, slip, wrong

@question("000-7", level=1, points=2)
def twice(rng):
    double = 2 * 3
    return Choice(
        prompt="What is twice three?",
        options=(
            right("six", "Three and three, as it should be.", double == 6),
            wrong("nine", "That is three times three, a square.", double == 9),
            wrong("five", "That is three and two, a sum.", double == 5),
        ),
        explanation="The product of two and three, computed with care.",
    )

@question("000-7", level=1, points=1)
def even_ones(rng):
    doubles = {2 * n for n in range(10)}
    return Several(
        prompt="Which numbers are doubles of whole numbers?",
        options=(
            right("four", "Twice two, an even number.", 4 in doubles),
            right("ten", "Twice five, an even number.", 10 in doubles),
            wrong("seven", "Twice three and a half, which is not whole.", 7 in doubles),
        ),
        explanation="All even numbers up to eighteen are in the set.",
    )

@question("000-7", level=1, points=2)
def a_quarter(rng):
    return Number(
        prompt="What is a half of a half?",
        value=0.5 * 0.5,
        tolerance=0.01,
        slips=(slip(0.5 + 0.5, "You added the halves instead of multiplying."),),
        explanation="A half times a half, multiplied with care.",
    )
"""


def make_course(root: Path, **files: str) -> Course:
    """The toy course in ``root``, with some of its files (solution, public, …) replaced.

    With ``questions=QUESTIONS`` it has questions for marks, too.
    """
    shutil.rmtree(root / "tests" / TOY, ignore_errors=True)
    paths = {
        "solution": (f"solutions/{TOY}.py", SOLUTION),
        "config": ("nbgrader_config.py", ""),
        "seed": ("course/seed", "public: a test's seed\n"),
    }
    if "questions" in files:
        paths["questions"] = (f"tests/{TOY}/{names.QUESTIONS}", "")
    for key, (name, content) in paths.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(files.get(key, content)))
    write_tests(root, names.PUBLIC_TESTS, files.get("public", PUBLIC))
    write_tests(root, names.HIDDEN_TESTS, files.get("hidden", HIDDEN))
    write_tests(root, names.MISCONCEPTIONS, files.get("misconceptions", MISCONCEPTIONS))
    return Course(root)


def write_tests(root: Path, file: str, text: str) -> None:
    """Put each test, or misconception, of ``text`` into ``file`` in the folder of its exercise.

    What stands before the first of them goes into all of these files.
    """
    head, *parts = re.split(r"\n(?=@(?:exercise|misconception)\()", dedent(text))
    contents = {} if parts else dict.fromkeys(("double", "quadruple"), head)
    for part in parts:
        name = part.split('"')[1]
        contents[name] = f"{contents.get(name, head)}\n{part}"
    for name, content in contents.items():
        path = root / "tests" / TOY / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def notebook(*sources: str) -> nbformat.NotebookNode:
    """A notebook of code cells."""
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(dedent(source)) for source in sources]
    )


def grade(course: Course, *sources: str) -> Report:
    """The report on a notebook with these code cells."""
    return load_judge(course, TOY, limits=LIMITS).grade(read_node(notebook(*sources)))


# Tests that fail by themselves for whoever has a function `trap`, as on a machine out of order.
STUMBLING = HIDDEN.replace(
    "    assert_close(student.double",
    "    try: student.trap()\n    except AssertionError: pass\n"
    "    else: raise OSError('the disk is full')\n    assert_close(student.double",
)
TRAP = "def trap():\n    return 0"
DOUBLE = "def double(x):\n    return 2.0 * x"
QUADRUPLE = "def quadruple(x):\n    return double(double(x))"
