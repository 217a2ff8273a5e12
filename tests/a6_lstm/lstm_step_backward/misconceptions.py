"""Typical wrong answers to `lstm_step_backward`, each with its hint."""

from __future__ import annotations

import numpy as np

from autograder.testing import misconception

from ..shared_misconceptions import _back, _sigmoid


@misconception("lstm_step_backward")
def dnext_c_ignored(dnext_h, dnext_c, cache):
    """Your function does not use dnext_c: whatever later cells say is lost. Add it to what reaches
    the cell through next_h."""
    return _back(dnext_h, np.zeros_like(dnext_c), cache)


@misconception("lstm_step_backward")
def state_gives_nothing_to_the_cell(dnext_h, dnext_c, cache):
    """Your gradient of the cell is dnext_c alone. The cell also acts through next_h: add
    dnext_h ∘ o ∘ (1 − tanh²(next_c))."""
    return _back(dnext_h, dnext_c, cache, dc=lambda v: dnext_c)


@misconception("lstm_step_backward")
def dprev_c_from_dnext_c_alone(dnext_h, dnext_c, cache):
    """Your dprev_c is dnext_c ∘ f. The old cell also acts through next_h: multiply f by the *whole*
    gradient of the cell, the one that you use for the gates."""
    return _back(dnext_h, dnext_c, cache, dprev_c=lambda v: dnext_c * v["f"])


@misconception("lstm_step_backward")
def without_the_slope_of_the_tanh(dnext_h, dnext_c, cache):
    """On the way from next_h to the cell you multiply by o, and the slope of tanh is missing:
    1 − tanh²(next_c)."""
    return _back(dnext_h, dnext_c, cache, dc=lambda v: dnext_c + dnext_h * v["o"])


@misconception("lstm_step_backward")
def slope_from_the_cell_itself(dnext_h, dnext_c, cache):
    """Your slope of tanh is 1 − next_c². The square is that of tanh(next_c): take tanh first."""
    return _back(
        dnext_h, dnext_c, cache, dc=lambda v: dnext_c + dnext_h * v["o"] * (1 - v["next_c"] ** 2)
    )


@misconception("lstm_step_backward")
def slope_from_the_state(dnext_h, dnext_c, cache):
    """Your slope of tanh is 1 − next_h². But next_h is o ∘ tanh(next_c), with the output gate in
    it; the square is that of tanh(next_c) alone."""
    return _back(
        dnext_h,
        dnext_c,
        cache,
        dc=lambda v: dnext_c + dnext_h * v["o"] * (1.0 - (v["o"] * v["shown"]) ** 2),
    )


@misconception("lstm_step_backward")
def output_gate_missing_on_the_way(dnext_h, dnext_c, cache):
    """On the way from next_h to the cell the output gate is missing: a cell that is not shown gets
    no gradient through next_h."""
    return _back(dnext_h, dnext_c, cache, dc=lambda v: dnext_c + dnext_h * (1.0 - v["shown"] ** 2))


@misconception("lstm_step_backward")
def sigmoid_taken_twice(dnext_h, dnext_c, cache):
    """Your slope of a gate is taken at its value, as σ′(i): the sigmoid is applied twice. With the
    value s of a gate at hand, its slope is s (1 − s)."""

    def slope(value):
        s = _sigmoid(value)
        return s * (1.0 - s)

    return _back(dnext_h, dnext_c, cache, slope=lambda v: slope)


@misconception("lstm_step_backward")
def slope_of_tanh_for_the_gates(dnext_h, dnext_c, cache):
    """Your slope of a gate is 1 − s². That is the slope of a tanh; the gates are sigmoids, with
    s (1 − s)."""
    return _back(dnext_h, dnext_c, cache, slope=lambda v: lambda s: 1.0 - s**2)


@misconception("lstm_step_backward")
def slope_of_sigmoid_for_the_candidate(dnext_h, dnext_c, cache):
    """Your slope of the candidate is g (1 − g). That is the slope of a sigmoid; g is a tanh, with
    1 − g²."""
    return _back(dnext_h, dnext_c, cache, slope_g=lambda v: v["g"] * (1.0 - v["g"]))


@misconception("lstm_step_backward")
def slopes_forgotten(dnext_h, dnext_c, cache):
    """Your gradients of i, f, o and g are right, and they go on as if they were those of the
    pre-activation. Multiply each by the slope of its activation first."""
    return _back(
        dnext_h,
        dnext_c,
        cache,
        slope=lambda v: np.ones_like,
        slope_g=lambda v: np.ones_like(v["g"]),
    )


@misconception("lstm_step_backward")
def next_c_for_prev_c(dnext_h, dnext_c, cache):
    """Your gradient of the forget gate is dc ∘ next_c. The gate multiplies the cell *before* the
    step: dc ∘ prev_c."""
    return _back(dnext_h, dnext_c, cache, df=lambda v: v["dc"] * v["next_c"])


