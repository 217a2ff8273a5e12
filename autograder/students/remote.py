"""Call a student's functions in the sandbox."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.core.errors import GraderError, Kind, StudentFailure
from autograder.sandbox.host.channel import Closed, TimedOut
from autograder.sandbox.host.exception_text import error_of, one_line
from autograder.sandbox.host.limits import Limits
from autograder.sandbox.host.process import Guest
from autograder.sandbox.host.session import Sandbox
from autograder.sandbox.wire.codec import Reference, WireError
from autograder.sandbox.wire.protocol import Call, CallbackAnswer, Exit, Fork, Read, Replace
from autograder.students.base import Reply, Student, late, missing, raised, refuse_more, timeout

__all__ = ["Handle", "RemoteStudent", "remote_student"]

_SHORT = 2.0  # seconds for requests that the guest answers at once
_MAX_PRINTED = 10_000
_MOST_LINES = 20
_SIGNALS = {each.value: each.name for each in signal.Signals}


@dataclass(frozen=True)
class Handle:
    """An object that stays in the sandbox, for example a student's cache."""

    id: int
    label: str


class _EndlessCallbacks(Exception):
    """The signal that a student's function made too many callbacks."""


@contextlib.contextmanager
def remote_student(
    sandbox: Sandbox,
    replacing: Mapping[str, Callable[..., object]] | None = None,
    caching: Collection[str] = (),
) -> Iterator[RemoteStudent]:
    """The functions of the student in ``sandbox``, in a fork of their own for one exercise.

    ``replacing`` substitutes functions; the caches that functions in ``caching`` return stay there.
    """
    student = RemoteStudent(sandbox, replacing or {}, caching)
    try:
        yield student
    finally:
        student.end()


