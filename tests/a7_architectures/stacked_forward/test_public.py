"""Public tests of `stacked_forward`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, exercise

from ..shared_public import in_layers, output_of, stack


def by_hand(x_seq, h0, layers, adds):
    """The output of a stack; ``adds[l]`` tells whether layer l adds its input."""
    out = x_seq
    for state, (Wx, Wh, b), add in zip(h0, layers, adds, strict=True):
        states = []
        for t in range(out.shape[1]):
            state = np.tanh(out[:, t] @ Wx + state @ Wh + b)
            states.append(state + out[:, t] if add else state)
        out = np.stack(states, axis=1)
    return out


@exercise("stacked_forward")
def test_stack_without_skip(student):
    """Without skip, each layer reads the states of the one below at the same step

    One layer is a plain network. If one layer is right and three are not: has each layer its own
    weights and its own h0[l]?
    """
    for L in (1, 3):
        x_seq, h0, *weights = stack(20, 2, 3, 5, 4, L).values()
        layers = in_layers(weights)
        out, _ = output_of(student.stacked_forward, (x_seq, h0, layers, False), (2, 3, 4))
        expected = by_hand(x_seq, h0, layers, [False] * L)
        assert_close(out, expected, what=f"output of {L} layers")


@exercise("stacked_forward")
def test_stack_with_skip(student):
    """With skip, a layer adds its input where the shapes agree

    With D ≠ H these are all but the lowest, with D = H all of them. What is added is the layer's
    own input; the state that goes on to the next step is without it.
    """
    for D, lowest in ((5, False), (4, True)):
        x_seq, h0, *weights = stack(21, 2, 3, D, 4, 3).values()
        args = x_seq, h0, in_layers(weights), True
        out, _ = output_of(student.stacked_forward, args, (2, 3, 4))
        expected = by_hand(*args[:3], [lowest, True, True])
        assert_close(out, expected, what=f"output with D = {D} and H = 4")
        assert_pure(student.stacked_forward, *args)
