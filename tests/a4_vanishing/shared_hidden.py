"""What the hidden tests share."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from autograder.testing import StudentFailure, arrays, assert_structure, describe, seeds, show

SCALES = st.sampled_from((1.0, 20.0))  # of cotangents
TRAP = np.array([[0.5, 10.0], [0.0, 0.5]])
CANCELLING = np.array([[2.0, 1.99], [-1.99, -2.0]])


def assert_steps(got, expected):
    """Assert that ``got`` is the number ``expected``, or None where that is expected.

    A whole number may be a float here: its type has tests of its own.
    """
    if expected is None and got is not None:
        raise StudentFailure(
            "the result must be None here", got=describe_value(got), expected="None"
        )
    if expected is not None:
        assert_structure(got, float(expected), what="number of steps")
        if got != expected:
            raise StudentFailure(
                "the number of steps is wrong", got=show(got), expected=str(expected)
            )


def assert_almost(got, steps):
    """Assert that ``got`` is at most one off: an off by one is another test's business."""
    assert_structure(got, float(steps), what="number of steps")
    if not abs(got - steps) <= 1:
        raise StudentFailure("the number of steps is wrong", got=show(got), expected=str(steps))


def describe_value(value):
    """A short value as it is, a long one by its kind."""
    return describe(value) if np.ndim(value) else show(value)


def rounded(rng, *shape, scale=1.0):
    """Standard normal entries times ``scale``, to two decimals; none is 0."""
    values = np.round(scale * rng.standard_normal(shape), 2)
    return np.where(values == 0, 0.05, values)


def run(h0, drive, Wh):
    """The states (T, H) of a tanh network from h0 (H,), with what each step's input adds (T, H)."""
    states = []
    for step in drive:
        h0 = np.tanh(step + h0 @ Wh)
        states.append(h0)
    return np.array(states)


def network(T, H, seed):
    """A small network: its initial state (H,), what its inputs add (T, H), and Wh (H, H)."""
    rng = np.random.default_rng(seed)
    return rounded(rng, H, scale=0.5), rounded(rng, T, H, scale=0.6), rounded(rng, H, H, scale=0.8)


SIZES = ((3, 4), (5, 2), (4, 3), (2, 5))  # T, H
NETWORKS = st.builds(
    lambda size, seed: network(size[0], size[1], seed), st.sampled_from(SIZES), seeds
)
LONGER = st.builds(
    lambda size, seed: network(size[0], size[1], seed),
    st.sampled_from(((3, 4), (5, 2), (6, 3))),
    seeds,
)


# Jacobians


def state_and_weights(size, seed):
    """One state (H,) inside (−1, 1), and Wh (H, H)."""
    rng = np.random.default_rng(seed)
    h = np.clip(np.round(np.tanh(rng.standard_normal(size)), 2), -0.95, 0.95)
    return h, rounded(rng, size, size)


STATES = st.builds(state_and_weights, st.sampled_from((3, 4, 2, 5)), seeds)


# how large is a matrix


def square(size):
    return arrays((size, size))


SQUARES = st.sampled_from((2, 3, 4, 5)).flatmap(square)


def rotation(angle, radius=1.0):
    """A rotation of the plane times ``radius``: complex eigenvalues, all of that size."""
    c, s = np.cos(angle), np.sin(angle)
    return radius * np.array([[c, -s], [s, c]])


def orthogonal(size, seed):
    """An orthogonal matrix (size, size)."""
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((size, size)))[0]
