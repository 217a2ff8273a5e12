"""Data out: every report as a line of JSON, every exercise as a row of CSV, and times apart."""

from __future__ import annotations

import csv
import itertools
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from autograder.classroom.ledger import Ledger
from autograder.core.machine_errors import told
from autograder.core.results import Report, Status
from autograder.report import report_json

__all__ = ["is_written", "outdate", "write_data", "write_left_out"]

_LAST = "reports.jsonl"  # where it is, the others are
_COLUMNS = ("student", "exercise", "score", "max_score", "status", "diagnosis")


def write_data(ledger: Ledger, folder: Path) -> None:
    """Write reports.jsonl, exercises.csv, problems.csv and seconds.csv, each at once."""
    rows = (row for pair in ledger.reports() for row in _rows(*pair))
    _write(folder / "exercises.csv", _csv(_COLUMNS, rows))
    stale = ledger.stale()
    problems = [(*pair, "needs a person") for pair in ledger.problems()]
    problems += [(*pair, "stale: it keeps its earlier score") for pair in stale]
    _write(folder / "problems.csv", _csv(("student", "problem", "status"), sorted(problems)))
    times = (
        (who, phase, f"{s:.4f}") for who, all_ in ledger.seconds() for phase, s in all_.items()
    )
    _write(folder / "seconds.csv", _csv(("student", "phase", "cpu_seconds"), times))
    _write(folder / _LAST, (_line(*pair, dict(stale)) for pair in ledger.reports()))


def write_left_out(left_out: Iterable[tuple[str, str]], folder: Path) -> None:
    """Write left_out.csv: which files beside a notebook were not taken over, and why."""
    _write(folder / "left_out.csv", _csv(("student", "left_out"), sorted(left_out)))


def outdate(folder: Path) -> None:
    """Say that what was written is not what the records hold any more."""
    with told(f"{folder / _LAST} cannot be taken away"):
        (folder / _LAST).unlink(missing_ok=True)


def is_written(folder: Path) -> bool:
    """Whether the data is that of the records: a run that was stopped leaves it unwritten."""
    return (folder / _LAST).exists()


def _line(student: str, report: Report, stale: Mapping[str, str]) -> str:
    said = {"student": student, **({"stale": stale[student]} if student in stale else {})}
    return f"{json.dumps(said, ensure_ascii=False)[:-1]}, {report_json(report)[1:]}\n"


def _rows(student: str, report: Report) -> Iterator[tuple[object, ...]]:
    for each in report.exercises:
        score = None if each.status is Status.ERROR else each.score
        yield student, each.name, score, each.max_score, str(each.status), each.diagnosis


def _csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    lines: list[str] = []
    writer = csv.writer(_Lines(lines), lineterminator="\n")
    for row in itertools.chain([header], rows):
        writer.writerow(row)
        yield lines.pop()


class _Lines:
    """A file for csv.writer that keeps its lines in a list."""

    def __init__(self, lines: list[str]) -> None:
        self.write = lines.append


def _write(path: Path, lines: Iterable[str]) -> None:
    """The lines in ``path``, which is whole at every moment."""
    fresh = path.with_suffix(".new")
    with told(f"{path} cannot be written"):
        with open(fresh, "w", encoding="utf-8") as file:
            file.writelines(lines)
        os.replace(fresh, path)
