"""Which known misconceptions explain a student's wrong answers?

The calls that the tests made of the student are made of each misconception too. A misconception
that does the same in every call (same values, warnings, changed arguments and exceptions), and is
not what the reference does, is the diagnosis. Where there is none, changed arguments, warnings and
form are set aside; then two misconceptions may explain the parts of a result between them.

Caches are the student's own: they are not compared, and where a call was given one that an earlier
call returned, the misconception is given the reference's cache for the same inputs.
"""

from __future__ import annotations

import ast
import functools
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from autograder.core.errors import StudentFailure
from autograder.students.base import Call, Reply
from autograder.students.local import LocalStudent
from autograder.suite import Misconception
from autograder.testing.compare import assert_close
from autograder.testing.form import in_form

__all__ = ["Diagnosis", "diagnose", "returns_cache"]

_MOST_CALLS = 400
_MOST_OF_PARTS = 60  # calls of which the parts are looked at one by one
_RTOL = 1e-7  # the same mistake may be typed in different ways
_BESIDES = " Besides, "

Function = Callable[..., Any]
Given = tuple[Any, ...]


@dataclass(frozen=True)
class Diagnosis:
    """The misconceptions that explain the answers, two at most, and the arguments changed."""

    causes: tuple[Misconception, ...] = ()
    mutated: tuple[str, ...] = ()

    def __str__(self) -> str:
        text = " ".join(cause.hint for cause in self.causes)
        if not text or not self.mutated:
            return text
        names = " and ".join(f"`{name}`" for name in self.mutated)
        return f"{text}{_BESIDES}your function changes its argument {names}: work on a copy."

    @staticmethod
    def names(text: str, misconception: Misconception) -> bool:
        """Whether a diagnosis, as text, names ``misconception`` as the only cause of values."""
        return text.partition(_BESIDES)[0] == misconception.hint


