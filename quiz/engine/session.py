"""A round of practice: what to ask next, what was right, what comes again. It asks nobody itself.

A question is done once it was answered correctly; one answered wrongly comes again at the end, with
other numbers where it has some. The score counts first answers.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from quiz.engine.bank import Question, load_topics
from quiz.engine.items import Item
from quiz.engine.marking import Mark, mark

__all__ = ["Asked", "Session", "load_session", "save_session"]

_VERSION = 1


@dataclass(frozen=True)
class Asked:
    """A question, and the variant of it that is asked; ``is_again`` if it was answered wrongly."""

    question: Question
    seed: int
    is_again: bool = False

    @functools.cached_property
    def item(self) -> Item:
        return self.question.variant(self.seed)


@dataclass
class Session:
    """A round on some topics. ``scores`` are points and questions, by topic, of first answers."""

    topics: tuple[str, ...]
    queue: list[Asked]
    scores: dict[str, tuple[float, int]] = field(default_factory=dict)
    done: int = 0

    @classmethod
    def start(cls, topics: Sequence[str], rng: np.random.Generator) -> Session:
        """A new round on ``topics`` (on all, when none is named), its numbers drawn by ``rng``.

        Within a topic, the lower levels come first.
        """
        bank = load_topics(topics)
        order = {question.topic: place for place, question in enumerate(bank)}
        questions = sorted(bank, key=lambda each: (order[each.topic], each.level))
        seeds = rng.integers(2**32, size=len(questions))
        queue = [Asked(each, int(seed)) for each, seed in zip(questions, seeds, strict=True)]
        return cls(tuple(topics), queue)

    @property
    def current(self) -> Asked | None:
        """What is asked now; None at the end."""
        return self.queue[0] if self.queue else None

    @property
    def total(self) -> int:
        return self.done + len(self.queue)

    @property
    def again(self) -> int:
        """How many questions were answered wrongly and wait to be asked again."""
        return sum(asked.is_again for asked in self.queue)

    def answer(self, given: object) -> Mark:
        """Mark the answer to what is asked now, and move on.

        Raises AnswerError, and stays where it is, when the answer has no valid form.
        """
        asked = self.queue[0]
        marked = mark(asked.item, given)
        del self.queue[0]
        if marked.is_right:
            self.done += 1
        else:
            other = (asked.seed * 6364136223846793005 + 1) % 2**32
            self.queue.append(Asked(asked.question, other, is_again=True))
        if not asked.is_again:
            earned, count = self.scores.get(asked.question.topic, (0.0, 0))
            self.scores[asked.question.topic] = (earned + marked.share, count + 1)
        return marked


def save_session(session: Session, path: Path) -> None:
    """Write the round to ``path``, whole or not at all."""
    content = {
        "version": _VERSION,
        "topics": session.topics,
        "queue": [[asked.question.id, asked.seed, asked.is_again] for asked in session.queue],
        "scores": session.scores,
        "done": session.done,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.replace(path)


def load_session(path: Path) -> Session | None:
    """The round in ``path``; None when there is none. Raises ValueError when it is damaged.

    Questions that are no longer in the bank are left out.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValueError(str(error)) from error
    try:
        return _restored(content)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it holds no round of practice ({error})") from error


def _restored(content: Mapping[str, object]) -> Session:
    if content["version"] != _VERSION:
        raise ValueError(f"it is of version {content['version']}")
    topics, queue, scores = content["topics"], content["queue"], content["scores"]
    if not (isinstance(topics, list) and isinstance(queue, list) and isinstance(scores, dict)):
        raise ValueError("its parts are of wrong types")
    bank = {question.id: question for question in load_topics(topics)}
    return Session(
        tuple(topics),
        [Asked(bank[id], int(seed), bool(again)) for id, seed, again in queue if id in bank],
        {topic: (float(earned), int(count)) for topic, (earned, count) in scores.items()},
        int(str(content["done"])),
    )
