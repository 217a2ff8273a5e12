"""Drawing inputs: shapes by Hypothesis, values by a seeded NumPy generator.

Drawing each entry with Hypothesis costs milliseconds an array; a drawn seed costs microseconds and
gives values of the size that networks see. They are rounded to two decimals, so that the smallest
failing example reads like one made by hand.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

__all__ = ["arrays", "generators", "seeds", "shapes", "sizes", "tensors"]

FloatArray = npt.NDArray[np.float64]

seeds = st.integers(0, 2**32 - 1)
generators = seeds.map(np.random.default_rng)


def sizes(most: int = 5) -> st.SearchStrategy[int]:
    """The length of one axis: 1 to ``most``; 1 often, since that is where broadcasting hides."""
    return st.integers(1, most)


def shapes(ndim: int | None = None, *, most: int = 5) -> st.SearchStrategy[tuple[int, ...]]:
    """Shapes of ``ndim`` axes (0 to 3 when not given), every axis of length 1 to ``most``."""
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


@st.composite
def tensors(draw: st.DrawFn, /, *, scale: float = 1.0, **axes: str) -> dict[str, FloatArray]:
    """Arrays whose shapes belong together, a letter an axis: tensors(x="NTD", Wx="DH", b="H").

    The letters' lengths are all different (2, 3, …), so that no swap of two axes goes unnoticed;
    in some draws one of them is 1 instead, where squeezing and broadcasting hide. Entries are
    standard normal times ``scale``, rounded to two decimals.
    """
    letters = sorted({*"".join(axes.values())})
    drawn = draw(st.permutations(range(2, 2 + len(letters))))
    lengths = dict(zip(letters, drawn, strict=True))
    single = draw(st.sampled_from(["", "", *letters]))
    lengths[single] = 1
    rng = draw(generators)
    return {
        name: _rounded(scale, [lengths[axis] for axis in letters_of], rng)
        for name, letters_of in axes.items()
    }


def _rounded(scale: float, shape: Sequence[int], rng: np.random.Generator) -> FloatArray:
    """Normal numbers with two decimals, and no negative zero among them."""
    return np.asarray(np.round(scale * rng.standard_normal(shape), 2) + 0.0)
