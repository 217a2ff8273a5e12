"""Typical wrong answers to assignment 3, each with the hint that its author needs."""

from __future__ import annotations

import numpy as np

from autograder.suite import misconception


def _slope(z):
    return 1.0 - np.tanh(z) ** 2


@misconception("two_step_gradient")
def state_inside_the_parentheses(w, z, h):
    """Your last term has tanh′ of a *product*: the factor dh_1/dw = tanh′(z_1) h_0 slipped into the
    parentheses, as in the article's misprint. It is a factor of its own."""
    return h[2] + w * _slope(z[1]) * h[1] + w**2 * _slope(z[1] * _slope(z[0]) * h[0])


@misconception("two_step_gradient")
def state_added_to_the_argument(w, z, h):
    """Your last term has tanh′ of a product of both slopes' arguments: tanh′(z_2) and tanh′(z_1)
    are two factors, each of its own z."""
    return h[2] + w * _slope(z[1]) * h[1] + w**2 * _slope(z[1] * z[0]) * h[0]


@misconception("two_step_gradient")
def last_use_only(w, z, h):
    """Your function returns h_2, the derivative with h_2 held fixed. But h_2 depends on w as well:
    the two earlier uses of w are missing."""
    return h[2]


@misconception("two_step_gradient")
def third_term_missing(w, z, h):
    """Your function goes one step back and stops: the term of the first use of w, with h_0, is
    missing."""
    return h[2] + w * _slope(z[1]) * h[1]


@misconception("two_step_gradient")
def w_not_squared(w, z, h):
    """Your third term has w once. Two steps are crossed on the way from h_0's use to z_3, and each
    of them multiplies by w."""
    return h[2] + w * _slope(z[1]) * (h[1] + _slope(z[0]) * h[0])


@misconception("two_step_gradient")
def slope_of_one_step_only(w, z, h):
    """Your third term has one slope. Two steps are crossed, so both tanh′(z_2) and tanh′(z_1)
    belong to it."""
    return h[2] + w * _slope(z[1]) * h[1] + w**2 * _slope(z[1]) * h[0]


@misconception("two_step_gradient")
def no_slopes(w, z, h):
    """Your terms have no tanh′: that would be right for a network without an activation. Each step
    that is crossed multiplies by w *and* by the slope at its z."""
    return h[2] + w * h[1] + w**2 * h[0]


@misconception("two_step_gradient")
def tanh_taken_twice(w, z, h):
    """Your slopes are those of tanh at the states h. They are to be taken at z: 1 − tanh²(z), which
    is one minus the square of the state, without another tanh."""
    return h[2] + w * _slope(h[2]) * (h[1] + w * _slope(h[1]) * h[0])


@misconception("two_step_gradient")
def slopes_exchanged(w, z, h):
    """Your slopes are exchanged: z[0] is z_1 and z[1] is z_2. From h_1 to z_3 one crosses step
    2."""
    return h[2] + w * _slope(z[0]) * (h[1] + w * _slope(z[1]) * h[0])


@misconception("two_step_gradient")
def states_in_reversed_order(w, z, h):
    """Your function takes h[0] for the latest state. The array holds h_0, h_1 and h_2 in this
    order."""
    return h[0] + w * _slope(z[1]) * (h[1] + w * _slope(z[0]) * h[2])


def _of_step(da, cache):
    """The five gradients of a step for the gradient da (N, H) of its pre-activation."""
    x, prev_h, _, Wx, Wh = cache
    return da @ Wx.T, da @ Wh.T, x.T @ da, prev_h.T @ da, da.sum(axis=0)


def _back(dnext_h, cache):
    """A right step backwards."""
    return _of_step(dnext_h * (1.0 - cache[2] ** 2), cache)


@misconception("rnn_step_backward")
def slope_of_tanh_forgotten(dnext_h, cache):
    """Your gradients lack the slope of tanh: what arrives at next_h has to be multiplied with
    1 − next_h² before it goes on."""
    return _of_step(dnext_h, cache)


