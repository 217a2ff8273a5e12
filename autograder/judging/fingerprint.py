"""What an exercise's result depends on, as a digest: its tests, and all that they lead to.

A digest changes with the source of the exercise's tests and misconceptions, with whatever of their
files and of the solution these name, directly or through others, with the course's seed, and with
the version of the engine and of what runs the code. Comments and layout do not count. In doubt (a
name that is computed, a test that is not a plain function) the whole file counts.
"""

from __future__ import annotations

import ast
import functools
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from autograder.core.course import Course
from autograder.core.digests import digest
from autograder.core.syntax import bound_names, words
from autograder.judging.quiz import FILE, QUIZ, seed_of_questions

__all__ = ["Environment", "engine_digest", "environment", "fingerprints"]

_JUDGING = (
    *(f"autograder/{name}" for name in ("core", "submission", "testing", "sandbox", "students")),
    *("autograder/suite", "autograder/judging", "quiz/engine"),
)  # a change elsewhere, of a command or a page, leaves results as they are
_COMPUTES_NAMES = {"getattr", "vars", "globals", "import_file", "__dict__"}


@dataclass(frozen=True)
class Environment:
    """The software that grades. Two machines with the same one give the same reports."""

    unroll: str
    python: str
    numpy: str
    hypothesis: str

    def __str__(self) -> str:
        return ", ".join(f"{name} {number}" for name, number in asdict(self).items())


@functools.cache
def environment() -> Environment:
    """This process's; ``unroll`` is the digest of what judges, exact between releases."""
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

    Raises SyntaxError when a file of the course is no Python.
    """
    folder = course.tests(assignment)
    tests = _File(folder / "test_hidden.py")
    solution = _File(course.solution(assignment))
    wrong = _File(folder / "misconceptions.py")
    shared = (str(environment()), course.seed().label, *conditions)
    marked = tests.marked("exercise", prefix="test")
    if marked is None:
        everything = digest(*shared, tests.text, solution.text, wrong.text)
        return dict.fromkeys(tests.all_words & solution.definitions.keys(), everything)
    mistakes = wrong.marked("misconception") or {}
    found = {}
    questions = folder / FILE
    if questions.is_file():
        drawn = seed_of_questions(course, assignment).label
        found[QUIZ] = digest(*shared, drawn, questions.read_text("utf-8"))
    for name, functions in marked.items():
        parts = [*tests.needed(functions), *wrong.needed(mistakes.get(name, ()))]
        mentioned = {name}.union(*map(words, parts))
        if mentioned & _COMPUTES_NAMES:
            reference = [solution.text]
        else:
            reference = [ast.dump(part) for part in solution.needed(mentioned)]
        found[name] = digest(*shared, *map(ast.dump, parts), *reference)
    return found


class _File:
    """A Python file's statements, and which of them define which names."""

    def __init__(self, path: Path) -> None:
        self.text = path.read_text("utf-8")
        self.statements = ast.parse(self.text).body
        self.definitions: dict[str, list[int]] = {}
        for i, statement in enumerate(self.statements):
            for name in bound_names(statement):
                self.definitions.setdefault(name, []).append(i)

    @functools.cached_property
    def all_words(self) -> set[str]:
        return set().union(*map(words, self.statements))

    def needed(self, names: Iterable[str]) -> list[ast.stmt]:
        """The statements that define ``names`` or what these use, and those that define nothing."""
        waiting = set(names)
        chosen = {i for i, each in enumerate(self.statements) if not any(bound_names(each))}
        for i in chosen:
            waiting |= words(self.statements[i])
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            seen.add(name)
            for i in self.definitions.get(name, ()):
                if i not in chosen:
                    chosen.add(i)
                    waiting |= words(self.statements[i]) - seen
        return [self.statements[i] for i in sorted(chosen)]

    def marked(self, decorator: str, prefix: str = "") -> Mapping[str, list[str]] | None:
        """The names of the functions marked ``@decorator("…")``, by what stands in the quotes.

        None when a name that begins with ``prefix`` is no such function.
        """
        found: dict[str, list[str]] = {}
        for statement in self.statements:
            mark = _mark(statement, decorator)
            names = [*bound_names(statement)]
            if mark:
                found.setdefault(mark, []).extend(names)
            elif prefix and any(name.startswith(prefix) for name in names):
                return None
        return found


def _mark(statement: ast.stmt, decorator: str) -> str:
    """What stands in the decorator's parentheses, where ``statement`` is a function with it."""
    if isinstance(statement, ast.FunctionDef):
        for each in statement.decorator_list:
            match each:
                case ast.Call(ast.Name(name), [ast.Constant(str(mark)), *_]) if name == decorator:
                    return mark
    return ""
