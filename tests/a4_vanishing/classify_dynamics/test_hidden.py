"""Hidden tests of `classify_dynamics`."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings

from autograder.testing import (
    StudentFailure,
    assert_close,
    assert_pure,
    assert_raises,
    exercise,
    show,
)

from ..shared_hidden import CANCELLING, SQUARES, TRAP, describe_value, rotation, state_and_weights

NONZERO = SQUARES.map(lambda W: W if W.any() else W + 1.0)

# what can be promised


MEASURES = ("spectral_radius", "largest_singular_value")


def with_singular_value(W, value):
    """W, scaled so that its largest singular value is ``value``."""
    return value * W / np.linalg.norm(W, 2)


def assert_turns_at(student, W, activation, limit):
    """Assert that W, scaled to a bit below and to a bit above ``limit``, is told apart.

    The words for what lies above have a test of their own.
    """
    for share, vanishes in ((0.97, True), (1.03, False)):
        answer = student.classify_dynamics(with_singular_value(W, share * limit), activation)
        if not isinstance(answer, str) or (answer == "vanishes") is not vanishes:
            raise StudentFailure(
                f"the answer is wrong for {activation!r} and a largest singular value of "
                f"{show(share * limit)}",
                got=describe_value(answer),
                expected="'vanishes'" if vanishes else "'may explode'",
            )


@exercise("classify_dynamics", points=2, after=MEASURES)
@settings(max_examples=8)
@given(W=NONZERO)
@example(W=TRAP)
def test_classify_dynamics_of_tanh(student, W):
    """For tanh the limit of the largest singular value is 1

    If matrices with small eigenvalues are taken for harmless: those promise nothing about the
    first steps. Above the limit a gradient *may* explode, no more can be said.
    """
    assert_turns_at(student, W, "tanh", 1.0)


@exercise("classify_dynamics", points=2, after=MEASURES)
@settings(max_examples=8)
@given(W=NONZERO)
@example(W=TRAP)
def test_classify_dynamics_of_the_sigmoid(student, W):
    """For the logistic sigmoid the limit is 4, because its derivative is at most 1/4

    The limit is 1 / γ: a flatter activation allows larger weights.
    """
    assert_turns_at(student, W, "sigmoid", 4.0)


@exercise("classify_dynamics", points=1, after=MEASURES)
@settings(max_examples=8)
@given(W=NONZERO)
@example(W=CANCELLING)
def test_classify_dynamics_of_relu(student, W):
    """For ReLU the limit is 1: an active unit has the derivative 1"""
    assert_turns_at(student, W, "relu", 1.0)


def assert_answers(student, *cases):
    """Assert the student's answer in each case (Wh, activation, answer)."""
    for Wh, activation, expected in cases:
        assert_close(student.classify_dynamics(Wh, activation), expected, what="answer")


@exercise("classify_dynamics", points=1.5, after=MEASURES)
def test_classify_dynamics_of_known_matrices(student):
    """3.9 times a rotation vanishes under the sigmoid; [[2, 1.99], [−1.99, −2]] may explode

    The answers are the strings "vanishes" and "may explode": nothing here can promise an explosion.
    """
    assert_answers(
        student,
        (0.5 * np.eye(2), "sigmoid", "vanishes"),
        (rotation(1.0, 3.9), "sigmoid", "vanishes"),
        (rotation(1.0, 3.9), "tanh", "may explode"),
        (CANCELLING, "relu", "may explode"),
        (TRAP, "tanh", "may explode"),
        (TRAP, "sigmoid", "may explode"),
        (CANCELLING, "sigmoid", "vanishes"),
        (np.ones((4, 4)), "relu", "may explode"),
        (np.zeros((2, 2)), "relu", "vanishes"),
    )


@exercise("classify_dynamics", points=0.5, after=MEASURES)
def test_at_the_limit_nothing_is_promised(student):
    """A largest singular value of exactly 1 / γ may explode: only below it can vanishing be proved

    The identity multiplies by 1 at every open step, and does not shrink anything.
    """
    assert_answers(
        student,
        (np.eye(2), "tanh", "may explode"),
        (np.eye(2), "relu", "may explode"),
        (4.0 * np.eye(2), "sigmoid", "may explode"),
        (0.5 * np.eye(2), "tanh", "vanishes"),
    )


@exercise("classify_dynamics", points=0.5, after=MEASURES)
def test_unknown_activations_are_refused(student):
    """Any other activation raises ValueError"""
    assert_answers(student, (0.5 * np.eye(2), "relu", "vanishes"))
    for name in ("softmax", "Tanh", ""):
        assert_raises(student.classify_dynamics, ValueError, np.eye(2), name)


@exercise("classify_dynamics", points=0.5, after=MEASURES)
def test_classify_dynamics_leaves_wh_unchanged(student, reference):
    """classify_dynamics leaves Wh unchanged"""
    Wh = state_and_weights(3, 6)[1]
    for size in (0.1, 10.0):
        assert_pure(
            student.classify_dynamics, size * Wh, "sigmoid", like=reference.classify_dynamics
        )
