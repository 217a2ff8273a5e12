"""The course's own drawing cells are left out of grading, unless somebody may need them."""

from __future__ import annotations

import pytest

from autograder.submission.demo_cells import demonstrations, without_demonstrations
from autograder.submission.notebook import Cell
from tests.kit.toy_course import TOY, make_course

DRAW = "def draw(x):\n    plt.plot(double(x))\n\ndraw(3)"
IMPORT = "import matplotlib.pyplot as plt"
SHOWN = frozenset({DRAW, IMPORT})
DOUBLE = "def double(x):\n    return 2 * x"


def kept(*sources: str) -> list[str]:
    cells = [Cell(i, source) for i, source in enumerate(sources, start=1)]
    return [cell.source for cell in without_demonstrations(cells, SHOWN)]


def test_cells_as_released_are_left_out():
    assert kept(IMPORT, DOUBLE, DRAW) == [DOUBLE]


def test_an_edited_cell_is_run_with_what_it_needs():
    edited = DRAW.replace("3", "4")
    assert kept(IMPORT, DOUBLE, edited) == [IMPORT, DOUBLE, edited]


@pytest.mark.parametrize("use", ["draw(1)", "x = [draw]", "f = globals()['draw']", "a.draw = 1"])
def test_a_cell_whose_name_is_mentioned_is_run_and_what_it_mentions_too(use):
    assert kept(IMPORT, DOUBLE, DRAW, use) == [IMPORT, DOUBLE, DRAW, use]


def test_beside_a_cell_that_is_no_python_all_are_run():
    assert kept(IMPORT, "def (", DRAW) == [IMPORT, "def (", DRAW]


def test_the_author_s_tag_says_which_they_are(tmp_path):
    course = make_course(tmp_path)
    assert demonstrations(course.solution(TOY)) == {"from autograder import check"}
