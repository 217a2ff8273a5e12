"""Drawing inputs: shapes by Hypothesis, values by a seeded NumPy generator.

Drawing each entry with Hypothesis costs milliseconds an array; a drawn seed costs microseconds and
gives values of the size that networks see. They are rounded to two decimals, so that the smallest
failing example reads like one made by hand. No axis has length 1 but in ``with_an_axis_of_one``:
squeezing and broadcasting hide there, and cost the tests that are about it alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from hypothesis import example
from hypothesis import strategies as st

__all__ = [
    "arrays",
    "generators",
    "made",
    "seeds",
    "shapes",
    "sizes",
    "tensors",
    "wide",
    "with_an_axis_of_one",
]

FloatArray = npt.NDArray[np.float64]
Axes = Mapping[str, str]
T = TypeVar("T", bound=Callable[..., Any])
_AXIS = re.compile(r"(\d*)([A-Z])")

seeds = st.integers(0, 2**32 - 1)
generators = seeds.map(np.random.default_rng)


def sizes(most: int = 5) -> st.SearchStrategy[int]:
    """The length of one axis: 2 to ``most``. Length 1 is for the tests that are about it."""
    return st.integers(2, most)


def shapes(ndim: int | None = None, *, most: int = 5) -> st.SearchStrategy[tuple[int, ...]]:
    """Shapes of ``ndim`` axes (0 to 3 when not given), every axis of length 2 to ``most``."""
    ranks = st.integers(0, 3) if ndim is None else st.just(ndim)
    return ranks.flatmap(lambda rank: st.tuples(*[sizes(most)] * rank))


def arrays(
    shape: st.SearchStrategy[tuple[int, ...]] | tuple[int, ...],
    *,
    scale: float = 1.0,
    away_from_zero: float = 0.0,
    largest: float = np.inf,
) -> st.SearchStrategy[FloatArray]:
    """Float64 arrays of standard normal entries times ``scale``, rounded to two decimals.

    Entries closer to 0 than ``away_from_zero`` are moved there, with their sign (for kinks), and
    entries beyond ±``largest`` are cut off there.
    """
    shape_strategy = st.just(shape) if isinstance(shape, tuple) else shape

    def draw(size: tuple[int, ...], seed: int) -> FloatArray:
        values = _rounded(scale, size, np.random.default_rng(seed))
        values = np.clip(values, -largest, largest)
        sign = np.where(values < 0, -1.0, 1.0)
        return np.asarray(np.where(np.abs(values) < away_from_zero, sign * away_from_zero, values))

    return st.builds(draw, shape_strategy, seeds)


def tensors(*, scale: float = 1.0, **axes: str) -> st.SearchStrategy[dict[str, FloatArray]]:
    """Arrays whose shapes belong together, a letter an axis: tensors(x="NTD", Wx="D4H", b="4H").

    A digit before a letter multiplies its length. The letters' lengths are all different (2, 3, …),
    so that no swap of two axes goes unnoticed. Entries are standard normal times ``scale``, to two
    decimals.
    """
    return wide(axes, scale)


def wide(axes: Axes, scale: float = 1.0) -> st.SearchStrategy[dict[str, FloatArray]]:
    """As ``tensors``, of the axes in a dict."""
    letters = _letters(axes)
    return st.builds(
        lambda lengths, seed: made(axes, dict(zip(letters, lengths, strict=True)), seed, scale),
        st.permutations(range(2, 2 + len(letters))),
        seeds,
    )


def with_an_axis_of_one(axes: Axes, scale: float = 1.0) -> Callable[[T], T]:
    """A decorator that adds one example ``inputs`` per axis that has the length 1."""

    def add(test: T) -> T:
        letters = _letters(axes)
        for single in letters:
            lengths = {axis: 2 + i for i, axis in enumerate(letters)} | {single: 1}
            test = example(inputs=made(axes, lengths, scale=scale))(test)
        return test

    return add


def made(
    axes: Axes, lengths: Mapping[str, int], seed: int = 0, scale: float = 1.0
) -> dict[str, FloatArray]:
    """The arrays of ``axes`` with these lengths: made({"x": "ND"}, {"N": 2, "D": 3}).

    Standard normal entries times ``scale``, to two decimals.
    """
    rng = np.random.default_rng(seed)
    return {
        name: _rounded(scale, [int(n or 1) * lengths[axis] for n, axis in _AXIS.findall(spec)], rng)
        for name, spec in axes.items()
    }


def _letters(axes: Axes) -> list[str]:
    return sorted({axis for spec in axes.values() for _, axis in _AXIS.findall(spec)})


def _rounded(scale: float, shape: Sequence[int], rng: np.random.Generator) -> FloatArray:
    """Normal numbers with two decimals, and no negative zero among them."""
    return np.asarray(np.round(scale * rng.standard_normal(shape), 2) + 0.0)
