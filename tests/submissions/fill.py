"""Filling a released notebook in, as a student would: answer sheets -> submissions.

A sheet is a Python file with functions of the assignment. Each function, with the code right above
it, goes into that function's cell; functions that the sheet lacks stay stubs.
"""

from __future__ import annotations

import ast
import copy
import itertools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from autograder.authoring.release import build_source
from autograder.core.course import Seed, find_course
from autograder.judging.quiz import ANSWERS, PUBLIC, GradedQuiz, load_graded
from quiz.engine import Number, Ordering, Several, mark

SHEETS = Path(__file__).parent


def fill(released: Any, answers: dict[str, str]) -> Any:
    """A copy of the released notebook with the cell of each answered exercise replaced."""
    notebook = copy.deepcopy(released)
    open_answers = dict(answers)
    for cell in notebook.cells:
        settings = cell.metadata.get("nbgrader", {})
        if settings.get("solution"):
            name = settings["grade_id"].removesuffix("-solution")
            cell.source = open_answers.pop(name, cell.source)
    if open_answers:
        raise ValueError(f"the notebook has no cell for {', '.join(open_answers)}")
    return notebook


def answers(sheet: Path, exercises: set[str]) -> dict[str, str]:
    """The sheet's source, cut behind each function that is an exercise's."""
    text = sheet.read_text(encoding="utf-8")
    lines = text.splitlines()
    body = ast.parse(text).body
    if ast.get_docstring(ast.parse(text)):
        body = body[1:]
    start = body[0].lineno - 1
    found: dict[str, str] = {}
    last = ""
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name in exercises:
            found[node.name] = "\n".join(lines[start : node.end_lineno]).strip()
            start, last = node.end_lineno or 0, node.name
    rest = "\n".join(lines[start:]).strip()
    if rest:
        found[last] += "\n\n\n" + rest
    return found


def with_answers(notebook: Any, given: Mapping[str, object]) -> Any:
    """A copy of ``notebook`` with these answers in place of the dots."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        found = re.match(rf'{ANSWERS}\["([^"]+)"\] = ', cell.source)
        if found and found[1] in given:
            cell.source = f'{ANSWERS}["{found[1]}"] = {given[found[1]]!r}'
    return notebook


def quiz_of(assignment: str, seed: Seed = PUBLIC) -> GradedQuiz:
    """The questions for marks of an assignment of this course, as ``seed`` draws them."""
    return load_graded(find_course(SHEETS).questions(assignment), seed)


def solved(assignment: str) -> Any:
    """The released notebook of an assignment with the reference and every answer in place."""
    course = find_course(SHEETS)
    reference = {
        cell.metadata.nbgrader.grade_id.removesuffix("-solution"): cell.source
        for cell in build_source(course, assignment).cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    released = nbformat.read(course.release(assignment) / f"{assignment}.ipynb", as_version=4)
    return with_answers(fill(released, reference), quiz_of(assignment).key)


def wrong_answers(quiz: GradedQuiz) -> dict[str, object]:
    """For each question an answer that earns nothing."""
    return {id: _wrong_answer(item) for id, item in quiz.items.items()}


def _wrong_answer(item: Any) -> object:
    if isinstance(item, Number):
        return item.slips[0].value
    if isinstance(item, Ordering):
        orders = map("".join, itertools.permutations(item.lettered))
        return min(orders, key=lambda order: mark(item, order).share)
    worst = min(item.lettered, key=lambda letter: mark(item, letter).share)
    return {worst} if isinstance(item, Several) else worst


def submission(released: Path, sheet: Path, given: Mapping[str, object] | None = None) -> Any:
    """The notebook that a student who answers as in ``sheet`` hands in; ``given`` for marks."""
    notebook = nbformat.read(released, as_version=4)
    exercises = {
        cell.metadata.nbgrader.grade_id
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }
    return with_answers(fill(notebook, answers(sheet, exercises)), given or {})
