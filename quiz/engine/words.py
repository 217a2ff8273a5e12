"""The words of practice that the terminal and the notebook share."""

from __future__ import annotations

from collections.abc import Iterator

from quiz.engine.items import Item, Number, Option
from quiz.engine.marking import AnswerError, Mark
from quiz.engine.session import Asked, Session

__all__ = ["how_exact", "number_in", "outcome", "progress", "right_line", "score_lines", "task"]


def task(item: Item) -> str:
    """How to answer."""
    if isinstance(item, Number):
        return how_exact(item)
    return {
        "choice": "Choose one.",
        "several": "Choose all that are right.",
        "judgement": "First judge the claim, then choose the reason.",
    }[item.kind]


def how_exact(item: Number) -> str:
    """How exact a number has to be."""
    if item.is_whole:
        return "Answer with a whole number."
    return f"Answer with a number; up to {item.tolerance:g} away from the exact one is right."


def progress(session: Session, asked: Asked) -> str:
    """Where in the round this question stands."""
    text = f"{asked.question.topic} · {session.done} of {session.total} done"
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
    """What would have been right."""
    if isinstance(item, Number):
        return f"The right answer: {item.value:.6g}."
    rights = [f"{x}, {_said(option)}" for x, option in item.lettered.items() if option.is_right]
    return f"The right answer: {'; '.join(rights)}."


def _said(option: Option) -> str:
    return f"it {option.verdict}: {option.text}" if option.verdict else option.text


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
