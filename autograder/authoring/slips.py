"""Slips of form, put on the reference: the tests of form must fail, and no others."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Set
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.authoring.trials import failed_tests, trial_of
from autograder.judging.attempts import Attempt
from autograder.judging.judge import Judge
from autograder.students.base import Reply
from autograder.students.local import LocalStudent
from autograder.suite import Exercise

__all__ = ["uncharged_slips"]

Function = Callable[..., Any]
_SQUEEZED = "without its axes of length 1"
_SLIPS: dict[str, Function] = {
    "with an axis of length 1 in front": lambda leaf: np.asarray(leaf)[None],
    "with an axis of length 1 at the end": lambda leaf: np.asarray(leaf)[..., None],
    "as a list": lambda leaf: leaf.tolist() if np.ndim(leaf) else [leaf],
    "in another precision": lambda leaf: _in_another_precision(np.asarray(leaf)),
    _SQUEEZED: np.squeeze,
}


def uncharged_slips(judge: Judge) -> Iterator[str]:
    """A sentence for each slip of form that no test of form charges, or that others charge, too."""
    for exercise in judge.suite.exercises:
        forms = {test.name for test in exercise.tests if test.declaration.form}
        ones = {test.name for test in exercise.tests if test.declaration.ones}
        right: Function = getattr(judge.reference, exercise.name)
        for part in range(_parts(judge, exercise)):
            for slip, change in _SLIPS.items():
                function = _slipping(right, part, change)
                failed = _failed(judge, exercise, function)
                where = f"{exercise.name}, with its output number {part + 1} {slip},"
                allowed = forms | ones if slip == _SQUEEZED else forms
                if not failed and slip != _SQUEEZED:
                    yield (
                        f"{where} passes all tests: add one with @exercise(…, form=True) that "
                        "uses assert_form"
                    )
                elif failed - allowed:
                    yield (
                        f"{where} fails {', '.join(sorted(failed - allowed))}: only tests of form, "
                        "or about axes of length 1 (ones=True), may depend on that"
                    )


def _parts(judge: Judge, exercise: Exercise) -> int:
    """How many numbers or arrays, or dicts of them, the function returns beside its cache."""
    student = LocalStudent(vars(judge.reference))
    judge.tried(exercise, Attempt(), student)
    values = [
        call.result.value
        for call in student.calls
        if call.name == exercise.name and isinstance(call.result, Reply)
    ]
    if not values or all(isinstance(value, str | None) for value in values):
        return 0
    parts = len(values[0]) if isinstance(values[0], tuple) else 1
    return parts - (exercise.name in judge.caching)


def _failed(judge: Judge, exercise: Exercise, function: Function) -> Set[str]:
    """The tests that fail for the reference with ``function`` in place of the exercise's own."""
    namespace = {**vars(judge.reference), exercise.name: function}
    return failed_tests(trial_of(judge, exercise, namespace))


def _slipping(function: Function, part: int, change: Function) -> Function:
    """``function`` with each number in output ``part`` put through ``change``."""

    @functools.wraps(function)
    def slipping(*args: Any, **kwargs: Any) -> Any:
        value = function(*args, **kwargs)
        if not isinstance(value, tuple):
            return _changed(value, change)
        outputs = [*value]
        outputs[part] = _changed(outputs[part], change)
        return tuple(outputs)

    return slipping


def _in_another_precision(leaf: npt.NDArray[Any]) -> Any:
    """Integers as floats, and float64 as float32; left alone where float32 has no such numbers."""
    if leaf.dtype.kind != "f":
        return leaf * 1.0
    with np.errstate(all="ignore"):
        single = leaf.astype(np.float32)
    return single[()] if np.allclose(single, leaf, rtol=1e-6, atol=0.0, equal_nan=True) else leaf


def _changed(value: Any, change: Function) -> Any:
    if isinstance(value, dict):
        return {key: _changed(each, change) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_changed(each, change) for each in value)
    numeric = isinstance(value, np.ndarray | np.generic | float | int)
    return change(value) if numeric else value
