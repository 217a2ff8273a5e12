"""Render results as text with rich: in colour on a terminal, plain in a notebook's output."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.text import Text

from autograder.core.results import (
    DID_NOT_RUN,
    CellProblem,
    ExerciseResult,
    Outcome,
    Report,
    Status,
)
from autograder.report.words import common_failure, details, failures, headline, points, shown_title

__all__ = ["exercise_text", "plain", "problems_text", "report_text"]

_MARKS = {
    Outcome.PASSED: ("✓", "green"),
    Outcome.FAILED: ("✗", "red"),
    Outcome.ERROR: ("!", "yellow"),
}
_CONSOLE = Console(file=io.StringIO())  # `Text.wrap` needs one; nothing is printed on it
_COLOURS = {Status.PASSED: "green", Status.PARTIAL: "yellow", Status.ERROR: "yellow"}


@dataclass(frozen=True)
class _ExerciseText:
    """One exercise: its headline, its tests with points, and under a failed one the details.

    The layout is made here, because a table of rich's takes ten times as long.
    """

    result: ExerciseResult

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        yield from self.lines(options.max_width)

    def lines(self, width: int) -> Iterator[Text]:
        """The lines, none of them wider than ``width``."""
        result = self.result
        yield from _wrapped(_title(result), width)
        sentences = [Text(note) for note in result.notes]
        if result.diagnosis:
            sentences.append(Text(f"Likely mistake: {result.diagnosis}", style="bold"))
        common = common_failure(result)
        if common:
            sentences.append(Text(common))
        for sentence in sentences:
            for line in _wrapped(sentence, width - 2):
                yield Text.assemble("  ", line)
        if not common:
            yield from _table(list(_rows(result)), width)


def exercise_text(result: ExerciseResult) -> RenderableType:
    """Render one exercise, for rich or ``plain`` to print."""
    return _ExerciseText(result)


def problems_text(problems: Sequence[CellProblem]) -> RenderableType:
    """Render the cells that did not run as they stand, with reasons, for the top of a report."""
    lines = [Text(f"  {problem}") for problem in problems]
    return Group(Text(DID_NOT_RUN, style="bold"), *lines, Text())


def report_text(report: Report) -> RenderableType:
    """Render a report: cells that did not run, each exercise (a line if it passes), the total."""
    parts: list[RenderableType] = [problems_text(report.problems)] if report.problems else []
    for result in report.exercises:
        if result.status is Status.PASSED and not result.notes:
            parts.append(_title(result))
        else:
            parts += [exercise_text(result), Text()]
    parts.append(Text())
    if report.needs_person:
        parts.append(Text("Not scored (grader error): please review.", style="yellow"))
    elif report.max_score:
        score = f"{points(report.score)} of {points(report.max_score)} points"
        parts.append(Text(f"{report.assignment}: {score}", style="bold"))
    made = report.provenance
    parts.append(
        Text(
            f"unroll {made.unroll}, NumPy {made.numpy}, tests {made.suite}, seed {made.seed}, "
            f"{made.isolation}",
            style="dim",
        )
    )
    return Group(*parts)


def plain(renderable: RenderableType, width: int = 96) -> str:
    """Print ``renderable`` to a string, without colours."""
    if isinstance(renderable, _ExerciseText):
        lines = [line.plain for line in renderable.lines(width)]
    else:
        stream = io.StringIO()
        Console(
            file=stream, width=width, color_system=None, highlight=False, force_jupyter=False
        ).print(renderable)
        lines = stream.getvalue().splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _title(result: ExerciseResult) -> Text:
    title = Text(result.name, style="bold")
    title.append(f"  {headline(result)}", style=_COLOURS.get(result.status, "red"))
    return title


@dataclass(frozen=True)
class _Row:
    """A text, with a label before its first line and points to the right of that line."""

    text: str
    before: str = ""
    style: str = "dim"
    indent: int = 4
    points: str = ""


def _rows(result: ExerciseResult) -> Iterator[_Row]:
    for test, failure in failures(result):
        mark, colour = _MARKS[test.outcome]
        earned = f"{points(test.score)}/{points(test.points)}" if test.points else ""
        yield _Row(shown_title(test), f"  {mark}", colour, points=earned)
        if failure:
            yield _Row(f"→ {failure.summary}")
            shown = [(label, text) for label, text in details(failure) if text]
            widest = max((len(label) for label, _ in shown), default=0)
            for label, text in shown:
                yield _Row(text, f"      {label}", indent=7 + widest)
        elif test.comment:
            yield _Row(test.comment)


def _table(rows: list[_Row], width: int) -> Iterator[Text]:
    """Lay out the rows, with points in a column after the widest row, or at ``width``."""
    most = max((len(row.points) for row in rows), default=0)
    widths = [row.indent + cell_len(line) for row in rows for line in row.text.split("\n")]
    column = min(max(widths, default=0), width - most - 1)
    for row in rows:
        first, *others = _wrapped(Text(row.text), column - row.indent)
        line = Text.assemble((row.before.ljust(row.indent), row.style), first)
        if row.points:
            line.append(row.points.rjust(column - line.cell_len + 1 + most))
        yield line
        for line in others:
            yield Text.assemble(" " * row.indent, line)


def _wrapped(text: Text, width: int) -> list[Text]:
    """Break the text into lines of at most ``width`` columns."""
    if "\n" not in text.plain and text.cell_len <= width:
        return [text]
    lines = text.wrap(_CONSOLE, max(1, width))
    for line in lines:
        line.rstrip()
    return list(lines)
