"""Public tests of `rnn_forward`."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from autograder.testing import (
    assert_bitwise_equal,
    assert_close,
    assert_pure,
    assert_structure,
    exercise,
    seeds,
    tensors,
)

from ..shared_public import L, arrays_of, out_of

SEQUENCE = {"x_seq": "NTD", "h0": "NH", "Wx": "DH", "Wh": "HH", "b": "H"}


@exercise("rnn_forward", after="rnn_step_forward")
def test_sequence_of_known_numbers(student):
    """A network whose unit 0 says what comes in, and unit 1 what unit 0 said one step ago

    In h[n, :, 0] you should see the inputs 1, 0, −1 as 0.6, 0, −0.6, and in h[n, :, 1] the same
    numbers one step later, where the first one comes from h0. All steps alike: they share one
    array. A first step without h0: what is `h[:, t - 1]` at t = 0? Inputs too late: which input
    goes with which step? Zeros at the end: over which axis does the loop run?
    """
    x_seq = np.array([[1.0, 0.0, -1.0, 1.0], [0.0, 1.0, 1.0, -1.0]])[:, :, None]
    h0 = np.array([[-0.6, 0.0], [0.6, 0.3]])
    Wx, Wh = np.array([[L, 0.0]]), np.array([[0.0, L / 0.6], [0.0, 0.0]])
    h = out_of(student.rnn_forward, x_seq, h0, Wx, Wh, np.zeros(2))
    expected = np.array(
        [
            [[0.6, -0.6], [0.0, 0.6], [-0.6, 0.0], [0.6, -0.6]],
            [[0.0, 0.6], [0.6, 0.0], [0.6, 0.6], [-0.6, 0.6]],
        ]
    )
    assert_close(h, expected, what="array of states")


@exercise("rnn_forward", after="rnn_step_forward")
@settings(max_examples=4)
@given(inputs=tensors(**SEQUENCE, scale=0.4), seed=seeds)
def test_no_state_knows_the_future(student, inputs, seed):
    """Causality: when only the last input changes, no state but the last one does

    Not by a single bit. A state that does change was computed from something at the end of an
    array (an index of −1 is the end), or was overwritten by a later step.
    """
    x_seq, *rest = inputs.values()
    h = out_of(student.rnn_forward, x_seq, *rest)
    assert_structure(h, np.zeros((*x_seq.shape[:2], inputs["b"].size)), what="array of states")
    changed = np.array(x_seq)
    changed[:, -1] += 1.0
    moved = out_of(student.rnn_forward, changed, *rest)
    if x_seq.shape[1] > 1:
        assert_bitwise_equal(moved[:, :-1], h[:, :-1], what="states before the last step")
    assert not np.array_equal(moved, h), "the last state does not change with the last input"


@exercise("rnn_forward", after="rnn_step_forward")
def test_sequence_in_two_parts(student):
    """Reading two steps and then, from where they ended, three more is reading five

    The second part is told of the first by its h0 alone. Does your first step start from h0, and
    each later one from the state before it?
    """
    x_seq, h0, Wx, Wh, b = arrays_of((3, 5, 2), (3, 4), (2, 4), (4, 4), (4,))
    h = out_of(student.rnn_forward, x_seq, h0, Wx, Wh, b)
    assert_structure(h, np.zeros((3, 5, 4)), what="array of states")
    first = out_of(student.rnn_forward, x_seq[:, :2], h0, Wx, Wh, b)
    second = out_of(student.rnn_forward, x_seq[:, 2:], first[:, -1], Wx, Wh, b)
    assert_close(np.concatenate([first, second], axis=1), h, what="states of the two parts")


@exercise("rnn_forward", after="rnn_step_forward")
def test_sequence_keeps_its_axes_and_its_arguments(student):
    """h is (N, T, H), also where an axis is 1, and the arguments stay unchanged

    Does something remove axes of length 1? If h0 has changed: `h = h0` is a second name for the
    same array, and what is stored in it is stored in h0.
    """
    for N, T, D, H in ((2, 3, 4, 5), (1, 3, 4, 5), (2, 1, 4, 5), (2, 3, 1, 5), (2, 3, 4, 1)):
        args = arrays_of((N, T, D), (N, H), (D, H), (H, H), (H,))
        h = out_of(student.rnn_forward, *args)
        assert_structure(h, np.zeros((N, T, H)), what="array of states")
        assert_pure(student.rnn_forward, *args)
