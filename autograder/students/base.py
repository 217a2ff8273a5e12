"""A student's functions as tests see them: called like any function, wherever they run.

``student.sigmoid(x)`` sends copies of its arguments to the student's function and returns a copy of
its value. An error on the way is a StudentFailure with a sentence for the student.
``student.calls`` records all calls for the report and the diagnosis.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.core.errors import GraderError, Kind, StudentFailure
from autograder.sandbox.host.exception_text import sentence
from autograder.sandbox.host.limits import Limits
from autograder.sandbox.wire.protocol import ExceptionText
from autograder.testing.compare import show

__all__ = [
    "Call",
    "Reply",
    "Student",
    "StudentFunction",
    "late",
    "missing",
    "raised",
    "refuse_more",
    "timeout",
]


@dataclass(frozen=True)
class Reply:
    """The result of a call: its value and effects; ``mutated`` names the arguments it changed."""

    value: Any
    mutated: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    printed: str = ""


@dataclass(frozen=True)
class Call:
    """A call of a student's function and its result: a Reply or a StudentFailure."""

    name: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    result: Reply | StudentFailure

    def __str__(self) -> str:
        inside = [show(arg) for arg in self.args]
        inside += [f"{key}={show(arg)}" for key, arg in self.kwargs.items()]
        return f"{self.name}({', '.join(inside)})"


@dataclass(frozen=True)
class StudentFunction:
    """One function of a student's. Calling it returns the value; ``reply`` adds its effects."""

    student: Student
    name: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.reply(*args, **kwargs).value

    def reply(self, *args: Any, **kwargs: Any) -> Reply:
        return self.student.call(self.name, args, kwargs)

    def __repr__(self) -> str:
        return self.name


@dataclass
class Student:
    """The functions of one submission. Subclasses define how a call reaches them (``_run``)."""

    calls: list[Call] = field(default_factory=list, init=False)

    def __getattr__(self, name: str) -> StudentFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        return StudentFunction(self, name)

    def call(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        """Call the student's function ``name``; raises StudentFailure if it does not return.

        A function among the arguments belongs to the test. If it raises an AssertionError or a
        GraderError, that passes through, even if the student's code has caught it. Its other
        exceptions are for the student's code to handle, because its arguments caused them.
        """
        kept = [_kept(arg) for arg in args]
        errors: list[BaseException] = []
        result: Reply | StudentFailure
        try:
            result = self._run(name, _guarded(args, errors), _guarded(kwargs, errors))
        except StudentFailure as failure:
            result = failure
        if errors and isinstance(errors[0], StudentFailure):
            result = errors[0]
        elif errors:
            raise errors[0]
        self.calls.append(Call(name, tuple(kept), kwargs, result))
        if isinstance(result, StudentFailure):
            raise result
        return result

    def read_value(self, name: str) -> object:
        """The student's global variable ``name`` as data; None if there is none.

        Raises StudentFailure if it cannot be read.
        """
        raise NotImplementedError

    def _run(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        raise NotImplementedError


def refuse_more(name: str, timeouts: int, left: float, limits: Limits) -> None:
    """Raise StudentFailure if an exercise may make no more calls.

    ``timeouts`` of its calls did not return, and ``left`` seconds of its time are left.
    """
    if timeouts >= limits.timeouts_per_exercise:
        raise _skipped(f"not tried: other calls of `{name}` did not return")
    if left < 0:
        raise _skipped(f"not tried: the time for `{name}` is used up")


def late(name: str, left: float, limits: Limits) -> StudentFailure:
    """The failure of a function that did not return within the ``left`` seconds of its exercise."""
    if left < limits.call_seconds:
        return timeout(f"the time for `{name}` is used up by its calls")
    return timeout(
        f"`{name}` does not return within {limits.call_seconds:g} s: look for a loop that never "
        "ends"
    )


def timeout(summary: str) -> StudentFailure:
    """The failure of a call that took too long."""
    return StudentFailure(summary, kind=Kind.TIMEOUT)


def _skipped(summary: str) -> StudentFailure:
    return StudentFailure(summary, kind=Kind.SKIPPED)


def missing(name: str) -> StudentFailure:
    """The failure of a function that is not defined."""
    return StudentFailure(
        f"`{name}` is not defined: run (or bring back) the cell with `def {name}(…)`",
        kind=Kind.MISSING,
    )


def raised(name: str, error: ExceptionText) -> StudentFailure:
    """The failure of a function that raised, from the guest's description of the exception."""
    if error["type"] == "NotImplementedError":
        return StudentFailure(
            f"`{name}` is not implemented yet: put your code where "
            "`raise NotImplementedError()` stands",
            kind=Kind.UNFINISHED,
        )
    if error["type"] == "WireError":  # raised by the guest for the value, not by the student
        return StudentFailure(
            f"`{name}` gives a value that cannot be sent to the grader: {error['message']}",
            kind=Kind.RAISED,
        )
    if error["type"] == "StandInUsed":
        where = f" ({error['where']})" if error["where"] else ""
        return StudentFailure(f"`{name}` {error['message']}{where}", kind=Kind.RAISED)
    return StudentFailure(
        f"`{name}` raises {sentence(error)}", kind=Kind.RAISED, error=str(error["type"])
    )


def _guarded(values: Any, errors: list[BaseException]) -> Any:
    """``values`` with each function wrapped to record in ``errors`` what passes through."""
    if isinstance(values, dict):
        return {key: _guarded(value, errors) for key, value in values.items()}
    if isinstance(values, tuple):
        return tuple(_guarded(value, errors) for value in values)
    return _guard(values, errors) if callable(values) else values


def _guard(function: Callable[..., object], errors: list[BaseException]) -> Callable[..., object]:
    def guarded(*args: object, **kwargs: object) -> object:
        try:
            return function(*args, **kwargs)
        except (AssertionError, GraderError) as error:
            errors.append(error)
            raise

    guarded.__name__ = getattr(function, "__name__", "function")
    return guarded


def _kept(value: Any) -> Any:
    """An argument in its present state: a call advances a Generator, a test may change an array."""
    if isinstance(value, np.ndarray) and value.flags.writeable:
        return value.copy()
    return copy.deepcopy(value) if isinstance(value, np.random.Generator) else value