@misconception("rnn_step_backward")
def square_forgotten(dnext_h, cache):
    """Your slope of tanh is 1 − next_h. The square is missing: 1 − next_h²."""
    return _of_step(dnext_h * (1.0 - cache[2]), cache)


@misconception("rnn_step_backward")
def tanh_of_the_state(dnext_h, cache):
    """Your slope is 1 − tanh²(next_h). next_h is tanh(a) already, so the slope at a is
    1 − next_h²."""
    return _of_step(dnext_h * _slope(cache[2]), cache)


@misconception("rnn_step_backward")
def slope_of_the_sigmoid(dnext_h, cache):
    """Your slope is next_h (1 − next_h), which is the sigmoid's. This network has tanh:
    1 − next_h²."""
    return _of_step(dnext_h * cache[2] * (1.0 - cache[2]), cache)


@misconception("rnn_step_backward")
def slope_at_the_previous_state(dnext_h, cache):
    """Your slope is that of the step before, 1 − prev_h². The tanh of this step gave next_h."""
    return _of_step(dnext_h * (1.0 - cache[1] ** 2), cache)


@misconception("rnn_step_backward")
def wh_not_transposed(dnext_h, cache):
    """Your dprev_h is da @ Wh: on the way back the matrix is transposed. Wh is square, so NumPy
    cannot tell you."""
    dx, _, dwx, dwh, db = _back(dnext_h, cache)
    return dx, (dnext_h * (1.0 - cache[2] ** 2)) @ cache[4], dwx, dwh, db


@misconception("rnn_step_backward")
def dprev_h_without_the_slope(dnext_h, cache):
    """Your dprev_h is dnext_h @ Wh.T. It has to pass through the tanh, too: use da, as for the
    other gradients."""
    dx, _, dwx, dwh, db = _back(dnext_h, cache)
    return dx, dnext_h @ cache[4].T, dwx, dwh, db


@misconception("rnn_step_backward")
def next_state_for_the_previous_one(dnext_h, cache):
    """Your dWh is next_h.T @ da. In the forward step Wh multiplied the previous state, so it is
    prev_h.T @ da."""
    dx, dprev_h, dwx, _, db = _back(dnext_h, cache)
    return dx, dprev_h, dwx, cache[2].T @ (dnext_h * (1.0 - cache[2] ** 2)), db


@misconception("rnn_step_backward")
def dwh_transposed(dnext_h, cache):
    """Your dWh is transposed. Entry (i, j) of Wh leads from entry i of prev_h to entry j of the
    pre-activation, so it is prev_h.T @ da."""
    dx, dprev_h, dwx, dwh, db = _back(dnext_h, cache)
    return dx, dprev_h, dwx, dwh.T, db


@misconception("rnn_step_backward")
def mean_of_the_bias(dnext_h, cache):
    """Your db is a mean over the batch. The bias is used once for each sequence, and its gradient
    is the *sum*."""
    dx, dprev_h, dwx, dwh, db = _back(dnext_h, cache)
    return dx, dprev_h, dwx, dwh, db / len(dnext_h)


@misconception("rnn_step_backward")
def means_over_the_batch(dnext_h, cache):
    """Your dWx, dWh and db are divided by N. They are sums over the batch: where a mean is wanted,
    the loss has the division, and it is in dnext_h already."""
    dx, dprev_h, *of_weights = _back(dnext_h, cache)
    return dx, dprev_h, *(gradient / len(dnext_h) for gradient in of_weights)


@misconception("rnn_step_backward")
def bias_keeps_the_batch_axis(dnext_h, cache):
    """Your db has the shape (1, H). The bias has the shape (H,), and so has its gradient: sum over
    the batch without keepdims."""
    dx, dprev_h, dwx, dwh, db = _back(dnext_h, cache)
    return dx, dprev_h, dwx, dwh, db[None]


