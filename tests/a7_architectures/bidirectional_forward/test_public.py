"""Public tests of `bidirectional_forward`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_pure, exercise

from ..shared_public import ADDS, NONE, normal, output_of


@exercise("bidirectional_forward")
def test_each_half_knows_one_side(student):
    """One word in three: the forward half knows it from there on, the backward half up to there

    One unit per reader and h = tanh(x + h before). Only the last word is not 0. If the backward
    half knows it at its first place and nowhere else, its states were not turned round again.
    """
    x_seq, lengths = np.array([[[0.0], [0.0], [1.0]]]), np.array([3])
    out, _ = output_of(student.bidirectional_forward, (x_seq, lengths, ADDS, ADDS), (1, 3, 2))
    once = np.tanh(1.0)
    twice = np.tanh(once)
    assert_close(out[0, :, 0], np.array([0.0, 0.0, once]), what="forward half")
    assert_close(out[0, :, 1], np.array([np.tanh(twice), twice, once]), what="backward half")


@exercise("bidirectional_forward")
def test_readers_start_at_the_last_real_step_and_ignore_padding(student):
    """A padded sequence gives what it gives alone, and 0 at its padding, whatever stands there

    The padding holds a 5 first, then NaN. If the backward half is wrong with 5, your reader starts
    in the padding. If NaN appears: a product with 0 does not remove it.
    """
    (x_seq,) = normal(14, (1, 4, 2))
    fwd, bwd = normal(15, (2, 3), (3, 3), 3), normal(16, (2, 3), (3, 3), 3)
    readers = tuple(fwd), tuple(bwd)
    args = x_seq[:, :2], np.array([2]), *readers
    alone, _ = output_of(student.bidirectional_forward, args, (1, 2, 6))
    for padding in (5.0, np.nan):
        x_seq[:, 2:] = padding
        args = x_seq, np.array([2]), *readers
        out, _ = output_of(student.bidirectional_forward, args, (1, 4, 6))
        assert_close(out[:, :2], alone, what=f"output at real steps, with a padding of {padding},")
        assert_close(out[:, 2:], np.zeros((1, 2, 6)), what="output at padding")
    assert_pure(student.bidirectional_forward, *args)


@exercise("bidirectional_forward")
def test_each_reader_has_its_own_weights(student):
    """fwd belongs to the first half and bwd to the second

    The backward reader's weights are zeros and its bias makes every state tanh(1).
    """
    still = NONE, NONE, np.ones(1)
    args = np.zeros((1, 2, 1)), np.array([2]), ADDS, still
    out, _ = output_of(student.bidirectional_forward, args, (1, 2, 2))
    expected = np.array([[[0.0, np.tanh(1.0)]] * 2])
    assert_close(out, expected, what="output")
