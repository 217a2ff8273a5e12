"""A class's run: find ungraded submissions, give them to workers, write the outcomes."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from autograder.classroom.bundle import Bundle, load_bundle
from autograder.classroom.export import is_written, outdate, write_data, write_left_out
from autograder.classroom.job import Done, Job
from autograder.classroom.ledger import Ledger, Record
from autograder.classroom.lock import locked
from autograder.classroom.pool import LocalPool, cores
from autograder.core.course import Course
from autograder.core.errors import GraderError, UserError
from autograder.core.machine_errors import MachineError, attempt
from autograder.core.untrusted_text import sentence
from autograder.judging.judge import Earlier
from autograder.nbgrader_bridge.folders import Folders, Submitted
from autograder.nbgrader_bridge.gradebook import GradebookWriter
from autograder.nbgrader_bridge.preflight import key, once
from autograder.nbgrader_bridge.released import Released, released
from autograder.nbgrader_bridge.settings import course_directory, load_settings
from autograder.sandbox.host.limits import Limits
from autograder.sandbox.host.session import assert_isolates

__all__ = ["Counts", "Options", "grade_class", "ledger_of", "records_folder"]


@dataclass(frozen=True)
class Options:
    """Options of a run: workers (0: one per core), a cluster, whether to grade everything again."""

    workers: int = 0
    scheduler: str = ""
    force: bool = False
    limits: Limits | None = None


class Pool(Protocol):
    """A pool of workers, on this machine or in a cluster."""

    def run(self, jobs: Iterable[Job]) -> Generator[Done]: ...

    def examine(self, found: Sequence[Released]) -> None: ...


@dataclass
class Counts:
    """Progress of a run, as counts of submissions."""

    total: int = 0
    graded: int = 0
    unchanged: int = 0
    problems: int = 0
    stale: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)  # student, file and reason
    mistakes: Counter[tuple[str, str]] = field(default_factory=Counter, compare=False)

    @property
    def done(self) -> int:
        return self.graded + self.unchanged + self.problems + self.stale


def records_folder(course: Course, assignment: str) -> Path:
    """The folder of a run's records and exported data."""
    return course.records(assignment)


def ledger_of(course: Course, assignment: str) -> Ledger:
    """The records of the assignment's grades, open."""
    return Ledger(records_folder(course, assignment) / "ledger.db")


def grade_class(
    course: Course,
    assignment: str,
    options: Options | None = None,
    tell: Callable[[Counts], None] = lambda counts: None,
) -> Counts:
    """Grade every collected submission that is not graded yet, and call ``tell`` after each.

    Raises UserError or AuthorError, before anything is written, if the run cannot begin.
    """
    course.solution(assignment)
    options = options or Options()
    settings = load_settings(course)
    _refuse_hooks(settings)
    folder = records_folder(course, assignment)
    with contextlib.ExitStack() as stack:
        where = course_directory(course, settings)
        folders = Folders(where, settings, assignment)
        submissions = folders.submissions()
        folders.check_writable()
        # Lock before opening gradebook and records: no other run may write them in between.
        stack.enter_context(locked(folder / "lock", assignment))
        gradebook = stack.enter_context(GradebookWriter(where, settings, assignment))
        bundle = load_bundle(course, assignment, settings, gradebook.structure(), options.limits)
        if not options.scheduler:
            assert_isolates(bundle.isolation)
        found = released(course, assignment, bundle.structure)
        digest = key(bundle.files, found, bundle.isolation, bundle.limits)
        once(course, assignment, digest, lambda: _examine(bundle, found, options))
        ledger = stack.enter_context(ledger_of(course, assignment))
        run = _Run(bundle, folders, gradebook, ledger, options.force, tell)
        run.grade(submissions, options)
        if not is_written(folder):
            run.counts.mistakes = write_data(ledger, folder)
        write_left_out(run.counts.left_out, folder)
    return run.counts


