"""Checking gradients by directional derivatives.

For f with cotangent c, the number  L(x) = sum(c * f(x))  has the derivative  sum(g * v)  along v,
where g is the gradient to check; a central difference of step h gives it to O(h^2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from autograder.core.errors import StudentFailure
from autograder.testing.compare import assert_structure, is_rough_now, show

__all__ = ["RTOL", "STEP", "assert_gradients", "directional_derivative"]

STEP = 1e-5
RTOL = 1e-6
_DIRECTIONS = 3
_ROUND_OFF = 1e-10  # of a central difference, per unit of the loss
_ROUGH = 1e-3, 1e-2, 1e-3  # step, rtol and round-off where values are float32 numbers

FloatArray = npt.NDArray[np.float64]
Inputs = Mapping[str, FloatArray]
Forward = Callable[..., object]


def directional_derivative(
    forward: Forward,
    inputs: Inputs,
    directions: Inputs,
    cotangents: Sequence[FloatArray],
    step: float | None = None,
) -> float:
    """(L(x + h v) - L(x - h v)) / 2h  with  L(x) = sum over outputs of sum(cotangent * output).

    ``forward(**inputs)`` returns an array or a tuple of arrays, one per cotangent; ``directions``
    maps the names of the inputs to be moved to arrays of their shapes.
    """
    h = step or (_ROUGH[0] if is_rough_now() else STEP)

    def value(sign: float) -> float:
        moved = {
            name: x + sign * h * directions[name] if name in directions else x
            for name, x in inputs.items()
        }
        outputs = forward(**moved)
        if not isinstance(outputs, tuple):
            outputs = (outputs,)
        assert_structure(outputs, tuple(cotangents), what="result")
        pairs = zip(cotangents, outputs, strict=True)
        return float(sum(np.sum(c * np.asarray(out)) for c, out in pairs))

    return (value(+1.0) - value(-1.0)) / (2.0 * h)


def assert_gradients(
    forward: Forward,
    inputs: Inputs,
    cotangents: Sequence[FloatArray],
    gradients: Inputs,
    rng: np.random.Generator,
) -> None:
    """Assert that ``gradients`` are those of ``sum(cotangent * forward(**inputs))``.

    One joint random direction of unit length decides (two calls of ``forward``): along a longer one
    a central difference of a right function may be off by more than the tolerance. Only where it
    fails, three random directions per tensor say which of the gradients is off. Raises
    StudentFailure.
    """
    for name, gradient in gradients.items():
        assert_structure(gradient, inputs[name], what=f"gradient of `{name}`")
    if _agrees(forward, inputs, cotangents, gradients, rng):
        return
    wrong = [
        name
        for name in gradients
        if not all(
            _agrees(forward, inputs, cotangents, {name: gradients[name]}, rng)
            for _ in range(_DIRECTIONS)
        )
    ]
    names = " and ".join(f"`{name}`" for name in wrong or gradients)
    first = (wrong or list(gradients))[0]
    numeric, analytic, _ = _sides(forward, inputs, cotangents, {first: gradients[first]}, rng)
    raise StudentFailure(
        f"the gradient with respect to {names} does not fit the forward function",
        got=f"slope {show(analytic)} along a random direction of `{first}`",
        expected=f"slope {show(numeric)}, by central differences of the forward function",
    )


def _agrees(
    forward: Forward,
    inputs: Inputs,
    cotangents: Sequence[FloatArray],
    gradients: Inputs,
    rng: np.random.Generator,
) -> bool:
    numeric, analytic, scale = _sides(forward, inputs, cotangents, gradients, rng)
    loss = 1.0 + float(sum(np.sum(np.abs(c)) for c in cotangents))
    _, rtol, round_off = _ROUGH if is_rough_now() else (STEP, RTOL, _ROUND_OFF)
    return bool(abs(numeric - analytic) <= rtol * scale + round_off * loss)


def _sides(
    forward: Forward,
    inputs: Inputs,
    cotangents: Sequence[FloatArray],
    gradients: Inputs,
    rng: np.random.Generator,
) -> tuple[float, float, float]:
    """Both sides of the check, and the size of their terms before they cancel."""
    raw = {name: rng.standard_normal(inputs[name].shape) for name in gradients}
    length = np.sqrt(sum(float(np.sum(v**2)) for v in raw.values())) or 1.0
    directions = {name: v / length for name, v in raw.items()}
    numeric = directional_derivative(forward, inputs, directions, cotangents)
    terms = [np.asarray(gradients[name]) * v for name, v in directions.items()]
    analytic = float(sum(np.sum(term) for term in terms))
    scale = float(sum(np.sum(np.abs(term)) for term in terms))
    return numeric, analytic, scale
