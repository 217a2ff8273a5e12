"""Public tests of `lstm_backward`."""

from __future__ import annotations

import numpy as np

from autograder.testing import (
    assert_backward_fits_forward,
    assert_backward_is_linear,
    assert_close,
    assert_pure,
    assert_structure,
    exercise,
    outputs_and_cache,
)

from ..shared_public import HALF, OPEN, SEQUENCE, arrays_of, sequence_inputs, states

SEQUENCE_PAIR = {"after": ("lstm_step_forward", "lstm_step_backward", "lstm_forward")}


@exercise("lstm_backward", **SEQUENCE_PAIR)
def test_gradient_along_the_cells_by_hand(student):
    """Forget gates of 0.5: a loss at the end reaches each input through a cell, halved per step

    One unit, Wh = 0, other gates open, candidates of tanh(x) at x = 0, so all cells are 0 and all
    slopes 1. With a dh of 8 at the last of four steps, dx is 1, 2, 4, 8. Zeros before the 8: the
    gradient by the cell is not handed back. With a dh of 1 at *each* step, the gradients that
    arrive add up: 1, then 1 + 1/2, and so on.
    """
    one, Wx = np.ones((1, 1)), np.array([[0.0, 0.0, 0.0, 1.0]])
    b = np.array([OPEN, HALF, OPEN, 0.0])
    args = np.zeros((1, 4, 1)), 0.0 * one, Wx, np.zeros((1, 4)), b
    inputs = dict(zip(SEQUENCE, args, strict=True))
    states(student, inputs)
    _, cache = outputs_and_cache(student.lstm_forward, inputs)
    losses = {
        "for a loss at the end": ([0.0, 0.0, 0.0, 8.0], [1.0, 2.0, 4.0, 8.0]),
        "for a loss at each step": ([1.0, 1.0, 1.0, 1.0], [1.875, 1.75, 1.5, 1.0]),
    }
    for name, (dh, dx) in losses.items():
        got = student.lstm_backward(np.array(dh).reshape(1, 4, 1), cache)
        assert_structure(got, tuple(inputs.values()), what="tuple (dx, dh0, dWx, dWh, db)")
        assert_close(got[0][0, :, 0], np.array(dx), what=f"dx {name}")
        assert_close(got[4][3], float(np.sum(dx)), what=f"db[3] {name}, the sum of these,")


@exercise("lstm_backward", **SEQUENCE_PAIR)
def test_sequence_gradients_are_slopes(student):
    """The gradients are the slopes of your lstm_forward, and linear in dh

    If all but `h0` are named, something is wrong with a sum over the steps, or with the way back.
    If it is `h0` alone: that is what is carried back, for the state, beyond step 0. If the message
    is about 2a − 3b, something is clipped, or a dh is not used.
    """
    functions = student.lstm_forward, student.lstm_backward
    for seed, lengths in enumerate(((2, 4, 3, 5), (3, 1, 2, 4), (1, 3, 1, 2))):
        inputs, rng = sequence_inputs(*lengths, seed=seed), np.random.default_rng(seed)
        states(student, inputs)
        assert_backward_fits_forward(functions, inputs, rng, scale=20.0)
        assert_backward_is_linear(functions, inputs, rng)


@exercise("lstm_backward", **SEQUENCE_PAIR)
def test_sequence_backward_leaves_its_arguments_unchanged(student):
    """lstm_backward leaves dh, and the arrays in the cache, unchanged

    `dh[:, t] += …` adds to the caller's own array.
    """
    _, cache = outputs_and_cache(student.lstm_forward, sequence_inputs())
    (dh,) = arrays_of((2, 4, 5))
    assert_pure(student.lstm_backward, dh, cache)
