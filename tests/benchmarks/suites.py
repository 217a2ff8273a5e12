"""Measure what grading a complete, correct submission costs, by assignment.

    python -m tests.benchmarks.suites

The figures are processor time of the trusted side and of the student's functions in the sandbox.
Their sum must stay below 0.6 s (below 20 s for the last assignment, whose capstone trains).
"""

from __future__ import annotations

import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.authoring.release import build_source
from autograder.core.course import find_course
from autograder.judging.judge import load_judge
from autograder.sandbox.host.session import Sandbox
from autograder.students.remote import remote_student
from autograder.submission.notebook import read_node
from autograder.suite import run_exercise


def main() -> None:
    """Measure each assignment once, and print the table."""
    course = find_course(Path(__file__))
    table = Table("assignment", "tests", "examples", "calls", "CPU s", "in the sandbox", "wall s")
    for column in table.columns[1:]:
        column.justify = "right"
    for assignment in course.assignments:
        judge = load_judge(course, assignment)
        cells = read_node(build_source(course, assignment)).cells
        tests = [test for exercise in judge.suite.exercises for test in exercise.tests]
        calls, inside = 0, 0.0
        with Sandbox(cells) as sandbox:
            wall, cpu = time.perf_counter(), time.process_time()
            for exercise in judge.suite.exercises:
                with remote_student(sandbox) as student:
                    run_exercise(exercise, student, judge.reference)
                calls += len(student.calls)
                inside += student.cpu_seconds
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        examples = sum(len(test.examples) for test in tests)
        numbers = (len(tests), examples, calls)
        total = cpu + inside
        shown = (f"{total:.2f}", f"{inside / total:.0%}", f"{wall:.2f}")
        table.add_row(assignment, *map(str, numbers), *shown)
    Console().print(table)


if __name__ == "__main__":
    main()
