"""Typical wrong answers to `lstm_backward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _back


def _sweep(dh, cache, *, carry_h=1.0, carry_c=1.0, steps=None):
    """Right gradients, one per step, (dx, dprev_h, dprev_c, dWx, dWh, db), in the order of time."""
    from_state = from_cell = np.zeros_like(dh[:, 0])
    found = {}
    for t in steps or range(dh.shape[1] - 1, -1, -1):
        found[t] = _back(dh[:, t] + carry_h * from_state, carry_c * from_cell, cache[t])
        _, from_state, from_cell, *_ = found[t]
    return [found[t] for t in sorted(found)]


def _summed(found, total=sum):
    """What lstm_backward makes of the gradients of the steps."""
    dx, dprev_h, _, *of_weights = zip(*found, strict=True)
    return (np.stack(dx, axis=1), dprev_h[0], *map(total, of_weights))


@misconception("lstm_backward")
def gradient_by_the_cell_dropped(dh, cache):
    """Your sweep hands on the gradient by the state, and the one by the cell is zero at each step.
    What a step returns as dprev_c is the dnext_c of the step before."""
    return _summed(_sweep(dh, cache, carry_c=0.0))


@misconception("lstm_backward")
def gradient_by_the_state_dropped(dh, cache):
    """Your sweep hands on the gradient by the cell, and not the one by the state. What a step
    returns as dprev_h is to be added to the dh of the step before."""
    return _summed(_sweep(dh, cache, carry_h=0.0))


@misconception("lstm_backward")
def nothing_handed_back(dh, cache):
    """Each of your steps hears its own loss only: nothing comes back from later steps, neither by
    the state nor by the cell."""
    return _summed(_sweep(dh, cache, carry_h=0.0, carry_c=0.0))


@misconception("lstm_backward")
def only_the_last_loss(dh, cache):
    """Your sweep starts from dh[:, -1] and never adds the dh of the other steps. Each step's own
    loss comes in at that step."""
    last = np.zeros_like(dh)
    last[:, -1] = dh[:, -1]
    return _summed(_sweep(last, cache))


@misconception("lstm_backward")
def loss_added_to_the_cell(dh, cache):
    """Your sweep adds dh[:, t] to the gradient by the cell, too. A loss looks at the states only;
    what it means for the cell, lstm_step_backward works out."""
    from_state = from_cell = np.zeros_like(dh[:, 0])
    found = []
    for t in reversed(range(dh.shape[1])):
        found.insert(0, _back(dh[:, t] + from_state, dh[:, t] + from_cell, cache[t]))
        _, from_state, from_cell, *_ = found[0]
    return _summed(found)


@misconception("lstm_backward")
def weights_of_the_first_step_only(dh, cache):
    """Your gradients of the weights are those of one step, the last one that you come to: use `+=`
    where you have `=`."""
    return _summed(_sweep(dh, cache), total=lambda parts: parts[0])


@misconception("lstm_backward")
def divided_by_the_steps(dh, cache):
    """Your gradients of the weights are means over the steps. They are sums: one term for each use
    of the weights."""
    return _summed(_sweep(dh, cache), total=lambda parts: sum(parts) / len(parts))


@misconception("lstm_backward")
def loops_forwards(dh, cache):
    """Your sweep runs from the first step to the last. Gradients travel the other way: start at the
    last step."""
    found = _sweep(dh, cache, steps=range(dh.shape[1]))
    dx, _, *of_weights = _summed(found)
    return (dx, found[-1][1], *of_weights)


@misconception("lstm_backward")
def dh0_of_the_cell(dh, cache):
    """Your second result is the gradient by the first *cell*. The one by h0 is asked for, what step
    0 returns as dprev_h."""
    found = _sweep(dh, cache)
    dx, _, *of_weights = _summed(found)
    return (dx, found[0][2], *of_weights)


@misconception("lstm_backward")
def dh0_left_zero(dh, cache):
    """Your dh0 is zero. What is carried back beyond step 0 is the gradient by h0."""
    dx, dh0, *of_weights = _summed(_sweep(dh, cache))
    return (dx, np.zeros_like(dh0), *of_weights)


@misconception("lstm_backward")
def dx_backwards(dh, cache):
    """Your dx is in the order in which the sweep finds it, the last step first. Put each step's dx
    into its own place."""
    dx, *rest = _summed(_sweep(dh, cache))
    return (dx[:, ::-1], *rest)


@misconception("lstm_backward")
def clipped_inside(dh, cache):
    """Your function clips the gradients. It should compute them, however large they are."""
    return tuple(np.clip(gradient, -5.0, 5.0) for gradient in _summed(_sweep(dh, cache)))


@misconception("lstm_backward")
def adds_to_dh(dh, cache):
    """Your gradients are right, and `dh[:, t] += …` has changed the caller's own array. Add into an
    array of your own."""
    found = _sweep(dh, cache)
    for t in range(dh.shape[1] - 1):
        dh[:, t] += found[t + 1][1]
    return _summed(found)


@misconception("lstm_backward")
def empties_the_cache(dh, cache):
    """Your gradients are right, and `cache.pop()` has emptied the list that you were given: a
    second call with the same cache fails. Use `reversed(cache)`, or an index."""
    found = _sweep(dh, list(cache))
    cache.clear()
    return _summed(found)
