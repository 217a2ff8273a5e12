"""Worker processes of this machine: each loads the judge once, then grades one by one."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for

from autograder.classroom.bundle import Bundle
from autograder.classroom.grader import Grader
from autograder.classroom.job import Done, Job
from autograder.classroom.preload import worker_context
from autograder.core.errors import GraderError
from autograder.core.machine_errors import told
from autograder.nbgrader_bridge.preflight import NOTHING_DONE
from autograder.nbgrader_bridge.released import Released
from autograder.sandbox.host.memory_cgroup import remove_stale_groups

__all__ = ["ATTEMPTS", "EXAMINATION_DIED", "LocalPool", "cores"]

ATTEMPTS = 3
_MOST_DEATHS = 2 * ATTEMPTS
EXAMINATION_DIED = (
    "the process that judged the reference solution died: does a test end it, or is there too "
    f"little memory? {NOTHING_DONE}"
)
_EXAMINATION_SECONDS = 300.0
_WAITING_PER_WORKER = 3  # jobs handed out beside the one in work: no worker waits for the next

_grader: Grader | Exception = GraderError("the worker was not started")


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class LocalPool:
    """Grades jobs in ``workers`` processes. A process that dies costs nobody a grade.

    What it had in hand is tried again, one submission at a time, so that the one that kills its
    worker is found; after ``ATTEMPTS`` it needs a person.
    """

    def __init__(self, bundle: Bundle, workers: int) -> None:
        self._bundle, self._workers = bundle, workers

    def run(self, jobs: Iterable[Job]) -> Generator[Done]:
        """The outcomes, in the order in which they are ready; takes jobs only as fast as that."""
        suspects: deque[tuple[Job, int]] = deque()
        remaining = iter(jobs)
        deaths = 0
        while True:
            try:
                for done in self._run(remaining, suspects):
                    deaths = 0 if done.report else deaths
                    yield done
                return
            except BrokenProcessPool as error:
                deaths += 1
                if deaths > _MOST_DEATHS:
                    raise GraderError(
                        f"{deaths} workers died one after the other, and graded nothing: is there "
                        "enough memory? Try fewer --workers"
                    ) from error

    def examine(self, found: Sequence[Released]) -> None:
        """``bundle.examine`` in a process of its own, which a test may end, or keep for ever."""
        with _processes(1, _follow_parent) as executor:
            try:
                executor.submit(self._bundle.examine, found).result(_EXAMINATION_SECONDS)
            except BrokenProcessPool as error:
                raise GraderError(EXAMINATION_DIED) from error
            except TimeoutError as error:
                raise GraderError(
                    f"the reference solution was not judged within {_EXAMINATION_SECONDS:g} s: "
                    f"does a test never end? {NOTHING_DONE}"
                ) from error

    def _run(self, jobs: Iterator[Job], suspects: deque[tuple[Job, int]]) -> Iterator[Done]:
        """Grade until all is done; when a worker dies, ``suspects`` then holds what was open."""
        open_: dict[Future[Done], tuple[Job, int]] = {}

        def submit(job: Job, attempts: int) -> None:
            try:
                open_[executor.submit(_grade, job)] = job, attempts
            except BrokenProcessPool:
                suspects.append((job, attempts))
                raise

        with _processes(self._workers, _start, self._bundle) as executor:
            try:
                while suspects:
                    job, attempts = suspects.popleft()
                    if attempts >= ATTEMPTS:
                        yield Done(job.student, problem=f"its grader died {attempts} times")
                        continue
                    submit(job, attempts)
                    yield from _finished(open_)
                for job in jobs:
                    submit(job, 0)
                    if len(open_) >= self._workers * (1 + _WAITING_PER_WORKER):
                        yield from _finished(open_)
                while open_:
                    yield from _finished(open_)
            except BrokenProcessPool:
                suspects.extend((job, attempts + 1) for job, attempts in open_.values())
                raise


@contextlib.contextmanager
def _processes(
    number: int, start: Callable[..., None], *given: object
) -> Iterator[ProcessPoolExecutor]:
    """Processes that begin with ``start``; at the end all of them have gone."""
    others = set(multiprocessing.active_children())
    executor = ProcessPoolExecutor(number, worker_context(), start, given)
    try:
        yield executor
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - others:
            process.kill()
            process.join()
        remove_stale_groups()


def _finished(open_: dict[Future[Done], tuple[Job, int]]) -> Iterator[Done]:
    """Wait for one future at least; raises BrokenProcessPool when a worker died."""
    for future in wait(open_, return_when=FIRST_COMPLETED).done:
        result = future.result()
        del open_[future]
        yield result


def _start(bundle: Bundle) -> None:
    """Load the judge, once in each worker; it goes when the one that started it has gone."""
    global _grader
    _follow_parent()
    try:
        _grader = Grader(bundle)
    except Exception as error:  # told by the first job: from here it would only break the pool
        _grader = error


def _follow_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that started it
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()


def _follow(parent: int) -> None:
    wait_for([parent])
    os._exit(1)


def _grade(job: Job) -> Done:
    if isinstance(_grader, Exception):
        with told("a worker cannot start"):
            raise _grader
    return _grader.grade(job)
