"""Public tests of `rnn_backward`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import assert_backward_fits_forward, assert_pure, exercise, seeds

from ..shared_public import (
    LOSSES,
    SEQUENCES,
    STANDSTILL,
    a_sequence,
    assert_gradients_are,
    assert_reach,
    forth,
    named,
    one_loss,
)


@exercise("rnn_backward", after="rnn_step_backward")
def test_backward_of_a_network_that_stands_still(student):
    """Three losses of 1, 2 and 4 behind tanh, halved by each step back: da is 3, 4 and 4

    The last step has 4. The one before has its own 2, and half of 4. The first has its own 1, and
    half of 4. Now dx is 2 da, dh0 is 0.78125 · 3, dWx and db are the sum of da, and dWh is 0.6
    times that. If dx is (2, 4, 8), nothing is carried. If it is right, but backwards: which step
    does the loop meet first? If the weights have 3 or 4 in place of 11: `=` or `+=`?
    """
    _, cache = forth(student, STANDSTILL)
    got = student.rnn_backward(LOSSES, cache)
    expected = {"x_seq": [6.0, 8.0, 8.0], "h0": 0.78125 * 3.0, "Wx": 11.0, "Wh": 6.6, "b": 11.0}
    assert_gradients_are(got, STANDSTILL, **expected)


@exercise("rnn_backward", after="rnn_step_backward")
@settings(max_examples=6)
@given(inputs=SEQUENCES, seed=seeds)
def test_backward_fits_your_forward_function(student, inputs, seed):
    """The five gradients are those of your own rnn_forward, by central differences

    dh is about 20 in size here: if only this test fails, something is cut off at a limit.
    """
    pair = student.rnn_forward, student.rnn_backward
    assert_backward_fits_forward(pair, inputs, np.random.default_rng(seed), scale=20.0)


@exercise("rnn_backward", after="rnn_step_backward")
def test_a_loss_reaches_all_earlier_steps(student):
    """A loss at one step reaches the inputs of that step and of all earlier ones, and no later one

    If a loss at step 0 is lost, look at where your loop ends. If early losses are lost, is dh[:, t]
    added at every step, or only at the last?
    """
    inputs = a_sequence(1)
    h, cache = forth(student, inputs)
    for t in range(4):
        got = student.rnn_backward(one_loss(h, t), cache)
        assert_reach(named(got, inputs)["x_seq"], 0, t)


@exercise("rnn_backward", after="rnn_step_backward")
def test_backward_leaves_its_arguments_unchanged(student):
    """rnn_backward leaves dh and the cache unchanged, and may be called again

    `dh[:, t] += carried` works in the caller's array: add into a new one. `cache.pop()` and
    `cache.reverse()` change the caller's list: use `reversed(…)` or an index.
    """
    _, cache = forth(student, STANDSTILL)
    first = student.rnn_backward(LOSSES, cache)
    assert_pure(student.rnn_backward, LOSSES, cache, like=lambda *_: first)
