"""Which known misconception explains a student's wrong answers?

The calls that the tests made of the student are made of each misconception too. A misconception
that does the same in every call (same values, warnings, changed arguments and exceptions), and is
not what the reference does, is the diagnosis.

Caches are the student's own: they are not compared, and where a call was given one that an earlier
call returned, the misconception is given the reference's cache for the same inputs.
"""

from __future__ import annotations

import ast
import functools
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograder.core.errors import StudentFailure
from autograder.students.base import Call, Reply
from autograder.students.local import LocalStudent
from autograder.suite import Misconception
from autograder.testing.compare import assert_close

__all__ = ["diagnose", "returns_cache"]

_MOST_CALLS = 400
_RTOL = 1e-7  # the same mistake may be typed in different ways

Function = Callable[..., Any]


def diagnose(
    exercise: str,
    calls: Sequence[Call],
    misconceptions: Sequence[Misconception],
    reference: Mapping[str, Any],
) -> Misconception | None:
    """The first misconception of ``exercise`` that did in every call what the student did.

    None when no misconception explains the calls, or when nothing in them is wrong.
    """
    has_cache = returns_cache(reference[exercise])
    sample = [
        (call, args)
        for call, args in _with_reference_caches(calls, reference)
        if call.name == exercise
    ][:_MOST_CALLS]
    telling = [pair for pair in sample if not _matches(*pair, reference[exercise], has_cache)]
    if not telling:
        return None
    for candidate in misconceptions:
        # the calls that went wrong come first: they rule most candidates out at once
        if candidate.exercise == exercise and all(
            _matches(*pair, candidate.function, has_cache) for pair in (*telling, *sample)
        ):
            return candidate
    return None


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


def _matches(call: Call, args: tuple[Any, ...], function: Function, has_cache: bool) -> bool:
    """Whether ``function``, given ``args``, does what the student did in ``call``."""
    ours: Reply | StudentFailure
    try:
        ours = LocalStudent({call.name: function}).call(call.name, args, call.kwargs)
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
        assert_close(
            _compared(theirs.value, has_cache), _compared(ours.value, has_cache), rtol=_RTOL
        )
    except (StudentFailure, TypeError, ValueError):
        return False
    return True


def _compared(value: Any, has_cache: bool) -> Any:
    return value[:-1] if has_cache and isinstance(value, tuple) else value
