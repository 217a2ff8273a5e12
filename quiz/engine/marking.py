"""An answer, as a student writes it, against an item: how much of it is right, and what it shows.

A choice and a judgement are answered with a letter, several with a set of letters, a number with a
number, and an ordering with its letters in order.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Real

import numpy as np

from autograder.core.errors import UserError
from quiz.engine.items import Choice, Item, Judgement, Number, Ordering, Several

__all__ = ["AnswerError", "Form", "Mark", "form_of", "is_answered", "mark", "right_answer"]

Answer = str | frozenset[str] | float
_SHOWN = 60


class AnswerError(UserError):
    """An answer that has no valid form; the message says which form is valid."""


@dataclass(frozen=True)
class Form:
    """What an answer must look like: ``kind`` of item, and the letters that there are."""

    kind: str
    letters: str = ""

    def read(self, given: object) -> Answer:
        """The answer; raises AnswerError when it is not of this form."""
        if self.kind == Number.kind:
            return _number(given)
        if self.kind == Several.kind:
            return _letters(given, self.letters)
        if self.kind == Ordering.kind:
            return _order(given, self.letters)
        return _letter(given, self.letters)

    def __str__(self) -> str:
        """The form in words."""
        if self.kind == Number.kind:
            return "a number, like 0.25"
        if self.kind == Several.kind:
            return f'a set of letters, like {{"A", "C"}}, from "A" to "{self.letters[-1]}"'
        if self.kind == Ordering.kind:
            return f'the letters in order, like "{self.letters[::-1]}"'
        return f'one letter in quotes, from "A" to "{self.letters[-1]}"'


@dataclass(frozen=True)
class Mark:
    """What an answer is worth, from 0 to 1, and for each thing chosen what it shows."""

    share: float
    shown: str
    comments: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        return self.share == 1.0


def form_of(item: Item) -> Form:
    """The form of the answers to ``item``; it does not say which is right."""
    return Form(item.kind, "" if isinstance(item, Number) else "".join(item.lettered))


def is_answered(given: object) -> bool:
    """Whether something was put in place of the dots."""
    return not (
        given is None or given is Ellipsis or (isinstance(given, str) and not given.strip())
    )


def right_answer(item: Item) -> Answer:
    """The key."""
    if isinstance(item, Number):
        return item.value
    if isinstance(item, Ordering):
        return item.order
    letters = frozenset(letter for letter, option in item.lettered.items() if option.is_right)
    return letters if isinstance(item, Several) else next(iter(letters))


def mark(item: Item, given: object) -> Mark:
    """The mark of the answer ``given``; raises AnswerError when its form is not valid."""
    answer = form_of(item).read(given)
    if isinstance(item, Number):
        assert isinstance(answer, float)
        return _mark_number(item, answer)
    assert not isinstance(answer, float)
    if isinstance(item, Ordering):
        return _mark_order(item, str(answer))
    picked = sorted(answer)
    chosen = [item.lettered[letter] for letter in picked]
    comments = tuple(
        f"{letter}: {option.reason}" for letter, option in zip(picked, chosen, strict=True)
    )
    return Mark(_share(item, picked), ", ".join(picked), comments)


def _share(item: Choice | Several | Judgement, picked: list[str]) -> float:
    """All for the right option; of several, the share of right ones picked less the share of wrong
    ones picked, and not below 0."""
    chosen = [item.lettered[letter] for letter in picked]
    if not isinstance(item, Several):
        return float(chosen[0].is_right)
    rights = sum(option.is_right for option in item.options)
    hits = sum(option.is_right for option in chosen)
    misses = len(chosen) - hits
    return max(0.0, hits / rights - misses / (len(item.options) - rights))


def _mark_order(item: Ordering, answer: str) -> Mark:
    """The share of steps in their places; the first one that is not is explained."""
    lettered = item.lettered
    wrong = [x for place, x in enumerate(answer, start=1) if lettered[x].place != place]
    comments = tuple(f"{letter}: {lettered[letter].reason}" for letter in wrong[:1])
    return Mark(1 - len(wrong) / len(answer), answer, comments)


def _mark_number(item: Number, answer: float) -> Mark:
    room = item.tolerance + 1e-9 * max(abs(item.value), 1e-300)
    shown = f"{answer:g}"
    if abs(answer - item.value) <= room:
        return Mark(1.0, shown, ())
    for slip in item.slips:
        if abs(answer - slip.value) <= item.room(slip):
            return Mark(0.0, shown, (slip.reason,))
    return Mark(0.0, shown, ())


def _number(given: object) -> float:
    if isinstance(given, np.ndarray) and given.ndim == 0:
        given = given[()]
    if isinstance(given, bool | np.bool_) or not isinstance(given, Real):
        raise AnswerError(f"must be a number, without quotes; it is {_show(given)}")
    try:
        number = float(given)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise AnswerError(f"must be a finite number; it is {_show(given)}")
    return number


def _letter(given: object, letters: str) -> str:
    if isinstance(given, set | frozenset | list | tuple) and len(given) > 1:
        raise AnswerError(f"must be one letter; it holds several answers, {_show(given)}")
    letter = given.strip().upper() if isinstance(given, str) else ""
    if len(letter) != 1 or letter not in letters:
        form = Form(Choice.kind, letters)
        raise AnswerError(f"must be {form}; it is {_show(given)}")
    return letter


def _letters(given: object, letters: str) -> frozenset[str]:
    values: Iterable[object]
    if isinstance(given, str) and len(given.strip()) == 1:
        values = [given]
    elif isinstance(given, set | frozenset | list | tuple):
        values = given
    else:
        raise AnswerError(f"must be {Form(Several.kind, letters)}; it is {_show(given)}")
    return frozenset(_letter(value, letters) for value in values)


def _order(given: object, letters: str) -> str:
    """The letters in a text, or in a list; spaces and commas between them do not count."""
    parts = given if isinstance(given, str) else ""
    if isinstance(given, list | tuple) and all(isinstance(each, str) for each in given):
        parts = "".join(given)
    order = "".join(char for char in parts.upper() if not char.isspace() and char not in ",;→>-")
    if sorted(order) != sorted(letters):
        form = Form(Ordering.kind, letters)
        raise AnswerError(f"must be {form}, each letter once; it is {_show(given)}")
    return order


def _show(given: object) -> str:
    """The value for a message: its text, short, and its type."""
    kind = type(given).__name__
    if isinstance(given, set | frozenset):
        text = f"{{{', '.join(sorted(map(repr, given)))}}}"
    elif isinstance(given, str | float | list | tuple):
        text = repr(given)
    else:
        return f"of type {getattr(given, 'label', kind)}"
    return f"{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'} ({kind})"
