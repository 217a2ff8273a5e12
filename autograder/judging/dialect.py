"""The solution in a dialect: a forward function as other books have it, and its derivatives.

A student whose forward function behaves as a dialect has lost its points. What is built on it is
judged by the dialect's derivatives, which are computed here, from the author's function alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.core.import_file import import_file
from autograder.testing.decorators import Misconception

__all__ = ["in_dialect"]

_STEP = 1e-30  # of the complex step: so small that its square is lost, and no digit with it

Array = npt.NDArray[Any]


def in_dialect(solution: Path, dialect: Misconception) -> ModuleType:
    """The solution with the pair of ``dialect`` in place: its function, and its derivative."""
    module = import_file(solution)
    forward = dialect.exercise
    setattr(module, forward, _forward(dialect.function))
    setattr(module, forward.removesuffix("_forward") + "_backward", _backward(dialect.function))
    return module


def _forward(function: Callable[..., Any]) -> Callable[..., Any]:
    def forward(*inputs: Array) -> tuple[Any, ...]:
        return (*function(*inputs)[:-1], inputs)

    return forward


def _backward(function: Callable[..., Any]) -> Callable[..., Any]:
    """The gradients of sum(dout * out): its imaginary part after a step of i h, divided by h."""

    def backward(*given: Any) -> tuple[Array, ...]:
        *douts, inputs = given

        def slope(moved: int, index: tuple[int, ...]) -> float:
            step = np.array(inputs[moved], dtype=complex)
            step[index] += 1j * _STEP
            outputs = function(*inputs[:moved], step, *inputs[moved + 1 :])[:-1]
            pairs = zip(douts, outputs, strict=True)
            return float(sum(np.sum(dout * np.imag(out)) for dout, out in pairs)) / _STEP

        return tuple(
            np.array([slope(i, index) for index in np.ndindex(x.shape)]).reshape(x.shape)
            for i, x in enumerate(inputs)
        )

    return backward
