"""Progress of a run, as a bar on a terminal or as lines elsewhere, and its final summary."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from autograder.classroom.ledger import Ledger
from autograder.classroom.run import Counts

__all__ = ["Meter", "summary"]

_SECONDS_PER_LINE = 10.0
_SHOWN = 5


class Meter:
    """A context manager that shows a run's progress; ``unroll grade`` calls it with the counts."""

    def __init__(self, console: Console, assignment: str) -> None:
        self._console, self._assignment = console, assignment
        self._start = self._last = time.monotonic()
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
            console=console, disable=not console.is_terminal, speed_estimate_period=120,
        )  # fmt: skip
        self._task = self._bar.add_task(assignment, total=None, rate="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def __call__(self, counts: Counts) -> None:
        now = time.monotonic()
        worked = counts.done - counts.unchanged
        rate = worked / max(now - self._start, 1e-3)
        shown = f"{rate:.1f}/s" if worked else ""
        self._bar.update(self._task, completed=counts.done, total=counts.total, rate=shown)
        if not self._console.is_terminal and now - self._last >= _SECONDS_PER_LINE:
            self._last = now
            left = (counts.total - counts.done) / rate if worked else 0.0
            self._console.print(
                f"{self._assignment}: {counts.done} of {counts.total}, {shown}, {left:.0f} s left"
            )


def summary(counts: Counts, ledger: Ledger) -> RenderableType:
    """The final summary: counts, submissions to review, the slowest, the most frequent mistakes."""
    return Group(*_parts(counts, ledger))


def _parts(counts: Counts, ledger: Ledger) -> Iterator[RenderableType]:
    text = f"{counts.graded} graded, {counts.unchanged} unchanged, {counts.problems} need a person"
    stale = f", {counts.stale} stale (with their earlier scores)" if counts.stale else ""
    yield Text(text + stale, style="bold")
    if counts.problems:
        yield _table("needs a person", "why", ledger.problems())
    if counts.stale:
        yield _table("stale", "why", ledger.stale())
    if counts.left_out:
        rows = counts.left_out[:_SHOWN]
        more = len(counts.left_out) - len(rows)
        rows += [("…", f"{more} more in left_out.csv")] if more else []
        yield _table("graded without", "a file that was left out", rows)
    if counts.graded:
        slowest = sorted(((sum(s.values()), who) for who, s in ledger.seconds()), reverse=True)
        rows = [(who, f"{seconds:.2f} s") for seconds, who in slowest[:_SHOWN]]
        yield _table("slowest", "processor time", rows)
        found = counts.mistakes.most_common(_SHOWN)
        if found:
            rows = [(f"{n} in {name}", hint) for (hint, name), n in found]
            yield _table("most frequent", "mistake", rows)


def _table(first: str, second: str, rows: list[tuple[str, str]]) -> Table:
    table = Table(first, second, box=None, padding=(0, 2, 0, 0), header_style="dim")
    for row in rows:
        table.add_row(*map(Text, row))
    return table
