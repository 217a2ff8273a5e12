"""What the hidden tests share."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from autograder.testing import arrays, assert_close, assert_pure, assert_structure, shapes

SCALES = st.sampled_from((1.0, 20.0))  # of cotangents
EMPTY = np.zeros((0, 3))
CUBE = np.linspace(-2.5, 2.25, 24).reshape(2, 3, 4)  # axes all different
ROW, COLUMN = CUBE[:1, 0], CUBE[1, :, :1]  # an axis of 1


def values(**options):
    """Arrays of one to three axes, as inputs of a function that works elementwise."""
    shape = st.integers(1, 3).flatmap(lambda ndim: shapes(ndim, most=4))
    return arrays(shape, **{"scale": 3.0, "largest": 8.0, **options})


def assert_like_reference(function, reference, *inputs):
    """Assert that the student's ``function`` agrees with the reference on each of ``inputs``."""
    for x in inputs:
        assert_close(function(x), reference(x))


def as_floats(value):
    """``value`` with truth values and integers as floats: their kind has tests of its own."""
    is_exact = isinstance(value, bool | np.ndarray | np.generic) and np.asarray(value).dtype.kind
    return np.asarray(value, dtype=np.float64) if is_exact in ("b", "i", "u") else value


def assert_leaves_unchanged(function, x):
    """Assert that the student's ``function`` does something with x, and nothing to x."""
    result = as_floats(function(x))
    assert_structure(result, x)
    assert np.any(result != 0), "the result is 0 everywhere"
    assert_pure(function, x)


def assert_falls_on_both_sides(function, x):
    """Assert that the student's ``function`` is even, and smaller at |x| + 1 than at |x|."""
    here = function(x)
    assert_structure(here, x)
    assert_close(function(-x), here, what="value at −x")
    further = function(np.abs(x) + 1.0)
    assert np.all(further < here), "it does not fall from |x| to |x| + 1"
