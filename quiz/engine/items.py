"""The four kinds of question, as records that cannot be made wrong.

Each option is marked by its author *and* comes with evidence, a computed truth value; where the two
disagree, the record refuses to exist. All texts are Markdown with mathematics in ``$…$``.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import numpy as np

from autograder.core.errors import AuthorError

__all__ = [
    "CONDITION",
    "FAILS",
    "HOLDS",
    "LETTERS",
    "Choice",
    "Item",
    "Judgement",
    "Number",
    "Option",
    "Several",
    "Slip",
    "Verdict",
    "right",
    "slip",
    "wrong",
]

LETTERS = "ABCDEFGH"


class Verdict(StrEnum):
    """What becomes of a claim when it is computed."""

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
        if not 2 <= len(self.options) <= len(LETTERS):
            raise AuthorError(f"{len(self.options)} options: there must be 2 to {len(LETTERS)}")
        seen: dict[str, str] = {}
        for option in self.options:
            key = " ".join(option.text.split()).casefold()
            if key in seen:
                raise AuthorError(f"two options are equal: {option.text!r}")
            seen[key] = option.text
        if not any(option.is_right for option in self.options):
            raise AuthorError("no option is right: mark one with right(…)")

    @property
    def lettered(self) -> dict[str, Option]:
        """The options by letter, in the order in which they are shown."""
        return dict(zip(LETTERS, self.options, strict=False))

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
    """A claim to judge: each option is a verdict with its reason, and one is right."""

    kind = "judgement"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._one_is_right()
        missing = [v for v in Verdict if v not in {option.verdict for option in self.options}]
        if missing:
            raise AuthorError(f"no option says that the claim {missing[0]}: add a reason for it")
        order = list(Verdict)
        by_verdict = sorted(self.options, key=lambda option: order.index(option.verdict or HOLDS))
        object.__setattr__(self, "options", tuple(by_verdict))

    @property
    def verdict(self) -> Verdict:
        """The right verdict."""
        return next(o.verdict or HOLDS for o in self.options if o.is_right)


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

    @property
    def is_whole(self) -> bool:
        """Whether only the exact whole number is right."""
        return self.tolerance == 0 and self.value.is_integer()


Item = Choice | Several | Judgement | Number


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
