"""Measure what isolation costs: a start, a fork for an exercise, a call, a whole submission.

    python -m tests.benchmarks.sandbox

Print medians of one run, each beside the one that it is compared with.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import numpy as np
from rich.console import Console
from rich.table import Table

from autograder.core.course import find_course
from autograder.judging.judge import load_judge
from autograder.sandbox.host.bubblewrap import Isolation
from autograder.sandbox.host.session import Sandbox
from autograder.students.local import LocalStudent
from autograder.students.remote import remote_student
from autograder.submission.notebook import Cell, read_node
from autograder.suite import run_exercise
from tests.submissions.fill import SHEETS, submission

ASSIGNMENT = "a1_activations"
CELLS = [Cell(1, "def f(x):\n    return x\ndef g(h, x):\n    return h(x)")]


def median(action: Callable[[], object], repeats: int) -> float:
    """The median duration of ``action``, in seconds."""
    durations = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        durations.append(time.perf_counter() - start)
    return statistics.median(durations)


def start(isolation: Isolation) -> None:
    with Sandbox(CELLS, isolation):
        pass


def main() -> None:
    """Measure, and print the table."""
    table = Table("what", "median", "beside", "median", "ratio", title="The sandbox")
    for column in table.columns[1:]:
        column.justify = "right"

    def row(what: str, seconds: float, beside: str, base: float) -> None:
        table.add_row(what, _time(seconds), beside, _time(base), f"{seconds / base:.2f}")

    python = [sys.executable, "-I", "-S", "-c", "pass"]
    bare = median(lambda: subprocess.run(python, check=True), 9)
    plain = median(lambda: start(Isolation.PROCESS), 9)
    row("start, bubblewrap", median(lambda: start(Isolation.BUBBLEWRAP), 9), "a process", plain)
    row("start, a process", plain, "bare Python", bare)

    x = np.ones((3, 4))
    with Sandbox(CELLS) as sandbox:

        def fork() -> None:
            with remote_student(sandbox) as student:
                student.f(1.0)

        with remote_student(sandbox) as student:
            student.f(x)
            call = median(lambda: student.f(x), 2000)
            callback = median(lambda: student.g(lambda y: y, x), 2000)
        local = LocalStudent({"f": lambda x: x})
        row("a call, 3x4 floats", call, "in this process", median(lambda: local.f(x), 2000))
        row("a call with a callback", callback, "a call", call)
        row("fork, first call, end", median(fork, 50), "a call", call)

    course = find_course(Path(__file__))
    judge = load_judge(course, ASSIGNMENT)
    released = course.release(ASSIGNMENT) / f"{ASSIGNMENT}.ipynb"
    sheet = SHEETS / ASSIGNMENT / "complete.py"
    complete = read_node(nbformat.from_dict(submission(released, sheet)))
    space: dict[str, object] = {}
    exec(sheet.read_text(), space)

    def floor() -> None:
        for exercise in judge.suite.exercises:
            run_exercise(exercise, LocalStudent(space), judge.reference)

    row(
        "grade a complete a1",
        median(lambda: judge.grade(complete), 5),
        "no sandbox",
        median(floor, 5),
    )
    load = median(lambda: load_judge(course, ASSIGNMENT), 3)
    row("load tests, draw examples", load, "grade", median(lambda: judge.grade(complete), 3))
    Console().print(table)


def _time(seconds: float) -> str:
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} µs"


if __name__ == "__main__":
    main()
