"""The words of practice that the terminal and the notebook share."""

from __future__ import annotations

from collections.abc import Iterator

from quiz.engine.items import Item, Number, Ordering
from quiz.engine.marking import AnswerError, Mark
from quiz.engine.options import Option, Step
from quiz.engine.session import Asked, Session

__all__ = [
    "how_exact",
    "labelled",
    "number_in",
    "outcome",
    "progress",
    "right_line",
    "score_lines",
    "task",
]


def task(item: Item) -> str:
    """How to answer."""
    if isinstance(item, Number):
        return how_exact(item)
    return {
        "choice": "Choose one.",
        "several": "Choose all that are right.",
        "judgement": "Choose the verdict whose reason is right.",
        "ordering": "Put the steps in order: give their letters, from the first to the last.",
    }[item.kind]


def how_exact(item: Number) -> str:
    """How exact a number has to be."""
    if item.is_whole:
        return "Answer with a whole number."
    return f"Answer with a number; up to {item.tolerance:g} away from the exact one is right."


def progress(session: Session, asked: Asked) -> str:
    """Where in the round this question stands."""
    question = asked.question
    text = f"{question.topic} · level {question.level} · {session.done} of {session.total} done"
    if asked.is_again:
        return f"{text} · once more"
    return f"{text} · {session.again} to come again" if session.again else text


def number_in(text: str) -> float:
    """The number that somebody typed, with a point or a comma; raises AnswerError."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise AnswerError(f"must be a number, like 0.25 or 3e-5; it is {text[:40]!r}") from None


def right_line(item: Item) -> str:
    """The right answer, in a sentence."""
    if isinstance(item, Number):
        return f"The right answer: {item.value:.6g}."
    if isinstance(item, Ordering):
        return f"The right order: {', '.join(item.order)}."
    rights = [f"{x}, {labelled(option)}" for x, option in item.lettered.items() if option.is_right]
    return f"The right answer: {'; '.join(rights)}."


def labelled(option: Option | Step) -> str:
    """The option as it is shown, with the verdict where there is one, in Markdown."""
    verdict = option.verdict if isinstance(option, Option) else None
    return f"*It {verdict}:* {option.text}" if verdict else option.text


def outcome(marked: Mark) -> tuple[str, str]:
    """The verdict on an answer, as a mark and a sentence."""
    if marked.is_right:
        return "✓", "Right."
    if marked.share:
        return "◐", f"Right in part ({marked.share:.0%})."
    return "✗", "Not right."


def score_lines(session: Session) -> Iterator[tuple[str, str, int]]:
    """By topic: its name, the score of first answers, and of how many."""
    for topic, (earned, count) in session.scores.items():
        yield topic, f"{earned:.1f}".removesuffix(".0"), count