def diagnose(
    exercise: str,
    calls: Sequence[Call],
    misconceptions: Sequence[Misconception],
    reference: Mapping[str, Any],
) -> Diagnosis:
    """The misconceptions of ``exercise`` that do in every call what the student did.

    The diagnosis is empty when none explain the calls, or when nothing in them is wrong.
    """
    right: Function = reference[exercise]
    own = [each for each in misconceptions if each.exercise == exercise]
    sample = [
        _Sample(call, args, returns_cache(right))
        for call, args in _with_reference_caches(calls, reference)
        if call.name == exercise
    ][:_MOST_CALLS]
    telling = [each for each in sample if not each.is_done_by(right)]
    if not telling:
        return Diagnosis()
    for candidate in own:
        # the calls that went wrong come first: they rule most candidates out at once
        if all(each.is_done_by(candidate.function) for each in (*telling, *sample)):
            return Diagnosis((candidate,))
    mutated = _mutated(sample)
    telling = [each for each in telling if not each.has_values_of(right, right)]
    for candidate in own if telling else ():
        if all(each.has_values_of(candidate.function, right) for each in (*telling, *sample)):
            return Diagnosis((candidate,), mutated)
    parts = [*telling[: _MOST_OF_PARTS // 2], *sample][:_MOST_OF_PARTS]
    return Diagnosis(_by_parts(parts, own, right) if telling else (), mutated)


def _mutated(sample: Sequence[_Sample]) -> tuple[str, ...]:
    results = [each.call.result for each in sample]
    names = [name for each in results if isinstance(each, Reply) for name in each.mutated]
    return tuple(dict.fromkeys(names))


def _by_parts(
    sample: Sequence[_Sample], candidates: Sequence[Misconception], right: Function
) -> tuple[Misconception, ...]:
    """One or two misconceptions such that each part of every result is theirs, or right."""
    done = [each.parts_of(right, right) for each in sample]
    if not done or any(each is None or len(each) < 2 for each in done):
        return ()
    everything = set(range(len(done[0] or ())))
    fine = _always(done)
    explained = {
        candidate: _always([each.parts_of(candidate.function, right) for each in sample])
        for candidate in candidates
    }
    telling = {one: parts - fine for one, parts in explained.items() if parts - fine}
    for count in (1, 2):
        for causes in combinations(telling, count):
            if fine.union(*(telling[one] for one in causes)) == everything:
                return causes
    return ()


def _always(done: Sequence[tuple[bool, ...] | None]) -> set[int]:
    """The numbers of the parts that are the same in all calls."""
    if any(each is None for each in done):
        return set()
    return {i for i, same in enumerate(zip(*filter(None, done), strict=False)) if all(same)}


@functools.cache  # asked for each call, answered from the source
def returns_cache(function: Function) -> bool:
    """Whether the last thing that a reference function returns is, by its name, a cache."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    return any(
        isinstance(node, ast.Return)
        and isinstance(node.value, ast.Tuple)
        and isinstance(node.value.elts[-1], ast.Name)
        and node.value.elts[-1].id == "cache"
        for node in ast.walk(tree)
    )


def _with_reference_caches(
    calls: Sequence[Call], reference: Mapping[str, Any]
) -> Iterator[tuple[Call, tuple[Any, ...]]]:
    """Each call with its arguments, where the student's caches are replaced by the reference's."""
    made: dict[int, Call] = {}
    for call in calls:
        args = tuple(
            _cache_of(made[id(arg)], reference) if id(arg) in made else arg for arg in call.args
        )
        value = call.result.value if isinstance(call.result, Reply) else None
        if isinstance(value, tuple) and value and returns_cache(reference[call.name]):
            made[id(value[-1])] = call
        yield call, args


def _cache_of(call: Call, reference: Mapping[str, Any]) -> Any:
    return reference[call.name](*call.args, **call.kwargs)[-1]


@dataclass(frozen=True)
class _Sample:
    """A call of the student's, with the arguments that other functions are given for it."""

    call: Call
    args: Given
    has_cache: bool

    def is_done_by(self, function: Function) -> bool:
        """Whether ``function`` does what the student did, all that can be seen of it."""
        ours, theirs = self._tried(function), self.call.result
        if isinstance(ours, Reply) and isinstance(theirs, Reply):
            return (
                len(ours.mutated) == len(theirs.mutated)
                and bool(ours.warnings) == bool(theirs.warnings)
                and _close(self._compared(theirs.value), self._compared(ours.value))
            )
        return _same_failure(ours, theirs)

    def has_values_of(self, function: Function, right: Function) -> bool:
        """Whether ``function`` gives the student's values, in the form that is right."""
        ours, theirs = self._tried(function), self.call.result
        if isinstance(ours, Reply) and isinstance(theirs, Reply):
            return _close(self._in_form(theirs.value, right), self._in_form(ours.value, right))
        return _same_failure(ours, theirs)

    def parts_of(self, function: Function, right: Function) -> tuple[bool, ...] | None:
        """For each part of the result, whether ``function`` gives it; None if they have others."""
        ours, theirs = self._tried(function), self.call.result
        if not (isinstance(ours, Reply) and isinstance(theirs, Reply)):
            return None
        mine, yours = (self._in_form(each.value, right) for each in (ours, theirs))
        if not (isinstance(mine, tuple) and isinstance(yours, tuple) and len(mine) == len(yours)):
            return None
        return tuple(_close(a, b) for a, b in zip(yours, mine, strict=True))

    def _tried(self, function: Function) -> Reply | StudentFailure | None:
        """What ``function`` does; None where a test's own function refuses what it is given."""
        try:
            return LocalStudent({self.call.name: function}).call(
                self.call.name, self.args, self.call.kwargs
            )
        except StudentFailure as failure:
            return failure
        except Exception:
            return None

    def _in_form(self, value: Any, right: Function) -> Any:
        done = self._tried(right)
        value = self._compared(value)
        return in_form(value, self._compared(done.value)) if isinstance(done, Reply) else value

    def _compared(self, value: Any) -> Any:
        return value[:-1] if self.has_cache and isinstance(value, tuple) else value


def _same_failure(ours: Reply | StudentFailure | None, theirs: Reply | StudentFailure) -> bool:
    return (
        isinstance(ours, StudentFailure)
        and isinstance(theirs, StudentFailure)
        and (ours.kind, ours.error) == (theirs.kind, theirs.error)
    )


def _close(theirs: Any, ours: Any) -> bool:
    try:
        assert_close(theirs, ours, rtol=_RTOL, finite=False)
    except (StudentFailure, TypeError, ValueError):
        return False
    return True