@misconception("rnn_step_backward")
def bias_not_summed(dnext_h, cache):
    """Your db still has one row per sequence. All sequences share the bias: sum over the batch."""
    dx, dprev_h, dwx, dwh, _ = _back(dnext_h, cache)
    return dx, dprev_h, dwx, dwh, dnext_h * (1.0 - cache[2] ** 2)


@misconception("rnn_step_backward")
def gradients_clipped(dnext_h, cache):
    """Your gradients are cut off at some size. Clipping has its place, in assignment 5 and outside
    of the backward function: this one returns the gradient as it is."""
    return tuple(np.clip(gradient, -5.0, 5.0) for gradient in _back(dnext_h, cache))


@misconception("rnn_step_backward")
def writes_into_dnext_h(dnext_h, cache):
    """Your gradients are right, but `dnext_h *= …` changes the caller's array. Put the product into
    a new one: da = dnext_h * …"""
    dnext_h *= 1.0 - cache[2] ** 2
    return _of_step(dnext_h, cache)


def _sweep(dh, cache, step=_back):
    """dxs, the carried gradient, and the gradients of the weights of every step, first step first.

    ``step`` goes back through one step.
    """
    found, carried = [], np.zeros(dh[:, 0].shape)
    for t in reversed(range(len(cache))):
        dx, carried, *of_weights = step(dh[:, t] + carried, cache[t])
        found.insert(0, (dx, *of_weights))
    dxs, *of_weights = zip(*found, strict=True)
    return dxs, carried, of_weights


def _full(dh, cache):
    """A right sweep."""
    dxs, dh0, of_weights = _sweep(dh, cache)
    return np.stack(dxs, axis=1), dh0, *(sum(gradients) for gradients in of_weights)


def _at(dh, t):
    """dh with all steps but t set to 0."""
    alone = np.zeros(dh.shape)
    alone[:, t] = dh[:, t]
    return alone


@misconception("rnn_backward")
def last_loss_only(dh, cache):
    """Your sweep uses dh[:, -1] alone. Each step may have a loss of its own: add dh[:, t] to what
    is carried when you come to step t."""
    return _full(_at(dh, -1), cache)


@misconception("rnn_backward")
def dh_not_used(dh, cache):
    """Your result does not depend on the values in dh: the sweep seems to start from ones. What
    arrives at step t is dh[:, t] plus what is carried."""
    return _full(np.ones(dh.shape), cache)


@misconception("rnn_backward")
def nothing_carried(dh, cache):
    """Your steps are on their own: each gets dh[:, t] and nothing from the steps after it. Add what
    the step after returned as dprev_h."""
    found = [_back(dh[:, t], each) for t, each in enumerate(cache)]
    dxs, dprev_hs, *of_weights = zip(*found, strict=True)
    return np.stack(dxs, axis=1), dprev_hs[0], *(sum(gradients) for gradients in of_weights)


@misconception("rnn_backward")
def weights_of_one_step(dh, cache):
    """Your dWx, dWh and db are those of the step that the loop did last: it assigns (`=`) where it
    should add (`+=`). The weights are used at every step."""
    dxs, dh0, of_weights = _sweep(dh, cache)
    return np.stack(dxs, axis=1), dh0, *(gradients[0] for gradients in of_weights)


@misconception("rnn_backward")
def mean_over_time(dh, cache):
    """Your dWx, dWh and db are divided by T. They are sums over the steps: if the loss is a mean
    over time, dh has the division already."""
    dxs, dh0, *of_weights = _full(dh, cache)
    return dxs, dh0, *(gradient / len(cache) for gradient in of_weights)


@misconception("rnn_backward")
def mean_over_the_batch(dh, cache):
    """Your dWx, dWh and db are divided by N. They are sums over the batch, as in
    rnn_step_backward."""
    dxs, dh0, *of_weights = _full(dh, cache)
    return dxs, dh0, *(gradient / len(dh) for gradient in of_weights)


