"""Typical wrong answers to assignment 2, each with the hint that its author needs."""

from __future__ import annotations

import numpy as np

from autograder.suite import misconception


def _step_cache(x, prev_h, Wx, Wh, next_h):
    return next_h, (x, prev_h, Wx, Wh, next_h)


def _steps(x_seq):
    """The inputs of each step, (N, D) each."""
    return np.moveaxis(x_seq, 1, 0)


def _stacked(states):
    """States of each step as (N, T, H), and a cache that nobody will read."""
    h = np.stack(states, axis=1)
    return h, [None] * len(states)


def _read(x_seq, h0, step):
    """What a loop over the steps returns when step(x, prev_h) gives the next state."""
    states = []
    for x in _steps(x_seq):
        states.append(step(x, states[-1] if states else h0))
    return _stacked(states)


@misconception("rnn_step_forward")
def wh_transposed(x, prev_h, Wx, Wh, b):
    """Your step uses `Wh` the wrong way round: prev_h @ Wh.T (or Wh @ prev_h.T, turned). Rows are
    sequences here, so it is prev_h @ Wh. Nothing shows as long as `Wh` is symmetric."""
    return _step_cache(x, prev_h, Wx, Wh, np.tanh(x @ Wx + prev_h @ Wh.T + b))


@misconception("rnn_step_forward")
def sigmoid_for_tanh(x, prev_h, Wx, Wh, b):
    """Your step squeezes the pre-activation between 0 and 1, with a sigmoid. A plain recurrent
    network uses tanh: a state lies between −1 and 1."""
    a = x @ Wx + prev_h @ Wh + b
    return _step_cache(x, prev_h, Wx, Wh, 0.5 * (1.0 + np.tanh(0.5 * a)))


@misconception("rnn_step_forward")
def relu_for_tanh(x, prev_h, Wx, Wh, b):
    """Your step uses a ReLU: no state is negative, and some are above 1. This one is the network
    with tanh; ReLU comes later."""
    return _step_cache(x, prev_h, Wx, Wh, np.maximum(x @ Wx + prev_h @ Wh + b, 0.0))


@misconception("rnn_step_forward")
def without_activation(x, prev_h, Wx, Wh, b):
    """Your step returns the pre-activation x @ Wx + prev_h @ Wh + b itself: tanh is missing."""
    return _step_cache(x, prev_h, Wx, Wh, x @ Wx + prev_h @ Wh + b)


@misconception("rnn_step_forward")
def bias_inside_the_product(x, prev_h, Wx, Wh, b):
    """Your bias is multiplied by `Wh`: (prev_h + b) @ Wh. It is added after the products, once per
    unit. Look at your parentheses."""
    return _step_cache(x, prev_h, Wx, Wh, np.tanh(x @ Wx + (prev_h + b) @ Wh))


@misconception("rnn_step_forward")
def bias_outside_the_tanh(x, prev_h, Wx, Wh, b):
    """Your bias is added to tanh(…), so states leave the range from −1 to 1. It belongs into the
    pre-activation. Look at your parentheses."""
    return _step_cache(x, prev_h, Wx, Wh, np.tanh(x @ Wx + prev_h @ Wh) + b)


@misconception("rnn_step_forward")
def bias_forgotten(x, prev_h, Wx, Wh, b):
    """Your step does not use its bias `b`."""
    return _step_cache(x, prev_h, Wx, Wh, np.tanh(x @ Wx + prev_h @ Wh))


@misconception("rnn_step_forward")
def prev_h_ignored(x, prev_h, Wx, Wh, b):
    """Your step does not use the state before it: tanh(x @ Wx + b) is not recurrent at all. Add
    prev_h @ Wh before you take tanh."""
    return _step_cache(x, prev_h, Wx, Wh, np.tanh(x @ Wx + b))


@misconception("rnn_step_forward")
def prev_h_without_wh(x, prev_h, Wx, Wh, b):
    """Your step adds prev_h as it is. It has to go through its weights, prev_h @ Wh."""
    return _step_cache(x, prev_h, Wx, Wh, np.tanh(x @ Wx + prev_h + b))


@misconception("rnn_step_forward")
def tanh_of_each_part(x, prev_h, Wx, Wh, b):
    """Your step takes tanh of each part on its own and adds the results. Add the parts first, then
    take tanh of the sum, once."""
    return _step_cache(x, prev_h, Wx, Wh, np.tanh(x @ Wx) + np.tanh(prev_h @ Wh + b))


