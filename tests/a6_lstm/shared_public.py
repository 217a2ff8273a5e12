"""What the public tests share; released with them."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_structure, outputs_and_cache

OPEN, SHUT = 1e4, -1e4  # pre-activations at which a gate is 1 and 0
HALF = 0.0  # and 0.5
L = np.log(2.0)  # tanh(L) = 3/5
STEP = ("x", "prev_h", "prev_c", "Wx", "Wh", "b")
SEQUENCE = ("x_seq", "h0", "Wx", "Wh", "b")


def arrays_of(*shapes, seed=7):
    """Arrays of these shapes, with numbers between −1 and 1 that are not all alike."""
    rng = np.random.default_rng(seed)
    return [np.round(rng.uniform(-1.0, 1.0, shape), 2) for shape in shapes]


def step_inputs(N=2, D=3, H=4, seed=7):
    """Inputs of lstm_step_forward by name."""
    shapes = (N, D), (N, H), (N, H), (D, 4 * H), (H, 4 * H), (4 * H,)
    return dict(zip(STEP, arrays_of(*shapes, seed=seed), strict=True))


def sequence_inputs(N=2, T=4, D=3, H=5, seed=7):
    """Inputs of lstm_forward by name."""
    shapes = (N, T, D), (N, H), (D, 4 * H), (H, 4 * H), (4 * H,)
    return dict(zip(SEQUENCE, arrays_of(*shapes, seed=seed), strict=True))


def step(student, inputs):
    """The student's (next_h, next_c)."""
    outputs, _ = outputs_and_cache(student.lstm_step_forward, inputs)
    assert_structure(outputs, (inputs["prev_h"], inputs["prev_c"]), what="pair (next_h, next_c)")
    return outputs


def states(student, inputs):
    """The states that the student's lstm_forward returns, an array of the right shape."""
    (h, *_), _ = outputs_and_cache(student.lstm_forward, inputs)
    shape = (*inputs["x_seq"].shape[:2], inputs["h0"].shape[1])
    assert_structure(h, np.zeros(shape), what="array of states")
    return h
