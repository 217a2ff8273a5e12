"""Exported data of a class: reports as JSON lines; exercises, problems and times as CSV."""

from __future__ import annotations

import contextlib
import csv
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from autograder.classroom.ledger import Ledger
from autograder.core.machine_errors import told
from autograder.core.results import Report, Status
from autograder.report import report_json

__all__ = ["is_written", "outdate", "write_data", "write_left_out"]

_LAST = "reports.jsonl"  # written last: if it exists, so do the tables
_COLUMNS = ("student", "exercise", "score", "max_score", "status", "diagnosis")


def write_data(ledger: Ledger, folder: Path) -> Counter[tuple[str, str]]:
    """Write reports.jsonl, exercises.csv, problems.csv and seconds.csv.

    Returns how often each diagnosis was made, counted by its hint and exercise.
    """
    stale = ledger.stale()
    problems = [(*pair, "needs a person") for pair in ledger.problems()]
    problems += [(*pair, "stale: it keeps its earlier score") for pair in stale]
    _write_table(folder / "problems.csv", ("student", "problem", "status"), sorted(problems))
    times = (
        (who, phase, f"{s:.4f}") for who, all_ in ledger.seconds() for phase, s in all_.items()
    )
    _write_table(folder / "seconds.csv", ("student", "phase", "cpu_seconds"), times)
    mistakes: Counter[tuple[str, str]] = Counter()
    # The outer file is moved into place after the inner one, so that _LAST is the last of all.
    with _replacing(folder / _LAST) as lines, _replacing(folder / "exercises.csv") as table:
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for student, report in ledger.reports():
            writer.writerows(_rows(student, report))
            lines.write(_line(student, report, dict(stale)))
            mistakes.update((r.diagnosis, r.name) for r in report.exercises if r.diagnosis)
    return mistakes


def write_left_out(left_out: Iterable[tuple[str, str]], folder: Path) -> None:
    """Write left_out.csv: the files beside notebooks that were not copied, with reasons."""
    _write_table(folder / "left_out.csv", ("student", "left_out"), sorted(left_out))


def outdate(folder: Path) -> None:
    """Mark exported files as stale, because the records are about to change."""
    with told(f"{folder / _LAST} cannot be removed"):
        (folder / _LAST).unlink(missing_ok=True)


def is_written(folder: Path) -> bool:
    """Whether exported files are up to date; a run that was stopped leaves them stale."""
    return (folder / _LAST).exists()


def _line(student: str, report: Report, stale: Mapping[str, str]) -> str:
    said = {"student": student, **({"stale": stale[student]} if student in stale else {})}
    return f"{json.dumps(said, ensure_ascii=False)[:-1]}, {report_json(report)[1:]}\n"


def _rows(student: str, report: Report) -> Iterator[tuple[object, ...]]:
    for each in report.exercises:
        score = None if each.status is Status.ERROR else each.score
        yield student, each.name, score, each.max_score, str(each.status), each.diagnosis


def _write_table(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with _replacing(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[IO[str]]:
    """A new file that replaces ``path`` once it is complete."""
    fresh = path.with_suffix(".new")
    with told(f"{path} cannot be written"):
        with open(fresh, "w", encoding="utf-8", newline="") as file:
            yield file
        os.replace(fresh, path)
