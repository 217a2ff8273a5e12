"""The quiz: what is claimed about recurrent networks, asked and computed.

In a notebook: ``from quiz import practice`` and ``practice("vanishing")``, to practise; and
``check_answers()``, to see whether the answers for marks have a valid form.

A module per topic holds the questions for practice. The questions for marks lie with the hidden
tests, and never in this package, which students install.
"""

from __future__ import annotations

from typing import Any

__all__ = ["TOPICS", "check_answers", "practice"]

TOPICS = (
    "activations",
    "rnn",
    "bptt",
    "vanishing",
    "clipping",
    "lstm",
    "architectures",
    "memory",
)


def practice(topic: str | None = None) -> Any:
    """Ask questions about ``topic`` (about everything, if None), with explanations, no marks.

    Shows buttons in a notebook, and asks by text elsewhere. Raises UserError for an unknown topic.
    """
    from quiz.engine.widget import practise

    return practise(topic)


def check_answers() -> None:
    """Say whether each of your ``answers`` has a valid form. It cannot say which are right.

    Raises AnswersIncomplete when one has not, or is still open.
    """
    import sys
    from pathlib import Path

    from quiz.engine.forms import check_namespace

    check_namespace(sys._getframe(1).f_globals, Path.cwd())
