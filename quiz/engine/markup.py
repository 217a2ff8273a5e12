"""Markdown with mathematics in ``$…$`` as HTML."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

__all__ = ["Markup", "as_written", "mathjax"]

Formula = Callable[[str, bool], str]


def mathjax(latex: str, is_displayed: bool) -> str:
    r"""A formula between ``\(`` and ``\)``, or ``\[`` and ``\]``, where MathJax finds it."""
    start, end = (r"\[", r"\]") if is_displayed else (r"\(", r"\)")
    return f"{start}{escape(latex, quote=False)}{end}"


def as_written(latex: str, is_displayed: bool) -> str:
    """A formula between dollar signs, as notebooks have it."""
    sign = "$$" if is_displayed else "$"
    return f"{sign}{escape(latex, quote=False)}{sign}"


class Markup:
    """Makes HTML of Markdown. ``formula(latex, is_displayed)`` is the HTML of a formula.

    Formulas are found before Markdown looks for emphasis, so that it eats none of their
    underscores. HTML in the Markdown is text like any other.
    """

    def __init__(self, formula: Formula) -> None:
        self._markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
        self._markdown.use(dollarmath_plugin, allow_labels=False, double_inline=True)
        for rule, form, is_displayed in (
            ("math_inline", "{}", False),
            ("math_inline_double", "{}", True),
            ("math_block", "<p>{}</p>\n", True),
        ):
            self._markdown.add_render_rule(rule, _render(formula, form, is_displayed))

    def text(self, markdown: str) -> str:
        """A text of any number of paragraphs."""
        return str(self._markdown.render(markdown)).strip()

    def line(self, markdown: str) -> str:
        """One paragraph; what looks like a list or a heading is text, as in ``- 0.5``."""
        return f"<p>{self._markdown.renderInline(markdown).strip()}</p>"


def _render(formula: Formula, form: str, is_displayed: bool) -> Callable[..., str]:
    def render(_renderer: object, tokens: Sequence[Token], index: int, *_: Any) -> str:
        latex = " ".join(tokens[index].content.split())
        return form.format(formula(latex, is_displayed))

    return render
