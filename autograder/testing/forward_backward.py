"""What every pair of a forward and a backward function must satisfy, written once.

A forward function takes its inputs in order and returns ``(out, cache)``, or several outputs before
the cache; its backward takes one cotangent per output and the cache, and returns one gradient per
input (or a single array). What is in the cache is the student's choice, so it is never compared.
``inputs`` maps names to arrays in the order of the arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.core.errors import StudentFailure
from autograder.testing.compare import assert_close, assert_pure, assert_structure, describe, show
from autograder.testing.form import assert_form
from autograder.testing.gradcheck import assert_gradients

__all__ = [
    "Watched",
    "assert_backward_agrees",
    "assert_backward_fits",
    "assert_backward_fits_forward",
    "assert_backward_form",
    "assert_backward_is_linear",
    "assert_forward_agrees",
    "assert_forward_form",
    "assert_forward_leaves_unchanged",
    "cotangents_like",
    "named_gradients",
    "outputs_and_cache",
]

SMALL = 0.05  # the size of cotangents: nothing that clips gradients at some size shows, but where
# a test asks for large ones, whichever examples are drawn
_LINEAR_RTOL = 1e-7  # a difference of two gradients may be much smaller than they are

FloatArray = npt.NDArray[np.float64]
Inputs = Mapping[str, FloatArray]
Function = Callable[..., Any]


class Watched:
    """A function for a student's function to call: of float64 arrays of the ``expected`` shapes.

    Anything else is a StudentFailure and not an error of the test. ``seen`` keeps copies of what it
    was given.
    """

    def __init__(self, label: str, function: Function, *expected: tuple[int, ...]) -> None:
        self.label = self.__name__ = label
        self.function, self.expected = function, expected
        self.seen: list[list[FloatArray]] = []

    def __call__(self, *given: Any) -> Any:
        if not all(map(_is_float64, given)) or tuple(map(np.shape, given)) != self.expected:
            raise StudentFailure(
                f"`{self.label}` is called with arguments that it does not take",
                got=", ".join(map(describe, given)) or "no argument",
                expected=", ".join(f"float64 array of shape {shape}" for shape in self.expected),
            )
        self.seen.append([np.array(array) for array in given])
        return self.function(*given)


def outputs_and_cache(
    forward: Function, inputs: Mapping[Any, FloatArray]
) -> tuple[tuple[Any, ...], Any]:
    """The outputs and the cache that ``forward`` returns; raises StudentFailure if it does not."""
    result = forward(*inputs.values())
    if not isinstance(result, tuple) or len(result) < 2:
        raise StudentFailure(
            f"`{_name(forward)}` must return its output and a cache: `return out, cache`",
            got=describe(result),
        )
    return result[:-1], result[-1]


def assert_forward_agrees(forward: Function, reference: Function, inputs: Inputs) -> None:
    """Assert that the outputs, but not the cache, are the reference's."""
    got, _ = outputs_and_cache(forward, inputs)
    expected, _ = outputs_and_cache(reference, inputs)
    _assert_parts(got, expected, "output")


def assert_forward_leaves_unchanged(forward: Function, reference: Function, inputs: Inputs) -> None:
    """Assert that the outputs are the reference's, and that no argument is changed."""
    assert_forward_agrees(forward, reference, inputs)
    assert_pure(forward, *inputs.values())


def assert_forward_form(forward: Function, reference: Function, inputs: Inputs) -> None:
    """Assert that the outputs have the form of the reference's, whatever their values."""
    expected, _ = outputs_and_cache(reference, inputs)
    outputs, _ = outputs_and_cache(forward, inputs)
    if len(outputs) == len(expected) == 1:
        assert_form(outputs[0], expected[0], what="output")
    else:
        assert_form(outputs, expected, what="tuple of outputs before the cache")


def assert_backward_form(
    functions: tuple[Function, Function], references: tuple[Function, Function], inputs: Inputs
) -> None:
    """Assert that the gradients have the form of the inputs, whatever their values."""
    expected, _ = outputs_and_cache(references[0], inputs)
    _, cache = outputs_and_cache(functions[0], inputs)
    douts = cotangents_like(expected, np.random.default_rng(0))
    for name, gradient in named_gradients(functions[1](*douts, cache), inputs).items():
        assert_form(gradient, inputs[name], what=f"gradient of `{name}`")


def named_gradients(gradients: Any, inputs: Inputs) -> dict[str, Any]:
    """``gradients`` by the names of ``inputs``; StudentFailure if there are not as many."""
    parts = _as_tuple(gradients)
    _assert_count(parts, inputs)
    return dict(zip(inputs, parts, strict=True))


def cotangents_like(
    outputs: Sequence[Any], rng: np.random.Generator, scale: float = SMALL
) -> tuple[FloatArray, ...]:
    """One standard normal array, times ``scale``, of the shape of each output."""
    return tuple(scale * rng.standard_normal(np.shape(out)) for out in outputs)


