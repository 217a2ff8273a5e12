"""Measure what grading a class costs, beside nbgrader alone and beside a run without a sandbox.

    python -m tests.benchmarks.class_grading [SUBMISSIONS]

All ratios come from one run on one machine. Processor time includes sandboxed processes.
"""

from __future__ import annotations

import contextlib
import csv
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from operator import truediv
from pathlib import Path
from typing import Self
from unittest.mock import patch

import nbformat
from nbgrader.api import Gradebook
from rich.console import Console
from rich.table import Table

from autograder.authoring.release import build_source
from autograder.classroom.run import records_folder
from autograder.core.course import Course
from autograder.judging import judge as grading
from autograder.judging.judge import load_judge
from autograder.judging.quiz import QUIZ
from autograder.students.local import LocalStudent
from autograder.students.local_sandbox import LocalSandbox
from autograder.submission.notebook import read
from tests.benchmarks.classroom import (
    KINDS,
    PROJECT,
    Usage,
    Used,
    answers_of,
    forget,
    hand_in,
    make_course,
    submissions,
    submit,
    unroll,
)
from tests.kit.waiting import wait_until
from tests.submissions.fill import fill

ASSIGNMENT = "a3_bptt"
FAIR = "rrrrrrrrrrrrmmmmmiii"  # no hostile ones: the floor and nbgrader alone have no sandbox
ROUNDS = 3
WITH_LOWERED_LIMITS = """
import sys
from pathlib import Path
from autograder.classroom.run import Options, grade_class
from autograder.core.course import find_course
from autograder.sandbox.host.limits import Limits
if __name__ == "__main__":
    limits = Limits(cpu_seconds=2, call_seconds=0.5, cell_seconds=0.5, exercise_seconds=5)
    grade_class(find_course(Path()), sys.argv[1], Options(workers=1, limits=limits))
"""


def main(number: int) -> None:
    """Measure, and print the tables."""
    usage = Usage()
    table = Table("figure", "measured", "wanted", title=f"A class of {number}, {ASSIGNMENT}")
    with tempfile.TemporaryDirectory(prefix="unroll-bench-") as folder:
        try:
            for row in rows(Path(folder), number, usage):
                table.add_row(*row)
                Console(stderr=True).print(" · ".join(row))
        finally:
            usage.close()
    Console().print(table, f"Processor time by {usage.how}.")


def rows(folder: Path, number: int, usage: Usage):
    """The table's rows, as they are measured. Figures to compare are measured in turns."""
    fair = course_of(folder / "fair", number, FAIR)
    one = course_of(folder / "one", 1, "r")
    rounds = [Round.of(one, fair, usage) for _ in range(ROUNDS)]
    ours = [(r.single.cpu - r.start.cpu) / (number - 1) for r in rounds]
    floors = [r.floor for r in rounds]
    start = statistics.median(r.start.cpu for r in rounds)
    yield "one submission", f"{statistics.median(ours):.3f} s CPU", ""
    for phase, seconds in phases(fair):
        yield f"    of which {phase}", f"{seconds * 1e3:.0f} ms", ""
    yield "a run's start, and one submission", f"{start:.2f} s CPU", ""
    hostile = course_of(folder / "hostile", number, KINDS)
    used = usage.run([sys.executable, "-c", WITH_LOWERED_LIMITS, ASSIGNMENT], hostile.root)
    cost = (used.cpu - start) / (number - 1)
    yield "one submission, 1 in 20 hostile", f"{cost:.3f} s CPU", ""
    ratio = statistics.median(map(truediv, ours, floors))
    floor = statistics.median(floors)
    yield "against the floor", f"{ratio:.2f} times {floor:.3f} s", "at most 2.5"
    alone = nbgrader_alone(folder / "alone", fair, usage)
    beside = (floors[-1] + sum(in_one_process(fair))) / 2  # the machine may have slowed down since
    times = alone / beside / ratio
    yield "nbgrader alone against us", f"{times:.1f} times ({alone:.1f} s)", "at least 20"
    speed = statistics.median(
        (r.single.wall - r.start.wall) / (r.double.wall - r.start.wall) for r in rounds
    )
    yield "2 workers against 1, wall", f"{speed:.2f} times", "at least 1.8"
    empty = course_of(folder / "empty", number, "s")
    grade(empty, usage)
    stubs = sum(seconds for _, seconds in phases(empty, statistics.median))  # the first warms up
    _, tests = in_one_process(empty)
    yield "a submission of stubs", f"{stubs * 1e3:.0f} ms CPU", ""
    yield "    beyond its tests (fixed cost)", f"{(stubs - tests) * 1e3:.0f} ms", "at most 100 ms"
    yield dask(fair, usage)


@dataclass(frozen=True)
class Round:
    """Runs of one submission, of a class, of a class with two workers; and the floor."""

    start: Used
    single: Used
    double: Used
    floor: float

    @classmethod
    def of(cls, one: Course, fair: Course, usage: Usage) -> Self:
        start, double, single = grade(one, usage), grade(fair, usage, "2"), grade(fair, usage)
        return cls(start, single, double, sum(in_one_process(fair)))


