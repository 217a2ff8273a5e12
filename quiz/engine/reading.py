"""Questions that show something to read: code with a mistake in it, or a table with a cause.

Both draw what they show, and offer the same options whatever they have drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.core.errors import AuthorError
from quiz.engine.items import Choice
from quiz.engine.options import right, wrong

__all__ = ["Cause", "Swap", "diagnose", "find_the_mistake", "run", "table"]


@dataclass(frozen=True)
class Swap:
    """A piece of code as it should be, as somebody might write it, and why the first is right."""

    right: str
    wrong: str
    reason: str


@dataclass(frozen=True)
class Cause:
    """What may lie behind a table: its name, the rows it leads to, and how one recognises it."""

    text: str
    rows: Sequence[Sequence[str]]
    reason: str


def run(code: str) -> Mapping[str, Any]:
    """What ``code`` defines."""
    namespace: dict[str, Any] = {"np": np}
    exec(compile(code, "<question>", "exec"), namespace)
    return namespace


def find_the_mistake(
    rng: np.random.Generator,
    task: str,
    code: str,
    swaps: Sequence[Swap],
    works: Callable[[Mapping[str, Any]], object],
    explanation: str,
) -> Choice:
    """The question which change mends ``code``, after one of ``swaps`` was made in it.

    ``works`` tells of what the code defines whether it is right; each option is tried.
    """

    def is_right(text: str) -> bool:
        try:
            return bool(works(run(text)))
        except Exception:
            return False

    code = code.strip()
    if not is_right(code):
        raise AuthorError("the code is wrong as it stands, before any mistake is put in")
    planted = swaps[int(rng.integers(len(swaps)))]
    shown = _changed(code, planted.right, planted.wrong)
    if is_right(shown):
        raise AuthorError(f"`{planted.wrong}` is no mistake: the code still works with it")
    options = []
    for swap in swaps:
        if swap is planted:
            mended = is_right(_changed(shown, swap.wrong, swap.right))
            options.append(right(f"`{swap.wrong}` → `{swap.right}`", swap.reason, mended))
        else:
            mended = is_right(_changed(shown, swap.right, swap.wrong))
            reason = f"This part is as it should be. {swap.reason}"
            options.append(wrong(f"`{swap.right}` → `{swap.wrong}`", reason, mended))
    return Choice(
        prompt=f"{task.strip()}\n\n```python\n{shown}\n```\n\nWhich change makes it right?",
        options=tuple(options),
        explanation=f"The mistake was `{planted.wrong}`. {planted.reason} {explanation.strip()}",
    )


def diagnose(
    rng: np.random.Generator,
    prompt: str,
    header: Sequence[str],
    causes: Sequence[Cause],
    explanation: str,
) -> Choice:
    """The question which of ``causes`` lies behind a table, drawn from theirs.

    The table stands where ``prompt`` says TABLE.
    """
    drawn = causes[int(rng.integers(len(causes)))]
    options = [
        (right if each is drawn else wrong)(each.text, each.reason, each.rows == drawn.rows)
        for each in causes
    ]
    return Choice(
        prompt=prompt.replace("TABLE", table(header, drawn.rows)),
        options=tuple(options),
        explanation=f"{drawn.reason} {explanation.strip()}",
    )


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _changed(code: str, old: str, new: str) -> str:
    if code.count(old) != 1:
        raise AuthorError(f"`{old}` stands in the code {code.count(old)} times, and must once")
    return code.replace(old, new)
