"""Questions as functions: ``@question("000-7", level=1)`` above a function that returns an item.

A function without a parameter asks one fixed thing. One with the parameter ``rng`` is a family: it
draws its numbers, and computes the key from them.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import numpy as np

from autograder.core.errors import AuthorError, UserError
from autograder.core.import_file import import_file
from quiz import TOPICS
from quiz.engine.items import Choice, Item, Judgement, Number, Ordering, Several

__all__ = [
    "LEVELS",
    "Question",
    "check_topic",
    "load_file",
    "load_topic",
    "load_topics",
    "question",
]

LEVELS = (1, 2, 3)
_MARK = "_unroll_question"
_F = TypeVar("_F", bound=Callable[..., Item])


@dataclass(frozen=True)
class Question:
    """A question of a topic: fixed, or a family of variants.

    ``level`` is 1 (recall), 2 (one computation or idea) or 3 (several). ``points`` are for marks.
    """

    id: str
    topic: str
    claims: tuple[str, ...]
    level: int
    points: float
    function: Callable[..., Item]
    is_family: bool

    def variant(self, seed: int = 0) -> Item:
        """The question with the numbers, and the order of options, that ``seed`` draws.

        The draw decides where the right option stands, so that no letter is likelier than another.
        Raises AuthorError, naming the question, where it is not in order.
        """
        rng = np.random.default_rng([seed, int(_digest(self.id)[:8], 16)])
        return self._made(rng).shuffled(rng)

    def _made(self, rng: np.random.Generator) -> Item:
        try:
            item = self.function(rng) if self.is_family else self.function()
        except AuthorError as error:
            raise AuthorError(f"{self.topic}: {self.id}: {error}") from error
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
            raise AuthorError(f"{self.topic}: {self.id} cannot be computed: {problem}") from error
        if not isinstance(item, Choice | Several | Judgement | Number | Ordering):
            kind = type(item).__name__
            raise AuthorError(f"{self.topic}: {self.id} returns a {kind}, not a question")
        return item


def question(*claims: str, level: int, points: float = 0.0) -> Callable[[_F], _F]:
    """Mark a function as a question about ``claims`` (ids of claims.toml).

    Its id is its name, with dashes. ``points`` are for questions for marks.
    """
    if not claims or not all(isinstance(claim, str) for claim in claims):
        raise AuthorError('a question names its claims: @question("000-7", level=1)')
    if level not in LEVELS:
        raise AuthorError(f"the level {level} of a question must be one of {LEVELS}")

    def mark(function: _F) -> _F:
        setattr(function, _MARK, (claims, level, points))
        return function

    return mark


def check_topic(topic: str) -> None:
    """Raise UserError unless there is a topic of this name."""
    if topic not in TOPICS:
        raise UserError(f"there is no topic {topic!r}; there are: {', '.join(TOPICS)}")


def load_topic(topic: str) -> tuple[Question, ...]:
    """The questions for practice on ``topic``; raises UserError when there is no such topic."""
    check_topic(topic)
    return _questions(importlib.import_module(f"quiz.{topic}"), topic)


def load_topics(topics: Sequence[str] = ()) -> tuple[Question, ...]:
    """The questions for practice on ``topics`` (on all, when none is named)."""
    return tuple(each for topic in topics or TOPICS for each in load_topic(topic))


def load_file(path: Path) -> tuple[Question, ...]:
    """The questions in the Python file ``path``; raises AuthorError when it is not in order."""
    return _questions(import_file(path), f"{path.parent.name}/{path.name}")


def _questions(module: ModuleType, topic: str) -> tuple[Question, ...]:
    found = []
    for name, function in vars(module).items():
        marked: Any = getattr(function, _MARK, None)
        if marked is not None and function.__module__ == module.__name__:
            claims, level, points = marked
            parameters = list(inspect.signature(function).parameters)
            if parameters not in ([], ["rng"]):
                raise AuthorError(f"{topic}: {name} may have one parameter, rng, or none")
            id = name.replace("_", "-")
            found.append(Question(id, topic, claims, level, points, function, bool(parameters)))
    if not found:
        raise AuthorError(f"{topic} holds no question: write functions with @question(…)")
    return tuple(found)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
