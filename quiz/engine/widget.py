"""Practice in a notebook: buttons and mathematics; where there is no notebook, by text."""

from __future__ import annotations

from html import escape
from typing import Any

import ipywidgets as widgets
import numpy as np

from quiz.engine.items import Number, Ordering, Several
from quiz.engine.marking import AnswerError
from quiz.engine.markup import Markup, as_written
from quiz.engine.session import Asked, Session
from quiz.engine.words import labelled, number_in, outcome, progress, right_line, score_lines, task

__all__ = ["Practice", "practise"]

_MARKUP = Markup(as_written)
_COLOURS = {"✓": "#1a7f37", "◐": "#9a6700", "✗": "#cf222e"}
_ROW = widgets.Layout(align_items="center")
_LETTER = widgets.Layout(width="3em", flex="0 0 3em")


def practise(topic: str | None) -> Any:
    """The practice on ``topic``: widgets in a notebook; elsewhere it is asked by text, at once.

    Raises UserError for an unknown topic.
    """
    if not _in_notebook():
        from quiz.engine.terminal import practise as practise_by_text

        return practise_by_text(topic)
    return Practice(Session.start([topic] if topic else [], np.random.default_rng())).box


class Practice:
    """The widgets of one round, in ``box``: the question, how to answer it, and what came of it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.head, self.question, self.feedback = (widgets.HTMLMath() for _ in range(3))
        self.answer = widgets.VBox()
        self.button = widgets.Button(description="Answer", button_style="primary")
        self.button.on_click(lambda _: self._press())
        self._inputs: list[Any] = []
        self._asked: Asked | None = None
        parts = [self.head, self.question, self.answer, self.button, self.feedback]
        self.box = widgets.VBox(parts, layout=widgets.Layout(max_width="50em"))
        self._next()

    def _next(self) -> None:
        """Show the next question, or the score."""
        self._asked, self.feedback.value = self.session.current, ""
        if self._asked is None:
            self._finish()
            return
        item = self._asked.item
        self.head.value = f"<b>{progress(self.session, self._asked)}</b>"
        self.question.value = _MARKUP.text(item.prompt) + f"<p><i>{task(item)}</i></p>"
        self.button.description = "Answer"
        self._show_inputs()

    def _show_inputs(self) -> None:
        assert self._asked is not None
        item = self._asked.item
        if isinstance(item, Number):
            self._inputs = [widgets.Text(placeholder="a number, like 0.25")]
            self.answer.children = tuple(self._inputs)
        elif isinstance(item, Ordering):
            steps = [_text(f"{letter}  {each.text}") for letter, each in item.lettered.items()]
            order = "".join(item.lettered)[::-1]
            self._inputs = [widgets.Text(placeholder=f"the letters in order, like {order}")]
            self.answer.children = (*steps, *self._inputs)
        else:
            self._show_options()

    def _show_options(self) -> None:
        """A button for each letter, with the option's text beside it."""
        assert self._asked is not None
        item = self._asked.item
        assert not isinstance(item, Number | Ordering)
        self._inputs = [
            widgets.ToggleButton(description=letter, layout=_LETTER) for letter in item.lettered
        ]
        if not isinstance(item, Several):
            for each in self._inputs:
                each.observe(self._untick_others, "value")
        self.answer.children = tuple(
            widgets.HBox([each, _text(labelled(option))], layout=_ROW)
            for option, each in zip(item.options, self._inputs, strict=True)
        )

    def _untick_others(self, change: Any) -> None:
        if change.new:
            for each in self._inputs:
                each.value = each is change.owner

    def _given(self) -> object:
        assert self._asked is not None
        if isinstance(self._asked.item, Number):
            return number_in(self._inputs[0].value)
        if isinstance(self._asked.item, Ordering):
            return self._inputs[0].value
        letters = {each.description for each in self._inputs if each.value}
        if not letters:
            raise AnswerError("is missing: choose first")
        return letters if isinstance(self._asked.item, Several) else letters.pop()

    def _press(self) -> None:
        if self.button.description != "Answer":
            self._next()
            return
        assert self._asked is not None
        try:
            marked = self.session.answer(self._given())
        except AnswerError as error:
            self.feedback.value = f"<p>Your answer {escape(str(error))}.</p>"
            return
        item = self._asked.item
        sign, sentence = outcome(marked)
        comments = "".join(_MARKUP.text(comment) for comment in marked.comments)
        if not marked.is_right:
            comments += _MARKUP.text(right_line(item))
        self.feedback.value = (
            f'<p style="color:{_COLOURS[sign]}"><b>{sign} {sentence}</b></p>{comments}'
            f"{_MARKUP.text(item.explanation)}"
        )
        self.button.description = "Next"

    def _finish(self) -> None:
        rows = "".join(
            f"<li>{topic}: {earned} of {count}</li>"
            for topic, earned, count in score_lines(self.session)
        )
        self.head.value = "<b>You answered every question correctly.</b>"
        self.question.value = f"<p>First answers:</p><ul>{rows}</ul>"
        self.answer.children, self.button.layout.display = (), "none"


def _text(markdown: str) -> Any:
    return widgets.HTMLMath(_MARKUP.line(markdown))


def _in_notebook() -> bool:
    """Whether a Jupyter kernel runs this, so that widgets can be shown."""
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return False
    return getattr(get_ipython(), "kernel", None) is not None
