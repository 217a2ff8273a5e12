"""Typical wrong answers to `bidirectional_forward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _rnn, _turn


def _both_ways(
    x_seq, lengths, fwd, bwd, *, whole=False, again=True, clean=True, swapped=False, blank=True
):
    """A bidirectional network whose parts can be exchanged; right as it stands."""
    T = x_seq.shape[1]
    steps, last = np.arange(T), np.asarray(lengths)[:, None] - 1
    real = (steps <= last)[:, :, None]
    turned = np.broadcast_to(T - 1 - steps, (len(x_seq), T))
    order = (turned if whole else np.where(steps <= last, last - steps, steps))[:, :, None]
    x = np.where(real, x_seq, 0.0) if clean else x_seq * real
    forwards, fwd_cache = _rnn(x, *fwd)
    backwards, bwd_cache = _rnn(_turn(x, order), *bwd)
    both = [forwards, _turn(backwards, order) if again else backwards]
    out = np.concatenate(both[::-1] if swapped else both, axis=2)
    cache = real, order, fwd_cache, bwd_cache
    return np.where(real, out, 0.0) if blank else out, cache


@misconception("bidirectional_forward")
def not_turned_round_again(x_seq, lengths, fwd, bwd):
    """Your backward reader's states come in the order in which it read. Turn its result round
    again, so that both halves of out[:, t] speak of step t."""
    return _both_ways(x_seq, lengths, fwd, bwd, again=False)


@misconception("bidirectional_forward")
def whole_array_turned_round(x_seq, lengths, fwd, bwd):
    """You turn the whole array round (`x_seq[:, ::-1]`), so your backward reader begins in the
    padding. It has to begin at each sequence's own last step."""
    return _both_ways(x_seq, lengths, fwd, bwd, whole=True)


@misconception("bidirectional_forward")
def not_turned_round_at_all(x_seq, lengths, fwd, bwd):
    """Both of your readers read forwards. The second has to begin at the end of each sequence."""
    out, cache = _both_ways(x_seq, lengths, fwd, bwd)
    second = np.where(cache[0], _rnn(np.where(cache[0], x_seq, 0.0), *bwd)[0], 0.0)
    return np.concatenate([out[:, :, : fwd[2].size], second], axis=2), cache


@misconception("bidirectional_forward")
def padding_not_set_to_zero(x_seq, lengths, fwd, bwd):
    """Your output at padding is not 0: the readers run on into it, and their states there mean
    nothing."""
    return _both_ways(x_seq, lengths, fwd, bwd, blank=False)


@misconception("bidirectional_forward")
def padding_multiplied_by_zero(x_seq, lengths, fwd, bwd):
    """Your padding is multiplied by a mask, and NaN · 0 is NaN. Replace it: `np.where`."""
    out, cache = _both_ways(x_seq, lengths, fwd, bwd, clean=False, blank=False)
    return out * cache[0], cache


@misconception("bidirectional_forward")
def halves_exchanged(x_seq, lengths, fwd, bwd):
    """Your halves are exchanged: the forward reader's states come first."""
    return _both_ways(x_seq, lengths, fwd, bwd, swapped=True)


@misconception("bidirectional_forward")
def one_reader_twice(x_seq, lengths, fwd, bwd):
    """Your backward reader uses the weights of the forward one. It has its own, in bwd."""
    return _both_ways(x_seq, lengths, fwd, fwd)


@misconception("bidirectional_forward")
def halves_added(x_seq, lengths, fwd, bwd):
    """Your output is the sum of the two states, (N, T, H). Put them side by side: (N, T, 2H)."""
    out, cache = _both_ways(x_seq, lengths, fwd, bwd)
    return sum(np.split(out, 2, axis=2)), cache
