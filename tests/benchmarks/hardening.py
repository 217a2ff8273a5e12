"""Measure what defence in depth costs: grade a correct submission with it and without.

    python -m tests.benchmarks.hardening

Without it, there is no filter of system calls, no search for processes left behind, and no bound on
what the wire carries and callbacks ask. The figures are processor time of the trusted side and of
the student's functions; the ratio of the medians must stay below 1.10.
"""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

from autograder.authoring.release import build_source
from autograder.core.course import find_course
from autograder.judging.judge import Judge, load_judge
from autograder.sandbox.host import process
from autograder.sandbox.host.process import Guest
from autograder.sandbox.host.session import Sandbox
from autograder.sandbox.wire import codec as wire
from autograder.students import remote
from autograder.students.remote import remote_student
from autograder.submission.notebook import Cell, read_node
from autograder.suite import run_exercise

ASSIGNMENT = "a3_bptt"
REPEATS = 11


@contextlib.contextmanager
def without() -> Iterator[None]:
    """Switch off the trusted side's second line of defence."""
    with (
        patch.object(process, "system_call_filter", lambda: None),
        patch.object(Guest, "has_company", False),
        patch.object(wire, "check_bounds", lambda data: None),
        patch.object(remote, "_size", lambda values: 0),
        patch.object(remote, "one_line", str),
    ):
        yield


def seconds(judge: Judge, cells: tuple[Cell, ...]) -> float:
    """Processor time of one submission, on both sides of the sandbox."""
    start, inside = time.process_time(), 0.0
    with Sandbox(cells) as sandbox:
        for exercise in judge.suite.exercises:
            with remote_student(sandbox) as student:
                run_exercise(exercise, student, judge.reference)
            inside += student.cpu_seconds
    return time.process_time() - start + inside


def main() -> None:
    """Measure with and without in turns, since a machine's speed changes, and print the table."""
    course = find_course(Path(__file__))
    judge = load_judge(course, ASSIGNMENT)
    cells = read_node(build_source(course, ASSIGNMENT)).cells
    hardened, plain = [], []
    for _ in range(REPEATS):
        hardened.append(seconds(judge, cells))
        with without():
            plain.append(seconds(judge, cells))
    table = Table("what", "CPU s", title=f"A correct {ASSIGNMENT}, medians of {REPEATS}")
    with_it, without_it = statistics.median(hardened), statistics.median(plain)
    table.add_row("with the hardening", f"{with_it:.3f}")
    table.add_row("without", f"{without_it:.3f}")
    table.add_row("ratio", f"{with_it / without_it:.3f}")
    Console().print(table)


if __name__ == "__main__":
    main()
