"""Public tests of `input_saliency`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, exercise

PARAMS = {"Wx": np.array([[3.0], [-4.0]]), "Wh": np.array([[0.5]]), "b": np.zeros(1)}


@exercise("input_saliency")
def test_saliency_of_a_unit_at_rest(student):
    """One unit at 0 with weights 3 and −4 for its inputs, and 0.5 for itself: 1.25, 2.5, 5

    For x = 0 all slopes of tanh are 1. The last input counts with the norm of (3, −4), which is 5,
    and each step back halves it. Twice that if dh_T is −2: norms are never negative.
    """
    _, cache = student.cell_forward("rnn", np.zeros((1, 3, 2)), PARAMS)
    expected = np.array([[1.25, 2.5, 5.0]])
    assert_close(student.input_saliency(np.array([[1.0]]), cache), expected, what="saliency")
    assert_close(student.input_saliency(np.array([[-2.0]]), cache), 2 * expected, what="saliency")
    assert_pure(student.input_saliency, np.array([[1.0]]), cache)


@exercise("input_saliency")
def test_saliency_keeps_sequences_apart(student):
    """Two sequences, only the second with a gradient: the first one's saliency is 0"""
    _, cache = student.cell_forward("rnn", np.zeros((2, 2, 2)), PARAMS)
    got = student.input_saliency(np.array([[0.0], [1.0]]), cache)
    assert_close(got, np.array([[0.0, 0.0], [2.5, 5.0]]), what="saliency")


@exercise("input_saliency")
def test_saliency_of_gated_networks(student):
    """In an LSTM and a GRU, too, it is the slope of the last state, by finite differences

    One input per step here, so the norm is the size of the slope.
    """
    rng, h = np.random.default_rng(0), 1e-5
    for kind, gates in (("lstm", 4), ("gru", 3)):
        params = {"Wx": rng.standard_normal((1, 2 * gates)), "b": rng.standard_normal(2 * gates)}
        params["Wh"] = rng.standard_normal((2, 2 * gates))
        x, dh_T = rng.standard_normal((1, 3, 1)), rng.standard_normal((1, 2))
        _, cache = student.cell_forward(kind, x, params)
        slopes = []
        for t in range(3):
            step = np.zeros((1, 3, 1))
            step[0, t] = h
            ahead, behind = (student.cell_forward(kind, x + s * step, params)[0] for s in (1, -1))
            slopes.append(abs(np.sum(dh_T * (ahead - behind)[:, -1])) / (2 * h))
        got = student.input_saliency(dh_T, cache)
        assert_close(got, np.array([slopes]), rtol=1e-6, what=f"saliency ({kind})")
