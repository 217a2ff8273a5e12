"""Public tests of `gradient_norm_profile`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, exercise

from ..shared_public import HS, WH


def cache_of(h, Wh):
    """The cache of a run from h0 = 0 with the states h (N, T, H): its inputs are made to fit."""
    h0 = np.zeros(h[:, 0].shape)
    before = np.concatenate([h0[:, None], h[:, :-1]], axis=1)
    H = len(Wh)
    return np.arctanh(h) - before @ Wh, h0, np.eye(H), Wh, h


AFTER = ("step_jacobian", "jacobian_product")


@exercise("gradient_norm_profile", after=AFTER)
def test_profile_of_one_unit(student):
    """For one unit with w = 2 and the states 0, 0.5, 0 the profile of dh_T = 1 is [3, 2, 1]

    At the loss the norm is 1. From the last step back: times tanh′ = 1, times 2. From the middle
    one: times 0.75, times 2. The first entry belongs to the first step, and h0 has no entry.
    """
    cache = cache_of(np.array([[[0.0], [0.5], [0.0]]]), np.array([[2.0]]))
    profile = student.gradient_norm_profile(np.array([[1.0]]), cache)
    assert_close(profile, np.array([3.0, 2.0, 1.0]), what="profile")


@exercise("gradient_norm_profile", after=AFTER)
def test_profile_of_two_units(student):
    """With Wh = [[1, 2], [3, 4]] and states [0, .5], [.5, 0], dh_T = [1, 0] gives [0.75 √10, 1]

    Times tanh′ = [0.75, 1] of the last step it is [0.75, 0], and times the transpose of Wh 0.75
    times [1, 3]. Without the transpose it would be 0.75 times [1, 2].
    """
    cache = cache_of(HS[None], WH)
    dh_T = np.array([[1.0, 0.0]])
    profile = student.gradient_norm_profile(dh_T, cache)
    assert_close(profile, np.array([0.75 * np.sqrt(10.0), 1.0]), what="profile")
    assert_pure(student.gradient_norm_profile, dh_T, cache)


@exercise("gradient_norm_profile", after=AFTER)
def test_profile_of_a_batch(student):
    """Two sequences with the gradients [3, 0] and [0, 4] have the norm 5 at the last step

    One number for each step, over all entries of the batch. 25 is the square, 3.5 a mean, 4 another
    norm.
    """
    cache = cache_of(np.zeros((2, 3, 2)), 0.5 * np.eye(2))
    dh_T = np.array([[3.0, 0.0], [0.0, 4.0]])
    profile = student.gradient_norm_profile(dh_T, cache)
    assert_close(profile, np.array([1.25, 2.5, 5.0]), what="profile")
