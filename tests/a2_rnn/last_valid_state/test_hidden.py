"""Hidden tests of `last_valid_state`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.testing import assert_close, assert_form_agrees, assert_pure, exercise, seeds


def padded(lengths, seed=0):
    """States (N, T, H) and N lengths: a 1, a T where there is room, and others."""
    rng = np.random.default_rng(seed)
    N, T, H = lengths
    real = rng.integers(1, T + 1, size=N)
    real[: min(N, 2)] = (1, T)[: min(N, 2)]
    return {
        "h": np.round(rng.standard_normal((N, T, H)), 2),
        "lengths": rng.permutation(real),
    }


PADDED = st.builds(padded, st.permutations((2, 3, 4)), seeds)


@exercise("last_valid_state", points=4)
@settings(max_examples=16)
@given(inputs=PADDED)
@example(inputs=padded((5, 4, 2)))
def test_last_valid_state_agrees(student, reference, inputs):
    """out[n] = h[n, lengths[n] − 1]

    Steps are counted from 0: a sequence of length 1 has its only step at 0. And each sequence has
    a length of its own.
    """
    args = tuple(inputs.values())
    assert_close(student.last_valid_state(*args), reference.last_valid_state(*args))


@exercise("last_valid_state", points=1)
@settings(max_examples=5)
@given(inputs=PADDED)
def test_last_valid_state_without_padding(student, inputs):
    """Where no sequence is padded, it is the last state of all, h[:, −1]"""
    h = inputs["h"]
    assert_close(student.last_valid_state(h, np.full(len(h), h.shape[1])), h[:, -1])


@exercise("last_valid_state", points=2)
@settings(max_examples=6)
@given(inputs=PADDED)
def test_padding_is_never_read(student, reference, inputs):
    """NaN in the padding changes nothing

    To multiply the padding by 0 is to read it: 0 times NaN is NaN.
    """
    h, lengths = inputs["h"], inputs["lengths"]
    padding = np.arange(h.shape[1]) >= lengths[:, None]
    spoilt = np.where(padding[:, :, None], np.nan, h)
    assert_close(
        student.last_valid_state(spoilt, lengths), reference.last_valid_state(spoilt, lengths)
    )


@exercise("last_valid_state", points=1, ones=True)
def test_last_valid_state_keeps_axes_of_one(student, reference):
    """It is an array of shape (N, H), also where one of N, T, H is 1"""
    for lengths in ((1, 3, 2), (3, 1, 2), (2, 3, 1), (1, 1, 1)):
        args = tuple(padded(lengths).values())
        assert_close(student.last_valid_state(*args), reference.last_valid_state(*args))


@exercise("last_valid_state", points=0.5, form=True)
def test_form_of_last_valid_state(student, reference):
    """The result is a float64 array of shape (N, H)"""
    args = padded((2, 4, 3)).values()
    assert_form_agrees(student.last_valid_state, reference.last_valid_state, *args)


@exercise("last_valid_state", points=0.5)
def test_last_valid_state_leaves_its_arguments_unchanged(student, reference):
    """last_valid_state leaves h and lengths unchanged

    `lengths -= 1` changes the caller's lengths; `lengths - 1` is an array of its own.
    """
    args = tuple(padded((4, 3, 2)).values())
    assert_pure(student.last_valid_state, *args, like=reference.last_valid_state)
