"""Public tests of `rnn_backward_truncated`."""

from __future__ import annotations

from autograder.testing import assert_pure, exercise

from ..shared_public import (
    LOSSES,
    STANDSTILL,
    a_sequence,
    assert_gradients_are,
    assert_reach,
    forth,
    named,
    one_loss,
)


@exercise("rnn_backward_truncated", after=("rnn_step_backward", "rnn_backward"))
def test_truncation_of_a_network_that_stands_still(student):
    """Losses of 1, 2, 4 behind tanh, halved by each step back: da is (2, 4, 4) for k = 2

    The last loss gives 4 to its own step and 2 to the one before, and no more. The middle one gives
    2 and 1, the first one 1. And dh0 gets what the first two carry out of step 0: 0.78125 · 2. If
    da is (1, 2, 4), your k is one too small; if it is (3, 4, 4), one too large. If da is (2, 2, 4)
    or (1, 4, 4), losses share windows.
    """
    _, cache = forth(student, STANDSTILL)
    got = student.rnn_backward_truncated(LOSSES, cache, 2)
    expected = {"x_seq": [4.0, 8.0, 8.0], "h0": 0.78125 * 2.0, "Wx": 10.0, "Wh": 6.0, "b": 10.0}
    assert_gradients_are(got, STANDSTILL, **expected)


@exercise("rnn_backward_truncated", after=("rnn_step_backward", "rnn_backward"))
def test_truncation_to_one_step_and_to_all(student):
    """For k = 1 nothing is carried: da is (1, 2, 4). For k = 3 and more it is (3, 4, 4), as in full

    For k = 1 the first loss still reaches h0, since step 0 is its one step.
    """
    _, cache = forth(student, STANDSTILL)
    own = {"x_seq": [2.0, 4.0, 8.0], "h0": 0.78125, "Wx": 7.0, "Wh": 4.2, "b": 7.0}
    assert_gradients_are(student.rnn_backward_truncated(LOSSES, cache, 1), STANDSTILL, **own)
    full = {"x_seq": [6.0, 8.0, 8.0], "h0": 0.78125 * 3.0, "Wx": 11.0, "Wh": 6.6, "b": 11.0}
    for k in (3, 4, 10):
        assert_gradients_are(student.rnn_backward_truncated(LOSSES, cache, k), STANDSTILL, **full)


@exercise("rnn_backward_truncated", after=("rnn_step_backward", "rnn_backward"))
def test_each_loss_reaches_back_k_steps(student):
    """A loss at one step reaches exactly k steps, its own among them, or as many as there are

    This holds for every loss, early or late. Blocks of k steps would give some of them fewer.
    """
    inputs = a_sequence(3, T=6)
    h, cache = forth(student, inputs)
    for k in (2, 3):
        for t in range(6):
            got = student.rnn_backward_truncated(one_loss(h, t), cache, k)
            assert_reach(named(got, inputs)["x_seq"], max(0, t - k + 1), t)


@exercise("rnn_backward_truncated", after=("rnn_step_backward", "rnn_backward"))
def test_truncation_leaves_its_arguments_unchanged(student):
    """rnn_backward_truncated leaves dh and the cache unchanged, and may be called again

    `carried = dh[:, t]` is a view: whatever is done to it in place is done to dh.
    """
    _, cache = forth(student, STANDSTILL)
    first = student.rnn_backward_truncated(LOSSES, cache, 2)
    assert_pure(student.rnn_backward_truncated, LOSSES, cache, 2, like=lambda *_: first)
