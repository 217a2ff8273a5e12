"""What every format is made from: named items, and what each answer to them is worth."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from quiz.engine import Choice, Item, Judgement, Several, load_topic, mark

__all__ = ["Answer", "Entry", "answers_of", "decimal", "entries_of"]

SEEDS = (1, 2, 3)


@dataclass(frozen=True)
class Entry:
    """An item and the name under which a platform lists it."""

    name: str
    item: Item


@dataclass(frozen=True)
class Answer:
    """An option; picking it adds ``share`` (from -1 to 1) to the mark."""

    text: str
    share: float
    reason: str


def entries_of(topic: str) -> tuple[Entry, ...]:
    """The questions on ``topic``, a family as up to three variants that differ.

    Raises UserError for an unknown topic.
    """
    entries = []
    for question in load_topic(topic):
        if question.is_family:
            variants = dict.fromkeys(map(question.variant, SEEDS))
            entries += [Entry(f"{question.id} ({n})", item) for n, item in enumerate(variants, 1)]
        else:
            entries.append(Entry(question.id, question.variant()))
    return tuple(entries)


def answers_of(item: Choice | Several | Judgement) -> list[Answer]:
    """The options in their order; those of a judgement begin with the verdict."""
    return [
        Answer(
            f"*{option.verdict.capitalize()}:* {option.text}" if option.verdict else option.text,
            _share(item, letter),
            option.reason,
        )
        for letter, option in item.lettered.items()
    ]


def decimal(number: float) -> str:
    """``number`` with ten significant digits and no exponent, which not every platform reads."""
    return f"{Decimal(f'{number:.10g}'):f}"


def _share(item: Choice | Several | Judgement, letter: str) -> float:
    """What ``letter`` adds to the mark: the marking decides, here is no second rule."""
    if not isinstance(item, Several):
        return mark(item, letter).share
    key = {each for each, option in item.lettered.items() if option.is_right}
    if letter in key:
        return mark(item, {letter}).share
    return mark(item, {*key, letter}).share - 1
