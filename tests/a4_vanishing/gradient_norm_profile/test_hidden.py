"""Hidden tests of `gradient_norm_profile`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.testing import (
    assert_close,
    assert_form_agrees,
    assert_pure,
    assert_structure,
    exercise,
    seeds,
    tensors,
)

from ..shared_hidden import SCALES, orthogonal

# the profile


AFTER = ("step_jacobian", "jacobian_product")
PROFILES = tensors(x_seq="NTD", h0="NH", Wx="DH", Wh="HH", b="H", scale=0.7)


def profile_of(student, dh_T, cache):
    """The student's profile, which must have one entry per step, the last one above 0."""
    profile = student.gradient_norm_profile(dh_T, cache)
    assert_structure(profile, np.zeros(cache[-1].shape[1]), what="profile")
    assert profile[-1] > 0, "the last entry of the profile is not above 0"
    return profile


def last_gradient(cache, seed, scale=1.0):
    """A random gradient (N, H) by the last state."""
    N, _, H = cache[-1].shape
    return scale * np.random.default_rng(seed).standard_normal((N, H))


@exercise("gradient_norm_profile", points=2.5, after=AFTER)
@settings(max_examples=12)
@given(inputs=PROFILES, seed=seeds, scale=SCALES)
def test_the_profile_agrees_with_back_propagation(student, reference, inputs, seed, scale):
    """Entry t is the norm of ∂L/∂h[:, t], carried back from the last step

    One number per step, over the whole batch. If single sequences are right and batches are not,
    look at what your norm sums over.
    """
    _, cache = reference.rnn_forward(*inputs.values())
    dh_T = last_gradient(cache, seed, scale)
    expected = reference.gradient_norm_profile(dh_T, cache)
    assert_close(student.gradient_norm_profile(dh_T, cache), expected, what="profile")


@exercise("gradient_norm_profile", points=2.5, after=AFTER)
@settings(max_examples=12)
@given(inputs=PROFILES, seed=seeds)
def test_the_profile_of_a_single_sequence(student, reference, inputs, seed):
    """The same for a single sequence, N = 1

    Begin with dh_T at the last step. Then, for each step back: times tanh′ of the step that you
    leave, times the transpose of Wh.
    """
    x_seq, h0, *weights = inputs.values()
    _, cache = reference.rnn_forward(x_seq[:1], h0[:1], *weights)
    dh_T = last_gradient(cache, seed)
    expected = reference.gradient_norm_profile(dh_T, cache)
    assert_close(student.gradient_norm_profile(dh_T, cache), expected, what="profile")


def long_cache(reference, size, N, seed):
    """The cache of a run of 30 steps, whose weights have singular values around ``size``."""
    rng = np.random.default_rng(seed)
    D, H = 2, 4
    inputs = 0.2 * rng.standard_normal((N, 30, D)), np.zeros((N, H)), rng.standard_normal((D, H))
    return reference.rnn_forward(*inputs, size * orthogonal(H, seed), np.zeros(H))[1]


@exercise("gradient_norm_profile", points=1.5, after=AFTER)
@settings(max_examples=6)
@given(size=st.sampled_from((0.4, 1.0, 2.0)), seed=seeds)
def test_the_profile_is_right_at_far_steps(student, reference, size, seed):
    """Thirty steps back the norms are right as well, each compared on its own

    Small numbers far back count here as much as large ones near the loss.
    """
    cache = long_cache(reference, size, 1, seed)
    dh_T = last_gradient(cache, seed)
    expected = reference.gradient_norm_profile(dh_T, cache)
    ratio = profile_of(student, dh_T, cache) / expected
    assert_close(ratio, np.ones(30), rtol=1e-7, what="ratio of your profile to the right one")


@exercise("gradient_norm_profile", points=1, after=AFTER)
@settings(max_examples=6)
@given(inputs=PROFILES, seed=seeds)
def test_a_shorter_run_has_the_end_of_the_profile(student, reference, inputs, seed):
    """A run that starts later has the end of the whole run's profile, and the last entry is ‖dh_T‖

    The gradient by a state does not depend on what came before that state.
    """
    x_seq, h0, Wx, Wh, b = inputs.values()
    h, cache = reference.rnn_forward(x_seq, h0, Wx, Wh, b)
    dh_T = last_gradient(cache, seed)
    whole = profile_of(student, dh_T, cache)
    assert_close(whole[-1], float(np.linalg.norm(dh_T)), what="last entry")
    if h.shape[1] > 2:
        _, shorter = reference.rnn_forward(x_seq[:, 1:], h[:, 0], Wx, Wh, b)
        assert_close(profile_of(student, dh_T, shorter), whole[1:], what="profile of a part")


@exercise("gradient_norm_profile", points=1, after=AFTER)
@settings(max_examples=6)
@given(inputs=PROFILES, seed=seeds, factor=st.sampled_from((-2.0, 0.25, 20.0)))
def test_the_profile_grows_with_the_gradient(student, reference, inputs, seed, factor):
    """If dh_T is multiplied by a number, so is the profile, by its absolute value

    That is all that an output's derivative can do: the slope of the profile stays. If the factor
    appears squared, the square root is missing.
    """
    _, cache = reference.rnn_forward(*inputs.values())
    dh_T = last_gradient(cache, seed)
    expected = abs(factor) * profile_of(student, dh_T, cache)
    got = student.gradient_norm_profile(factor * dh_T, cache)
    assert_close(got, expected, what="profile")


@exercise("gradient_norm_profile", points=0.5, after=AFTER)
@settings(max_examples=5)
@given(seed=seeds)
def test_the_squares_of_the_sequences_add_up(student, reference, seed):
    """The squared norm of a batch is the sum of the squared norms of its sequences

    One norm over all N · H entries: no mean over the batch, and not one number per sequence.
    """
    x_seq, h0, Wx, Wh, h = cache = long_cache(reference, 1.0, 3, seed)
    dh_T = last_gradient(cache, seed)
    whole = profile_of(student, dh_T, cache)
    parts = []
    for n in range(3):
        alone = slice(n, n + 1)
        cache = x_seq[alone], h0[alone], Wx, Wh, h[alone]
        parts.append(profile_of(student, dh_T[alone], cache))
    assert_close(whole, np.sqrt(sum(part**2 for part in parts)), what="profile of the batch")


@exercise("gradient_norm_profile", points=0.5, form=True)
def test_form_of_gradient_norm_profile(student, reference):
    """The profile is a float64 array of shape (T,), also for T = 1"""
    x_seq, h0, Wx, Wh, h = long_cache(reference, 0.9, 2, 3)
    for T in (30, 1):
        cache = x_seq[:, :T], h0, Wx, Wh, h[:, :T]
        args = last_gradient(cache, 4), cache
        assert_form_agrees(student.gradient_norm_profile, reference.gradient_norm_profile, *args)


@exercise("gradient_norm_profile", points=0.5, after=AFTER)
def test_gradient_norm_profile_leaves_its_arguments_unchanged(student, reference):
    """gradient_norm_profile leaves dh_T and the cache unchanged

    `*=` and `+=` on what you carry back write into dh_T itself.
    """
    cache = long_cache(reference, 0.9, 2, 3)
    dh_T = last_gradient(cache, 4)
    assert_pure(student.gradient_norm_profile, dh_T, cache, like=reference.gradient_norm_profile)
