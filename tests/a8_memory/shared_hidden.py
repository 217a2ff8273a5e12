"""What the hidden tests share."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_finite,
    assert_structure,
    describe,
    show,
)

LARGE = 6000  # sequences that show how often something is drawn


def batches_of(least_T):
    """n from 2, and T, in any order of size, as small as it may be in some draws."""
    return st.builds(
        lambda n, T: {"n": n, "T": T},
        st.integers(2, 6),
        st.one_of(st.just(least_T), st.integers(least_T, 13)),
    )


def drawn(make, size, seed, like, parts=("x", "y")):
    """The x and y that the student's ``make`` draws; ``parts`` have the structure of ``like``'s."""
    result = make(size["n"], size["T"], np.random.default_rng(seed))
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise StudentFailure("x and y are expected: `return x, y`", got=describe(result))
    expected = like(size["n"], size["T"], np.random.default_rng(seed))
    for what, ours, wanted in zip(("x", "y"), result, expected, strict=True):
        if what in parts:
            assert_structure(ours, wanted, what=what)
            assert_finite(ours, what=what)
    return result


def assert_marks(x, bounds):
    """Assert that x[:, :, 1] has one 1 in each of the ranges of steps and is 0 elsewhere."""
    markers = x[:, :, 1]
    if not np.all((markers == 0) | (markers == 1)):
        raise StudentFailure("a marker is neither 0 nor 1", got=show(markers))
    wanted = np.zeros(len(markers)) + len(bounds)
    assert_close(markers.sum(axis=1), wanted, what="number of markers of each sequence")
    for start, end in bounds:
        count = markers[:, start:end].sum(axis=1)
        what = f"number of markers among the steps {start} to {end - 1}"
        assert_close(count, np.ones(len(markers)), what=what)


def assert_often(count, expected, what):
    """Assert that ``what`` happens about as often as ``expected``, within six deviations."""
    far = np.abs(count - expected) > 6.0 * np.sqrt(expected)
    if np.any(far):
        raise StudentFailure(
            f"{what} is not equally likely", got=show(count), expected=f"about {expected:g} each"
        )


def assert_uses_only_rng(make):
    """Assert that the same state of rng gives the same batch, and another one another batch."""
    first, again, other = (make(30, 8, np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert_structure(again, first)
    assert_structure(other, first)
    for what, one, two, three in zip(("x", "y"), first, again, other, strict=True):
        if one.tobytes() != two.tobytes():
            raise StudentFailure(f"{what} differs between two calls with the same rng")
        if one.tobytes() == three.tobytes():
            raise StudentFailure(f"{what} is the same for two different generators")


def assert_same_draw(make, like, size, seed):
    """Assert that the student's ``make`` draws bit for bit the x that ``like`` draws."""
    got, _ = drawn(make, size, seed, like, ("x",))
    expected, _ = like(size["n"], size["T"], np.random.default_rng(seed))
    assert_close(got, expected, rtol=1e-12, what="x")