@misconception("rnn_step_forward")
def step_squeezed(x, prev_h, Wx, Wh, b):
    """Your step removes axes of length 1, as `squeeze` does: for one sequence, or one unit, the
    result is no longer of shape (N, H). Leave the axes as they are."""
    return _step_cache(x, prev_h, Wx, Wh, np.squeeze(np.tanh(x @ Wx + prev_h @ Wh + b)))


@misconception("rnn_step_forward")
def step_writes_into_prev_h(x, prev_h, Wx, Wh, b):
    """Your step stores the next state in the caller's own array `prev_h` (with `[...] =`, `out=` or
    `+=`). The numbers are right, and the state before is lost. Build a new array."""
    prev_h[...] = np.tanh(x @ Wx + prev_h @ Wh + b)
    return _step_cache(x, prev_h, Wx, Wh, prev_h)


@misconception("rnn_forward")
def h0_ignored(x_seq, h0, Wx, Wh, b):
    """Your network starts from zeros whatever `h0` is. Is h0 never used, or does step 0 read
    `h[:, -1]`, which is the last place of an array that is still empty?"""
    return _read(x_seq, np.zeros_like(h0), lambda x, prev_h: np.tanh(x @ Wx + prev_h @ Wh + b))


@misconception("rnn_forward")
def wraps_to_the_end(x_seq, h0, Wx, Wh, b):
    """Your step 0 reads `h[:, -1]`, and that is the *last* place of the array, where something else
    stands already. So the first state depends on the last input. Step 0 starts from h0."""
    h = x_seq @ Wx + b
    for t in range(h.shape[1]):
        h[:, t] = np.tanh(h[:, t] + h[:, t - 1] @ Wh)
    return _stacked(_steps(h))


@misconception("rnn_forward")
def stored_a_step_too_early(x_seq, h0, Wx, Wh, b):
    """Your states are right, and each is stored one place too early: that of step t in
    `h[:, t - 1]`, so that the first one lands at the very end. The state after step t belongs into
    h[:, t]."""
    h, cache = _read(x_seq, h0, lambda x, prev_h: np.tanh(x @ Wx + prev_h @ Wh + b))
    return np.roll(h, -1, axis=1), cache


@misconception("rnn_forward")
def states_before_each_step(x_seq, h0, Wx, Wh, b):
    """Your h begins with h0 and lacks the last state: h[:, t] is the state *before* step t. It
    should be the one after it."""
    h, _ = _read(x_seq, h0, lambda x, prev_h: np.tanh(x @ Wx + prev_h @ Wh + b))
    return _stacked([h0, *_steps(h)[:-1]])


@misconception("rnn_forward")
def input_of_the_step_before(x_seq, h0, Wx, Wh, b):
    """Your step t reads the input of step t − 1, and step 0 that of the last step, since
    `x_seq[:, -1]` wraps around to the end. Pair x_seq[:, t] with the state before step t."""
    earlier = np.roll(x_seq, 1, axis=1)
    return _read(earlier, h0, lambda x, prev_h: np.tanh(x @ Wx + prev_h @ Wh + b))


@misconception("rnn_forward")
def state_never_carried(x_seq, h0, Wx, Wh, b):
    """Each of your steps starts from h0. Only step 0 does; every other one starts from the state
    that the step before it has left."""
    return _read(x_seq, h0, lambda x, _: np.tanh(x @ Wx + h0 @ Wh + b))


@misconception("rnn_forward")
def one_array_reused(x_seq, h0, Wx, Wh, b):
    """All your states are equal to the last one: the list holds the same array T times, and each
    step has overwritten it. Store a copy of each state, or make a new array at each step."""
    state = np.array(h0)
    states = []
    for x in _steps(x_seq):
        state[...] = np.tanh(x @ Wx + state @ Wh + b)
        states.append(state)
    return _stacked(states)


@misconception("rnn_forward")
def squeezed(x_seq, h0, Wx, Wh, b):
    """Your h loses every axis of length 1, as with `squeeze`: for one sequence, one step or one
    unit it is no longer (N, T, H). Leave the axes as they are."""
    h, cache = _read(x_seq, h0, lambda x, prev_h: np.tanh(x @ Wx + prev_h @ Wh + b))
    return np.squeeze(h), cache


