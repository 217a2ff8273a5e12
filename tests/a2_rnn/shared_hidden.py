"""What the hidden tests share."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from autograder.testing import (
    Kind,
    StudentFailure,
    assert_bitwise_equal,
    assert_structure,
    outputs_and_cache,
    seeds,
    show,
)

SEQUENCE = {"x_seq": "NTD", "h0": "NH", "Wx": "DH", "Wh": "HH", "b": "H"}
OUTPUT = {"h": "NTH", "Wo": "HV", "bo": "V"}
NOT_THERE = (Kind.MISSING, Kind.UNFINISHED)


def assert_finite(array, what):
    """Assert that no number is NaN or infinite: NaN is like NaN, and unlike everything."""
    if not np.all(np.isfinite(array)):
        raise StudentFailure(f"the {what} has entries that are NaN or infinite", got=show(array))


def states(function, inputs):
    """The states that the student's ``function`` returns, an array of the right shape."""
    (h, *_), _ = outputs_and_cache(function, inputs)
    N, T, _ = inputs["x_seq"].shape
    assert_structure(h, np.zeros((N, T, inputs["b"].size)), what="array of states")
    assert_finite(h, "array of states")
    return h


def next_state(function, inputs):
    """The same for a single step."""
    (next_h, *_), _ = outputs_and_cache(function, inputs)
    assert_structure(next_h, inputs["prev_h"], what="next state")
    assert_finite(next_h, "next state")
    return next_h


def assert_causal(function, inputs, seed):
    """Assert that inputs from step t on move the state at t, and none before it by a single bit."""
    h = states(function, inputs)
    x_seq = inputs["x_seq"]
    noise = np.abs(np.random.default_rng(seed).standard_normal(x_seq.shape)) + 0.5
    for t in range(x_seq.shape[1]):
        changed = np.array(x_seq)
        changed[:, t:] += noise[:, t:]
        moved = states(function, {**inputs, "x_seq": changed})
        if t > 0:
            what = f"states before step {t}, when only inputs from step {t} on change,"
            assert_bitwise_equal(moved[:, :t], h[:, :t], what=what)
        if np.array_equal(moved[:, t], h[:, t]):
            raise StudentFailure(f"h[:, {t}] stays as it was when x_seq[:, {t}] changes")


def partners(forward, backward):
    """A student's (forward, backward), where a missing backward is named before a missing forward.

    Without a forward function there is no cache to give to the backward one, so it would not be
    called at all.
    """

    def asked(*args):
        try:
            return forward(*args)
        except StudentFailure as failure:
            if failure.kind in NOT_THERE:
                try:
                    backward(None, None)
                except StudentFailure as other:
                    if other.kind in NOT_THERE:
                        raise other from None
            raise

    asked.__name__ = forward.name
    return asked, backward


def text(lengths, seed=0):
    """Words (N, T), some of them more than once, and a table W (V, D)."""
    rng = np.random.default_rng(seed)
    N, T, V, D = lengths
    words = rng.integers(V, size=(N, T))
    words.flat[:2] = 0, V - 1  # the first and the last word of the table, if there is room
    if N * T > 3:
        words.flat[-2:] = words.flat[1]  # a word that occurs more than once
    return {"words": words, "W": np.round(rng.standard_normal((V, D)), 2)}


LENGTHS = st.permutations((2, 3, 4, 5))
TEXTS = st.builds(text, LENGTHS, seeds)
SINGLES = ((1, 3, 4, 5), (2, 1, 4, 5), (2, 3, 1, 5), (2, 3, 4, 1), (1, 1, 3, 2))