@misconception("lstm_step_backward")
def output_gate_from_the_cell(dnext_h, dnext_c, cache):
    """Your gradient of the output gate is dnext_h ∘ next_c. The gate multiplies tanh(next_c)."""
    return _back(dnext_h, dnext_c, cache, do=lambda v: dnext_h * v["next_c"])


@misconception("lstm_step_backward")
def input_gate_and_candidate_exchanged(dnext_h, dnext_c, cache):
    """Your gradient of i is multiplied by i and that of g by g. In a product each factor gets the
    *other* one: di = dc ∘ g and dg = dc ∘ i."""
    return _back(
        dnext_h, dnext_c, cache, di=lambda v: v["dc"] * v["i"], dg=lambda v: v["dc"] * v["g"]
    )


@misconception("lstm_step_backward")
def gradients_in_another_order(dnext_h, dnext_c, cache):
    """Your four parts are put together as i, f, g, o. They have to stand in the order in which the
    forward function cuts them: i, f, o, g."""

    def da(v):
        o, g = v["do"] * v["slope"](v["o"]), v["dg"] * v["slope_g"]
        first = (v["d" + k] * v["slope"](v[k]) for k in "if")
        return np.concatenate([*first, g, o], axis=1)

    return _back(dnext_h, dnext_c, cache, da=da)


@misconception("lstm_step_backward")
def dprev_c_without_the_gate(dnext_h, dnext_c, cache):
    """Your dprev_c is the gradient of the cell as it is. The old cell was multiplied by the forget
    gate, and so is its gradient."""
    return _back(dnext_h, dnext_c, cache, dprev_c=lambda v: v["dc"])


@misconception("lstm_step_backward")
def bias_gradient_is_a_mean(dnext_h, dnext_c, cache):
    """Your db is a mean over the batch. The bias is used by each sequence, so its gradient is a
    sum."""
    return _back(dnext_h, dnext_c, cache, db=lambda v: v["da"].mean(axis=0))


@misconception("lstm_step_backward")
def bias_gradient_with_two_axes(dnext_h, dnext_c, cache):
    """Your db has the shape (1, 4H). The bias has one axis, and so has its gradient."""
    return _back(dnext_h, dnext_c, cache, db=lambda v: v["da"].sum(axis=0, keepdims=True))


@misconception("lstm_step_backward")
def next_h_for_prev_h(dnext_h, dnext_c, cache):
    """Your dWh is made with next_h. `Wh` was multiplied by the state *before* the step, prev_h."""
    return _back(dnext_h, dnext_c, cache, dWh=lambda v: (v["o"] * v["shown"]).T @ v["da"])


@misconception("lstm_step_backward")
def adds_to_dnext_c(dnext_h, dnext_c, cache):
    """Your gradients are right, and `dnext_c += …` has changed the caller's own array. Write
    dc = dnext_c + … instead."""
    gradients = _back(dnext_h, dnext_c, cache)
    o, next_c = cache[7], cache[9]
    dnext_c += dnext_h * o * (1.0 - np.tanh(next_c) ** 2)
    return gradients


@misconception("lstm_step_backward")
def clipped_step_gradients(dnext_h, dnext_c, cache):
    """Your function clips the gradients. It should compute them, however large they are."""
    return tuple(np.clip(gradient, -5.0, 5.0) for gradient in _back(dnext_h, dnext_c, cache))


def _with_forget_slope(dnext_h, dnext_c, cache, slope):
    """The way back in which the forget gate's slope is ``slope(f)``."""

    def da(v):
        gates = (
            v["di"] * v["slope"](v["i"]),
            v["df"] * slope(v["f"]),
            v["do"] * v["slope"](v["o"]),
        )
        return np.concatenate([*gates, v["dg"] * v["slope_g"]], axis=1)

    return _back(dnext_h, dnext_c, cache, da=da)


@misconception("lstm_step_backward")
def forget_gate_for_its_slope(dnext_h, dnext_c, cache):
    """In your forget gate's gradient stands f where its slope belongs: f (1 − f). The other gates
    are right."""
    return _with_forget_slope(dnext_h, dnext_c, cache, lambda f: f)


@misconception("lstm_step_backward")
def sigmoid_of_the_forget_gate_for_its_slope(dnext_h, dnext_c, cache):
    """In your forget gate's gradient stands sigmoid(f) where its slope belongs: f (1 − f), where f
    is the gate, that is the sigmoid already."""
    return _with_forget_slope(dnext_h, dnext_c, cache, _sigmoid)


@misconception("lstm_step_backward")
def slope_of_the_tanh_of_the_tanh(dnext_h, dnext_c, cache):
    """Your slope of tanh is 1 − tanh²(tanh(next_c)): tanh is taken twice. What your cache holds is
    tanh(next_c) already, so the slope is one minus its square."""
    return _back(
        dnext_h,
        dnext_c,
        cache,
        dc=lambda v: dnext_c + dnext_h * v["o"] * (1.0 - np.tanh(v["shown"]) ** 2),
    )