def grade(course: Course, usage: Usage, workers: str = "1") -> Used:
    """The time of a run that grades everything anew."""
    forget(course, ASSIGNMENT)
    return usage.run(unroll(ASSIGNMENT, "--workers", workers), course.root)


def course_of(root: Path, number: int, kinds: str) -> Course:
    root.mkdir()
    course = make_course(root, ASSIGNMENT)
    hand_in(course, ASSIGNMENT, number, kinds)
    return course


def phases(course: Course, middle=statistics.mean):
    """The mean, or another ``middle``, of the processor time by phase, as the workers record it."""
    found = defaultdict(list)
    with open(records_folder(course, ASSIGNMENT) / "seconds.csv", newline="") as file:
        for row in csv.DictReader(file):
            found[row["phase"]].append(float(row["cpu_seconds"]))
    return [(phase, middle(all_)) for phase, all_ in found.items()]


class OneProcess:
    """A replacement for ``Sandbox`` that calls the student's functions in this process."""

    def __init__(self, cells, isolation, limits, python) -> None:
        start = time.process_time()
        loaded = LocalSandbox(cells, limits, python)
        self.problems = loaded.problems
        self.cpu_seconds = time.process_time() - start  # for loading
        with loaded.exercise() as student:
            self._namespace = student._namespace

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    @contextlib.contextmanager
    def exercise(self, replacing=None, caching=()):
        with patch.dict(self._namespace, replacing or {}):
            yield LocalStudent(self._namespace)


def in_one_process(course: Course) -> tuple[float, float]:
    """The processor time of loading a submission and of judging it without a sandbox: the floor.

    The examples are the same; isolation, pytest and nbgrader are left out.
    """
    judge = load_judge(course, ASSIGNMENT)
    notebooks = [read(path) for path in course.state.glob(f"submitted/*/{ASSIGNMENT}/*.ipynb")]
    loading: list[float] = []
    start = time.process_time()
    with patch.object(grading, "Sandbox", OneProcess):
        for notebook in notebooks:
            judge.grade(notebook, None, loading.append)
    took = time.process_time() - start
    return sum(loading) / len(notebooks), (took - sum(loading)) / len(notebooks)


def nbgrader_alone(root: Path, course: Course, usage: Usage) -> float:
    """Processor seconds per submission of stock nbgrader, with the tests in its cells."""
    root.mkdir()
    notebook = build_source(Course(PROJECT), ASSIGNMENT)
    notebook.cells = [
        cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") != QUIZ
    ]
    for cell in notebook.cells:
        settings = cell.metadata.get("nbgrader")
        if settings and settings["grade"]:
            cell.source = (
                f"import sys\nsys.path.insert(0, {str(PROJECT)!r})\n"
                "from tests.benchmarks.in_kernel import run_tests\n"
                f"run_tests({ASSIGNMENT!r}, {settings['grade_id']!r}, globals())"
            )
    source = root / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    nbformat.write(notebook, source / f"{ASSIGNMENT}.ipynb")
    (root / "nbgrader_config.py").write_text("c = get_config()\nc.Exchange.root = '/nowhere'\n")
    nbgrader = [sys.executable, "-m", "nbgrader"]
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    usage.run([*nbgrader, "generate_assignment", ASSIGNMENT], root, PATH=path)
    released = nbformat.read(root / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
    given = answers_of(course, ASSIGNMENT)
    used = []
    for kinds in ("r", FAIR):
        shutil.rmtree(root / "submitted", ignore_errors=True)
        for student, chosen in submissions(given, len(kinds), kinds):
            submit(root, student, ASSIGNMENT, fill(released, chosen))
        run = usage.run([*nbgrader, "autograde", ASSIGNMENT, "--force"], root, PATH=path)
        used.append(run.cpu)
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        graded = gradebook.assignment_submissions(ASSIGNMENT)
        right = sum(each.score == each.max_score for each in graded)
    if right != FAIR.count("r"):
        raise SystemExit(
            f"nbgrader alone gave full marks {right} times, not {FAIR.count('r')}: do not compare"
        )
    return (used[1] - used[0]) / (len(FAIR) - 1)  # both hold nbgrader's own start


def dask(course: Course, usage: Usage) -> tuple[str, str, str]:
    """The wall time with two Dask workers, beside that with two workers of ours."""
    where = course.root / "scheduler.json"
    module = [sys.executable, "-m"]
    scheduler = [*module, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    scheduler += ["--no-dashboard", "--no-show", "--scheduler-file", str(where)]
    worker = [*module, "distributed.cli.dask_worker", "--scheduler-file", str(where)]
    worker += ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
    from distributed import Client

    with usage.started(scheduler):
        wait_until(where.exists, seconds=60)
        with usage.started(worker), usage.started(worker):
            with Client(scheduler_file=str(where), set_as_default=False) as client:
                client.wait_for_workers(2, timeout=60)
                address = client.scheduler.address
            ratios = []
            for _ in range(ROUNDS):
                ours = grade(course, usage, "2").wall
                forget(course, ASSIGNMENT)
                run = usage.run(unroll(ASSIGNMENT, "--scheduler", address), course.root)
                ratios.append(ours / run.wall)
    middle = statistics.median(ratios)
    return "2 Dask workers against 2 of ours", f"{middle:.2f} of it", "at least 0.8"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
