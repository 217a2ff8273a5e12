"""How tests and misconceptions say which exercise they are about."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from autograder.core.errors import AuthorError

__all__ = [
    "Declaration",
    "Misconception",
    "declaration_of",
    "exercise",
    "misconception",
    "misconception_of",
]

F = TypeVar("F", bound=Callable[..., Any])
_DECLARATION = "unroll_exercise"
_MISCONCEPTION = "unroll_misconception"


@dataclass(frozen=True)
class Declaration:
    """What ``@exercise`` says of a test; ``form`` where it judges the form of values.

    ``ones`` says that it is about axes of length 1.
    """

    name: str
    points: float
    after: tuple[str, ...]
    form: bool = False
    ones: bool = False


@dataclass(frozen=True)
class Misconception:
    """A typical wrong answer: runnable, with a hint that a student can act on.

    A ``dialect`` is a function as good as the right one, which other books or libraries have.
    """

    exercise: str
    name: str
    hint: str
    function: Callable[..., Any]
    dialect: bool = False


def exercise(
    name: str,
    *,
    points: float = 0,
    after: str | tuple[str, ...] = (),
    form: bool = False,
    ones: bool = False,
) -> Callable[[F], F]:
    """Say that a test is about the student's function ``name``.

    ``points`` are what passing it earns (public tests earn none); ``after`` names the exercises
    whose functions the answer may call. ``form`` says that the test judges the form of values, and
    not the values: where it fails, all other tests see them in the right form. ``ones`` says that
    it is about axes of length 1, which no other test may draw. The test's docstring
    is what the student reads: its first line the sentence that must hold, the rest, if any, a hint
    for when it does not. Put it outermost, above ``@given``.
    """
    if points < 0:
        raise AuthorError(f"@exercise({name!r}): points must not be negative, got {points}")
    before = (after,) if isinstance(after, str) else after

    def mark(test: F) -> F:
        setattr(test, _DECLARATION, Declaration(name, float(points), before, form, ones))
        return test

    return mark


def misconception(exercise: str, *, dialect: bool = False) -> Callable[[F], F]:
    """Say that a function is a typical wrong answer to ``exercise``; its docstring is the hint.

    A ``dialect``, of a function ``…_forward``, computes what other books or libraries do: the
    student's ``…_backward``, and what else may call the function, is then judged by the derivatives
    of the dialect, which are found by complex steps. So write it with functions that take complex
    numbers (``np.tanh``, not ``np.abs``).
    """

    def mark(function: F) -> F:
        hint = inspect.cleandoc(function.__doc__ or "")
        if not hint:
            raise AuthorError(
                f"misconception `{function.__name__}` has no hint: give it a docstring"
            )
        if dialect and not exercise.endswith("_forward"):
            raise AuthorError(
                f"misconception `{function.__name__}` is a dialect of {exercise}: only a function "
                "named …_forward can have one"
            )
        words = " ".join(hint.split())
        found = Misconception(exercise, function.__name__, words, function, dialect)
        setattr(function, _MISCONCEPTION, found)
        return function

    return mark


def declaration_of(test: object) -> Declaration | None:
    """What ``@exercise`` said of ``test``, if anything."""
    found = getattr(test, _DECLARATION, None)
    return found if isinstance(found, Declaration) else None


def misconception_of(function: object) -> Misconception | None:
    """What ``@misconception`` said of ``function``, if anything."""
    found = getattr(function, _MISCONCEPTION, None)
    return found if isinstance(found, Misconception) else None
