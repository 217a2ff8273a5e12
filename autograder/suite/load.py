"""Load the tests of a Python file, each with its declaration and recorded examples."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.core.errors import AuthorError
from autograder.core.import_file import import_file, line_of
from autograder.core.results import total
from autograder.suite.examples import Example, record
from autograder.testing.decorators import Declaration, declaration_of

__all__ = [
    "PUBLIC_SEED",
    "Exercise",
    "Suite",
    "Test",
    "as_test",
    "functions_of",
    "load_suite",
    "suite_digest",
    "tests_in",
]

PUBLIC_SEED = 0  # for examples that are not secret: public tests, the course's own tests
_FIXTURES = ("student", "reference")


@dataclass(frozen=True)
class Test:
    """One test, ready to run for any student."""

    __test__ = False

    name: str
    declaration: Declaration
    title: str
    cause: str
    body: Callable[..., None]
    fixtures: tuple[str, ...]
    examples: tuple[Example, ...]

    @property
    def line(self) -> int:
        """The line at which it begins in its file."""
        return line_of(self.body)


@dataclass(frozen=True)
class Exercise:
    """All tests of one exercise, in the order of their file."""

    name: str
    tests: tuple[Test, ...]

    @property
    def points(self) -> float:
        return total(test.declaration.points for test in self.tests)

    @property
    def after(self) -> tuple[str, ...]:
        """The exercises whose functions this one may call."""
        return tuple(dict.fromkeys(name for test in self.tests for name in test.declaration.after))


@dataclass(frozen=True)
class Suite:
    """The tests of one assignment. ``digest`` changes with their files and with the seed."""

    exercises: tuple[Exercise, ...]
    digest: str

    @property
    def points(self) -> float:
        return total(exercise.points for exercise in self.exercises)

    def exercise(self, name: str) -> Exercise | None:
        return next((found for found in self.exercises if found.name == name), None)


def load_suite(path: Path, seed: int) -> Suite:
    """The suite in the one test file ``path``, its examples drawn from ``seed``.

    Raises AuthorError if a test lacks ``@exercise`` or a docstring, or has unknown arguments.
    """
    tests: dict[str, list[Test]] = {}
    for test in tests_in(import_file(path), seed):
        tests.setdefault(test.declaration.name, []).append(test)
    if not tests:
        raise AuthorError(f"{path} holds no test: write functions `test_…` with @exercise(…)")
    exercises = tuple(Exercise(name, tuple(found)) for name, found in tests.items())
    return Suite(exercises, suite_digest([path], seed))


def suite_digest(paths: Iterable[Path], seed: int) -> str:
    """A digest of the files and the seed from which tests are made."""
    content = b"".join(path.read_bytes() for path in paths)
    return hashlib.sha256(content + str(seed).encode()).hexdigest()[:16]


def tests_in(module: ModuleType, seed: int) -> Iterator[Test]:
    """The tests that the file defines, in its order; raises AuthorError, naming the line."""
    for function in functions_of(module):
        if function.__name__.startswith("test"):
            try:
                yield as_test(function, seed)
            except AuthorError as error:
                raise AuthorError(f"{module.__file__}:{line_of(function)}: {error}") from error


def as_test(function: Callable[..., None], seed: int) -> Test:
    """Convert a test function to a Test; raises AuthorError if it cannot be graded."""
    name = function.__name__
    declaration = declaration_of(function)
    if declaration is None:
        raise AuthorError(
            f"{name} has no @exercise(…): name its function in the outermost decorator"
        )
    if any(each.name == "parametrize" for each in getattr(function, "pytestmark", ())):
        raise AuthorError(f"{name} is parametrized: use Hypothesis' @given and @example instead")
    sentence, _, rest = inspect.cleandoc(function.__doc__ or "").partition("\n")
    if not sentence:
        raise AuthorError(f"{name} has no docstring: write one; students read its first line")
    fixtures = tuple(p for p in inspect.signature(function).parameters)
    unknown = [each for each in fixtures if each not in _FIXTURES]
    if unknown:
        raise AuthorError(
            f"{name} asks for {', '.join(unknown)}: a test may use {' and '.join(_FIXTURES)}, "
            "and arguments that @given draws"
        )
    examples = record(function, fixtures, seed)
    body: Any = getattr(function, "hypothesis", None)
    return Test(
        name=name,
        declaration=declaration,
        title=sentence.strip().rstrip("."),
        cause=" ".join(rest.split()),
        body=body.inner_test if body else function,
        fixtures=fixtures,
        examples=examples,
    )


def functions_of(module: ModuleType) -> Iterator[Callable[..., Any]]:
    """The functions that the file itself defines, in its order."""
    for value in vars(module).values():
        if inspect.isfunction(value) and value.__module__ == module.__name__:
            yield value
