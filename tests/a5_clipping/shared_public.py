"""What the public tests share; released with them."""

from __future__ import annotations

import numpy as np

from autograder.testing import StudentFailure, describe, show

GRADS = {"W": np.array([[3.0, -0.5], [0.25, -4.0]]), "b": np.array([12.0, 0.0])}


def assert_like(params, expected, label):
    """Assert that a student calls ``label`` with a dict of arrays like those of ``expected``."""
    kinds = [
        {name: (np.shape(p), getattr(p, "dtype", None)) for name, p in each.items()}
        if isinstance(each, dict)
        else describe(each)
        for each in (params, expected)
    ]
    if kinds[0] != kinds[1]:
        raise StudentFailure(
            f"`{label}` is called with params of another kind than the given ones",
            got=show(params),
            expected=show(expected),
        )
