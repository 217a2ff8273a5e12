"""Students whose functions run in this process: a notebook, a reference, a misconception."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping
from typing import Any

from autograder.core.errors import StudentFailure
from autograder.sandbox.guest.observe import copied, describe_error, observe
from autograder.sandbox.guest.stand_ins import refuse_stand_ins
from autograder.sandbox.host.limits import Limits
from autograder.students.base import Reply, Student, late, missing, raised, refuse_more
from autograder.students.time_limit import TimeUp, time_limit

__all__ = ["LocalStudent"]


class LocalStudent(Student):
    """Functions of a namespace of this process: a notebook's own, a reference, a misconception.

    With ``limits``, calls have the same limits of time as in the sandbox.
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