@misconception("rnn_backward")
def loops_forwards(dh, cache):
    """Your loop goes from the first step to the last. What is carried comes from later steps, so
    the sweep has to begin with the last one."""
    carried, found = np.zeros(dh[:, 0].shape), []
    for t, each in enumerate(cache):
        dx, carried, *of_weights = _back(dh[:, t] + carried, each)
        found.append((dx, *of_weights))
    dxs, *of_weights = zip(*found, strict=True)
    return np.stack(dxs, axis=1), carried, *(sum(gradients) for gradients in of_weights)


@misconception("rnn_backward")
def dx_in_the_order_of_the_sweep(dh, cache):
    """Your dx is in reversed order: the sweep meets the last step first, and dx[:, 0] must belong
    to the first one."""
    dxs, dh0, *of_weights = _full(dh, cache)
    return dxs[:, ::-1], dh0, *of_weights


@misconception("rnn_backward")
def dh0_before_the_first_step(dh, cache):
    """Your dh0 is the gradient that arrives at the *first state*. It still has to pass backwards
    through the first step: dh0 is that step's dprev_h."""
    dx, _, *of_weights = _full(dh, cache)
    arrives = dh[:, 0]
    if len(cache) > 1:
        arrives = arrives + _sweep(dh[:, 1:], cache[1:])[1]
    return dx, arrives, *of_weights


@misconception("rnn_backward")
def dh0_of_the_last_step(dh, cache):
    """Your dh0 is what the *last* step sends back. It has to be what the first step sends back,
    when the sweep is over."""
    dx, _, *of_weights = _full(dh, cache)
    return dx, _back(dh[:, -1], cache[-1])[1], *of_weights


@misconception("rnn_backward")
def dh0_left_at_zero(dh, cache):
    """Your dh0 is 0. The first state depends on h0, so the gradient that is carried out of step 0
    is its gradient."""
    dx, dh0, *of_weights = _full(dh, cache)
    return dx, np.zeros(dh0.shape), *of_weights


@misconception("rnn_backward")
def first_step_skipped(dh, cache):
    """Your loop ends before step 0: `range(T - 1, 0, -1)` does not include 0. The first step has a
    dx, takes part in the weights' gradients, and leads to h0."""
    N, T, H = dh.shape
    _, _, _, Wx, Wh = cache[0]
    dx, carried = np.zeros((N, T, Wx.shape[0])), np.zeros((N, H))
    of_weights = [np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(H)]
    for t in range(T - 1, 0, -1):
        dx[:, t], carried, *found = _back(dh[:, t] + carried, cache[t])
        of_weights = [a + b for a, b in zip(of_weights, found, strict=True)]
    return dx, carried, *of_weights


@misconception("rnn_backward")
def own_loss_not_carried(dh, cache):
    """Each of your steps gets the right sum for its own gradients, but carries back only dh[:, t],
    so a loss reaches one step further and stops. Send the *sum* through the step."""
    N, T, H = dh.shape
    found, carried = [], np.zeros((N, H))
    for t in reversed(range(T)):
        dx, _, *of_weights = _back(dh[:, t] + carried, cache[t])
        carried = _back(dh[:, t], cache[t])[1]
        found.insert(0, (dx, *of_weights))
    dxs, *of_weights = zip(*found, strict=True)
    return np.stack(dxs, axis=1), carried, *(sum(gradients) for gradients in of_weights)


@misconception("rnn_backward")
def clips_inside(dh, cache):
    """Your sweep cuts gradients off at some size. Clipping has its place, in assignment 5 and
    outside of the backward function: this one returns the gradient as it is."""

    def step(dnext_h, step_cache):
        dx, dprev_h, *of_weights = _back(dnext_h, step_cache)
        return dx, np.clip(dprev_h, -5.0, 5.0), *of_weights

    dxs, dh0, of_weights = _sweep(dh, cache, step)
    return np.stack(dxs, axis=1), dh0, *(sum(gradients) for gradients in of_weights)