@misconception("rnn_forward")
def time_axis_first(x_seq, h0, Wx, Wh, b):
    """Your h has the shape (T, N, H): `np.array` of a list of states puts time first. Stack them
    along axis 1."""
    h, cache = _read(x_seq, h0, lambda x, prev_h: np.tanh(x @ Wx + prev_h @ Wh + b))
    return np.moveaxis(h, 1, 0), cache


@misconception("rnn_forward")
def only_the_last_state(x_seq, h0, Wx, Wh, b):
    """Your function returns the last state only, of shape (N, H). All T states are wanted, as
    (N, T, H)."""
    h, cache = _read(x_seq, h0, lambda x, prev_h: np.tanh(x @ Wx + prev_h @ Wh + b))
    return h[:, -1], cache


@misconception("rnn_forward")
def loops_over_the_batch(x_seq, h0, Wx, Wh, b):
    """Your loop runs over the number of sequences N (that is what `len(x_seq)` and the first axis
    give) where it should run over the number of steps T."""
    prev_h, h = h0, np.zeros((*x_seq.shape[:2], b.size))
    for t in range(len(x_seq)):
        prev_h = h[:, t] = np.tanh(x_seq[:, t] @ Wx + prev_h @ Wh + b)
    return _stacked(_steps(h))


@misconception("rnn_forward")
def writes_into_h0(x_seq, h0, Wx, Wh, b):
    """Your states are right, but they are computed in the caller's own array `h0`: `h = h0` is a
    second name, not a copy. Build a new array at each step, or start from h0.copy()."""
    states = []
    for x in _steps(x_seq):
        h0[...] = np.tanh(x @ Wx + h0 @ Wh + b)
        states.append(h0.copy())
    return _stacked(states)


def _relu(a):
    return np.maximum(a, 0.0)


@misconception("rnn_relu_forward")
def tanh_left_in(x_seq, h0, Wx, Wh, b):
    """Your network still uses tanh: its states are limited by 1 and can be negative. Here the
    activation is max(a, 0)."""
    return _read(x_seq, h0, lambda x, prev_h: np.tanh(x @ Wx + prev_h @ Wh + b))


@misconception("rnn_relu_forward")
def relu_of_tanh(x_seq, h0, Wx, Wh, b):
    """Your network takes a ReLU of tanh(a): its states still saturate at 1. The ReLU takes the
    place of tanh."""
    return _read(x_seq, h0, lambda x, prev_h: _relu(np.tanh(x @ Wx + prev_h @ Wh + b)))


@misconception("rnn_relu_forward")
def clipped_at_one(x_seq, h0, Wx, Wh, b):
    """Your states stop at 1. ReLU stops negative numbers only; upwards it has no limit."""
    return _read(x_seq, h0, lambda x, prev_h: np.clip(x @ Wx + prev_h @ Wh + b, 0.0, 1.0))


@misconception("rnn_relu_forward")
def leaky(x_seq, h0, Wx, Wh, b):
    """Your activation lets a little of negative numbers through: that is a leaky ReLU. Here they
    become exactly 0."""

    def step(x, prev_h):
        a = x @ Wx + prev_h @ Wh + b
        return np.where(a > 0, a, 0.01 * a)

    return _read(x_seq, h0, step)


@misconception("rnn_relu_forward")
def pre_activation_carried(x_seq, h0, Wx, Wh, b):
    """Your steps hand on the pre-activation and take the ReLU only of what is returned. The state
    that goes into the next step is the one after the ReLU."""
    a, cache = _read(x_seq, h0, lambda x, prev_h: x @ Wx + prev_h @ Wh + b)
    return _relu(a), cache


@misconception("rnn_relu_forward")
def relu_of_the_input_only(x_seq, h0, Wx, Wh, b):
    """Your ReLU is taken of x @ Wx + b, and the recurrent part is added afterwards, so states can
    be negative. Take it of the whole sum."""
    return _read(x_seq, h0, lambda x, prev_h: _relu(x @ Wx + b) + prev_h @ Wh)


@misconception("rnn_relu_forward")
def relu_of_h0(x_seq, h0, Wx, Wh, b):
    """Your network takes a ReLU of h0 before step 0. h0 is a state as it is, of any sign; only
    pre-activations go through the ReLU."""
    return _read(x_seq, _relu(h0), lambda x, prev_h: _relu(x @ Wx + prev_h @ Wh + b))


