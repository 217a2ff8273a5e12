"""Measure whether grading keeps its pace and its memory over many submissions of a tiny assignment.

    python -m tests.benchmarks.class_many [SUBMISSIONS]

The table compares the pace of the last tenth with that of the second, gives the memory at the end,
and times the same class once more, unchanged.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.authoring.release import release
from autograder.classroom.run import Counts, Options, grade_class
from tests.kit.toy_class import RIGHT, WRONG, Class
from tests.kit.toy_course import TOY, make_course
from tests.submissions.fill import fill


class Pace:
    """The time at which each submission was done, and this process's memory then, in bytes."""

    def __init__(self) -> None:
        self.times = [time.perf_counter()]
        self.memory: list[int] = []

    def __call__(self, counts: Counts) -> None:
        self.times.append(time.perf_counter())
        self.memory.append(_resident())

    def seconds(self, start: int, end: int) -> float:
        return self.times[end] - self.times[start]


def main(number: int) -> None:
    """Measure, and print the table."""
    tenth = max(number // 10, 1)
    with tempfile.TemporaryDirectory(prefix="unroll-bench-") as folder:
        release(make_course(Path(folder)), TOY)
        klass = Class(Path(folder))
        for i in range(number):
            klass.submit(f"s{i:06}", fill(klass.released, RIGHT if i % 3 else WRONG))
        pace, again = Pace(), Pace()
        grade_class(klass.course, TOY, Options(), pace)
        start = time.process_time()
        counts = grade_class(klass.course, TOY, Options(), again)
        took = (time.process_time() - start) / number
    if counts.unchanged != number:
        raise SystemExit(f"of {number} submissions {counts.unchanged} were unchanged")
    first, last = pace.seconds(tenth, 2 * tenth), pace.seconds(number - tenth, number)
    grown = (pace.memory[-1] - pace.memory[tenth]) / 2**20
    table = Table("figure", "measured", "wanted", title=f"{number} submissions of {TOY}")
    table.add_row("all of them", f"{pace.seconds(0, number):.0f} s", "")
    table.add_row("pace of the last tenth", f"{first / last:.2f} of the second's", "0.9 to 1.1")
    table.add_row("memory of the writer", f"{grown:+.1f} MiB", "below 100 MiB")
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**10
    table.add_row("largest other process", f"{workers:.0f} MiB", "")
    table.add_row("an unchanged submission", f"{took * 1e3:.2f} ms CPU", "below 2 ms")
    Console().print(table)


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
