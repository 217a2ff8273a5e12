"""Comparing a student's value with the expected one: type, shape, finiteness, then values.

Nothing is ever broadcast, and arrays are compared *normwise*: max|Δ| / max|expected| <= rtol.
Right implementations of the course's functions agree to 3e-15 in this measure, but only to 6e-12
entry by entry, because a sum in another order may lose a small entry to cancellation.
"""

from __future__ import annotations

import contextlib
import contextvars
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.core.errors import StudentFailure

__all__ = [
    "ROUGH",
    "RTOL",
    "assert_bitwise_equal",
    "assert_close",
    "assert_finite",
    "assert_pure",
    "assert_raises",
    "assert_silent",
    "assert_structure",
    "describe",
    "is_rough_now",
    "roughly",
    "show",
    "tolerance",
]

RTOL = 1e-9
ROUGH = 1e-5  # for float32, where its precision has been charged by the test of form
_ROWS = 4
_ENTRIES = 12
_LONG = 200  # characters of a container: beyond, its kind says more
_DEEP = 4  # levels of a container, or axes of an array: likewise
_HINTS = {
    "generator": "is there a `yield` where a `return` belongs?",
    "coroutine": "is there an `async def` where a `def` belongs?",
    "function": "was it to be called?",
}

Array = npt.NDArray[Any]
_rough = contextvars.ContextVar("rough", default=False)


@contextlib.contextmanager
def roughly(is_rough: bool = True) -> Iterator[None]:
    """Within this block, values are compared with the few digits of float32, if ``is_rough``."""
    token = _rough.set(is_rough)
    try:
        yield
    finally:
        _rough.reset(token)


def is_rough_now() -> bool:
    """Whether values are float32 numbers, whose form has been charged."""
    return _rough.get()


def tolerance(bound: float) -> float:
    """The bound ``bound`` for values of float64; of float32 no more is asked than it can hold."""
    return max(bound, ROUGH) if is_rough_now() else bound


def assert_close(
    got: object,
    expected: object,
    *,
    rtol: float = RTOL,
    what: str = "result",
    finite: bool = True,
) -> None:
    """Assert that ``got`` has the type, shape and, normwise within ``rtol``, the values expected.

    Tuples, lists and dicts are compared part by part; ``what`` names the value in the message. An
    expected value that is NaN or infinite is a student's, and nothing agrees with it; where it is
    meant, say ``finite=False``: then inf is equal to inf, and NaN to NaN.
    Raises StudentFailure with a short table of the entries that differ most.
    """
    assert_structure(got, expected, what=what)
    for name, ours, wanted in _leaves(got, expected, what):
        if isinstance(wanted, np.ndarray | np.generic | float | int | complex):
            values = np.asarray(wanted)
            if finite:
                assert_finite(values, what=f"result with which the {name} is compared")
            _assert_values(np.asarray(ours), values, tolerance(rtol), name)
        elif ours != wanted:
            raise StudentFailure(f"the {name} is wrong", got=show(ours), expected=show(wanted))


def assert_finite(value: object, *, what: str = "result") -> None:
    """Assert that no number in ``value``, an array or a number, is NaN or infinite."""
    values = np.asarray(value)
    if values.dtype.kind not in "fc" or np.all(np.isfinite(values)):
        return
    kind = "NaN" if np.isnan(values).any() else "infinite"
    wrong = ~np.isfinite(values)
    which = f"{_count(wrong)} of the {what} {_be(wrong)}" if values.ndim else f"the {what} is"
    raise StudentFailure(f"{which} {kind}", got=show(value))


def assert_bitwise_equal(got: object, expected: object, *, what: str = "result") -> None:
    """Assert that ``got`` equals ``expected`` to the last bit."""
    assert_close(got, expected, rtol=0.0, what=what)


def assert_pure(function: Any, *args: object, like: Callable[..., object] | None = None) -> None:
    """Assert that ``function``, a student's, leaves each of its arguments bitwise as it was.

    ``like`` computes the right value, which is asked for, too: doing nothing, and so no harm, earns
    no point. Without it, something finite must come back.
    """
    reply = function.reply(*args)
    if like is not None:
        assert_close(reply.value, like(*args))
    _assert_something(reply.value)
    if mutated := reply.mutated:
        raise StudentFailure(
            f"`{function.name}` changes its argument {_listed(mutated)}: work on a copy, "
            "or build a new array, and leave the caller's as it is"
        )


def _assert_something(value: object) -> None:
    """Assert that a function's value is not None, and no number in it NaN or infinite."""
    parts = value if isinstance(value, tuple | list) else (value,)
    if parts and all(part is None for part in parts):
        raise StudentFailure("the result is not what it should be", got=describe(value))
    for part in parts:
        if isinstance(part, np.ndarray | np.generic | float):
            assert_finite(part)


