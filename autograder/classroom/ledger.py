"""Records of what each grade was made from, kept beside the gradebook so that a run can resume.

A record is written after the gradebook. If a run stops in between, the submission has no valid
record, and the next run grades it again with the same result.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

from autograder.core.errors import Kind, UserError
from autograder.core.machine_errors import told
from autograder.core.results import (
    CellProblem,
    ExerciseResult,
    Failure,
    Outcome,
    Provenance,
    Report,
    Status,
    TestResult,
)

__all__ = ["Ledger", "Record", "from_text", "to_text"]

_TABLES = """
create table if not exists graded (
    student text primary key, submission text not null, rendering text not null,
    fingerprints text not null, report blob not null
);
create table if not exists needs_person (student text primary key, problem text not null);
create table if not exists stale (student text primary key, problem text not null);
create table if not exists seconds (student text primary key, phases text not null);
"""


@dataclass(frozen=True)
class Record:
    """Digests of what a grade was made from: the submission, the settings, each exercise."""

    submission: str
    rendering: str
    fingerprints: dict[str, str]


class Ledger:
    """A context manager: the records of one assignment, in the SQLite file ``path``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._database = sqlite3.connect(path, isolation_level=None)
            # With a write-ahead log in this mode, no commit waits for the disk. A power cut may
            # lose the last records, but damages none.
            self._database.execute("pragma journal_mode = wal")
            self._database.execute("pragma synchronous = normal")
            self._database.executescript(_TABLES)
        except sqlite3.Error as error:
            broken = not isinstance(error, sqlite3.OperationalError)
            advice = "move the file away" if broken else "fix that"
            raise UserError(f"{path} cannot be used ({error}): {advice}, and try again") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._database.close()

    def records(self) -> dict[str, Record]:
        rows = self._database.execute(
            "select student, submission, rendering, fingerprints from graded"
        )
        seen: dict[str, dict[str, str]] = {}
        return {
            student: Record(submission, rendering, seen.setdefault(found, json.loads(found)))
            for student, submission, rendering, found in rows
        }

    def report(self, student: str) -> Report:
        row = self._database.execute("select report from graded where student = ?", [student])
        return from_text(zlib.decompress(row.fetchone()[0]).decode())

    def reports(self) -> Iterator[tuple[str, Report]]:
        """Every report, by student."""
        rows = self._database.execute("select student, report from graded order by student")
        for student, packed in rows:
            yield student, from_text(zlib.decompress(packed).decode())

    def problems(self) -> list[tuple[str, str]]:
        """Students whose submission a person must review, each with the reason."""
        return list(self._database.execute("select * from needs_person order by student"))

    def stale(self) -> list[tuple[str, str]]:
        """Students who keep an earlier score, each with the reason."""
        return list(self._database.execute("select * from stale order by student"))

    def seconds(self) -> Iterator[tuple[str, dict[str, float]]]:
        """Processor time by phase, by student."""
        for student, phases in self._database.execute("select * from seconds order by student"):
            yield student, json.loads(phases)

    def open(self, student: str) -> None:
        """Void the student's record; called before each write, because the grade is changing."""
        with self._writing() as database:
            database.execute("update graded set submission = '' where student = ?", [student])

    def note_graded(
        self, student: str, record: Record, report: Report, seconds: dict[str, float]
    ) -> None:
        """Record a grade, after the gradebook has it."""
        packed = zlib.compress(to_text(report).encode(), 1)
        prints = json.dumps(record.fingerprints, sort_keys=True)
        with self._writing() as database:
            database.execute(
                "replace into graded values (?, ?, ?, ?, ?)",
                [student, record.submission, record.rendering, prints, packed],
            )
            database.execute("replace into seconds values (?, ?)", [student, json.dumps(seconds)])
            _heal(database, student)

    def note_problem(self, student: str, problem: str) -> None:
        """Record why a person must review the submission; an earlier grade's record goes."""
        with self._writing() as database:
            database.execute("delete from graded where student = ?", [student])
            database.execute("delete from seconds where student = ?", [student])
            _heal(database, student)
            database.execute("insert into needs_person values (?, ?)", [student, problem])

    def note_stale(self, student: str, problem: str) -> None:
        """Record why the student keeps an earlier score, whose record ``open`` made void."""
        with self._writing() as database:
            _heal(database, student)
            database.execute("insert into stale values (?, ?)", [student, problem])

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction; raises GraderError if the records cannot be written."""
        with told(f"{self.path} cannot be written"), self._database as database:
            database.execute("begin")
            yield database


def _heal(database: sqlite3.Connection, student: str) -> None:
    """Remove the student's earlier problems."""
    for table in ("needs_person", "stale"):
        database.execute(f"delete from {table} where student = ?", [student])


def to_text(report: Report) -> str:
    """The whole report as JSON, which ``from_text`` reads back."""
    return json.dumps(report, ensure_ascii=False, separators=(",", ":"), default=_by_field)


def _by_field(part: Any) -> dict[str, Any]:
    return {field.name: getattr(part, field.name) for field in fields(part)}


def from_text(text: str) -> Report:
    found = json.loads(text)
    return Report(
        found["assignment"],
        tuple(_exercise(each) for each in found["exercises"]),
        Provenance(**found["provenance"]),
        tuple(CellProblem(**each) for each in found["problems"]),
    )


def _exercise(found: dict[str, Any]) -> ExerciseResult:
    tests = tuple(_test(each) for each in found["tests"])
    read = {"tests": tests, "status": Status(found["status"]), "notes": tuple(found["notes"])}
    return ExerciseResult(**{**found, **read})


def _test(found: dict[str, Any]) -> TestResult:
    failure = found["failure"]
    kept = Failure(**{**failure, "kind": Kind(failure["kind"])}) if failure else None
    return TestResult(**{**found, "outcome": Outcome(found["outcome"]), "failure": kept})
