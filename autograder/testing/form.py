"""The form of a value: its kind, shape and dtype. A slip of form is charged once.

The test of form (``@exercise(…, form=True)``) asserts it; where that test fails, the other tests
look at the values in the right form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.core.errors import StudentFailure
from autograder.testing.compare import assert_finite, assert_structure, describe

__all__ = ["assert_form", "assert_form_agrees", "in_form", "is_rough"]

Array = npt.NDArray[Any]
_MOST = 1_000_000  # entries of a list that is taken for an array


def assert_form(got: object, expected: object, *, what: str = "result") -> None:
    """Assert that ``got`` has the kind, the shapes and the precision of ``expected``.

    Its values are others' to judge, as long as they are finite. A number may be an array of shape
    (); a list may be a tuple.
    """
    assert_structure(got, expected, what=what)
    for name, leaf in _leaves(got, what):
        if _has_few_digits(leaf):
            raise StudentFailure(
                f"the {name} has fewer digits than float64: it is {leaf.dtype}",
                got=describe(leaf),
                expected="dtype float64",
            )
        if isinstance(leaf, np.ndarray | np.generic | float):
            assert_finite(leaf, what=name)


def assert_form_agrees(
    function: Callable[..., Any], reference: Callable[..., Any], *args: object
) -> None:
    """Assert that ``function``, a student's, returns for ``args`` a value of the right form."""
    expected = reference(*args)
    assert_form(function(*args), expected)


def in_form(got: Any, expected: Any, *, ones: bool = False) -> Any:
    """``got`` in the form of ``expected`` where it differs in form alone, else ``got`` itself.

    A list may stand for an array, a float32 or a whole number for a float64, and an array may have
    axes of length 1 too many; with ``ones``, too few as well.
    """
    if isinstance(expected, tuple | list):
        if not isinstance(got, tuple | list) or len(got) != len(expected):
            return got
        pairs = zip(got, expected, strict=True)
        return type(got)(in_form(ours, wanted, ones=ones) for ours, wanted in pairs)
    if isinstance(expected, dict):
        if not isinstance(got, dict) or got.keys() != expected.keys():
            return got
        return {key: in_form(got[key], expected[key], ones=ones) for key in got}
    if not _is_numeric(expected) or not (_is_numeric(got) or isinstance(got, list | tuple)):
        return got
    return _as_array(got, np.asarray(expected), ones)


def is_rough(value: object) -> bool:
    """Whether some number in ``value`` has fewer digits than float64."""
    return any(_has_few_digits(leaf) for _, leaf in _leaves(value, ""))


def _as_array(got: Any, expected: Array, ones: bool) -> Any:
    if isinstance(got, list | tuple) and _length(got, _MOST) >= _MOST:
        return got
    try:
        ours = np.asarray(got)
    except ValueError:  # a ragged list
        return got
    if isinstance(got, list | tuple) and ours.size == expected.size == 0:
        return np.zeros_like(expected)  # a list without entries cannot say more of its shape
    if ours.dtype.kind not in "biuf":
        return got
    if not (_only_adds_ones(ours.shape, expected.shape) or (ones and _alike(ours, expected))):
        return got
    if expected.dtype.kind == "f":
        ours = ours.astype(np.float64)
    elif ours.dtype.kind != expected.dtype.kind:
        with np.errstate(invalid="ignore"):
            cast = ours.astype(expected.dtype)
        if not np.array_equal(cast, ours):
            return got
        ours = cast
    return ours.reshape(expected.shape) if expected.shape else ours.reshape(())[()]


def _only_adds_ones(ours: tuple[int, ...], expected: tuple[int, ...]) -> bool:
    """Whether ``ours`` is ``expected`` with axes of length 1 put in."""
    left = list(expected)
    for length in ours:
        if left and left[0] == length:
            del left[0]
        elif length != 1:
            return False
    return not left


def _alike(ours: Array, expected: Array) -> bool:
    """Whether two arrays have the same shape but for axes of length 1."""
    return [n for n in ours.shape if n != 1] == [n for n in expected.shape if n != 1]


def _length(value: Any, most: int) -> int:
    """How many numbers are in a nested list, counted up to ``most``."""
    count = 0
    for part in value:
        count += _length(part, most - count) if isinstance(part, list | tuple) else 1
        if count >= most:
            break
    return count


def _leaves(value: Any, what: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, tuple | list):
        for i, part in enumerate(value):
            yield from _leaves(part, f"{what}[{i}]")
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(part, f"{what}[{key!r}]")
    else:
        yield what, value


def _has_few_digits(leaf: object) -> bool:
    return (
        isinstance(leaf, np.ndarray | np.generic)
        and leaf.dtype.kind in "fc"
        and leaf.dtype.itemsize < (8 if leaf.dtype.kind == "f" else 16)
    )


def _is_numeric(value: object) -> bool:
    return isinstance(value, np.ndarray | np.generic | bool | int | float)
