"""The released cells of an assignment, and their differences from the tests and the solution.

Students work on the release, and the gradebook has its points. Grading with tests that do not fit
the release would give wrong scores, so the preflight reports each difference.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.core.course import HIDDEN_TESTS, QUESTIONS, Course
from autograder.core.errors import AuthorError, UserError
from autograder.core.import_file import line_of
from autograder.core.syntax import functions
from autograder.judging.judge import Judge
from autograder.judging.quiz import QUIZ
from autograder.nbgrader_bridge.structure import SourceCell, Structure, cells_of_file

__all__ = ["Released", "begin_anew", "differences", "places", "released"]


@dataclass(frozen=True)
class Released:
    """The cells of a release, as they are in the place ``where``.

    They are ``fixed`` if nbgrader refuses to add or remove any.
    """

    where: str
    cells: tuple[SourceCell, ...]
    fixed: bool = False

    @property
    def points(self) -> dict[str, float]:
        """The points of each check cell, by its name."""
        return {c.name: c.max_score for c in self.cells if c.locked and c.max_score is not None}


def released(
    course: Course, assignment: str, structure: Structure | None = None
) -> tuple[Released, ...]:
    """The release as the gradebook knows it (``structure``), and as its file in ``assignments/``.

    Raises AuthorError if the file is not a notebook.
    """
    found = []
    if structure is not None:
        found.append(Released("the gradebook", structure.cells, structure.has_submissions))
    path = course.release(assignment) / f"{assignment}.ipynb"
    if path.exists():
        name = str(path.relative_to(course.root))
        try:
            found.append(Released(name, cells_of_file(path)))
        except (UserError, ValueError) as error:
            problem = str(error).replace(str(path), name)
            raise AuthorError(f"{problem}: {_again(assignment)}") from error
    return tuple(found)


def differences(judge: Judge, course: Course, found: Sequence[Released]) -> Iterator[str]:
    """A sentence for each difference between the tests, the solution and the release."""
    again = _again(judge.assignment)
    added = begin_anew(judge.assignment) if any(each.fixed for each in found) else again
    ours = _functions(course.solution(judge.assignment).read_text("utf-8"))
    for each in found[:1]:  # the others are compared with it
        yield from _other_checks(judge, each, again, added)
        yield from _other_stubs(judge.assignment, ours, each, again)
    for one, other in itertools.pairwise(found):
        yield from _other_cells(one, other, again)


def places(judge: Judge, name: str) -> list[str]:
    """File and line of each test of the exercise ``name``, or of each question of the quiz."""
    exercise = judge.suite.exercise(name)
    if exercise:
        folder = f"tests/{judge.assignment}/{name}"
        return [f"{folder}/{HIDDEN_TESTS}:{test.line}" for test in exercise.tests]
    questions = judge.quiz.questions if judge.quiz else ()
    return [f"tests/{judge.assignment}/{QUESTIONS}:{line_of(q.function)}" for q in questions]


def _again(assignment: str) -> str:
    return f"run `unroll release {assignment}`, then grade again"


def begin_anew(assignment: str) -> str:
    """The next step if cells were added or removed and the gradebook already has submissions."""
    return (
        "once there are submissions, nbgrader neither adds nor removes cells. Undo the change; "
        f"or give up this assignment's scores: run `nbgrader db assignment remove {assignment} "
        f"--force`, then `unroll release {assignment}`"
    )


def _other_checks(judge: Judge, each: Released, again: str, added: str) -> Iterator[str]:
    worth = {exercise.name: exercise.points for exercise in judge.suite.exercises}
    if judge.quiz:
        worth[QUIZ] = judge.quiz.points
    names = {cell.name for cell in each.cells}
    for name, points in worth.items():
        place = places(judge, name)[0]
        given = each.points.get(name)
        if given is None:
            advice = again if name in names else added
            yield f"{place}: {each.where} has no check cell for {name}: {advice}"
        elif given != points:
            yield (
                f"{place}: the tests of {name} give {points:g} points, and {each.where} {given:g}: "
                f"{again}"
            )
    for name in each.points:
        if name not in worth:
            yield (
                f"tests/{judge.assignment}: no tests for the check cell {name} of {each.where}: "
                f"{added}"
            )


def _other_stubs(
    assignment: str, ours: dict[str, tuple[int, str]], each: Released, advice: str
) -> Iterator[str]:
    """Functions that were released with other parameters, so that correct answers would fail."""
    for cell in each.cells:
        for name, (_, theirs) in ({} if cell.locked else _functions(cell.source)).items():
            line, parameters = ours.get(name, (0, theirs))
            if parameters != theirs:
                yield (
                    f"solutions/{assignment}.py:{line}: {name}({parameters}) is {name}({theirs}) "
                    f"in {each.where}: {advice}"
                )


def _other_cells(one: Released, other: Released, advice: str) -> Iterator[str]:
    """A sentence for each cell that differs between two places."""
    cells, twins = ({cell.name: cell for cell in each.cells} for each in (one, other))
    for name in cells | twins:
        if _content(cells.get(name)) != _content(twins.get(name)):
            yield f"{other.where}: the cell {name} differs from the one in {one.where}: {advice}"


def _content(cell: SourceCell | None) -> object:
    return cell and (cell.cell_type, cell.locked, cell.source.strip(), cell.max_score)


def _functions(source: str) -> dict[str, tuple[int, str]]:
    """The top-level functions of a source text, each with its line and its parameters."""
    return {each.name: (each.lineno, ast.unparse(each.args)) for each in functions(source)}
