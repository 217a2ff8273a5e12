"""Public tests of all exercises, and what they share, are released as one file that reads well."""

from __future__ import annotations

import re

import pytest

from autograder.authoring.public_tests import joined_public_tests
from autograder.core.course import find_course
from autograder.core.errors import AuthorError
from autograder.suite import load_public, load_suite
from autograder.suite.load import PUBLIC_SEED
from tests.kit.toy_course import TOY, make_course

COURSE = find_course()

SHARED = '''"""What the public tests share."""

from __future__ import annotations

import numpy as np

# one, twice
ONES = np.ones(2)
'''
DOUBLE = '''"""Public tests of `double`."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given

from autograder.testing import arrays, assert_close, exercise

from ..shared_public import ONES


@exercise("double")
def test_double_of_ones(student):
    """double(1) is 2"""
    assert_close(student.double(ONES), math.sqrt(4.0) * np.ones(2))  # a float


@exercise("double")
@given(x=arrays((2,)))
def test_double_of_any(student, x):
    """double(x) is x + x"""
    assert_close(student.double(x), x + x)
'''
QUADRUPLE = '''"""Public tests of `quadruple`."""

from autograder.testing import assert_close, exercise

from ..shared_public import ONES

FOUR = 4.0  # times


@exercise("quadruple")
def test_quadruple_of_ones(student):
    """quadruple(1) is 4"""
    assert_close(student.quadruple(ONES), FOUR * ONES)
'''
JOINED = '''"""The tests that come with a0_toy: the notebook's cells `check("…")` run them.

You may read them. The grader asks the same questions, on more and other inputs.
"""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given

from autograder.testing import arrays, assert_close, exercise

# one, twice
ONES = np.ones(2)


@exercise("double")
def test_double_of_ones(student):
    """double(1) is 2"""
    assert_close(student.double(ONES), math.sqrt(4.0) * np.ones(2))  # a float


@exercise("double")
@given(x=arrays((2,)))
def test_double_of_any(student, x):
    """double(x) is x + x"""
    assert_close(student.double(x), x + x)


FOUR = 4.0  # times


@exercise("quadruple")
def test_quadruple_of_ones(student):
    """quadruple(1) is 4"""
    assert_close(student.quadruple(ONES), FOUR * ONES)
'''


def toy(tmp_path, shared=SHARED, double=DOUBLE, quadruple=QUADRUPLE):
    course = make_course(tmp_path)
    folder = course.tests(TOY)
    (folder / "shared_public.py").write_text(shared)
    (folder / "double" / "test_public.py").write_text(double)
    (folder / "quadruple" / "test_public.py").write_text(quadruple)
    return course


def test_shared_helpers_come_first_then_the_tests_with_all_imports_at_the_top(tmp_path):
    assert joined_public_tests(toy(tmp_path), TOY) == JOINED


def test_a_loop_variable_of_a_constant_may_have_any_name(tmp_path):
    odd = SHARED + "ODD = [ONES for ONES in range(3)] and {k: v for k, v in ()}\n"
    quadruple = QUADRUPLE + "\n\nFIVE = [k for k in range(5)]\n\nFIVES = {math for math in FIVE}\n"
    assert "FIVES" in joined_public_tests(toy(tmp_path, shared=odd, quadruple=quadruple), TOY)


def test_a_comment_above_the_docstring_stays_and_the_docstring_goes(tmp_path):
    quadruple = "# by an author\n" + QUADRUPLE
    assert joined_public_tests(toy(tmp_path, quadruple=quadruple), TOY) == JOINED.replace(
        "FOUR = 4.0", "# by an author\nFOUR = 4.0"
    )


def test_the_file_does_not_depend_on_the_folder_that_it_is_made_in(tmp_path, monkeypatch):
    (tmp_path / "numpy.py").touch()
    (tmp_path / "hypothesis").mkdir()
    monkeypatch.chdir(tmp_path)
    assert joined_public_tests(toy(tmp_path), TOY) == JOINED


@pytest.mark.parametrize("assignment", COURSE.assignments)
def test_the_released_file_asks_what_the_folders_ask(assignment):
    path = COURSE.release(assignment) / "test_public.py"
    asked = [
        repr(suite.exercises) for suite in (load_suite(path, 0), load_public(COURSE, assignment))
    ]
    bodies = re.compile(r"<function (\w+) at 0x\w+>")
    assert PUBLIC_SEED == 0
    assert bodies.sub(r"\1", asked[0]) == bodies.sub(r"\1", asked[1])


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"quadruple": QUADRUPLE.replace("test_quadruple_of", "test_double_of")},
            r"quadruple/test_public\.py:11: test_double_of_ones means something else in "
            r".*double/test_public\.py:16",
        ),
        (
            {"quadruple": QUADRUPLE.replace("FOUR", "ONES")},
            r"quadruple/test_public\.py:7: ONES means something else in .*shared_public\.py:8",
        ),
        (
            {"quadruple": QUADRUPLE.replace("FOUR", "math")},
            r"quadruple/test_public\.py:7: math means something else in .*double/test_public\.py",
        ),
        (
            {"quadruple": "import hypothesis as np\n" + QUADRUPLE},
            r"quadruple/test_public\.py: np means something else in .*shared_public\.py",
        ),
        (
            {"double": DOUBLE.replace("import ONES", "import ONES as O").replace("(ONES", "(O")},
            r"double/test_public\.py:12: public tests may import from their assignment only ",
        ),
        (
            {"double": DOUBLE.replace("..shared_public", "..shared_hidden")},
            r"double/test_public\.py:12: public tests may import",
        ),
        ({"double": "from .. import shared_public\n"}, "test_public.py:1: public tests may import"),
    ],
)
def test_what_would_not_work_in_one_file_is_refused(tmp_path, files, message):
    with pytest.raises(AuthorError, match=message):
        joined_public_tests(toy(tmp_path, **files), TOY)
