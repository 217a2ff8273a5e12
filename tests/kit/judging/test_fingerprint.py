"""A change makes stale the exercises that it bears on, and no other."""

from __future__ import annotations

import pytest

from autograder.judging.fingerprint import fingerprints
from tests.kit.toy_course import TOY, make_course

HIDDEN = """
from autograder.testing import exercise
{imports}

@exercise("{name}", points=1)
def test_{name}(student):
    '''It holds'''
    {uses}
"""
SHARED = """
from autograder.testing import show

from .shared_public import basis as ground

LIMIT = 3

def helper():
    return ground(LIMIT)

def other():
    return show(1)
"""
PUBLIC = "def basis(x):\n    return x\n\ndef superstructure(x):\n    return -x\n"
BOTH = {"double", "quadruple"}


@pytest.fixture
def course(tmp_path):
    """``double`` uses ``helper``, and ``quadruple`` uses ``other``, of the shared file."""
    course = make_course(tmp_path)
    tests = course.tests(TOY)
    (tests / "shared_public.py").write_text(PUBLIC)
    (tests / "shared_hidden.py").write_text(SHARED)
    for name, imports, uses in [
        ("double", "from ..shared_hidden import helper as h", "h()"),
        ("quadruple", "from .. import shared_hidden", "shared_hidden.other()"),
    ]:
        text = HIDDEN.format(name=name, imports=imports, uses=uses)
        (tests / name / "test_hidden.py").write_text(text)
    return course


@pytest.mark.parametrize(
    ("file", "old", "new", "stale"),
    [
        ("double/test_hidden.py", "It holds", "It does hold", {"double"}),
        ("double/misconceptions.py", "You square", "You do square", {"double"}),
        ("double/test_hidden.py", "h()", "h()  # always", set()),
        ("double/test_public.py", "is 2", "is two", set()),
        ("shared_hidden.py", "LIMIT = 3", "LIMIT = 4", {"double"}),
        ("shared_hidden.py", "show(1)", "show(2)", {"quadruple"}),
        ("shared_hidden.py", "def helper():", "def more(): pass\n\ndef helper():", set()),
        ("shared_hidden.py", "import show", "import arrays, show", set()),
        ("shared_hidden.py", "LIMIT = 3", "LIMIT = 3\nprint()", BOTH),
        ("shared_public.py", "return x", "return +x", {"double"}),
        ("shared_public.py", "return -x", "return x", set()),
    ],
)
def test_a_change_of_a_test_file_bears_on_those_that_use_it(course, file, old, new, stale):
    before = fingerprints(course, TOY)
    path = course.tests(TOY) / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    after = fingerprints(course, TOY)
    assert {name for name in before if before[name] != after[name]} == stale


def test_every_exercise_has_one_whether_it_is_tested_or_not(course):
    (course.tests(TOY) / "double" / "misconceptions.py").unlink()
    (course.tests(TOY) / "quadruple" / "test_hidden.py").unlink()
    assert fingerprints(course, TOY).keys() == BOTH