@misconception("rnn_relu_forward")
def relu_h0_ignored(x_seq, h0, Wx, Wh, b):
    """Your network starts from zeros whatever `h0` is. Is h0 never used, or does step 0 read
    `h[:, -1]`, which is the last place of an array that is still empty?"""
    return _read(x_seq, np.zeros_like(h0), lambda x, prev_h: _relu(x @ Wx + prev_h @ Wh + b))


@misconception("rnn_relu_forward")
def relu_squeezed(x_seq, h0, Wx, Wh, b):
    """Your h loses every axis of length 1, as with `squeeze`: for one sequence, one step or one
    unit it is no longer (N, T, H). Leave the axes as they are."""
    h, cache = _read(x_seq, h0, lambda x, prev_h: _relu(x @ Wx + prev_h @ Wh + b))
    return np.squeeze(h), cache


@misconception("output_forward")
def reshaped_to_the_wrong_order(h, Wo, bo):
    """Your scores have the right shape, and steps and sequences are mixed up: the states were
    flattened with time first and put back with the sequences first (or the other way round). Use
    the same order both times, or no reshape at all."""
    N, T, H = h.shape
    flat = np.swapaxes(h, 0, 1).reshape(T * N, H)
    return (flat @ Wo + bo).reshape(N, T, -1), (h, Wo)


@misconception("output_forward")
def output_time_first(h, Wo, bo):
    """Your scores have the shape (T, N, V). Sequences come first: (N, T, V)."""
    return np.swapaxes(h @ Wo + bo, 0, 1), (h, Wo)


@misconception("output_forward")
def scores_of_the_last_step_only(h, Wo, bo):
    """Your function gives scores for the last step only. Every step has its scores."""
    return h[:, -1] @ Wo + bo, (h, Wo)


@misconception("output_forward")
def steps_in_one_row(h, Wo, bo):
    """Your scores have the shape (N·T, V): you flattened the states and did not give the scores
    their axes back."""
    return h.reshape(-1, h.shape[2]) @ Wo + bo, (h, Wo)


@misconception("output_forward")
def bias_of_the_scores_forgotten(h, Wo, bo):
    """Your scores lack the bias `bo`."""
    return h @ Wo, (h, Wo)


@misconception("output_forward")
def softmax_applied(h, Wo, bo):
    """Your function returns probabilities. Scores are wanted, before any softmax: the loss takes
    care of that."""
    e = np.exp(h @ Wo + bo)
    return e / e.sum(axis=2, keepdims=True), (h, Wo)


@misconception("output_forward")
def tanh_of_the_scores(h, Wo, bo):
    """Your scores go through tanh. They are a linear function of the state and have no limits."""
    return np.tanh(h @ Wo + bo), (h, Wo)


def _output_gradients(dscores, cache):
    h, Wo = cache
    return dscores @ Wo.T, np.einsum("nth,ntv->hv", h, dscores), dscores.sum(axis=(0, 1))


@misconception("output_backward")
def states_and_scores_in_different_orders(dscores, cache):
    """Your dWo multiplies the state of one place with the dscores of another: one of the two was
    flattened with time first. Flatten both in the same order, or sum over both axes directly."""
    dh, _, dbo = _output_gradients(dscores, cache)
    h = cache[0]
    flat = np.swapaxes(h, 0, 1).reshape(-1, h.shape[2])
    return dh, flat.T @ dscores.reshape(-1, dscores.shape[2]), dbo


@misconception("output_backward")
def mean_for_the_bias(dscores, cache):
    """Your dbo is a mean over sequences and steps. A shared weight gets the *sum* over its uses; if
    an average is wanted, it is in dscores already."""
    dh, dWo, _ = _output_gradients(dscores, cache)
    return dh, dWo, dscores.mean(axis=(0, 1))


@misconception("output_backward")
def means_for_both_weights(dscores, cache):
    """Your dWo and dbo are divided by N·T. A shared weight gets the *sum* over its uses; if an
    average is wanted, it is in dscores already."""
    dh, dWo, dbo = _output_gradients(dscores, cache)
    places = dscores.shape[0] * dscores.shape[1]
    return dh, dWo / places, dbo / places


@misconception("output_backward")
def divided_by_the_batch(dscores, cache):
    """Your dWo and dbo are divided by N. That mean is part of the loss, and so of dscores already:
    here everything is summed."""
    dh, dWo, dbo = _output_gradients(dscores, cache)
    return dh, dWo / len(dscores), dbo / len(dscores)