@misconception("rnn_backward")
def clips_the_result(dh, cache):
    """Your gradients are right until, at the end, they are cut off at some size. Return them as
    they are: clipping is another function, in assignment 5."""
    return tuple(np.clip(gradient, -5.0, 5.0) for gradient in _full(dh, cache))


@misconception("rnn_backward")
def writes_into_dh(dh, cache):
    """Your gradients are right, but adding what is carried with `dh[:, t] += …` (or to a view of
    dh) changes the caller's array. Add into a new one."""
    result = _full(dh, cache)
    carried = np.zeros(dh[:, 0].shape)
    for t in reversed(range(len(cache))):
        dh[:, t] += carried
        carried = _back(dh[:, t], cache[t])[1]
    return result


def _lags(dh_last, cache):
    """A right list of contributions, near ones first."""
    parts, carried = [], dh_last
    for each in reversed(cache):
        _, carried, _, dwh, _ = _back(carried, each)
        parts.append(dwh)
    return np.stack(parts)


@misconception("lag_contributions")
def powers_of_wh_in_front(dh_T, cache):
    """Your function multiplies with a power of Wh and with the product of all slopes. A row of
    slopes stands between any two copies of Wh, and matrices do not commute: go back step by
    step."""
    parts, slopes = [], np.ones(dh_T.shape)
    for k, (_, prev_h, next_h, _, Wh) in enumerate(reversed(cache)):
        slopes = slopes * (1.0 - next_h**2)
        parts.append(prev_h.T @ ((dh_T @ np.linalg.matrix_power(Wh.T, k)) * slopes))
    return np.stack(parts)


@misconception("lag_contributions")
def order_of_time(dh_T, cache):
    """Your contributions are in the order of time, the first step first. They are sorted by
    distance: entry 0 is that of the last step."""
    return _lags(dh_T, cache)[::-1]


@misconception("lag_contributions")
def slope_of_the_current_step_missing(dh_T, cache):
    """Your product with the previous state takes what *arrives* at a step, before its slope. The
    weights act inside tanh, so multiply with 1 − h² of that step first."""
    parts, carried = [], dh_T
    for each in reversed(cache):
        parts.append(each[1].T @ carried)
        carried = _back(carried, each)[1]
    return np.stack(parts)


@misconception("lag_contributions")
def slopes_missing_on_the_way(dh_T, cache):
    """Your contributions have the slope of their own step, but on the way there only Wh.T: each
    step that is crossed multiplies by its slope as well."""
    parts, carried = [], dh_T
    for _, prev_h, next_h, _, Wh in reversed(cache):
        parts.append(prev_h.T @ (carried * (1.0 - next_h**2)))
        carried = carried @ Wh.T
    return np.stack(parts)


@misconception("lag_contributions")
def no_slope_at_all(dh_T, cache):
    """Your contributions have no slope of tanh. Each step multiplies by 1 − h², the last one
    included."""
    parts, carried = [], dh_T
    for _, prev_h, _, _, Wh in reversed(cache):
        parts.append(prev_h.T @ carried)
        carried = carried @ Wh.T
    return np.stack(parts)


@misconception("lag_contributions")
def wh_not_transposed_on_the_way(dh_T, cache):
    """Entry 0 is right and the others are not: on the way back the matrix is transposed,
    da @ Wh.T."""
    parts, carried = [], dh_T
    for each in reversed(cache):
        da = carried * (1.0 - each[2] ** 2)
        parts.append(each[1].T @ da)
        carried = da @ each[4]
    return np.stack(parts)


@misconception("lag_contributions")
def state_of_the_same_step(dh_T, cache):
    """Your products take the state that a step *made*. Wh multiplied the state before it, so lag 0
    goes with h_{T−1} and the last lag with h0."""
    parts, carried = [], dh_T
    for each in reversed(cache):
        parts.append(each[2].T @ (carried * (1.0 - each[2] ** 2)))
        carried = _back(carried, each)[1]
    return np.stack(parts)


