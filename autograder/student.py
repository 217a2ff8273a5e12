"""A student's functions, as tests see them: called like any function, wherever they really run.

``student.sigmoid(x)`` copies its arguments to the student and a value back. What goes wrong in
between is a StudentFailure with a sentence for the student; everything called is kept in
``student.calls`` for the report and the diagnosis.
"""

from __future__ import annotations

import contextlib
import copy
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.compare import show
from autograder.model import GraderError, StudentFailure
from autograder.sandbox.inside.observe import copied, describe_error, observe
from autograder.sandbox.inside.stand_ins import refuse_stand_ins
from autograder.sandbox.limits import Limits
from autograder.sentences import late, missing, raised, refuse_more
from autograder.time_limit import TimeUp, time_limit

__all__ = [
    "Call",
    "LocalStudent",
    "Reply",
    "Student",
    "StudentFunction",
]


@dataclass(frozen=True)
class Reply:
    """What a call returned and did: ``mutated`` names the arguments it changed."""

    value: Any
    mutated: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    printed: str = ""


@dataclass(frozen=True)
class Call:
    """A call made of a student, with what came of it: a Reply or a StudentFailure."""

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
    """One function of a student's. Calling it gives the value; ``reply`` all that it did."""

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
    """The functions of one submission. Subclasses say how a call reaches them (``_run``)."""

    calls: list[Call] = field(default_factory=list, init=False)

    def __getattr__(self, name: str) -> StudentFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        return StudentFunction(self, name)

    def call(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        """Call the student's function ``name``; raises StudentFailure when it does not return.

        Where a function among the arguments asserts something (a test's own assertion) or stumbles
        over the grader, its exception passes through, whatever the student made of it. Any other
        is an answer to what the student asked of it, and theirs to handle.
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
        """The student's global variable ``name`` as data; None when there is none.

        Raises StudentFailure when it cannot be had.
        """
        raise NotImplementedError

    def _run(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        raise NotImplementedError


class LocalStudent(Student):
    """Functions of a namespace of this process: a notebook's own, a reference, a misconception.

    With ``limits``, calls may take as long as in the sandbox, and no longer.
    """

    def __init__(self, namespace: Mapping[str, Any], limits: Limits | None = None) -> None:
        super().__init__()
        self._namespace, self._limits = namespace, limits
        self._timeouts, self._start = 0, time.monotonic()

    def read_value(self, name: str) -> object:
        return self._namespace.get(name)

    def _run(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Reply:
        function = self._namespace.get(name)
        if not callable(function):
            raise missing(name)
        args, kwargs = copied(args), copied(dict(kwargs))
        try:
            with self._limited(name):
                seen = observe(function, args, kwargs)
            refuse_stand_ins(seen.value)
        except StudentFailure:
            raise
        except (Exception, SystemExit) as error:
            raise raised(name, describe_error(error)) from None
        return Reply(seen.value, seen.mutated, seen.warnings, seen.printed)

    @contextlib.contextmanager
    def _limited(self, name: str) -> Iterator[None]:
        if self._limits is None:
            yield
            return
        left = self._limits.exercise_seconds - (time.monotonic() - self._start)
        refuse_more(name, self._timeouts, left, self._limits)
        try:
            with time_limit(min(left, self._limits.call_seconds)):
                yield
        except TimeUp:
            self._timeouts += 1
            raise late(name, left, self._limits) from None


def _guarded(values: Any, errors: list[BaseException]) -> Any:
    """``values`` with each function in it wrapped, so that what it raises is kept in ``errors``."""
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
    """An argument as it is now: a Generator moves on when used, and a test may change its array."""
    if isinstance(value, np.ndarray) and value.flags.writeable:
        return value.copy()
    return copy.deepcopy(value) if isinstance(value, np.random.Generator) else value
