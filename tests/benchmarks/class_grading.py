"""What grading a class costs, beside nbgrader alone, beside nothing at all, and at scale.

    python -m tests.benchmarks.class_grading [SUBMISSIONS]

All ratios are of one run on one machine. Processor time counts sandboxed processes, too.
"""

from __future__ import annotations

import csv
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from rich.console import Console
from rich.table import Table

from autograder.batch.run import records_folder
from autograder.course import Course
from autograder.demonstrations import demonstrations, without_demonstrations
from autograder.grading import load_judge
from autograder.notebook import read
from autograder.release import build_source
from autograder.student import load_local
from autograder.suite import run_exercise
from quiz.engine.graded import QUIZ
from tests.benchmarks.classroom import PROJECT, Usage, Used, forget, hand_in, make_course, unroll
from tests.waiting import wait_until

ASSIGNMENT = "a3_bptt"
ALONE = 3  # submissions that nbgrader grades alone, after a first: it takes its time


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
    """The table's rows, as they are measured."""
    fair = course_of(folder / "fair", number, "rrrrrrrrrrrrmmmmmiii")
    start = least(usage, course_of(folder / "one", 1, "r"))
    base = sum(in_one_process(fair))
    one = least(usage, fair)
    base = min(base, sum(in_one_process(fair)))
    ours = (one.cpu - start.cpu) / (number - 1)
    yield "one submission", f"{ours:.3f} s CPU", ""
    yield "a run's start, and one submission", f"{start.cpu:.2f} s CPU", ""
    for phase, seconds in phases(fair):
        yield f"    of which {phase}", f"{seconds * 1e3:.0f} ms", ""
    yield "against the floor", f"{ours / base:.2f} times {base:.3f} s", "at most 2.5"
    alone = nbgrader_alone(folder / "alone", usage)
    yield "nbgrader alone against us", f"{alone / ours:.0f} times ({alone:.1f} s)", "at least 20"
    forget(fair, ASSIGNMENT)
    two = usage.run(unroll(ASSIGNMENT, "--workers", "2"), fair.root)
    speed = (one.wall - start.wall) / max(two.wall - start.wall, 1e-9)
    yield "2 workers against 1, wall", f"{speed:.2f} times", "at least 1.8"
    empty = course_of(folder / "empty", number, "s")
    usage.run(unroll(ASSIGNMENT, "--workers", "1"), empty.root)
    stubs = sum(seconds for _, seconds in phases(empty, statistics.median))  # the first warms up
    _, tests = in_one_process(empty)
    yield "a submission of stubs", f"{stubs * 1e3:.0f} ms CPU", ""
    yield "    beyond its tests (fixed cost)", f"{(stubs - tests) * 1e3:.0f} ms", "at most 100 ms"
    yield dask(fair, usage, two.wall)


def least(usage: Usage, course: Course) -> Used:
    """What a run with one worker uses: the less of two, since other work only adds to it."""
    runs = []
    for _ in range(2):
        forget(course, ASSIGNMENT)
        runs.append(usage.run(unroll(ASSIGNMENT, "--workers", "1"), course.root))
    return min(runs, key=lambda used: used.cpu)


def course_of(root: Path, number: int, kinds: str) -> Course:
    root.mkdir()
    course = make_course(root, ASSIGNMENT)
    hand_in(course, ASSIGNMENT, number, kinds)
    return course


def phases(course: Course, middle=statistics.mean):
    """The mean, or other ``middle``, of the processor time by phase, as the workers tell it."""
    found = defaultdict(list)
    with open(records_folder(course, ASSIGNMENT) / "seconds.csv", newline="") as file:
        for row in csv.DictReader(file):
            found[row["phase"]].append(float(row["cpu_seconds"]))
    return [(phase, middle(all_)) for phase, all_ in found.items()]


def in_one_process(course: Course) -> tuple[float, float]:
    """What loading a submission and running its tests take here: the floor.

    The same examples, without isolation, pytest or nbgrader.
    """
    judge = load_judge(course, ASSIGNMENT)
    shown = demonstrations(course.solution(ASSIGNMENT))
    paths = sorted(course.state.glob(f"submitted/*/{ASSIGNMENT}/*.ipynb"))
    loading = testing = 0.0
    for path in paths:
        start = time.process_time()
        student, _ = load_local(without_demonstrations(read(path).cells, shown))
        loaded = time.process_time()
        for exercise in judge.suite.exercises:
            run_exercise(exercise, student, judge.reference)
        loading, testing = loading + loaded - start, testing + time.process_time() - loaded
    return loading / len(paths), testing / len(paths)


def nbgrader_alone(root: Path, usage: Usage) -> float:
    """Processor seconds per submission of nbgrader as it comes, with the tests in its cells."""
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
    used = []
    for students in (["s0"], [f"s{i}" for i in range(1, 1 + ALONE)]):
        for student in students:
            folder = root / "submitted" / student / ASSIGNMENT
            folder.mkdir(parents=True)
            nbformat.write(notebook, folder / f"{ASSIGNMENT}.ipynb")
        run = usage.run([*nbgrader, "autograde", ASSIGNMENT, "--force"], root, PATH=path)
        used.append(run.cpu)
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        scores = [s.score == s.max_score for s in gradebook.assignment_submissions(ASSIGNMENT)]
    if scores != [True] * (1 + ALONE):
        raise SystemExit("nbgrader alone did not give full marks: the comparison is off")
    return (used[1] - used[0]) / ALONE  # both hold nbgrader's own start


def dask(course: Course, usage: Usage, ours: float) -> tuple[str, str, str]:
    """The wall time of a run with two Dask workers beside one with two of ours."""
    forget(course, ASSIGNMENT)
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
            took = usage.run(unroll(ASSIGNMENT, "--scheduler", address), course.root).wall
    return "2 Dask workers against 2 of ours", f"{ours / took:.2f} of it", "at least 0.8"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
