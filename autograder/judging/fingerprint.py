"""What an exercise's result depends on, as a digest: its folder, and all that it leads to.

A digest changes with the exercise's hidden tests and misconceptions, with whatever of the shared
files and of the solution these name, directly or through others, with the course's seed, and with
the version of the engine and of what runs the code. Comments and layout do not count. In doubt (a
name that is computed) the whole solution counts.
"""

from __future__ import annotations

import ast
import functools
import platform
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from autograder.core.course import HIDDEN_TESTS, MISCONCEPTIONS, Course
from autograder.core.digests import digest
from autograder.core.solution import exercises_in
from autograder.core.syntax import bound_names, words
from autograder.judging.quiz import QUIZ, seed_of_questions

__all__ = ["Environment", "engine_digest", "environment", "fingerprints"]

_JUDGING = (
    *(f"autograder/{name}" for name in ("core", "submission", "testing", "sandbox", "students")),
    *("autograder/suite", "autograder/judging", "quiz/engine"),
)  # a change elsewhere, of a command or a page, leaves results as they are
_COMPUTES_NAMES = {"getattr", "vars", "globals", "import_file", "__dict__"}


@dataclass(frozen=True)
class Environment:
    """The software that grades. Two machines with the same one give the same reports."""

    engine: str
    python: str
    numpy: str
    hypothesis: str

    def __str__(self) -> str:
        return ", ".join(f"{name} {number}" for name, number in asdict(self).items())


@functools.cache
def environment() -> Environment:
    """This process's; ``engine`` is the digest of what judges, exact between releases."""
    engine = engine_digest(*_JUDGING)
    return Environment(engine, platform.python_version(), version("numpy"), version("hypothesis"))


@functools.cache
def engine_digest(*packages: str) -> str:
    """The digest of the engine's ``packages``; of all its files, where none is named."""
    here = Path(__file__).parents[2]
    folders = [here / package for package in packages or ("autograder", "quiz")]
    files = sorted(path for folder in folders for path in folder.rglob("*.py"))
    return digest(
        *(part for each in files for part in (str(each.relative_to(here)), each.read_text("utf-8")))
    )


def fingerprints(course: Course, assignment: str, *conditions: str) -> dict[str, str]:
    """The digest of each exercise of ``assignment``; ``conditions`` are what else they hang on.

    Raises SyntaxError when a test file is no Python, and AuthorError when the solution is none.
    """
    common = (str(environment()), course.seed().label, *conditions)
    solution = _Statements([course.solution(assignment)])
    found = {}
    for name in exercises_in(course.solution(assignment)):
        folder = course.tests(assignment) / name
        parts = [
            *_dependencies(folder / HIDDEN_TESTS, course.tests(assignment)),
            *_dependencies(folder / MISCONCEPTIONS, course.tests(assignment)),
        ]
        mentioned = {name}.union(*map(words, parts))
        whole = mentioned & _COMPUTES_NAMES
        reference = solution.all if whole else solution.needed(mentioned)
        found[name] = digest(*common, *map(ast.dump, parts), *map(ast.dump, reference))
    questions = course.questions(assignment)
    if questions.is_file():
        drawn = seed_of_questions(course, assignment).label
        found[QUIZ] = digest(*common, drawn, questions.read_text("utf-8"))
    return found


def _dependencies(path: Path, root: Path) -> list[ast.stmt]:
    """The statements of a file of the exercise, and those that these need of what it imports."""
    if not path.is_file():
        return []
    own = _Statements([path])
    shared = _Statements(_imported(path, root) - {path})
    return [*own.all, *shared.needed(set().union(*map(_mentioned, own.all)))]


def _imported(path: Path, root: Path) -> set[Path]:
    """The files below ``root`` that ``path`` imports relatively, directly or not; and itself."""
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        path = waiting.pop()
        if path in found or not path.is_relative_to(root) or not path.is_file():
            continue
        found.add(path)
        for node in ast.walk(ast.parse(path.read_bytes(), str(path))):
            if isinstance(node, ast.ImportFrom) and node.level:
                module = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
                waiting += [module.with_suffix(".py")]
                waiting += [module / f"{alias.name}.py" for alias in node.names]
    return found


class _Statements:
    """The statements of Python files, and which of them define which names."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self.all = [each for path in sorted(paths) for each in _statements(path)]
        self.definitions: dict[str, list[int]] = {}
        for i, statement in enumerate(self.all):
            for name in bound_names(statement):
                self.definitions.setdefault(name, []).append(i)

    def needed(self, names: Iterable[str]) -> list[ast.stmt]:
        """The statements that define ``names`` or what these use, and those that define nothing."""
        waiting = set(names)
        chosen = {i for i, each in enumerate(self.all) if not any(bound_names(each))}
        for i in chosen:
            waiting |= _mentioned(self.all[i])
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            seen.add(name)
            for i in self.definitions.get(name, ()):
                if i not in chosen:
                    chosen.add(i)
                    waiting |= _mentioned(self.all[i]) - seen
        return [self.all[i] for i in sorted(chosen)]


def _statements(path: Path) -> Iterator[ast.stmt]:
    """The statements of a file; an import of several names as one of each."""
    for statement in ast.parse(path.read_bytes(), str(path)).body:
        if isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                yield ast.ImportFrom(statement.module, [alias], statement.level)
        else:
            yield statement


def _mentioned(statement: ast.stmt) -> set[str]:
    """What a statement may refer to, under the name that it has in its own file."""
    imported = {node.name for node in ast.walk(statement) if isinstance(node, ast.alias)}
    return words(statement) | imported
