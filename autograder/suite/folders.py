"""The folders of an assignment's exercises: their hidden tests, public tests and misconceptions.

The solution file defines which exercises there are, and their order. Any other file or folder is
an error, so that no test in the wrong place is left out of grading unnoticed.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from autograder.core.course import (
    EXERCISE_FILES,
    HIDDEN_TESTS,
    MISCONCEPTIONS,
    PUBLIC_TESTS,
    QUESTIONS,
    SHARED_FILES,
    Course,
)
from autograder.core.errors import AuthorError
from autograder.core.import_file import import_files, line_of
from autograder.core.solution import exercises_in
from autograder.suite.load import (
    PUBLIC_SEED,
    Exercise,
    Suite,
    functions_of,
    suite_digest,
    tests_in,
)
from autograder.testing.decorators import Misconception, declaration_of, misconception_of

__all__ = ["check_folders", "load_hidden", "load_misconceptions", "load_public"]


def load_hidden(course: Course, assignment: str, seed: int) -> Suite:
    """The hidden tests of ``assignment``, their examples drawn from ``seed``.

    Raises AuthorError if a file is in the wrong place, or a test cannot be graded.
    """
    files = course.test_files(assignment)
    exercises = _exercises(course, assignment, HIDDEN_TESTS, seed)
    judging = [path for path in files if path.name not in (PUBLIC_TESTS, QUESTIONS)]
    return Suite(exercises, suite_digest(judging, seed))


def load_public(course: Course, assignment: str) -> Suite:
    """The public tests of ``assignment``; raises AuthorError like ``load_hidden``."""
    exercises = _exercises(course, assignment, PUBLIC_TESTS, PUBLIC_SEED)
    return Suite(exercises, suite_digest(course.test_files(assignment), PUBLIC_SEED))


def load_misconceptions(course: Course, assignment: str) -> tuple[Misconception, ...]:
    """The misconceptions of all exercises of ``assignment``, in the order of their files."""
    modules = _modules(course, assignment, MISCONCEPTIONS)
    found = [misconception_of(each) for _, module in modules for each in functions_of(module)]
    return tuple(each for each in found if each is not None)


def check_folders(course: Course, assignment: str) -> dict[str, Path]:
    """The folder of each exercise, in the solution's order.

    Raises AuthorError, with all problems, unless each has hidden tests and no file is misplaced.
    """
    solution, folder = course.solution(assignment), course.tests(assignment)
    exercises = exercises_in(solution)
    problems = [*_astray(folder, tuple(exercises), solution)]
    for name, line in exercises.items():
        if not (folder / name / HIDDEN_TESTS).is_file():
            problems.append(
                f"{solution}:{line}: {name} has no hidden tests: write some in "
                f"{folder / name / HIDDEN_TESTS}"
            )
    if not exercises:
        problems.append(f"{solution} has no exercise: no function in it has a solution region")
    if problems:
        raise AuthorError("\n".join(problems))
    return {name: folder / name for name in exercises}


def _astray(folder: Path, exercises: tuple[str, ...], solution: Path) -> Iterator[str]:
    """A message on each file that does not belong into an assignment's folder of tests."""
    for path in _visible(folder):
        if path.name in exercises and path.is_dir():
            for each in _visible(path):
                if each.name not in EXERCISE_FILES:
                    known = ", ".join(EXERCISE_FILES)
                    yield f"{each} is misplaced: an exercise has only {known}: move or remove it"
        elif path.is_dir():
            close = difflib.get_close_matches(path.name, exercises, 1)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(exercises)}"
            yield (
                f"{path} is the folder of no exercise: no function {path.name} in {solution} has "
                f"a solution region; {hint}"
            )
        elif path.name not in (QUESTIONS, *SHARED_FILES):
            known = ", ".join((QUESTIONS, *SHARED_FILES))
            yield (
                f"{path} is misplaced: beside the folders of the exercises may be only {known}: "
                "move or remove it"
            )


def _visible(folder: Path) -> list[Path]:
    """The content of ``folder``, without hidden files and caches of tools."""
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in paths if not path.name.startswith((".", "__pycache__"))]


def _exercises(course: Course, assignment: str, file: str, seed: int) -> tuple[Exercise, ...]:
    exercises = []
    for name, module in _modules(course, assignment, file):
        tests = tuple(tests_in(module, seed))
        if not tests:
            raise AuthorError(
                f"{module.__file__} holds no test: write `test_…` functions with "
                f"@exercise({name!r})"
            )
        exercises.append(Exercise(name, tests))
    return tuple(exercises)


def _modules(course: Course, assignment: str, file: str) -> Iterator[tuple[str, ModuleType]]:
    """Each exercise that has ``file`` in its folder, with that file imported."""
    folders = check_folders(course, assignment)
    names = [name for name, folder in folders.items() if (folder / file).is_file()]
    modules = import_files(course.tests(assignment), [folders[name] / file for name in names])
    for name, module in zip(names, modules, strict=True):
        for function in functions_of(module):
            declaration, mistake = declaration_of(function), misconception_of(function)
            about = declaration.name if declaration else mistake.exercise if mistake else name
            if about != name:
                raise AuthorError(
                    f"{module.__file__}:{line_of(function)}: {function.__name__} is about {about}, "
                    f"but it is in the folder of {name}: move it, or correct its decorator"
                )
        yield name, module
