"""Public tests of `bidirectional_backward`."""

from __future__ import annotations

import numpy as np

from autograder.testing import assert_close, assert_structure, exercise

from ..shared_public import ADDS, assert_slopes, normal, output_of, parts_of

READERS = [f"{name} of {reader}" for reader in ("fwd", "bwd") for name in ("Wx", "Wh", "b")]


@exercise("bidirectional_backward", after="bidirectional_forward")
def test_bidirectional_backward_fits_your_forward(student):
    """The gradients are the slopes of your own bidirectional_forward

    If only `x_seq` is named: each word was read twice, and what comes from the backward reader has
    to be turned round again. If the weights of bwd are: was its part of dout turned round first?
    """
    lengths = np.array([2, 4])
    weights = normal(17, *[(3, 2), (2, 2), 2] * 2)
    inputs = dict(zip(["x_seq", *READERS], normal(18, (2, 4, 3)) + weights, strict=True))

    def forward(x_seq, *weights):
        readers = tuple(weights[:3]), tuple(weights[3:])
        return student.bidirectional_forward(x_seq, lengths, *readers)

    def unpack(gradients):
        form = "(dx, (dWx, dWh, db), (dWx, dWh, db))"
        dx, dfwd, dbwd = parts_of(gradients, 3, form)
        return [dx, *parts_of(dfwd, 3, form), *parts_of(dbwd, 3, form)]

    assert_slopes(forward, student.bidirectional_backward, inputs, (2, 4, 4), unpack)


@exercise("bidirectional_backward", after="bidirectional_forward")
def test_bidirectional_backward_ignores_padding(student):
    """dout at padding changes nothing, and dx is 0 there

    The output at padding is the constant 0, whatever the weights are.
    """
    x_seq, dout = normal(19, (1, 4, 1), (1, 4, 2))
    args = x_seq, np.array([2]), ADDS, ADDS
    _, cache = output_of(student.bidirectional_forward, args, (1, 4, 2))
    other = np.array(dout)
    other[:, 2:] += 3.0
    results = [student.bidirectional_backward(each, cache) for each in (dout, other)]
    first, second = (parts_of(each, 3, "(dx, dfwd, dbwd)") for each in results)
    assert_structure(first[0], x_seq, what="gradient of x_seq")
    assert_close(second, first, what="result for another dout at padding")
    assert_close(first[0][:, 2:], np.zeros((1, 2, 1)), what="gradient of x_seq at padding")
