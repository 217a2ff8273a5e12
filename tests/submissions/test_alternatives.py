"""Right answers, however they are written, get full marks."""

from __future__ import annotations

import functools
from pathlib import Path

import nbformat
import pytest

from autograder.core.course import find_course
from autograder.judging.judge import load_judge
from autograder.submission.notebook import read_node
from tests.submissions.fill import SHEETS, answers, fill, with_answers

COURSE = find_course(Path(__file__))
ALTERNATIVES = sorted((SHEETS / "alternatives").glob("*.py"))
judge_of = functools.cache(lambda assignment: load_judge(COURSE, assignment))


def assignment_of(sheet: Path) -> str:
    return sheet.stem.rpartition("_")[0]


@pytest.mark.parametrize("sheet", ALTERNATIVES, ids=lambda sheet: sheet.stem)
def test_a_right_answer_written_differently_gets_full_marks(sheet):
    judge = judge_of(assignment_of(sheet))
    released = COURSE.release(judge.assignment) / f"{judge.assignment}.ipynb"
    given = answers(sheet, judge.names)
    assert given.keys() == judge.names
    filled = fill(nbformat.read(released, as_version=4), given)
    report = judge.grade(read_node(with_answers(filled, judge.quiz.key)))
    failures = [
        f"{test.name}: {test.failure}"
        for result in report.exercises
        for test in result.tests
        if test.failure
    ]
    assert failures == []
    assert report.score == report.max_score


@pytest.mark.parametrize("assignment", COURSE.assignments)
def test_each_assignment_has_two_alternatives_at_least(assignment):
    assert sum(assignment_of(sheet) == assignment for sheet in ALTERNATIVES) >= 2
