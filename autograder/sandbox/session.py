"""One submission's sandbox: its cells loaded once, each exercise in a fresh fork of that.

What hangs or breaks the worker costs the call that did it: the sandbox is killed, and the next call
starts a new one with the same cells.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from autograder.model import CellProblem, GraderError, Kind, StudentFailure
from autograder.notebook import Cell
from autograder.sandbox.bubblewrap import Isolation, command
from autograder.sandbox.channel import Channel, Closed, TimedOut
from autograder.sandbox.limits import Limits
from autograder.student import Reply, Student, missing, raised, sentence
from autograder.wire import Reference

__all__ = ["Handle", "RemoteStudent", "Sandbox"]

_SHORT = 2.0  # seconds for what the worker answers at once


@dataclass(frozen=True)
class Handle:
    """An object that stayed with the student (a cache of their own kind, say)."""

    id: int
    label: str


class _EndlessCallbacks(Exception):
    """The student's function calls a given function again and again."""


class Sandbox:
    """A context manager: ``with Sandbox(cells) as sandbox, sandbox.exercise() as student: ...``.

    ``problems`` lists the cells that did not run to their end. Raises GraderError when the sandbox
    cannot be had here.
    """

    def __init__(
        self,
        cells: Sequence[Cell],
        isolation: Isolation = Isolation.BUBBLEWRAP,
        limits: Limits | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self._cells, self._isolation = cells, isolation
        self._worker: _Worker | None = None
        self._problems: dict[int, CellProblem] = {}
        self._skipped: set[int] = set()
        self.deadline = time.monotonic() + self.limits.submission_seconds

    @property
    def problems(self) -> tuple[CellProblem, ...]:
        return tuple(self._problems[index] for index in sorted(self._problems))

    def __enter__(self) -> Self:
        try:
            self.worker()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.kill()

    @contextlib.contextmanager
    def exercise(
        self, replacing: Mapping[str, Callable[..., object]] | None = None
    ) -> Iterator[RemoteStudent]:
        """The student's functions, in a fork of their own; ``replacing`` puts others in place."""
        student = RemoteStudent(self, replacing or {})
        try:
            yield student
        finally:
            student.end()

    def worker(self) -> _Worker:
        """The worker with the cells loaded; started when there is none."""
        while self._worker is None:
            worker = _Worker(self._isolation, self.limits)
            try:
                self._load(worker)
            except (Closed, TimedOut):
                worker.kill()
            except BaseException:
                worker.kill()
                raise
            else:
                self._worker = worker
        return self._worker

    def kill(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker = None

    def _load(self, worker: _Worker) -> None:
        """Run the cells; one that hangs or ends the worker is skipped from then on."""
        for cell in self._cells:
            if cell.index in self._skipped:
                continue
            deadline = min(time.monotonic() + self.limits.cell_seconds, self.deadline)
            try:
                reply = worker.ask(
                    {"op": "cell", "index": cell.index, "source": cell.source}, deadline
                )
            except (Closed, TimedOut) as error:
                self._skipped.add(cell.index)
                self._problems[cell.index] = CellProblem(cell.index, self._why_skipped(error))
                raise
            if "error" in reply:
                message = sentence(_checked_error(reply["error"]))
                self._problems[cell.index] = CellProblem(cell.index, message)

    def _why_skipped(self, error: Exception) -> str:
        if isinstance(error, TimedOut):
            return f"did not finish within {self.limits.cell_seconds:g} s and was skipped"
        return "ended the Python process and was skipped"


class RemoteStudent(Student):
    """A student's functions in the sandbox, for the tests of one exercise."""

    def __init__(self, sandbox: Sandbox, replacing: Mapping[str, Callable[..., object]]) -> None:
        super().__init__()
        self._sandbox, self._replacing = sandbox, replacing
        self._limits = sandbox.limits
        self._fork: _Worker | None = None
        self._names: set[str] = set()
        self._functions: list[Callable[..., object]] = []
        self._timeouts = 0
        self._is_busy = False
        self._deadline = min(time.monotonic() + self._limits.exercise_seconds, sandbox.deadline)

    def end(self) -> None:
        """End the fork, politely or not."""
        if self._fork is None:
            return
        deadline = time.monotonic() + _SHORT
        try:
            if "ended" not in self._fork.ask({"op": "exit"}, deadline):
                self._sandbox.kill()
        except (Closed, TimedOut):
            self._sandbox.kill()
        self._fork = None

    def _run(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        if self._timeouts >= self._limits.timeouts_per_exercise:
            raise _skipped(f"not tried: other calls of `{name}` did not return")
        if time.monotonic() > self._deadline:
            raise _skipped(f"not tried: the time for `{name}` is used up")
        if self._is_busy:
            raise GraderError(
                f"a test's function calls the student's `{name}` while the student is answering: "
                "let it compute the value itself, or before"
            )
        self._is_busy = True
        try:
            return self._converse(name, args, kwargs)
        except _EndlessCallbacks:
            self._abandon()
            self._timeouts += 1
            most = self._limits.callbacks_per_call
            raise _timeout(
                f"`{name}` calls the functions that it is given more than {most} times: "
                "look for a loop that never ends"
            ) from None
        except TimedOut:
            self._abandon()
            self._timeouts += 1
            raise _timeout(
                f"`{name}` does not return within {self._limits.call_seconds:g} s: "
                "look for a loop that never ends"
            ) from None
        except Closed as error:
            self._abandon()
            raise _crash(f"`{name}` broke its connection to the grader: {error}") from None
        finally:
            self._is_busy = False

    def _converse(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        fork = self._ready_fork()
        if name not in self._names:
            raise missing(name)
        base = len(self._functions)
        deadline = min(time.monotonic() + self._limits.call_seconds, self._deadline)
        request = {"op": "call", "name": name, "args": args, "kwargs": dict(kwargs)}
        try:
            message = fork.ask(request, deadline, self._refer, _resolve)
            for _ in range(self._limits.callbacks_per_call):
                if "callback" not in message:
                    return self._reply(name, message)
                answer = self._call_back(message)
                message = fork.ask(answer, deadline, self._refer, _resolve)
        finally:
            del self._functions[base:]
        raise _EndlessCallbacks

    def _ready_fork(self) -> _Worker:
        if self._fork is None:
            worker = self._sandbox.worker()
            deadline = time.monotonic() + self._limits.start_seconds
            names = worker.ask({"op": "fork"}, deadline).get("names")
            if not isinstance(names, list):
                raise Closed("the worker sent no names")
            self._fork, self._functions = worker, []
            self._names = {*map(str, names), *self._replacing}
            for name, function in self._replacing.items():
                request = {"op": "replace", "name": name, "function": function}
                worker.ask(request, deadline, self._refer)
        return self._fork

    def _abandon(self) -> None:
        self._fork = None
        self._sandbox.kill()

    def _reply(self, name: str, message: dict[str, Any]) -> Reply:
        if "ended" in message:
            self._fork = None
            raise _crash(f"`{name}` {_how_ended(message['ended'], self._limits)}")
        if "error" in message:
            raise raised(name, _checked_error(message["error"]))
        try:
            return Reply(
                message["value"],
                tuple(map(str, message["mutated"])),
                tuple(map(str, message["warnings"])),
                str(message["printed"]),
            )
        except (KeyError, TypeError) as error:
            raise Closed("the worker sent no valid reply") from error

    def _call_back(self, message: dict[str, Any]) -> dict[str, Any]:
        """Call one of the functions that went to the student, here, with what they gave it."""
        try:
            function = self._functions[message["callback"]]
            args, kwargs = tuple(message["args"]), dict(message["kwargs"])
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise Closed("the worker called back a function that it was not given") from error
        try:
            value = function(*args, **kwargs)
        except Exception as error:
            return {"error": f"{type(error).__name__}: {error}"}
        same = [i for i, arg in enumerate(args) if value is arg]
        return {"same": same[0]} if same else {"value": value}

    def _refer(self, value: object) -> Reference | None:
        if isinstance(value, Handle):
            return Reference("handle", value.id, value.label)
        if callable(value):
            self._functions.append(value)
            label = getattr(value, "__name__", "function")
            return Reference("callable", len(self._functions) - 1, label)
        return None


class _Worker:
    """The worker's process and the channel to it."""

    def __init__(self, isolation: Isolation, limits: Limits) -> None:
        start, settings = command(isolation, limits), _settings(isolation, limits)
        ours, theirs = socket.socketpair()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed by kill)
        try:
            self._process = subprocess.Popen(
                [*start, str(theirs.fileno()), settings],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                start_new_session=True,
                cwd="/",
                env={"LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )
        except OSError as error:
            ours.close()
            self._errors.close()
            raise GraderError(f"the sandbox cannot be started: {error}") from error
        finally:
            theirs.close()
        self._channel = Channel(ours)
        try:
            self._channel.receive(time.monotonic() + limits.start_seconds)
        except (Closed, TimedOut) as error:
            complaint = self._complaint()
            self.kill()
            raise GraderError(f"the sandbox did not start: {complaint}") from error

    def ask(
        self,
        message: dict[str, Any],
        deadline: float,
        refer: Callable[[object], Reference | None] | None = None,
        resolve: Callable[[Reference], object] | None = None,
    ) -> dict[str, Any]:
        self._channel.send(message, deadline, refer)
        return self._channel.receive(deadline, resolve)

    def kill(self) -> None:
        """Kill the worker and, with its process group and PID namespace, all it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._channel.close()
        self._errors.close()

    def _complaint(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read(10_000).decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"


def _settings(isolation: Isolation, limits: Limits) -> str:
    isolated = isolation is Isolation.BUBBLEWRAP
    system = limits.of_system()
    if not isolated:  # per user, not per sandbox: it would count what else the user runs
        del system["RLIMIT_NPROC"]
    return json.dumps({"isolated": isolated, "limits": system})


def _resolve(reference: Reference) -> object:
    if reference.kind != "handle":
        raise ValueError("only handles come from the worker")
    return Handle(reference.id, reference.label)


def _checked_error(error: object) -> dict[str, str]:
    if not isinstance(error, dict):
        raise Closed("the worker sent no valid error")
    return {key: str(error.get(key, "")) for key in ("type", "message", "where")}


def _how_ended(status: object, limits: Limits) -> str:
    code = os.waitstatus_to_exitcode(status) if isinstance(status, int) else 0
    if code in (-signal.SIGKILL, -signal.SIGXCPU):
        return f"was stopped: it used more than {limits.cpu_seconds} s of processor time"
    if code < 0:
        return f"crashed the Python process ({signal.Signals(-code).name})"
    return f"ended the Python process (exit status {code}) instead of returning"


def _timeout(summary: str) -> StudentFailure:
    return StudentFailure(summary, kind=Kind.TIMEOUT)


def _skipped(summary: str) -> StudentFailure:
    return StudentFailure(summary, kind=Kind.SKIPPED)


def _crash(summary: str) -> StudentFailure:
    return StudentFailure(summary, kind=Kind.CRASHED)
