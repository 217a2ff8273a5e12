"""Which known misconception explains a student's wrong answers?

The calls that the tests made of the student are made of each misconception too. A misconception
that does the same in every call (same values, warnings, changed arguments and exceptions), and is
not what the reference does, is the diagnosis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograder.compare import assert_close
from autograder.model import StudentFailure
from autograder.student import Call, LocalStudent, Reply
from autograder.suite import Misconception

__all__ = ["diagnose"]

_MOST_CALLS = 400
_RTOL = 1e-7  # the same mistake may be typed in different ways


def diagnose(
    exercise: str,
    calls: Sequence[Call],
    misconceptions: Sequence[Misconception],
    reference: Mapping[str, Any],
) -> Misconception | None:
    """The first misconception of ``exercise`` that did in every call what the student did.

    None when no misconception explains the calls, or when nothing in them is wrong.
    """
    sample = [call for call in calls if call.name == exercise][:_MOST_CALLS]
    telling = [call for call in sample if not _matches(call, reference[exercise])]
    if not telling:
        return None
    for candidate in misconceptions:
        if candidate.exercise == exercise and _explains(candidate.function, telling, sample):
            return candidate
    return None


def _explains(
    function: Callable[..., Any], telling: Sequence[Call], sample: Sequence[Call]
) -> bool:
    """Whether ``function`` did what the student did; the calls that went wrong are tried first."""
    return all(_matches(call, function) for call in _each_once(telling, sample))


def _each_once(*groups: Sequence[Call]) -> Iterator[Call]:
    seen: set[int] = set()
    for group in groups:
        for call in group:
            if id(call) not in seen:
                seen.add(id(call))
                yield call


def _matches(call: Call, function: Callable[..., Any]) -> bool:
    """Whether ``function`` does in ``call`` what the student did."""
    ours: Reply | StudentFailure
    try:
        ours = LocalStudent({call.name: function}).call(call.name, call.args, call.kwargs)
    except StudentFailure as failure:
        ours = failure
    except Exception:  # a test's own function among the arguments refused what it was given
        return False
    theirs = call.result
    if isinstance(ours, StudentFailure) or isinstance(theirs, StudentFailure):
        return (
            isinstance(ours, StudentFailure)
            and isinstance(theirs, StudentFailure)
            and (ours.kind, ours.error) == (theirs.kind, theirs.error)
        )
    if len(ours.mutated) != len(theirs.mutated) or bool(ours.warnings) != bool(theirs.warnings):
        return False
    try:
        assert_close(theirs.value, ours.value, rtol=_RTOL)
    except (StudentFailure, TypeError, ValueError):
        return False
    return True
