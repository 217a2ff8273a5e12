"""How tests and misconceptions say which exercise they are about."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from autograder.core.errors import AuthorError

__all__ = ["Mark", "Misconception", "exercise", "mark_of", "misconception", "misconception_of"]

F = TypeVar("F", bound=Callable[..., Any])
_MARK = "unroll_exercise"
_MISCONCEPTION = "unroll_misconception"


@dataclass(frozen=True)
class Mark:
    """What ``@exercise`` says of a test."""

    name: str
    points: float
    after: tuple[str, ...]


@dataclass(frozen=True)
class Misconception:
    """A typical wrong answer: runnable, with a hint that a student can act on."""

    exercise: str
    name: str
    hint: str
    function: Callable[..., Any]


def exercise(
    name: str, *, points: float = 0, after: str | tuple[str, ...] = ()
) -> Callable[[F], F]:
    """Say that a test is about the student's function ``name``.

    ``points`` are what passing it earns (public tests earn none); ``after`` names the exercises
    whose functions the answer may call. The test's docstring is what the student reads: its first
    line the sentence that must hold, the rest, if any, the likely cause when it does not. Put it
    outermost, above ``@given``.
    """
    if points < 0:
        raise AuthorError(f"@exercise({name!r}): points must not be negative, got {points}")
    before = (after,) if isinstance(after, str) else after

    def mark(test: F) -> F:
        setattr(test, _MARK, Mark(name, float(points), before))
        return test

    return mark


def misconception(exercise: str) -> Callable[[F], F]:
    """Say that a function is a typical wrong answer to ``exercise``; its docstring is the hint."""

    def mark(function: F) -> F:
        hint = inspect.cleandoc(function.__doc__ or "")
        if not hint:
            raise AuthorError(
                f"misconception `{function.__name__}` has no hint: give it a docstring"
            )
        found = Misconception(exercise, function.__name__, " ".join(hint.split()), function)
        setattr(function, _MISCONCEPTION, found)
        return function

    return mark


def mark_of(test: object) -> Mark | None:
    """What ``@exercise`` said of ``test``, if anything."""
    found = getattr(test, _MARK, None)
    return found if isinstance(found, Mark) else None


def misconception_of(function: object) -> Misconception | None:
    """What ``@misconception`` said of ``function``, if anything."""
    found = getattr(function, _MISCONCEPTION, None)
    return found if isinstance(found, Misconception) else None
