"""Judge the course itself before anybody's submission: its own mistakes must cost no student.

The reference solution is graded as a submission, in the sandbox, and what was released is compared
with the tests. Every way to grade does this first: a class, single notebooks, and nbgrader.
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
    """The judge for single notebooks, outside of any gradebook; raises as ``assert_in_order``."""
    sources(course, assignment)  # raises, where a file cannot be read, before one is run
    judge = load_judge(course, assignment, isolation)
    assert_in_order(judge, course)
    return judge


def assert_in_order(judge: Judge, course: Course, structure: Structure | None = None) -> None:
    """Examine the course in this process, unless it was found in order before; raises AuthorError.

    ``structure`` is what the gradebook knows of the release, where there is a gradebook.
    """
    found = released(course, judge.assignment, structure)
    files = sources(course, judge.assignment)
    digest = key(files, found, judge.isolation, judge.limits)
    once(course, judge.assignment, digest, lambda: examine(judge, course, found))


def sources(course: Course, assignment: str) -> tuple[tuple[str, str], ...]:
    """The files that judge ``assignment``, by their place in the course, and its seed.

    Raises UserError where there is no such assignment, and AuthorError where one cannot be read or
    lies where it does not belong.
    """
    try:
        check_folders(course, assignment)
    except AuthorError as error:
        raise course.told(error) from error
    course.seed()
    paths = [*sorted((course.root / "solutions").glob("*.py")), *course.test_files(assignment)]
    paths += course.release(assignment).glob(FORMS)  # it says which seed drew the questions
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
    """The digest of all that an examination hangs on."""
    cells = [(each.where, each.cells) for each in found]
    return digest(str(environment()), isolation, repr(limits), repr(files), repr(cells))


def once(course: Course, assignment: str, key: str, examine: Callable[[], None]) -> None:
    """Call ``examine``, unless what ``key`` stands for was found in order before."""
    path = course.records(assignment) / "in_order"
    known: list[str] = []
    with contextlib.suppress(OSError, ValueError):
        known = path.read_text("utf-8").split()
    if key in known:
        return
    examine()
    with contextlib.suppress(OSError):  # then it is examined again
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".in_order.{os.getpid()}")
        fresh.write_text("\n".join([*known[1 - _KEPT :], key]) + "\n", "utf-8")
        fresh.replace(path)


def examine(judge: Judge, course: Course, found: Sequence[Released]) -> None:
    """Raise AuthorError with all that is wrong, each with file, line and test where it has them.

    Raises GraderError when the machine cannot judge the reference.
    """
    wrong = [*differences(judge, course, found)] or [*failing(judge, course)]
    if wrong:
        more = [f"… and {len(wrong) - _SHOWN} more"] if len(wrong) > _SHOWN else []
        raise AuthorError("\n  ".join([*wrong[:_SHOWN], *more]) + f"\n{NOTHING_DONE}")


def _answered(submission: Submission, judge: Judge) -> Submission:
    """The submission with every question for marks answered rightly."""
    if judge.quiz is None:
        return submission
    last = max(cell.index for cell in (*submission.cells, *submission.set_aside))
    right = Cell(last + 1, f"{ANSWERS} = {judge.quiz.key!r}")
    return replace(submission, cells=(*submission.cells, right))


def failing(judge: Judge, course: Course) -> Iterator[str]:
    """What the reference, as a submission in the sandbox, does not get, a sentence each.

    Raises GraderError when the machine cannot judge it.
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
