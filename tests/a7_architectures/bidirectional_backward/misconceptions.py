"""Typical wrong answers to `bidirectional_backward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _rnn_back, _turn


def _both_ways_back(dout, cache, *, weights=(1.0, 1.0), there=True, again=True, blank=True):
    """The way back whose parts can be exchanged; right as it stands."""
    real, order, fwd_cache, bwd_cache = cache
    first, second = np.split(np.where(real, dout, 0.0) if blank else dout, 2, axis=2)
    dx_fwd, _, dfwd = _rnn_back(first, fwd_cache)
    dx_bwd, _, dbwd = _rnn_back(_turn(second, order) if there else second, bwd_cache)
    dx_bwd = _turn(dx_bwd, order) if again else dx_bwd
    return weights[0] * dx_fwd + weights[1] * dx_bwd, dfwd, dbwd


@misconception("bidirectional_backward")
def dx_of_the_forward_reader_only(dout, cache):
    """Your dx is that of the forward reader. Every word was read twice: add what comes from the
    backward reader, turned round again."""
    return _both_ways_back(dout, cache, weights=(1.0, 0.0))


@misconception("bidirectional_backward")
def dx_of_the_backward_reader_only(dout, cache):
    """Your dx is that of the backward reader. Every word was read twice: add what comes from the
    forward reader."""
    return _both_ways_back(dout, cache, weights=(0.0, 1.0))


@misconception("bidirectional_backward")
def dx_not_turned_round_again(dout, cache):
    """The dx of your backward reader is in the order in which it read, so it is added to the wrong
    words. Turn it round again."""
    return _both_ways_back(dout, cache, again=False)


@misconception("bidirectional_backward")
def dout_not_turned_round(dout, cache):
    """The part of dout that goes to your backward reader is not in the order in which it read. Turn
    it round first, as its input was."""
    return _both_ways_back(dout, cache, there=False)


@misconception("bidirectional_backward")
def dout_at_padding_counts(dout, cache):
    """Your function uses dout at padding. The output there is the constant 0, so that part of dout
    counts for nothing: replace it by 0 first."""
    return _both_ways_back(dout, cache, blank=False)


@misconception("bidirectional_backward")
def dfwd_and_dbwd_exchanged(dout, cache):
    """Your gradients of the weights are exchanged: dfwd comes before dbwd."""
    dx, dfwd, dbwd = _both_ways_back(dout, cache)
    return dx, dbwd, dfwd
