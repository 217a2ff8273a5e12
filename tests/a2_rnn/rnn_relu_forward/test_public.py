"""Public tests of `rnn_relu_forward`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, assert_structure, exercise

from ..shared_public import arrays_of, out_of


@exercise("rnn_relu_forward")
def test_relu_sequence_sums_up(student):
    """With Wh = I, b = 0 and h0 = 0, inputs of 1, 2, 0, 4 give states of 1, 3, 3, 7

    Nothing limits a state from above. If yours stay below 1, or stop there, look at the activation.
    """
    x_seq, one = np.array([1.0, 2.0, 0.0, 4.0]).reshape(1, 4, 1), np.ones((1, 1))
    h = out_of(student.rnn_relu_forward, x_seq, np.zeros((1, 1)), one, one, np.zeros(1))
    assert_close(h, np.array([1.0, 3.0, 3.0, 7.0]).reshape(1, 4, 1), what="array of states")


@exercise("rnn_relu_forward")
def test_relu_sequence_of_known_numbers(student):
    """Inputs of 1, −3, 1 give 3, 0, 1 from h0 = 2, and 0, 0, 1 from h0 = −2

    The pre-activations are 3, 0, 1 and −1, −3, 1. If yours are others: is it the state after the
    ReLU that goes into the next step, and is h0 taken as it is?
    """
    x_seq, h0 = np.array([[1.0, -3.0, 1.0]] * 2)[:, :, None], np.array([[2.0], [-2.0]])
    h = out_of(student.rnn_relu_forward, x_seq, h0, np.ones((1, 1)), np.ones((1, 1)), np.zeros(1))
    assert_close(h[:, :, 0], np.array([[3.0, 0.0, 1.0], [0.0, 0.0, 1.0]]), what="array of states")
    negative = -np.ones((1, 1))
    h = out_of(student.rnn_relu_forward, x_seq, h0, np.ones((1, 1)), negative, np.zeros(1))
    expected = np.array([[0.0, 0.0, 1.0], [3.0, 0.0, 1.0]])
    assert_close(h[:, :, 0], expected, what="array of states for Wh = −1")


@exercise("rnn_relu_forward")
def test_relu_sequence_keeps_its_axes_and_its_arguments(student):
    """h is (N, T, H), also where an axis is 1, and the arguments stay unchanged"""
    for N, T, D, H in ((2, 3, 4, 5), (1, 3, 4, 5), (2, 1, 4, 5), (2, 3, 1, 5), (2, 3, 4, 1)):
        args = arrays_of((N, T, D), (N, H), (D, H), (H, H), (H,))
        h = out_of(student.rnn_relu_forward, *args)
        assert_structure(h, np.zeros((N, T, H)), what="array of states")
        assert_pure(student.rnn_relu_forward, *args)
