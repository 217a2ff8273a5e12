"""Worker processes on this machine; each loads the judge once, then grades job after job."""

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
    "the process that judged the reference solution died: check whether a test ends it, or whether "
    f"memory ran out. {NOTHING_DONE}"
)
_EXAMINATION_SECONDS = 300.0
_WAITING_PER_WORKER = 3  # jobs queued beside the one in work, so that no worker waits

_grader: Grader | Exception = GraderError("the worker was not started")


def cores() -> int:
    """The number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class LocalPool:
    """A pool of ``workers`` processes that grade jobs; a process that dies costs no other grade.

    All jobs that were open then are tried again, one at a time, to find the submission that kills
    its worker. After ``ATTEMPTS`` deaths, that submission is left for a person to review.
    """

    def __init__(self, bundle: Bundle, workers: int) -> None:
        self._bundle, self._workers = bundle, workers

    def run(self, jobs: Iterable[Job]) -> Generator[Done]:
        """Yield outcomes as they become ready, and take new jobs only as fast."""
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
                        f"{deaths} workers died one after the other and graded nothing: check that "
                        "there is enough memory, or try fewer --workers"
                    ) from error

    def examine(self, found: Sequence[Released]) -> None:
        """Run ``bundle.examine`` in its own process, because a test may end the process or hang."""
        with _processes(1, _follow_parent) as executor:
            try:
                executor.submit(self._bundle.examine, found).result(_EXAMINATION_SECONDS)
            except BrokenProcessPool as error:
                raise GraderError(EXAMINATION_DIED) from error
            except TimeoutError as error:
                raise GraderError(
                    f"the reference solution was not judged within {_EXAMINATION_SECONDS:g} s: "
                    f"check for a test that never ends. {NOTHING_DONE}"
                ) from error

    def _run(self, jobs: Iterator[Job], suspects: deque[tuple[Job, int]]) -> Iterator[Done]:
        """Grade all jobs. If a worker dies, put the open ones in ``suspects`` and raise."""
        open_: dict[Future[Done], tuple[Job, int]] = {}

        def submit(job: Job, attempts: int) -> None:
            try:
                open_[executor.submit(_grade, job)] = job, attempts
            except BrokenProcessPool:
                suspects.append((job, attempts))
                raise

        with _processes(self._workers, _start, self._bundle) as executor:
            try:
                # Suspects come first and alone: if the worker dies again, this job killed it.
                while suspects:
                    job, attempts = suspects.popleft()
                    if attempts >= ATTEMPTS:
                        why = f"the worker that graded it died {attempts} times: review it by hand"
                        yield Done(job.student, problem=why)
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
    """An executor whose processes begin with ``start``; none of them outlives the context."""
    others = set(multiprocessing.active_children())
    executor = ProcessPoolExecutor(number, worker_context(), start, given)
    try:
        yield executor
    finally:
        # Do not wait for running jobs: a stop or a death must end all processes now. Remove memory
        # groups last, because a control group that holds a process cannot be removed.
        executor.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - others:
            process.kill()
            process.join()
        remove_stale_groups()


def _finished(open_: dict[Future[Done], tuple[Job, int]]) -> Iterator[Done]:
    """Wait for at least one future; raises BrokenProcessPool if a worker died."""
    for future in wait(open_, return_when=FIRST_COMPLETED).done:
        result = future.result()
        del open_[future]
        yield result


def _start(bundle: Bundle) -> None:
    """Load the judge, once in each worker; the worker ends when its parent process ends."""
    global _grader
    _follow_parent()  # before loading, so that a stop meanwhile ends this process, too
    try:
        _grader = Grader(bundle)
    except Exception as error:  # the first job raises it: here it would only break the pool
        _grader = error


def _follow_parent() -> None:
    """End this process when its parent ends, even if the parent is killed."""
    # Ctrl-C reaches the whole process group; only the parent stops the run.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()


def _follow(parent: int) -> None:
    wait_for([parent])
    os._exit(1)  # sys.exit would end this thread alone


def _grade(job: Job) -> Done:
    if isinstance(_grader, Exception):
        with told("a worker cannot start"):
            raise _grader
    return _grader.grade(job)
