"""Results as text: rich renderables, in colour on a terminal and plain in a notebook's output."""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.model import ExerciseResult, Failure, Outcome, Report, Status
from autograder.report.words import common_failure, details, headline, points, shown_title

__all__ = ["exercise_text", "plain", "report_text"]

_MARKS = {
    Outcome.PASSED: ("✓", "green"),
    Outcome.FAILED: ("✗", "red"),
    Outcome.ERROR: ("!", "yellow"),
}
_COLOURS = {Status.PASSED: "green", Status.PARTIAL: "yellow", Status.ERROR: "yellow"}


def exercise_text(result: ExerciseResult) -> RenderableType:
    """One exercise: its headline, its tests with points, and under a failed one the details."""
    return Group(*_exercise_parts(result))


def report_text(report: Report) -> RenderableType:
    """A whole report: each exercise (a line, if all is well), cells that did not run, the sum."""
    parts: list[RenderableType] = []
    for result in report.exercises:
        if result.status is Status.PASSED and not result.notes:
            parts.append(_title(result))
        else:
            parts += [exercise_text(result), Text()]
    if report.problems:
        parts.append(Text("\nCells that did not run to their end", style="bold"))
        parts += [Text(f"  {problem}") for problem in report.problems]
    parts.append(Text())
    if report.needs_person:
        parts.append(Text("No score: the grader failed, a person has to look.", style="yellow"))
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
    """``renderable`` as text without colours."""
    stream = io.StringIO()
    Console(
        file=stream, width=width, color_system=None, highlight=False, force_jupyter=False
    ).print(renderable)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def _exercise_parts(result: ExerciseResult) -> Iterator[RenderableType]:
    yield _title(result)
    for note in result.notes:
        yield Padding(Text(note), (0, 0, 0, 2))
    if result.diagnosis:
        yield Padding(Text(f"Likely mistake: {result.diagnosis}", style="bold"), (0, 0, 0, 2))
    common = common_failure(result)
    if common:
        yield Padding(Text(common), (0, 0, 0, 2))
        return
    rows = Table.grid(padding=(0, 1))
    rows.add_column(width=3, justify="right")
    rows.add_column()
    rows.add_column(justify="right", no_wrap=True)
    for test in result.tests:
        mark, colour = _MARKS[test.outcome]
        earned = f"{points(test.score)}/{points(test.points)}" if test.points else ""
        rows.add_row(Text(mark, style=colour), Text(shown_title(test)), earned)
        if test.failure:
            rows.add_row("", _details(test.failure), "")
        elif test.comment:
            rows.add_row("", Text(test.comment), "")
    yield rows


def _title(result: ExerciseResult) -> Text:
    title = Text(result.name, style="bold")
    title.append(f"  {headline(result)}", style=_COLOURS.get(result.status, "red"))
    return title


def _details(failure: Failure) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for label, text in details(failure):
        if text:
            table.add_row(label, Text(text))
    return Group(Text(f"→ {failure.summary}"), Padding(table, (0, 0, 0, 2)))