@misconception("output_backward")
def weights_of_one_step_only(dscores, cache):
    """Your dWo and dbo come from the last step alone: inside a loop, `=` has replaced what the
    earlier steps gave. The weights are used at every step, so add up."""
    h, _ = cache
    dh = _output_gradients(dscores, cache)[0]
    return dh, h[:, -1].T @ dscores[:, -1], dscores[:, -1].sum(axis=0)


@misconception("output_backward")
def bias_gradient_per_step(dscores, cache):
    """Your dbo is summed over the sequences only and has the shape (T, V). bo is (V,): sum over the
    steps, too."""
    dh, dWo, _ = _output_gradients(dscores, cache)
    return dh, dWo, dscores.sum(axis=0)


@misconception("output_backward")
def weight_gradient_transposed(dscores, cache):
    """Your dWo has the shape (V, H). A gradient has the shape of its weight, (H, V): the state
    comes first in the product."""
    dh, dWo, dbo = _output_gradients(dscores, cache)
    return dh, dWo.T, dbo


@misconception("output_backward")
def clipped_inside(dscores, cache):
    """Your function limits the size of dscores before it uses it. Gradients are clipped elsewhere,
    if at all; here every number counts as it is."""
    return _output_gradients(np.clip(dscores, -5.0, 5.0), cache)


@misconception("output_backward")
def dscores_ignored(dscores, cache):
    """Your gradients do not depend on dscores: they are those of the plain sum of all scores.
    Multiply by dscores, the gradient that comes from above."""
    return _output_gradients(np.ones_like(dscores), cache)


@misconception("output_backward")
def sums_into_the_callers_array(dscores, cache):
    """Your gradients are right, but a running sum over the steps is kept in the caller's own array
    `dscores`. Sum into an array of your own."""
    gradients = _output_gradients(np.array(dscores), cache)
    for t in range(1, dscores.shape[1]):
        dscores[:, t] += dscores[:, t - 1]
    return gradients


@misconception("embedding_forward")
def counts_from_one(words, W):
    """Your words are counted from 1: word v gets row v − 1, and word 0 gets the last row. Rows are
    counted from 0 here."""
    return W[words - 1], (words, W.shape)


@misconception("embedding_forward")
def columns_for_rows(words, W):
    """Your function takes columns of the table, `W[:, words]`. A word is a row of it: index the
    first axis."""
    return W[:, words], (words, W.shape)


@misconception("embedding_forward")
def embedding_time_first(words, W):
    """Your result has the shape (T, N, D). It has the axes of `words` first, (N, T, D)."""
    return W[words.T], (words, W.shape)


@misconception("embedding_forward")
def bag_of_words(words, W):
    """Your function sums the vectors of a sequence, to (N, D). The network reads them one by one:
    keep the axis of the steps."""
    return W[words].sum(axis=1), (words, W.shape)


@misconception("embedding_forward")
def one_hot_returned(words, W):
    """Your function returns one-hot vectors, with one entry per word of the vocabulary. They have
    yet to be multiplied by W, which looks up its rows."""
    return np.eye(len(W))[words], (words, W.shape)


@misconception("embedding_forward")
def embedding_squeezed(words, W):
    """Your result loses every axis of length 1, as with `squeeze`. Leave the axes as they are."""
    return np.squeeze(W[words]), (words, W.shape)


def _table_gradient(dout, cache):
    words, shape = cache
    dW = np.zeros(shape)
    np.add.at(dW, words, dout)
    return dW


@misconception("embedding_backward")
def repeats_lost(dout, cache):
    """Of a word that occurs more than once, only one place counts. That is what
    `dW[words] += dout` does: it stores one row per place, each over the one before. Add them up one
    by one, or find NumPy's unbuffered form of `+=`."""
    words, shape = cache
    dW = np.zeros(shape)
    dW[words] += dout
    return dW


@misconception("embedding_backward")
def only_the_first_place_counts(dout, cache):
    """Of a word that occurs more than once, only its first place counts. Every place adds its
    dout to the word's row."""
    words, shape = cache
    dW = np.zeros(shape)
    dW[words.ravel()[::-1]] = dout.reshape(-1, shape[1])[::-1]
    return dW


@misconception("embedding_backward")
def assigned_within_a_loop(dout, cache):
    """Of a word that occurs more than once, only the place that comes last *in time* counts: your
    loop runs over the steps and stores with `=` what should be added. Every place adds its
    dout."""
    words, shape = cache
    dW = np.zeros(shape)
    for t in range(words.shape[1]):
        dW[words[:, t]] = dout[:, t]
    return dW