@misconception("lag_contributions")
def running_sum(dh_T, cache):
    """Your entry k is the sum of the lags 0 to k. Each lag is to have its own entry: do not add
    them up."""
    return np.cumsum(_lags(dh_T, cache), axis=0)


@misconception("lag_contributions")
def contributions_transposed(dh_T, cache):
    """Your contributions are transposed: the product is previous state.T @ da, in this order, as in
    dWh."""
    return _lags(dh_T, cache).transpose(0, 2, 1)


@misconception("lag_contributions")
def loss_at_every_step(dh_T, cache):
    """Your function adds dh_T again at every step on the way. There is one loss here, at the last
    step: elsewhere there is only what is carried."""
    parts, carried = [], np.zeros(dh_T.shape)
    for each in reversed(cache):
        _, carried, _, dwh, _ = _back(carried + dh_T, each)
        parts.append(dwh)
    return np.stack(parts)


def _cut(dh, cache, first, is_h0_reached):
    """Gradients where the loss of step t reaches back to step first(t); dh0 as is_h0_reached(t)."""
    N, T, H = dh.shape
    _, _, _, Wx, Wh = cache[0]
    dx, dh0 = np.zeros((N, T, Wx.shape[0])), np.zeros((N, H))
    of_weights = [np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(H)]
    for t in range(T):
        carried = dh[:, t]
        for s in range(t, max(first(t), 0) - 1, -1):
            dx_s, carried, *found = _back(carried, cache[s])
            dx[:, s] += dx_s
            of_weights = [a + b for a, b in zip(of_weights, found, strict=True)]
        if is_h0_reached(t):
            dh0 = dh0 + carried
    return dx, dh0, *of_weights


@misconception("rnn_backward_truncated")
def one_step_too_far(dh, cache, k):
    """Each of your losses reaches back k + 1 steps: its own step is the first of the k. Look at
    where the inner loop ends."""
    return _cut(dh, cache, lambda t: t - k, lambda t: t <= k)


@misconception("rnn_backward_truncated")
def one_step_too_short(dh, cache, k):
    """Each of your losses reaches back k − 1 steps. Its own step is the first of the k, so for
    k = 1 there is one step, not none. Look at where the inner loop ends."""
    return _cut(dh, cache, lambda t: t - k + 2, lambda t: t < k - 1)


@misconception("rnn_backward_truncated")
def blocks_of_k_steps(dh, cache, k):
    """Your function cuts the sequence into blocks of k steps, so a loss at the beginning of a block
    reaches back one step only. Here each loss has k steps of its own."""
    return _cut(dh, cache, lambda t: t - t % k, lambda t: t < k)