class RemoteStudent(Student):
    """A student's functions in the sandbox, for the tests of one exercise.

    The caches that functions named in ``caching`` return stay there, and a Handle stands for each.
    ``cpu_seconds`` is their processor time as the guest reports it at the end of the exercise.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        replacing: Mapping[str, Callable[..., object]],
        caching: Collection[str] = (),
    ) -> None:
        super().__init__()
        self._sandbox, self._replacing, self._caching = sandbox, replacing, caching
        self._limits = sandbox.limits
        self._fork: Guest | None = None
        self._names: set[str] = set()
        self._functions: list[Callable[..., object]] = []
        self.cpu_seconds = 0.0
        self._received_before = 0
        self._timeouts = 0
        self._is_busy = False
        self._deadline = min(time.monotonic() + self._limits.exercise_seconds, sandbox.deadline)

    def end(self) -> None:
        """End the fork; kill the sandbox if the fork does not end on request."""
        if self._fork is None:
            return
        deadline = time.monotonic() + _SHORT
        try:
            last = self._fork.ask(Exit(op="exit"), deadline)
            if "ended" not in last:
                self._sandbox.kill()
            used = last.get("cpu_seconds")
            self.cpu_seconds = used if isinstance(used, float) else 0.0
            self._sandbox.note_seconds(self.cpu_seconds, last.get("own_seconds"))
        except (Closed, TimedOut):
            self._sandbox.kill()
        self._fork = None

    def read_value(self, name: str) -> object:
        self.end()
        self._fork = self._sandbox.guest()  # without a fork, the guest answers itself
        try:
            deadline = time.monotonic() + _SHORT
            reply = self._fork.ask(Read(op="read", name=name), deadline, None, _resolve)
        except (Closed, TimedOut) as error:
            self._abandon(name)
            raise _crash(f"`{name}` cannot be read: {error}") from None
        self._fork = None
        if "error" in reply:
            raise raised(name, error_of(reply["error"]))
        return reply.get("value")

    def _run(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        left = self._deadline - time.monotonic()
        refuse_more(name, self._timeouts, left, self._limits)
        if self._is_busy:
            raise GraderError(
                f"a test's function calls the student's `{name}` while the student is answering: "
                "compute the value without the student, or before the call"
            )
        self._is_busy = True
        try:
            return self._converse(name, args, kwargs)
        except _EndlessCallbacks:
            self._abandon(name)
            self._timeouts += 1
            most = self._limits.callbacks_per_call
            raise timeout(
                f"`{name}` calls the functions that it is given more than {most} times: "
                "look for a loop that never ends"
            ) from None
        except TimedOut:
            self._abandon(name)
            self._timeouts += 1
            raise late(name, left, self._limits) from None
        except Closed as error:
            self._abandon(name)
            raise _crash(f"`{name}` broke its connection to the grader: {error}") from None
        except WireError as error:
            self._abandon(name)
            raise _crash(
                f"`{name}` cannot get a value that an earlier call or a callback returned: {error}"
            ) from None
        finally:
            self._is_busy = False

    def _converse(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        fork = self._ready_fork()
        if name not in self._names:
            raise missing(name)
        base = len(self._functions)
        deadline = min(time.monotonic() + self._limits.call_seconds, self._deadline)
        keep = name in self._caching
        request = Call(op="call", name=name, args=[*args], kwargs=dict(kwargs), keep=keep)
        try:
            message = fork.ask(request, deadline, self._refer, _resolve)
            for _ in range(self._limits.callbacks_per_call):
                if fork.received - self._received_before > self._limits.replies_per_exercise:
                    most = self._limits.replies_per_exercise // 2**20
                    raise Closed(f"it has sent more than {most} MiB")
                if "callback" not in message:
                    return self._reply(name, message)
                answer = self._call_back(message)
                message = fork.ask(answer, deadline, self._refer, _resolve)
        finally:  # after its call, student code must not call a test's function
            del self._functions[base:]
        raise _EndlessCallbacks

    def _ready_fork(self) -> Guest:
        if self._fork is None:
            guest = self._sandbox.guest()
            deadline = min(time.monotonic() + self._limits.start_seconds, self._deadline)
            names = guest.ask(Fork(op="fork"), deadline).get("names")
            if not isinstance(names, list):
                raise Closed("the sandbox sent no names")
            self._fork, self._functions = guest, []
            self._received_before = guest.received
            self._names = {*(each for each in names if isinstance(each, str)), *self._replacing}
            for name, function in self._replacing.items():
                request = Replace(op="replace", name=name, function=function)
                guest.ask(request, deadline, self._refer)
        return self._fork

    def _abandon(self, name: str) -> None:
        """Kill the sandbox; raises an error if its code or the machine ran out of memory."""
        fork, self._fork = self._fork, None
        self._sandbox.kill()  # first, whatever the question below raises
        if fork is not None and fork.lacked_memory:
            most = self._limits.memory // 2**20
            raise _crash(f"`{name}` was stopped: it used more than {most} MiB of memory in all")

    def _reply(self, name: str, message: dict[str, Any]) -> Reply:
        if "ended" in message:
            code = _exit_code(message["ended"])
            if code == -signal.SIGKILL:
                self._abandon(name)
            self._fork = None
            raise _crash(f"`{name}` {_how_ended(code, self._limits)}")
        if "error" in message:
            raise raised(name, error_of(message["error"]))
        try:
            return Reply(
                message["value"],
                tuple(map(one_line, message.get("mutated", ())[:_MOST_LINES])),
                tuple(map(one_line, message.get("warnings", ())[:_MOST_LINES])),
                "" + message.get("printed", "")[:_MAX_PRINTED],
            )
        except (KeyError, TypeError) as error:
            raise Closed("the sandbox sent no valid reply") from error

    def _call_back(self, message: dict[str, Any]) -> CallbackAnswer:
        """Call a function that was sent to the student, here, with the student's arguments."""
        try:
            function = self._functions[message["callback"]]
            args, kwargs = tuple(message["args"]), dict(message["kwargs"])
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise Closed("the sandbox called back a function that it was not given") from error
        if _size([*args, *kwargs.values()]) > self._limits.callback_size:
            return CallbackAnswer(
                error="a function was called with more or larger arguments than allowed"
            )
        try:
            value = function(*args, **kwargs)
        except Exception as error:
            return CallbackAnswer(error=f"{type(error).__name__}: {error}")
        same = [i for i, arg in enumerate(args) if value is arg]
        return CallbackAnswer(same=same[0]) if same else CallbackAnswer(value=value)

    def _refer(self, value: object) -> Reference | None:
        if isinstance(value, Handle):
            return Reference("handle", value.id, "")
        if callable(value):
            self._functions.append(value)
            label = getattr(value, "__name__", "function")
            return Reference("callable", len(self._functions) - 1, label)
        return None


def _resolve(reference: Reference) -> object:
    if reference.kind != "handle":
        raise ValueError("the sandbox may send only handles")
    return Handle(reference.id, one_line(reference.label))


def _size(values: list[object]) -> int:
    """The number of numbers in ``values``, times the integers among them; see ``Limits``."""
    numbers, lengths = 0, 1
    while values:
        value = values.pop()
        if isinstance(value, list | tuple):
            values += value
        elif isinstance(value, dict):
            values += value.values()
        elif isinstance(value, np.ndarray):
            numbers += math.prod(max(1, n) for n in value.shape)
        elif isinstance(value, int | np.integer):
            lengths *= max(1, abs(int(value)))
        numbers += 1
    return numbers * lengths


def _exit_code(status: object) -> int:
    if not isinstance(status, int) or not 0 <= status < 2**16 or os.WIFSTOPPED(status):
        raise Closed("the sandbox sent no valid status")
    return os.waitstatus_to_exitcode(status)


def _how_ended(code: int, limits: Limits) -> str:
    if code in (-signal.SIGKILL, -signal.SIGXCPU):
        return f"was stopped: it used more than {limits.cpu_seconds} s of processor time"
    if code < 0:
        return f"crashed the Python process ({_SIGNALS.get(-code, -code)})"
    return f"ended the Python process (exit status {code}) instead of returning"


def _crash(summary: str) -> StudentFailure:
    return StudentFailure(summary, kind=Kind.CRASHED)
