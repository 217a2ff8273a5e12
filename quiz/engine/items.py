"""The five kinds of question, as records that cannot be made wrong."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from autograder.core.errors import AuthorError
from quiz.engine.options import HOLDS, LETTERS, Option, Slip, Step, Verdict

__all__ = ["Choice", "Item", "Judgement", "Number", "Ordering", "Several", "ordering"]

_MOST_STEPS = 6


@dataclass(frozen=True)
class _Asked:
    prompt: str
    explanation: str

    def __post_init__(self) -> None:
        if not self.prompt.strip():
            raise AuthorError("the prompt is empty")
        if not self.explanation.strip():
            raise AuthorError("the explanation is empty: show the computation")


@dataclass(frozen=True)
class _WithOptions(_Asked):
    options: tuple[Option, ...]
    kind: ClassVar[str]

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "options", tuple(self.options))
        _check_texts([option.text for option in self.options], "options", len(LETTERS))
        if not any(option.is_right for option in self.options):
            raise AuthorError("no option is right: mark one with right(…)")

    @property
    def lettered(self) -> dict[str, Option]:
        """The options by letter, in the order in which they are shown."""
        return dict(zip(LETTERS, self.options, strict=False))

    def shuffled(self, rng: np.random.Generator) -> Self:
        """The item with its options in an order that ``rng`` draws."""
        order = rng.permutation(len(self.options))
        return replace(self, options=tuple(self.options[i] for i in order))

    def _one_is_right(self) -> None:
        marked = [option.text for option in self.options if option.is_right]
        if len(marked) > 1:
            raise AuthorError(f"two options are right: {marked[0]!r} and {marked[1]!r}")


@dataclass(frozen=True)
class Choice(_WithOptions):
    """One of several options is right."""

    kind = "choice"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._one_is_right()


@dataclass(frozen=True)
class Several(_WithOptions):
    """Any number of the options is right, but neither none nor all."""

    kind = "several"

    def __post_init__(self) -> None:
        super().__post_init__()
        if all(option.is_right for option in self.options):
            raise AuthorError("all options are right: add a wrong one")


@dataclass(frozen=True)
class Judgement(_WithOptions):
    """A claim to judge: three verdicts, each with one reason, of which one is right.

    They stand in the order of the verdicts, which says nothing about the right one.
    """

    kind = "judgement"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._one_is_right()
        given = [option.verdict for option in self.options]
        for verdict in Verdict:
            if (count := given.count(verdict)) != 1:
                raise AuthorError(f"{count} options say that the claim {verdict}: give it one")
        order = list(Verdict)
        by_verdict = sorted(self.options, key=lambda option: order.index(option.verdict or HOLDS))
        object.__setattr__(self, "options", tuple(by_verdict))

    @property
    def verdict(self) -> Verdict:
        """The right verdict."""
        return next(o.verdict or HOLDS for o in self.options if o.is_right)


@dataclass(frozen=True)
class Ordering(_Asked):
    """Steps to be put in order; made by ``ordering``, which proves that one order works."""

    steps: tuple[Step, ...]
    kind: ClassVar[str] = "ordering"

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_texts([step.text for step in self.steps], "steps", _MOST_STEPS)

    @property
    def lettered(self) -> dict[str, Step]:
        """The steps by letter, in the order in which they are shown."""
        return dict(zip(LETTERS, self.steps, strict=False))

    @property
    def order(self) -> str:
        """The letters in the right order."""
        lettered = self.lettered
        return "".join(sorted(lettered, key=lambda letter: lettered[letter].place))

    def shuffled(self, rng: np.random.Generator) -> Self:
        """The item with its steps shown in an order that ``rng`` draws."""
        order = rng.permutation(len(self.steps))
        return replace(self, steps=tuple(self.steps[i] for i in order))


def ordering(
    prompt: str,
    steps: Sequence[tuple[Step, Callable[[dict[str, Any]], object]]],
    explanation: str,
    is_reached: Callable[[dict[str, Any]], object],
) -> Ordering:
    """The steps to be put in the order in which they are given here.

    Every order is tried: each step is carried out on the results (a dictionary) of those before
    it. Raises AuthorError unless the given order, and no other, leads to results of which
    ``is_reached`` is true. A step whose ingredients are missing fails with KeyError.
    """

    def works(order: Sequence[int]) -> bool:
        results: dict[str, Any] = {}
        try:
            for i in order:
                steps[i][1](results)
            return bool(is_reached(results))
        except KeyError:
            return False

    given = tuple(range(len(steps)))
    if not works(given):
        raise AuthorError("the steps in the order given do not lead to what is to be reached")
    for order in itertools.permutations(given):
        if order != given and works(order):
            texts = " → ".join(steps[i][0].text for i in order)
            raise AuthorError(f"another order works as well: {texts}")
    placed = tuple(replace(each, place=i) for i, (each, _) in enumerate(steps, start=1))
    return Ordering(prompt, explanation, placed)


@dataclass(frozen=True)
class Number(_Asked):
    """A number is asked for; what lies within ``tolerance`` (absolute) of ``value`` is right."""

    value: float
    tolerance: float
    slips: tuple[Slip, ...]
    kind: ClassVar[str] = "number"

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "value", float(self.value))
        object.__setattr__(self, "tolerance", float(self.tolerance))
        object.__setattr__(self, "slips", tuple(self.slips))
        if not (math.isfinite(self.value) and math.isfinite(self.tolerance)):
            raise AuthorError(f"the answer {self.value} ± {self.tolerance} is not finite")
        if self.tolerance < 0:
            raise AuthorError(f"the tolerance {self.tolerance} is negative")
        if not self.slips:
            raise AuthorError("no slip: give a wrong number that a known mistake leads to")
        numbers = [(self.value, self.tolerance)]
        for each in self.slips:
            if not math.isfinite(each.value):
                raise AuthorError(f"the slip {each.value} is not finite")
            for other, room in numbers:
                if abs(each.value - other) <= 2 * room or each.value == other:
                    raise AuthorError(f"the slip {each.value:g} cannot be told from {other:g}")
            numbers.append((each.value, self.tolerance))

    def room(self, slip: Slip) -> float:
        """How far from ``slip`` a number still shows this mistake."""
        return max(self.tolerance, 1e-3 * abs(slip.value))

    def shuffled(self, rng: np.random.Generator) -> Self:
        """The item itself: there is nothing to shuffle."""
        return self

    @property
    def is_whole(self) -> bool:
        """Whether only the exact whole number is right."""
        return self.tolerance == 0 and self.value.is_integer()


Item = Choice | Several | Judgement | Number | Ordering


def _check_texts(texts: Sequence[str], what: str, most: int) -> None:
    if not 2 <= len(texts) <= most:
        raise AuthorError(f"{len(texts)} {what}: there must be 2 to {most}")
    seen: dict[str, str] = {}
    for text in texts:
        key = " ".join(text.split()).casefold()
        if key in seen:
            raise AuthorError(f"two {what} are equal: {text!r}")
        seen[key] = text