def assert_backward_agrees(
    functions: tuple[Function, Function],
    references: tuple[Function, Function],
    inputs: Inputs,
    rng: np.random.Generator,
    scale: float = SMALL,
) -> None:
    """Assert that the gradients are the reference's, for random cotangents times ``scale``.

    ``functions`` and ``references`` are (forward, backward). Where they differ, but fit the
    student's own forward function, the message says so.
    """
    expected_outputs, expected_cache = outputs_and_cache(references[0], inputs)
    douts = cotangents_like(expected_outputs, rng, scale)
    expected = references[1](*douts, expected_cache)
    outputs, cache = outputs_and_cache(functions[0], inputs)
    assert_structure(outputs, expected_outputs, what=f"output of `{_name(functions[0])}`")
    got = functions[1](*douts, cache)
    try:
        _assert_named(got, expected, inputs)
    except StudentFailure as failure:
        if not _fits(functions[0], inputs, douts, got, rng):
            raise
        raise StudentFailure(
            f"{failure.summary}. Your backward is right for your own forward: mend "
            f"`{_name(functions[0])}`",
            got=failure.got,
            expected=failure.expected,
        ) from None


def assert_backward_fits_forward(
    functions: tuple[Function, Function],
    inputs: Inputs,
    rng: np.random.Generator,
    scale: float = SMALL,
) -> None:
    """Assert that the backward is the gradient of the student's own forward (see gradcheck)."""
    forward, backward = functions
    outputs, cache = outputs_and_cache(forward, inputs)
    douts = cotangents_like(outputs, rng, scale)
    gradients = named_gradients(backward(*douts, cache), inputs)
    assert_gradients(_outputs_of(forward), inputs, douts, gradients, rng)


def assert_backward_fits(
    functions: tuple[Function, Function],
    references: tuple[Function, Function],
    inputs: Inputs,
    seed: int,
) -> None:
    """Assert that the student's backward is the gradient of their own forward, or of the right one.

    The second is asked only where the first fails: a slip in the forward function has cost its
    points already, and a backward that is right is right.
    """

    def rng() -> np.random.Generator:
        return np.random.default_rng(seed)

    try:
        assert_backward_fits_forward(functions, inputs, rng())
    except StudentFailure as failure:
        try:
            assert_backward_agrees(functions, references, inputs, rng())
        except StudentFailure:
            raise failure from None


def assert_backward_is_linear(
    functions: tuple[Function, Function], inputs: Inputs, rng: np.random.Generator
) -> None:
    """Assert that backward(2 a - 3 b) = 2 backward(a) - 3 backward(b), thrice from one cache."""
    outputs, cache = outputs_and_cache(functions[0], inputs)
    a, b = cotangents_like(outputs, rng), cotangents_like(outputs, rng)
    both = tuple(2.0 * u - 3.0 * v for u, v in zip(a, b, strict=True))
    of_a, of_b, of_both = (_as_tuple(functions[1](*each, cache)) for each in (a, b, both))
    for gradients in (of_a, of_b, of_both):
        _assert_count(gradients, inputs)
        assert_structure(gradients, tuple(inputs.values()), what="gradients")
        for name, gradient in zip(inputs, gradients, strict=True):
            if not np.any(gradient):  # doing nothing is linear, too
                raise StudentFailure(f"the gradient of `{name}` is 0 everywhere")
            if not np.all(np.isfinite(gradient)):
                raise StudentFailure(f"the gradient of `{name}` is not finite", got=show(gradient))
    for name, u, v, got in zip(inputs, of_a, of_b, of_both, strict=True):
        what = f"gradient of `{name}` for the cotangent 2a − 3b"
        assert_close(got, 2.0 * u - 3.0 * v, rtol=_LINEAR_RTOL, what=what)


def _fits(
    forward: Function,
    inputs: Inputs,
    douts: Sequence[FloatArray],
    gradients: Any,
    rng: np.random.Generator,
) -> bool:
    try:
        named = named_gradients(gradients, inputs)
        assert_gradients(_outputs_of(forward), inputs, douts, named, rng)
    except StudentFailure:
        return False
    return True


def _outputs_of(forward: Function) -> Function:
    return lambda **moved: outputs_and_cache(forward, moved)[0]


def _assert_named(got: Any, expected: Any, inputs: Inputs) -> None:
    wanted = named_gradients(expected, inputs)
    for name, ours in named_gradients(got, inputs).items():
        assert_close(ours, wanted[name], what=f"gradient of `{name}`")


def _assert_count(gradients: Sequence[Any], inputs: Inputs) -> None:
    if len(gradients) != len(inputs):
        names = ", ".join(f"`{name}`" for name in inputs)
        raise StudentFailure(
            f"the backward returns {len(gradients)} gradients where {len(inputs)} are expected",
            expected=f"one for each of {names}",
        )


def _assert_parts(got: Sequence[Any], expected: Sequence[Any], what: str) -> None:
    if len(got) != len(expected):
        raise StudentFailure(
            f"{len(got)} outputs before the cache where {len(expected)} are expected"
        )
    for i, (ours, wanted) in enumerate(zip(got, expected, strict=True), start=1):
        assert_close(ours, wanted, what=what if len(got) == 1 else f"{what} number {i}")


def _as_tuple(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def _is_float64(value: object) -> bool:
    return isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype == np.float64)


def _name(function: Function) -> str:
    return str(getattr(function, "name", getattr(function, "__name__", "the function")))
