"""Typical wrong answers to `rnn_backward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _back, _full, _sweep


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


@misconception("rnn_backward")
def db_added_to_itself(dh, cache):
    """Your db is 0: it starts from zeros, and `db += db` adds nothing to it. Add each step's db,
    under a name of its own."""
    dx, dh0, dwx, dwh, db = _full(dh, cache)
    return dx, dh0, dwx, dwh, np.zeros(db.shape)


@misconception("rnn_backward")
def db_of_the_last_call_doubled(dh, cache):
    """Your db is twice that of step 0: each step's db takes the place of your sum, and `db += db`
    doubles it. Keep the sum under a name of its own."""
    dx, dh0, dwx, dwh, _ = _full(dh, cache)
    of_biases = _sweep(dh, cache)[2][2]
    return dx, dh0, dwx, dwh, 2.0 * of_biases[0]


@misconception("rnn_backward")
def all_steps_read_the_last_state(dh, cache):
    """All your steps read the state of the last one. Does each step's cache hold the same array,
    h[:, -1] or a buffer that the next step overwrites? Keep a copy for each step."""
    last = cache[-1][2]
    return _full(dh, [(x, prev_h, last, Wx, Wh) for x, prev_h, _, Wx, Wh in cache])


@misconception("rnn_backward")
def all_steps_share_one_state(dh, cache):
    """All your steps read one array for the state before and the state after, and it holds the
    last state: each step overwrites it. Make a new array for each state."""
    last = cache[-1][2]
    return _full(dh, [(x, last, last, Wx, Wh) for x, _, _, Wx, Wh in cache])


@misconception("rnn_backward")
def empties_the_cache(dh, cache):
    """Your gradients are right, and `cache.pop()` has emptied the list that you were given: a
    second call with the same cache fails. Use `reversed(cache)`, or an index."""
    result = _full(dh, list(cache))
    cache.clear()
    return result
