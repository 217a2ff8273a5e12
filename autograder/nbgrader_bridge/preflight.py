"""Judge the course before any submission, so that no student pays for the course's mistakes.

The reference solution is graded as a submission in the sandbox, and the release is compared with
the tests. Every way to grade does this first: a class, single notebooks, and nbgrader.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import jupytext

from autograder.core.course import Course
from autograder.core.digests import digest
from autograder.core.errors import AuthorError, GraderError, Kind
from autograder.core.results import Outcome, TestResult
from autograder.judging.fingerprint import environment
from autograder.judging.judge import Judge, load_judge
from autograder.judging.quiz import ANSWERS
from autograder.nbgrader_bridge.released import Released, differences, places, released
from autograder.nbgrader_bridge.structure import Structure
from autograder.sandbox.host.bubblewrap import Isolation
from autograder.sandbox.host.limits import Limits
from autograder.submission.notebook import Cell, Submission, read_node
from autograder.suite import GRADER_FAILED, check_folders
from quiz.engine.forms import FORMS

__all__ = [
    "NOTHING_DONE",
    "assert_in_order",
    "examine",
    "failing",
    "judge_in_order",
    "key",
    "once",
    "sources",
]

_SHOWN = 5
_KEPT = 8
NOTHING_DONE = "Nothing was graded, and every score is as it was"


def judge_in_order(course: Course, assignment: str, isolation: Isolation) -> Judge:
    """The judge for single notebooks, without a gradebook; raises as ``assert_in_order``."""
    sources(course, assignment)  # reports an unreadable file before any file is run
    judge = load_judge(course, assignment, isolation)
    assert_in_order(judge, course)
    return judge


def assert_in_order(judge: Judge, course: Course, structure: Structure | None = None) -> None:
    """Examine the course in this process, unless it was found in order before; raises AuthorError.

    ``structure`` holds the cells that the gradebook knows; None if there is no gradebook.
    """
    found = released(course, judge.assignment, structure)
    files = sources(course, judge.assignment)
    digest = key(files, found, judge.isolation, judge.limits)
    once(course, judge.assignment, digest, lambda: examine(judge, course, found))


def sources(course: Course, assignment: str) -> tuple[tuple[str, str], ...]:
    """The text of each file that bears on judging ``assignment``, the seed included, by its path.

    Raises UserError if there is no such assignment, and AuthorError if a file cannot be read or is
    in the wrong place.
    """
    try:
        check_folders(course, assignment)
    except AuthorError as error:
        raise course.told(error) from error
    course.seed()
    paths = [*sorted((course.root / "solutions").glob("*.py")), *course.test_files(assignment)]
    paths += course.release(assignment).glob(FORMS)  # it names the seed of the questions
    found = []
    for path in (*paths, course.state / "seed"):
        name = str(path.relative_to(course.root))
        try:
            found.append((name, path.read_text("utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            raise AuthorError(f"{name} cannot be read: {error}") from error
    return tuple(sorted(found))


def key(
    files: Sequence[tuple[str, str]],
    found: Sequence[Released],
    isolation: Isolation,
    limits: Limits,
) -> str:
    """The digest of everything that an examination depends on."""
    cells = [(each.where, each.cells) for each in found]
    return digest(str(environment()), isolation, repr(limits), repr(files), repr(cells))


def once(course: Course, assignment: str, key: str, examine: Callable[[], None]) -> None:
    """Call ``examine``, unless a course with this ``key`` was found in order before."""
    path = course.records(assignment) / "in_order"
    known: list[str] = []
    with contextlib.suppress(OSError, ValueError):
        known = path.read_text("utf-8").split()
    if key in known:
        return
    examine()
    with contextlib.suppress(OSError):  # without the note, the next run examines it again
        path.parent.mkdir(parents=True, exist_ok=True)
        # Several graders may note their key at once: each replaces the whole file.
        fresh = path.with_name(f".in_order.{os.getpid()}")
        fresh.write_text("\n".join([*known[1 - _KEPT :], key]) + "\n", "utf-8")
        fresh.replace(path)


def examine(judge: Judge, course: Course, found: Sequence[Released]) -> None:
    """Raise AuthorError that lists the course's mistakes, with file, line and test if known.

    Raises GraderError if the machine cannot judge the reference.
    """
    wrong = [*differences(judge, course, found)] or [*failing(judge, course)]
    if wrong:
        more = [f"… and {len(wrong) - _SHOWN} more"] if len(wrong) > _SHOWN else []
        raise AuthorError("\n  ".join([*wrong[:_SHOWN], *more]) + f"\n{NOTHING_DONE}")


def _answered(submission: Submission, judge: Judge) -> Submission:
    """The submission with the correct answer to every question for marks."""
    if judge.quiz is None:
        return submission
    last = max(cell.index for cell in (*submission.cells, *submission.set_aside))
    right = Cell(last + 1, f"{ANSWERS} = {judge.quiz.key!r}")
    return replace(submission, cells=(*submission.cells, right))


def failing(judge: Judge, course: Course) -> Iterator[str]:
    """A sentence for each test that the reference fails as a submission in the sandbox.

    Raises GraderError if the machine cannot judge it.
    """
    solution = course.solution(judge.assignment)
    notebook = jupytext.read(solution, fmt="py:percent")
    report = judge.grade(_answered(read_node(notebook), judge), plainly=True)
    wrong = [
        _failed(test, place)
        for result in report.exercises
        for test, place in zip(result.tests, places(judge, result.name), strict=True)
        if test.outcome is not Outcome.PASSED
    ]
    yield from wrong
    if wrong:
        yield from (f"solutions/{solution.name}: code {problem}" for problem in report.problems)


def _failed(test: TestResult, place: str) -> str:
    told = test.failure.summary if test.failure else test.title
    if test.failure and test.failure.kind is Kind.MACHINE:
        raise GraderError(f"the reference solution cannot be judged: {told}. {NOTHING_DONE}")
    if test.outcome is Outcome.ERROR:
        return f"{place}: {test.name} raises {told.removeprefix(GRADER_FAILED)}"
    given = f", for {test.failure.given}" if test.failure and test.failure.given else ""
    return f"{place}: the reference solution fails {test.name}: {told}{given}"
