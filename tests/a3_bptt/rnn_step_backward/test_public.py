"""Public tests of `rnn_step_backward`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import assert_backward_fits_forward, assert_pure, exercise, seeds, tensors

from ..shared_public import LOG2, LOG3, assert_gradients_are, forth

# One step from x = 2 and prev_h = (1, −1) to next_h = (0.6, 0.8).
ONE_STEP = {
    "x": np.array([[2.0]]),
    "prev_h": np.array([[1.0, -1.0]]),
    "Wx": np.array([[1.0, 3.0]]),
    "Wh": np.array([[1.0, 2.0], [3.0, 4.0]]),
    "b": np.array([LOG2, LOG3 - 4.0]),
}
STEPS = tensors(scale=0.7, x="ND", prev_h="NH", Wx="DH", Wh="HH", b="H")


@exercise("rnn_step_backward")
def test_step_backward_of_known_numbers(student):
    """From next_h = (0.6, 0.8) and dnext_h = (1, −1), da is (0.64, −0.36)

    The five gradients follow from da by hand. All wrong? Then look at da: one minus the *square*
    of next_h. Only `prev_h` wrong? Wh is square, so a missing transpose makes no error. Only `Wh`
    wrong? Which state did it multiply, the one before or the one after?
    """
    _, cache = forth(student, ONE_STEP, "rnn_step_forward")
    got = student.rnn_step_backward(np.array([[1.0, -1.0]]), cache)
    assert_gradients_are(
        got,
        ONE_STEP,
        x=[0.64 * 1.0 - 0.36 * 3.0],
        prev_h=[0.64 * 1.0 - 0.36 * 2.0, 0.64 * 3.0 - 0.36 * 4.0],
        Wx=[2.0 * 0.64, 2.0 * -0.36],
        Wh=[0.64, -0.36, -0.64, 0.36],
        b=[0.64, -0.36],
    )


@exercise("rnn_step_backward")
def test_step_backward_sums_over_the_batch(student):
    """A batch of two equal sequences gives twice the gradients of the weights and of the bias

    Twice, not once: these gradients are sums over the batch. And db has the shape (H,), without an
    axis for the batch.
    """
    twice = {**ONE_STEP, "x": np.full((2, 1), 2.0), "prev_h": np.array([[1.0, -1.0]] * 2)}
    _, cache = forth(student, twice, "rnn_step_forward")
    got = student.rnn_step_backward(np.array([[1.0, -1.0]] * 2), cache)
    assert_gradients_are(
        got,
        twice,
        x=[-0.44, -0.44],
        prev_h=[-0.08, 0.48, -0.08, 0.48],
        Wx=[2.56, -1.44],
        Wh=[1.28, -0.72, -1.28, 0.72],
        b=[1.28, -0.72],
    )


@exercise("rnn_step_backward")
@settings(max_examples=6)
@given(inputs=STEPS, seed=seeds)
def test_step_backward_fits_your_forward_function(student, inputs, seed):
    """The five gradients are those of your own rnn_step_forward, by central differences

    dnext_h is about 20 in size here: if only this test fails, something is cut off at a limit.
    """
    pair = student.rnn_step_forward, student.rnn_step_backward
    assert_backward_fits_forward(pair, inputs, np.random.default_rng(seed), scale=20.0)


@exercise("rnn_step_backward")
def test_step_backward_leaves_its_arguments_unchanged(student):
    """rnn_step_backward leaves dnext_h and the cache unchanged, and may be called again

    `dnext_h *= …` works in the caller's array: write `da = dnext_h * …`.
    """
    _, cache = forth(student, ONE_STEP, "rnn_step_forward")
    dnext_h = np.array([[1.0, -1.0]])
    first = student.rnn_step_backward(dnext_h, cache)
    assert_pure(student.rnn_step_backward, dnext_h, cache, like=lambda *_: first)
