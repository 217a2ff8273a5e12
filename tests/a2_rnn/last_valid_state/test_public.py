"""Public tests of `last_valid_state`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, assert_structure, exercise

STATES = np.arange(24.0).reshape(3, 4, 2)  # N = 3, T = 4, H = 2
LENGTHS = np.array([2, 4, 1])


@exercise("last_valid_state")
def test_last_valid_state_of_known_numbers(student):
    """For lengths of 2, 4 and 1 it is h[0, 1], h[1, 3] and h[2, 0]

    The steps of a sequence of length 2 are 0 and 1. If your shape has an axis too many, each
    sequence was given all three lengths.
    """
    expected = np.array([[2.0, 3.0], [14.0, 15.0], [16.0, 17.0]])
    assert_close(student.last_valid_state(STATES, LENGTHS), expected)


@exercise("last_valid_state")
def test_last_valid_state_does_not_read_padding(student):
    """NaN in the padding changes nothing

    To multiply by a mask is to read: 0 times NaN is NaN.
    """
    h = np.array(STATES)
    h[0, 2:] = h[2, 1:] = np.nan
    expected = np.array([[2.0, 3.0], [14.0, 15.0], [16.0, 17.0]])
    assert_close(student.last_valid_state(h, LENGTHS), expected)


@exercise("last_valid_state")
def test_last_valid_state_keeps_its_axes_and_its_arguments(student):
    """It is (N, H), also where an axis is 1, and h and lengths stay unchanged

    If lengths has changed: `lengths -= 1` works in the array that you were given.
    """
    for h, lengths in (
        (STATES, LENGTHS),
        (STATES[:1], LENGTHS[:1]),
        (STATES[:, :1], np.array([1, 1, 1])),
        (STATES[:, :, :1], LENGTHS),
    ):
        out = student.last_valid_state(h, lengths)
        assert_structure(out, np.zeros((len(h), h.shape[2])))
        assert_pure(student.last_valid_state, h, lengths)