class _Run:
    """One run of ``grade_class``: its parts, its open submissions and its counts."""

    def __init__(
        self,
        bundle: Bundle,
        folders: Folders,
        gradebook: GradebookWriter,
        ledger: Ledger,
        force: bool,
        tell: Callable[[Counts], None],
    ) -> None:
        self._bundle, self._folders, self._gradebook = bundle, folders, gradebook
        self._ledger, self._force, self._tell = ledger, force, tell
        self._rendering = bundle.rendering
        self._open: dict[str, tuple[Submitted, str, datetime | None]] = {}
        self.counts = Counts()

    def grade(self, submissions: list[Submitted], options: Options) -> None:
        self.counts.total = len(submissions)
        jobs = self._jobs(submissions)
        first = next(jobs, None)
        if first is None:  # start no worker
            return
        with contextlib.ExitStack() as stack:
            # Closed in reverse order: first the pool's outcomes, which ends the workers, then the
            # pool, then the jobs that it reads from.
            stack.callback(jobs.close)
            pool = _pool(self._bundle, options, stack)
            outcomes = pool.run(itertools.chain([first], jobs))
            stack.callback(outcomes.close)
            for done in outcomes:
                self._write(done)
        if self._open:
            names = ", ".join(sorted(self._open)[:5])
            raise GraderError(
                f"{len(self._open)} submissions came back without an outcome: {names}. "
                "Run the command again"
            )

    def _jobs(self, submissions: list[Submitted]) -> Generator[Job]:
        """Yield the jobs of this run; each submission is read when its job is asked for."""
        records, graded = self._ledger.records(), self._gradebook.graded()
        for submitted in submissions:
            student = submitted.student
            try:
                job = self._job(submitted, records.get(student), student in graded)
            except MachineError:
                raise
            except Exception as error:
                self._open[student] = submitted, "", None
                self._write(Done(student, problem=sentence(error)))
                continue
            if job is not None:
                yield job
            else:
                self.counts.unchanged += 1
                self._tell(self.counts)

    def _job(self, submitted: Submitted, record: Record | None, is_graded: bool) -> Job | None:
        """The job for a submission, which is read now; None if its grade is up to date."""
        student, contents = submitted.student, self._folders.read(submitted)
        self.counts.left_out += [(student, note) for note in contents.left_out]
        known = None if self._force else record
        now = Record(contents.files, self._rendering, self._bundle.fingerprints)
        if known == now and is_graded and self._folders.is_autograded(student):
            return None
        self._open[student] = submitted, contents.files, contents.timestamp
        return Job(student, contents.notebook, self._earlier(student, known, contents.files))

    def _earlier(self, student: str, record: Record | None, files: str) -> Earlier | None:
        if record is None or record.submission != files:
            return None
        now = self._bundle.fingerprints.items()
        unchanged = {name for name, each in now if record.fingerprints.get(name) == each}
        return Earlier(self._ledger.report(student), unchanged) if unchanged else None

    def _write(self, done: Done) -> None:
        """Write an outcome: the autograded folder, then the gradebook, then the record.

        A submission that cannot be graded now but has a score keeps it, with its folder, and is
        noted as stale.

        The earlier record is made void first. Otherwise, after a stop between these writes and an
        undone change of the course, the old record would match although its grade was replaced.
        """
        start = time.process_time()
        submitted, files, timestamp = self._open.pop(done.student)
        outdate(self._ledger.path.parent)
        self._ledger.open(done.student)
        problem = done.problem
        if done.report is not None:
            problem = attempt(lambda: self._put(submitted, done, timestamp))
        if done.report is None or problem:
            self._put_problem(submitted, problem, timestamp)
        else:
            record = Record(files, self._rendering, self._bundle.fingerprints)
            seconds = {**done.seconds, "write": time.process_time() - start}
            self._ledger.note_graded(done.student, record, done.report, seconds)
            self.counts.graded += 1
        self._tell(self.counts)

    def _put(self, submitted: Submitted, done: Done, timestamp: datetime | None) -> None:
        left_out = self._folders.write(submitted, done.notebook)
        self.counts.left_out += [(done.student, note) for note in left_out]
        self._gradebook.write(done.student, done.grades, timestamp)

    def _put_problem(self, submitted: Submitted, problem: str, timestamp: datetime | None) -> None:
        """Record the problem; without an earlier score, remove the autograded folder as well.

        A step that fails adds its error to the problem and does not stop the others.
        """
        student = submitted.student
        if not submitted.problem and self._gradebook.has_score(student):
            self._ledger.note_stale(student, problem)
            self.counts.stale += 1
            return
        problems = [problem, attempt(lambda: self._folders.remove(student))]
        if not submitted.problem:  # otherwise no gradebook can hold the name
            problems.append(attempt(lambda: self._gradebook.write(student, None, timestamp)))
        self._ledger.note_problem(student, "; ".join(dict.fromkeys(filter(None, problems))))
        self.counts.problems += 1


def _pool(bundle: Bundle, options: Options, stack: contextlib.ExitStack) -> Pool:
    if not options.scheduler:
        return LocalPool(bundle, options.workers or cores())
    if options.workers:
        raise UserError("--workers is for this machine, and a cluster brings its own: leave it out")
    from autograder.classroom.cluster import Cluster  # Dask is an extra

    return stack.enter_context(Cluster(bundle, options.scheduler))


def _examine(bundle: Bundle, found: Sequence[Released], options: Options) -> None:
    """Examine the course here, or on the cluster if this machine cannot have a sandbox."""
    with contextlib.ExitStack() as stack:
        pool: Pool = LocalPool(bundle, 1)
        if options.scheduler:  # without one, the run has made sure of the sandbox already
            try:
                assert_isolates(bundle.isolation)
            except GraderError:
                pool = _pool(bundle, options, stack)
        pool.examine(found)


def _refuse_hooks(settings: object) -> None:
    """Raise UserError if the settings name hooks, which only nbgrader's own command runs."""
    for section in ("Autograde", "BaseConverter"):
        for hook in ("pre_convert_hook", "post_convert_hook"):
            if getattr(settings, section).get(hook):
                raise UserError(
                    f"{section}.{hook} is set, and only nbgrader runs it: use `nbgrader autograde`"
                )