@misconception("rnn_backward_truncated")
def blocks_from_the_end(dh, cache, k):
    """Your function drops what is carried after every k steps, counted from the end, so some losses
    reach back one step only. Here each loss has k steps of its own."""
    T = len(cache)

    def first(t):
        return T - k * ((T - 1 - t) // k + 1)

    return _cut(dh, cache, first, lambda t: first(t) <= 0)


@misconception("rnn_backward_truncated")
def only_the_last_k_steps(dh, cache, k):
    """Your sweep does the last k steps of the sequence and stops. Truncation is per loss: the loss
    of every step, an early one too, reaches back k steps from there."""
    start = len(cache) - k
    late = np.where(np.arange(dh.shape[1])[:, None] >= start, dh, 0.0)
    return _cut(late, cache, lambda t: start if t >= start else t, lambda t: start <= 0)


@misconception("rnn_backward_truncated")
def not_truncated(dh, cache, k):
    """Your function does not use k: it is the full sweep."""
    return _full(dh, cache)


@misconception("rnn_backward_truncated")
def dh0_of_every_window(dh, cache, k):
    """Your dh0 adds up what is carried out of every window. Only the windows that begin at step 0
    lead to h0: the others end at a state that counts as constant."""
    return _cut(dh, cache, lambda t: t - k + 1, lambda t: True)


@misconception("rnn_backward_truncated")
def dh0_left_out(dh, cache, k):
    """Your dh0 is 0. The losses of the first k steps reach h0, even for k = 1."""
    return _cut(dh, cache, lambda t: t - k + 1, lambda t: False)


@misconception("rnn_backward_truncated")
def h0_is_a_step_of_its_own(dh, cache, k):
    """Your dh0 lacks the loss of step k − 1. That loss passes through the steps k − 1 to 0, which
    are k steps, and what comes out of step 0 belongs to h0. h0 does not count as a step."""
    return _cut(dh, cache, lambda t: t - k + 1, lambda t: t < k - 1)


@misconception("rnn_backward_truncated")
def dx_truncated_alone(dh, cache, k):
    """Your dx is truncated, and the gradients of the weights are those of the full sweep. All of
    them are sums over the same k steps of every loss."""
    dx, dh0, *_ = _cut(dh, cache, lambda t: t - k + 1, lambda t: t < k)
    return dx, dh0, *_full(dh, cache)[2:]


@misconception("rnn_backward_truncated")
def writes_the_carry_into_dh(dh, cache, k):
    """Your gradients are right, but the caller's dh has changed: `carried = dh[:, t]` is a view of
    it, so work that is done in place goes into dh. Copy first."""
    result = _cut(dh, cache, lambda t: t - k + 1, lambda t: t < k)
    dh *= 0.5
    return result


@misconception("sgd_step")
def uphill(params, grads, learning_rate):
    """Your step adds the gradient, which leads uphill: the loss grows. Subtract it."""
    return _updated(params, grads, -learning_rate)


@misconception("sgd_step")
def learning_rate_not_used(params, grads, learning_rate):
    """Your step subtracts the whole gradient: the learning rate is missing."""
    return _updated(params, grads, 1.0)


@misconception("sgd_step")
def updated_in_place(params, grads, learning_rate):
    """Your new values are right, but `-=` writes them into the caller's arrays. Compute
    `params[name] - …` and put it into a new dict."""
    result = _updated(params, grads, learning_rate)
    for name in params:
        params[name] -= learning_rate * grads[name]
    return result


@misconception("sgd_step")
def missing_gradient_skipped(params, grads, learning_rate):
    """Your function keeps a parameter as it is when it has no gradient. That hides a misspelt name:
    let it raise KeyError."""
    zeros = {name: np.zeros(value.shape) for name, value in params.items()}
    return _updated(params, {**zeros, **grads}, learning_rate)


@misconception("sgd_step")
def loops_over_the_gradients(params, grads, learning_rate):
    """Your loop goes over the gradients. A parameter without one is then missing from the result,
    and a gradient of something else, an input say, raises KeyError. Loop over the parameters."""
    return {name: params[name] - learning_rate * gradient for name, gradient in grads.items()}


@misconception("sgd_step")
def shapes_not_compared(params, grads, learning_rate):
    """Your function lets NumPy broadcast a gradient of another shape, and the parameter may change
    its shape with it. Compare the shapes and raise ValueError."""
    return {name: value - learning_rate * grads[name] for name, value in params.items()}


@misconception("sgd_step")
def gradients_returned(params, grads, learning_rate):
    """Your function returns the steps, −learning_rate · gradient, and not the new parameters: add
    them to the old ones."""
    return {
        name: value - params[name] for name, value in _updated(params, grads, learning_rate).items()
    }


def _updated(params, grads, learning_rate):
    """A right step."""
    for name, value in params.items():
        if grads[name].shape != value.shape:
            raise ValueError(name)
    return {name: value - learning_rate * grads[name] for name, value in params.items()}