def assert_silent(function: Any, *args: object, like: Callable[..., object] | None = None) -> None:
    """Assert that ``function``, a student's, meets no overflow or invalid value on ``args``.

    ``like`` is as in ``assert_pure``.
    """
    reply = function.reply(*args)
    if like is not None:
        assert_close(reply.value, like(*args))
    numeric = [warning for warning in reply.warnings if warning.startswith("RuntimeWarning")]
    if numeric:
        raise StudentFailure(f"`{function.name}` warns: {numeric[0]}")


def assert_raises(function: Any, error: type[Exception], *args: object) -> None:
    """Assert that ``function``, a student's, raises exactly an ``error`` when given ``args``."""
    try:
        value = function(*args)
    except StudentFailure as failure:
        if failure.error == error.__name__:
            return
        raise
    raise StudentFailure(
        f"`{function.name}` returns a value where it must raise {error.__name__}",
        got=show(value),
        expected=error.__name__,
    )


def assert_structure(got: object, expected: object, *, what: str = "result") -> None:
    """Assert that ``got`` has the kind, parts and shapes of ``expected``, whatever its values.

    A number may be a Python or NumPy scalar or an array of shape (); a list may be a tuple.
    """
    if isinstance(expected, tuple | list):
        if not isinstance(got, tuple | list):
            raise _wrong_kind(got, expected, what)
        if len(got) != len(expected):
            raise StudentFailure(
                f"the {what} has {len(got)} parts where {len(expected)} are expected",
                got=describe(got),
                expected=describe(expected),
            )
        for i, (ours, wanted) in enumerate(zip(got, expected, strict=True)):
            assert_structure(ours, wanted, what=_part(what, i))
    elif isinstance(expected, dict):
        if not isinstance(got, dict):
            raise _wrong_kind(got, expected, what)
        if got.keys() != expected.keys():
            raise StudentFailure(
                f"the {what} has other keys than expected",
                got=show(sorted(got, key=str)),
                expected=show(sorted(expected, key=str)),
            )
        for key in expected:
            assert_structure(got[key], expected[key], what=_part(what, key))
    elif isinstance(expected, np.ndarray | np.generic) or _is_number(expected):
        _assert_array(got, np.asarray(expected), what)
    elif type(got) is not type(expected):
        raise _wrong_kind(got, expected, what)


def describe(value: object, levels: int = _DEEP) -> str:
    """The kind and shape of a value, in the words of a message."""
    if isinstance(value, np.ndarray):
        return f"array of shape {_shape(value)}, dtype {value.dtype}"
    if isinstance(value, np.generic):
        return f"{value.dtype} number"
    if isinstance(value, tuple | list) and levels:
        inside = ", ".join(describe(part, levels - 1) for part in value[:4])
        inside += ", …" if len(value) > 4 else ""
        return f"{type(value).__name__} of {len(value)}: ({inside})"
    if value is None:
        return "None (is a `return` missing?)"
    label = getattr(value, "label", None)
    kind = label if isinstance(label, str) else type(value).__name__
    return f"{kind} ({_HINTS[kind]})" if kind in _HINTS else kind


def show(value: object, levels: int = _DEEP) -> str:
    """A value on a line or two, as a student would type it; large arrays by their edges."""
    if isinstance(value, np.ndarray) and value.ndim > _DEEP:
        return f"<{describe(value)}>"
    if isinstance(value, np.ndarray):
        with np.printoptions(precision=6, threshold=_ENTRIES, edgeitems=2, suppress=False):
            text = np.array2string(value, separator=", ", max_line_width=88)
        if value.ndim <= 1:  # padding aligns the rows of a matrix: a single row needs none
            text = re.sub(r" *(, |\[|\]) *", r"\1", text)
        return text if value.size <= _ENTRIES else f"{text}  shape {_shape(value)}"
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, float | np.floating):
        return f"{float(value):.10g}"
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, tuple | list | dict):
        text = _show_parts(value, levels - 1) if levels else ""
        return text or f"<{type(value).__name__} of {len(value)}>"
    if value is None or isinstance(value, str | bytes):
        text = repr(value)
        return text if len(text) <= 80 else text[:77] + "..."
    return getattr(value, "label", None) or f"<{type(value).__name__}>"


def _show_parts(value: tuple[Any, ...] | list[Any] | dict[Any, Any], levels: int) -> str:
    """The parts, or nothing once they get long: a million of them are not looked at."""
    brackets = "()" if isinstance(value, tuple) else "{}" if isinstance(value, dict) else "[]"
    parts, length = [], 2
    for part in value:
        text = show(value[part], levels) if isinstance(value, dict) else show(part, levels)
        parts.append(f"{show(part)}: {text}" if isinstance(value, dict) else text)
        length += len(parts[-1]) + len(", ")
        if length > _LONG + len(", "):
            return ""
    return brackets[0] + ", ".join(parts) + brackets[1]


