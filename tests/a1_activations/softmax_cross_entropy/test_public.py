"""Public tests of `softmax_cross_entropy`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, assert_silent, exercise

from ..shared_public import LOG3

SCORES = np.array([[[0.0, LOG3], [LOG3, 0.0], [0.0, 0.0]]])  # N = 1, T = 3, V = 2
Y = np.array([[0, 0, 1]])


@exercise("softmax_cross_entropy")
def test_loss_and_dscores_of_known_numbers(student):
    """Scores of 0 and log 3 mean probabilities of 1/4 and 3/4

    One sequence of three steps. The right words have the probabilities 1/4, 3/4 and 1/2, so the
    loss is log 4 + log 4/3 + log 2: a sum over the steps. dscores is the probability, minus 1 at
    the right word only. If an argument has changed: `-=` works in the array that you were given.
    """
    args = SCORES, Y, np.ones((1, 3))
    loss, dscores = student.softmax_cross_entropy(*args)
    assert_close(loss, np.log(32.0 / 3.0), what="loss")
    expected = np.array([[[-0.75, 0.75], [-0.25, 0.25], [0.5, -0.5]]])
    assert_close(dscores, expected, what="dscores")
    assert_pure(student.softmax_cross_entropy, *args)


@exercise("softmax_cross_entropy")
def test_loss_is_summed_over_time_and_averaged_over_the_batch(student):
    """With equal scores the loss is T · log V, whatever N is

    All words have the probability 1/V, so each step costs log V. The loss adds up the T steps of a
    sequence and takes the mean over the N sequences; dscores is divided by N, too.
    """
    N, T, V = 2, 3, 4
    y = np.zeros((N, T), dtype=int)
    loss, dscores = student.softmax_cross_entropy(np.zeros((N, T, V)), y, np.ones((N, T)))
    assert_close(loss, 3.0 * np.log(4.0), what="loss")
    expected = np.broadcast_to([-0.375, 0.125, 0.125, 0.125], (N, T, V))
    assert_close(dscores, expected, what="dscores")


@exercise("softmax_cross_entropy")
def test_masked_steps_count_nowhere(student):
    """Masked steps count neither in the loss nor in dscores

    Only the first step is left here: its right word has the probability 1/4. The divisor is still
    the number of sequences, here 1. And with nothing left at all, everything is 0.
    """
    loss, dscores = student.softmax_cross_entropy(SCORES, Y, np.array([[1, 0, 0]]))
    assert_close(loss, np.log(4.0), what="loss")
    expected = np.array([[[-0.75, 0.75], [0.0, 0.0], [0.0, 0.0]]])
    assert_close(dscores, expected, what="dscores")
    loss, dscores = student.softmax_cross_entropy(SCORES, Y, np.zeros((1, 3)))
    assert_close(loss, 0.0, what="loss where all is masked")
    assert_close(dscores, np.zeros((1, 3, 2)), what="dscores where all is masked")


@exercise("softmax_cross_entropy")
def test_large_scores_are_no_danger(student):
    """Scores of ±1000 give the right loss, without a warning

    exp(1000) overflows and exp(−1000) is 0, whose log is −∞. Shift each step's scores by their own
    maximum, and take log p from the shifted scores. Was a maximum taken over too much?
    """
    scores = np.array([[[1000.0, 0.0, 0.0], [-1000.0, -1000.0, -1000.0]]])
    args = scores, np.array([[1, 2]]), np.ones((1, 2))
    loss, dscores = student.softmax_cross_entropy(*args)
    assert_close(loss, 1000.0 + np.log(3.0), what="loss")
    expected = np.array([[[1.0, -1.0, 0.0], [1.0 / 3.0, 1.0 / 3.0, -2.0 / 3.0]]])
    assert_close(dscores, expected, what="dscores")
    assert_silent(student.softmax_cross_entropy, *args)
