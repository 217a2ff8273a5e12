"""Workers of a Dask cluster, to grade a class on several machines."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

from autograder.classroom.bundle import Bundle
from autograder.classroom.grader import Grader
from autograder.classroom.job import Done, Job
from autograder.classroom.pool import ATTEMPTS, EXAMINATION_DIED
from autograder.core.errors import GraderError, UserError
from autograder.judging.fingerprint import engine_digest, environment
from autograder.nbgrader_bridge.released import Released
from autograder.sandbox.host.bubblewrap import Isolation
from autograder.sandbox.host.session import assert_isolates

try:
    import distributed
    from distributed import Client, WorkerPlugin, as_completed
except ImportError:
    raise UserError(
        "a cluster needs Dask: run `pip install 'unroll-course[cluster]'` here and on its machines"
    ) from None

__all__ = ["Cluster"]

_WAITING_PER_THREAD = 3
CONNECT_SECONDS = 10

_graders: dict[str, Grader] = {}


class _Preparation(WorkerPlugin):
    """A Dask plugin that loads the judge on each worker, including those that join later."""

    def __init__(self, bundle: Bundle, wanted: str) -> None:
        self.name = f"unroll-{bundle.digest}"
        self._bundle, self._wanted = bundle, wanted

    def setup(self, worker: Any) -> None:
        _assert_same({worker.address: _theirs()}, self._wanted)
        assert_isolates(self._bundle.isolation)
        _graders[self._bundle.digest] = Grader(self._bundle)

    def teardown(self, worker: Any) -> None:
        _graders.pop(self._bundle.digest, None)


class Cluster:
    """A context manager that grades jobs on the workers of the scheduler at ``address``."""

    def __init__(self, bundle: Bundle, address: str) -> None:
        self._bundle = bundle
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise UserError(
                f"there is no Dask scheduler at {address}: start one with `dask scheduler`, and "
                "workers with `dask worker ADDRESS --nthreads 1`"
            ) from error

    def __enter__(self) -> Self:
        try:
            self._check()  # before any worker gets the bundle, which holds the hidden tests
            self._client.register_plugin(_Preparation(self._bundle, ours()))
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        with contextlib.suppress(Exception):  # the cluster may be gone, and nothing here needs it
            self._client.unregister_worker_plugin(f"unroll-{self._bundle.digest}")
        self._client.close()

    def run(self, jobs: Iterable[Job]) -> Generator[Done]:
        """Yield outcomes as they become ready, and take a new job from ``jobs`` for each."""
        remaining = iter(jobs)
        students: dict[Any, str] = {}
        ready = as_completed(loop=self._client.loop)

        def hand_out(number: int) -> None:
            for job in itertools.islice(remaining, number):
                future = self._client.submit(
                    _grade, self._bundle.digest, job, pure=False, retries=ATTEMPTS - 1
                )
                students[future.key] = job.student
                ready.add(future)

        hand_out(1 + sum(self._threads().values()) * (1 + _WAITING_PER_THREAD))
        for future in ready:
            yield self._outcome(future, students.pop(future.key))
            future.release()
            hand_out(1)

    def examine(self, found: Sequence[Released]) -> None:
        """Run ``bundle.examine`` on a worker, for a machine that cannot have a sandbox itself."""
        future = self._client.submit(self._bundle.examine, found, pure=False)
        try:
            future.result()
        except distributed.KilledWorker as error:
            raise GraderError(EXAMINATION_DIED) from error

    def _outcome(self, future: Any, student: str) -> Done:
        try:
            done: Done = future.result()
        except distributed.KilledWorker:
            why = "the worker that graded it died several times: review it by hand"
            return Done(student, problem=why)
        except distributed.client.FutureCancelledError as error:
            raise GraderError(
                f"the cluster is gone: {error}. Grades so far are saved. Start it again, then run "
                "the same command to resume"
            ) from error
        return done

    def _threads(self) -> Mapping[str, int]:
        found: Mapping[str, int] = self._client.nthreads()
        return found

    def _check(self) -> None:
        """Raise UserError unless all run the same software and workers can have sandboxes."""
        try:
            found = {"the scheduler": self._client.run_on_scheduler(_theirs)}
            found.update(self._client.run(_theirs))
        except Exception as error:
            raise UserError(
                f"the cluster cannot run Unroll ({type(error).__name__}: {error}): install the "
                f"same software on scheduler and workers as here ({ours()})"
            ) from error
        if len(found) == 1:
            raise UserError(
                "the scheduler has no workers: start some with `dask worker ADDRESS --nthreads 1`"
            )
        _assert_same(found, ours())
        for address, problem in self._client.run(_why_not, self._bundle.isolation).items():
            if problem:
                raise UserError(f"the worker {address}: {problem}")
        busy = [address for address, threads in self._threads().items() if threads > 1]
        if busy:
            raise UserError(
                f"the worker {busy[0]} has several threads, but only one of them could grade: "
                "start workers with --nthreads 1 (and several with --nworkers)"
            )


def _assert_same(found: Mapping[str, str], wanted: str) -> None:
    for place, runs in found.items():
        if runs != wanted:
            raise UserError(
                f"{place} runs {runs}, but this machine runs {wanted}: install the same software"
            )


def ours() -> str:
    """The software of this process, with a digest of every file of the engine."""
    return _theirs()


def _theirs() -> str:
    return str(replace(environment(), engine=engine_digest()))


def _why_not(isolation: Isolation) -> str:
    """The reason why this worker cannot have a sandbox; empty if it can."""
    try:
        assert_isolates(isolation)
    except GraderError as error:
        return str(error)
    return ""


def _grade(bundle: str, job: Job) -> Done:
    return _graders[bundle].grade(job)