def _assert_array(got: object, expected: Array, what: str) -> None:
    if not (isinstance(got, np.ndarray | np.generic) or _is_number(got)):
        raise _wrong_kind(got, expected, what)
    ours = np.asarray(got)
    if ours.shape != expected.shape:
        raise StudentFailure(
            f"the {what} has shape {_shape(ours)} where {_shape(expected)} is expected",
            got=describe(got),
            expected=describe(expected),
        )
    if ours.dtype.kind != expected.dtype.kind and not _fits(ours, expected):
        raise StudentFailure(
            f"the {what} is of dtype {ours.dtype} where {expected.dtype} is expected",
            got=describe(got),
            expected=describe(expected),
        )


def _fits(ours: Array, expected: Array) -> bool:
    """Integers may stand for floats in a number, not in an array (the next step would truncate)."""
    return ours.ndim == 0 and ours.dtype.kind in "iu" and expected.dtype.kind == "f"


def _assert_values(got: Array, expected: Array, rtol: float, what: str) -> None:
    if expected.size == 0:
        return
    with np.errstate(all="ignore"):
        exact = expected.dtype.kind not in "fc"
        equal = (got == expected) | (np.isnan(got) & np.isnan(expected) if not exact else False)
        finite = np.isfinite(expected) if not exact else np.ones(expected.shape, bool)
        difference = np.abs(got - expected) if not exact else (got != expected).astype(float)
        scale = 1.0 if exact else float(np.max(np.abs(expected[finite]), initial=0.0))
        wrong = ~equal & ~(finite & (difference <= rtol * scale))
    if not wrong.any():
        return
    unexpected = finite & ~np.isfinite(got) if not exact else np.zeros(got.shape, bool)
    if unexpected.any():
        kind = "NaN" if np.isnan(got[unexpected]).any() else "infinite"
        summary = f"{_count(unexpected)} of the {what} {_be(unexpected)} {kind}"
        wrong = unexpected
    elif expected.size == 1:
        summary = f"the {what} is wrong"
    else:
        largest = float(np.max(np.where(wrong, difference, 0.0)))
        summary = f"{_count(wrong)} of the {what} {_be(wrong)} wrong"
        if np.isfinite(largest) and not exact:
            summary += f" (the largest difference is {largest:.3g})"
    if not exact and got.itemsize < expected.itemsize:
        summary += f": it is {got.dtype}, and has fewer digits than {expected.dtype}"
    ours, theirs = _table(got, wrong), _table(expected, wrong)
    if ours == theirs:  # the difference is beyond the digits shown
        ours, theirs = (str(values[wrong].tolist()[:_ROWS]) for values in (got, expected))
    raise StudentFailure(summary, got=ours, expected=theirs)


def _table(values: Array, wrong: npt.NDArray[np.bool_]) -> str:
    """The value, when it is small; otherwise the first wrong entries with their indices."""
    if values.size <= _ENTRIES:
        return show(values[()])
    rows = [
        f"[{', '.join(map(str, index))}] {show(values[tuple(index)])}"
        for index in np.argwhere(wrong)[:_ROWS]
    ]
    return ";  ".join(rows) + (";  …" if int(wrong.sum()) > _ROWS else "")


def _leaves(got: Any, expected: Any, what: str) -> list[tuple[str, Any, Any]]:
    if isinstance(expected, tuple | list):
        keys: Any = range(len(expected))
    elif isinstance(expected, dict):
        keys = expected
    else:
        return [(what, got, expected)]
    return [leaf for key in keys for leaf in _leaves(got[key], expected[key], _part(what, key))]


def _wrong_kind(got: object, expected: object, what: str) -> StudentFailure:
    return StudentFailure(
        f"the {what} is not what it should be: {describe(got)}",
        got=show(got),
        expected="None" if expected is None else describe(expected),
    )


def _part(what: str, key: object) -> str:
    return f"{what}[{key!r}]"


def _shape(array: Array) -> str:
    return str(tuple(int(n) for n in array.shape))


def _is_number(value: object) -> bool:
    return isinstance(value, bool | int | float | complex)


def _count(mask: npt.NDArray[np.bool_]) -> str:
    n = int(mask.sum())
    return f"{n} of {mask.size} entries" if mask.ndim else "the value"


def _be(mask: npt.NDArray[np.bool_]) -> str:
    return "is" if mask.ndim == 0 or int(mask.sum()) == 1 else "are"


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(f"`{name}`" for name in names)
