"""What items are made of: options with their evidence, verdicts, steps and slips.

Each option is marked by its author *and* comes with evidence, a computed truth value; where the two
disagree, the record refuses to exist. All texts are Markdown with mathematics in ``$…$``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from autograder.core.errors import AuthorError

__all__ = [
    "CONDITION",
    "FAILS",
    "HOLDS",
    "LETTERS",
    "Option",
    "Slip",
    "Step",
    "Verdict",
    "either",
    "right",
    "slip",
    "some_of",
    "step",
    "told_apart",
    "wrong",
]

LETTERS = "ABCDEFGH"
_TRIES = 1000


class Verdict(StrEnum):
    """Whether a claim holds when it is computed."""

    HOLDS = "holds"
    CONDITION = "holds under a condition"
    FAILS = "does not hold"


HOLDS, CONDITION, FAILS = Verdict


@dataclass(frozen=True)
class Option:
    """An answer to choose.

    ``reason`` says why it is right, or what a student who picks it believes and why that fails.

    ``verdict`` is the one that a reason of a Judgement supports.
    """

    text: str
    reason: str
    is_right: bool
    verdict: Verdict | None = None


@dataclass(frozen=True)
class Slip:
    """A wrong number that a known mistake leads to, and which mistake that is."""

    value: float
    reason: str


def right(text: str, reason: str, evidence: object, verdict: Verdict | None = None) -> Option:
    """A right option; raises AuthorError unless ``evidence`` (computed) is true."""
    return _option(text, reason, evidence, verdict, is_right=True)


def wrong(text: str, reason: str, evidence: object, verdict: Verdict | None = None) -> Option:
    """A wrong option; raises AuthorError unless ``evidence`` (that it holds, computed) is false."""
    return _option(text, reason, evidence, verdict, is_right=False)


def slip(value: float, reason: str) -> Slip:
    """The number that a mistake leads to."""
    if not reason.strip():
        raise AuthorError(f"the slip {value} has no reason: say which mistake leads to it")
    return Slip(float(value), reason)


@dataclass(frozen=True)
class Step:
    """A step of a derivation, and why it comes where it does; ``place`` counts from 1."""

    text: str
    reason: str
    place: int


def step(text: str, reason: str, do: Callable[[dict[str, Any]], object]) -> tuple[Step, Any]:
    """A step to be put in order; ``do`` carries it out on the results of the steps before it."""
    if not text.strip():
        raise AuthorError("a step has no text")
    if not reason.strip():
        raise AuthorError(f"the step {text!r} has no reason: say why it comes where it does")
    return Step(_clean(text), _clean(reason), 0), do


def told_apart(value: float, tolerance: float, slips: Sequence[Slip]) -> tuple[Slip, ...]:
    """The slips of a family that its numbers keep apart, from the answer and from each other."""
    kept: list[Slip] = []
    for each in slips:
        others = (value, *(other.value for other in kept))
        if all(abs(each.value - other) > 2.1 * tolerance + 1e-12 for other in others):
            kept.append(each)
    return tuple(kept)


def either(
    text: str, reason: str, evidence: object, verdict: Verdict | None = None, *, if_wrong: str = ""
) -> Option:
    """An option that is right in some variants of a family: its evidence decides.

    ``if_wrong`` is the reason where it is wrong; without it, ``reason`` serves for both.
    """
    if evidence:
        return right(text, reason, evidence, verdict)
    return wrong(text, if_wrong or reason, evidence, verdict)


def some_of(rng: np.random.Generator, options: Sequence[Option], count: int) -> tuple[Option, ...]:
    """Some of the options, one right and one wrong among them at least."""
    for _ in range(_TRIES):
        drawn = tuple(options[i] for i in rng.permutation(len(options))[:count])
        if len({option.is_right for option in drawn}) == 2:
            return drawn
    raise AuthorError("nearly all options are right, or nearly all are wrong: add others")


def _option(
    text: str, reason: str, evidence: object, verdict: Verdict | None, *, is_right: bool
) -> Option:
    if not text.strip():
        raise AuthorError("an option has no text")
    if not reason.strip():
        raise AuthorError(f"the option {text!r} has no reason: say what one who picks it believes")
    if not isinstance(evidence, (bool, np.bool_)):
        kind = type(evidence).__name__
        raise AuthorError(f"the evidence of the option {text!r} is a {kind}: compute True or False")
    if bool(evidence) is not is_right:
        marked, says = ("right", "fails") if is_right else ("wrong", "holds")
        raise AuthorError(
            f"the option {text!r} is marked {marked}, but its evidence says it {says}"
        )
    return Option(_clean(text), _clean(reason), is_right, verdict)


def _clean(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text.strip())
