"""Public tests of `gradient_check`."""

from __future__ import annotations

import numpy as np

from autograder.testing import StudentFailure, Watched, exercise, show

from ..shared_public import X

W = np.array([[0.5, -0.3, 0.8], [0.2, 0.7, -0.6], [-0.4, 0.9, 0.1]])  # square


def wave(x, W):
    """sin(x @ W), for x of shape (2, 3)."""
    return np.sin(x @ W)


def wave_vjp(dout, x, W):
    """The right gradients of ``wave``."""
    da = dout * np.cos(x @ W)
    return da @ W.T, x.T @ da


def ask(student, vjp, f=wave, inputs=(X, W)):
    """The student's gradient_check, asked about ``vjp``: its answer, and what else it does."""
    shapes_in = [x.shape for x in inputs]
    watched = Watched(f.__name__, f, *shapes_in)
    watched_vjp = Watched("vjp", vjp, f(*inputs).shape, *shapes_in)
    return student.gradient_check.reply(watched, watched_vjp, inputs, np.random.default_rng(0))


def assert_says(student, expected, because, *question):
    """Assert that the student's gradient_check answers with ``expected``, True or False."""
    said = ask(student, *question).value
    if said is not expected:
        raise StudentFailure(
            f"`gradient_check` does not answer {expected} to a vjp {because}",
            got=f"{show(said)}, of type {type(said).__name__}",
            expected=f"{expected}, of type bool",
        )


def assert_rejects(student, because, vjp):
    """Assert that the student's gradient_check finds ``vjp`` wrong."""
    assert_says(student, False, because, vjp)


@exercise("gradient_check")
def test_right_gradients_are_accepted(student):
    """Right gradients are accepted, also one of almost 0, and inputs stay unchanged

    If a right gradient is rejected: is the difference central, divided by 2h, multiplied by dout,
    and is only one input moved at a time, by its own direction? If only the last one is: below 1
    the tolerance is absolute.
    """
    assert_says(student, True, "that is right", wave_vjp)
    assert not ask(student, wave_vjp).mutated, "the arrays in inputs have changed: move copies"
    top = np.full((2, 2), np.pi / 2)
    flat = lambda dout, x: (dout * np.cos(x),), np.sin, (top,)
    assert_says(student, True, "that is right, and almost 0", *flat)


@exercise("gradient_check")
def test_wrong_gradients_are_rejected(student):
    """A transposed gradient of W is rejected, one that is 1 % off, and one with a wrong entry

    W is the *second* input: does its turn come, with a random direction of its own, and is the
    tolerance 1e-6?
    """
    assert_rejects(
        student,
        "whose gradient of W is transposed",
        lambda *args: (wave_vjp(*args)[0], wave_vjp(*args)[1].T),
    )
    assert_rejects(
        student, "that is 1 % off", lambda *args: tuple(1.01 * g for g in wave_vjp(*args))
    )
    mistake = np.zeros((3, 3))
    mistake[1, 2] = 0.1
    assert_rejects(
        student,
        "with one entry of W's gradient 0.1 off",
        lambda *args: (wave_vjp(*args)[0], wave_vjp(*args)[1] + mistake),
    )


@exercise("gradient_check")
def test_randomness_finds_what_ones_do_not(student):
    """A vjp that ignores dout is rejected, and one whose errors cancel in the sum

    A dout of ones cannot tell whether dout is used. A direction of ones sees only the sum of the
    gradient. Both are to be drawn from rng.
    """
    assert_rejects(
        student,
        "that does not use its dout",
        lambda dout, x, W: wave_vjp(np.ones((2, 3)), x, W),
    )
    assert_rejects(
        student,
        "with errors that add up to 0",
        lambda *args: (wave_vjp(*args)[0] + np.array([0.2, 0.0, -0.2]), wave_vjp(*args)[1]),
    )


@exercise("gradient_check")
def test_ill_shaped_gradients_are_rejected(student):
    """A gradient of another shape, a missing one, a surplus one and a NaN are answered by False

    Compare number and shapes of the gradients before you compute with them: `zip` stops at the
    shorter one, and NumPy broadcasts. And no comparison with NaN is ever true.
    """
    assert_rejects(
        student,
        "whose first gradient has the shape (1, 2, 3)",
        lambda *args: (wave_vjp(*args)[0][None], wave_vjp(*args)[1]),
    )
    assert_rejects(student, "with one gradient only", lambda *args: wave_vjp(*args)[:1])
    assert_rejects(student, "with three gradients", lambda *args: (*wave_vjp(*args), np.zeros(3)))
    assert_rejects(
        student,
        "with a NaN in a gradient",
        lambda *args: (wave_vjp(*args)[0], np.full((3, 3), np.nan)),
    )