@misconception("embedding_backward")
def repeats_within_a_step_lost(dout, cache):
    """Your loop adds one step of all sequences at a time, with `dW[words[:, t]] += …`. Where two
    sequences have the same word at the same step, one of them is lost. Add place by place."""
    words, shape = cache
    dW = np.zeros(shape)
    for t in range(words.shape[1]):
        dW[words[:, t]] += dout[:, t]
    return dW


@misconception("embedding_backward")
def mean_over_the_places(dout, cache):
    """Your dW is the mean of dout over a word's places. A shared weight gets the sum over its
    uses."""
    words, shape = cache
    count = np.bincount(words.ravel(), minlength=shape[0])[:, None]
    return _table_gradient(dout, cache) / np.maximum(count, 1)


@misconception("embedding_backward")
def no_rows_for_unused_words(dout, cache):
    """Your dW has no rows for the last words of the table when they do not occur. It has the shape
    of W: keep that in the cache."""
    words, _ = cache
    return _table_gradient(dout, cache)[: words.max() + 1]


@misconception("embedding_backward")
def dout_per_place(dout, cache):
    """Your function returns dout itself, one row per place. One row per *word* is wanted: collect
    the places of each."""
    return np.array(dout)


@misconception("embedding_backward")
def counts_the_words(dout, cache):
    """Your dW counts how often each word occurs and does not use dout. Add dout's row at each
    place, not 1."""
    return _table_gradient(np.ones_like(dout), cache)


@misconception("embedding_backward")
def dout_clipped(dout, cache):
    """Your function limits the size of dout before it uses it. Gradients are clipped elsewhere, if
    at all; here every number counts as it is."""
    return _table_gradient(np.clip(dout, -5.0, 5.0), cache)


@misconception("last_valid_state")
def last_of_the_array(h, lengths):
    """Your function takes h[:, -1] and does not use the lengths: for a padded sequence that is a
    state after padding."""
    return h[:, -1].copy()


@misconception("last_valid_state")
def one_step_too_late(h, lengths):
    """Your index is one too large: a sequence of length 3 has its steps at 0, 1 and 2. For one that
    is not padded you run beyond the end."""
    return h[np.arange(len(h)), lengths]


@misconception("last_valid_state")
def one_step_too_late_and_cut_off(h, lengths):
    """Your index is one too large where there is room for it: a sequence of length 3 has its steps
    at 0, 1 and 2. To cut the index off at T − 1 hides the error message, and not the error."""
    return h[np.arange(len(h)), np.minimum(lengths, h.shape[1] - 1)]


@misconception("last_valid_state")
def one_step_too_early(h, lengths):
    """Your index is one too small: the last step of a sequence of length 3 is at 2. For a length of
    1 you even wrap around to the end of the array."""
    return h[np.arange(len(h)), lengths - 2]


@misconception("last_valid_state")
def each_with_all_lengths(h, lengths):
    """`h[:, lengths - 1]` takes *every* length for every sequence and gives (N, N, H). Each
    sequence goes with its own: index the first axis with 0, 1, …, N − 1 as well."""
    return h[:, lengths - 1]


@misconception("last_valid_state")
def longest_for_all(h, lengths):
    """Your function takes the longest sequence's last step for all of them. Each has a length of
    its own."""
    return h[:, lengths.max() - 1].copy()


@misconception("last_valid_state")
def mean_of_the_valid_states(h, lengths):
    """Your function averages the real steps of a sequence. Only the last of them is wanted."""
    return np.array([row[:n].mean(axis=0) for row, n in zip(h, lengths, strict=True)])


@misconception("last_valid_state")
def padding_multiplied_by_zero(h, lengths):
    """Your function multiplies all states by a mask and sums. The padding is read that way: NaN
    times 0 is NaN. Pick the one state that you want instead."""
    chosen = np.arange(h.shape[1]) == lengths[:, None] - 1  # (N, T)
    return (h * chosen[:, :, None]).sum(axis=1)


@misconception("last_valid_state")
def lengths_counted_down(h, lengths):
    """Your states are right, but `lengths -= 1` changes the caller's lengths. Use `lengths - 1`."""
    lengths -= 1
    return h[np.arange(len(h)), lengths]
