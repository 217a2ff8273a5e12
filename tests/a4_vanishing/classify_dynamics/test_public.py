"""Public tests of `classify_dynamics`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.testing import assert_close, assert_pure, assert_raises, exercise, seeds

from ..shared_public import TRAP


def assert_answers(student, Wh, activation, expected):
    """Assert the student's answer, naming the question in the message."""
    answer = student.classify_dynamics(Wh, activation)
    assert_close(answer, expected, what=f"answer for {activation!r}")


MEASURES = ("spectral_radius", "largest_singular_value")


@exercise("classify_dynamics", after=MEASURES)
@settings(max_examples=5)
@given(size=st.sampled_from((2, 3)), share=st.sampled_from((0.9, 1.1)), seed=seeds)
def test_where_the_answer_turns(student, size, share, seed):
    """The answer turns at a largest singular value of 1 for tanh and relu, and of 4 for sigmoid

    The limit is 1 / γ, with γ the largest derivative of the activation. Below it: "vanishes".
    """
    W = np.random.default_rng(seed).standard_normal((size, size))
    W = share * W / np.linalg.norm(W, 2)
    expected = "vanishes" if share < 1 else "may explode"
    assert_answers(student, W, "tanh", expected)
    assert_answers(student, W, "relu", expected)
    assert_answers(student, 4.0 * W, "sigmoid", expected)


@exercise("classify_dynamics", after=MEASURES)
def test_eigenvalues_promise_nothing(student):
    """[[.5, 10], [0, .5]] may explode, whatever its eigenvalues; 0.8 times the identity vanishes

    The eigenvalues of the first are 0.5 and promise nothing. The second has the largest singular
    value 0.8, and the Frobenius norm 1.39. The identity itself keeps every gradient as it is: a
    largest singular value of exactly 1 is not below 1.
    """
    for activation in ("tanh", "relu", "sigmoid"):
        assert_answers(student, TRAP, activation, "may explode")
    assert_answers(student, 0.8 * np.eye(3), "tanh", "vanishes")
    assert_answers(student, np.eye(2), "tanh", "may explode")
    assert_answers(student, np.eye(2), "sigmoid", "vanishes")


@exercise("classify_dynamics", after=MEASURES)
def test_other_activations_are_refused(student):
    """An unknown activation raises ValueError, and Wh is left unchanged"""
    assert_raises(student.classify_dynamics, ValueError, np.eye(2), "tangent")
    assert_pure(student.classify_dynamics, TRAP, "relu")
