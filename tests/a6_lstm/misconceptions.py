"""Typical wrong answers to assignment 6, each with the hint that its author needs."""

from __future__ import annotations

import numpy as np

from autograder.suite import misconception


def _sigmoid(a):
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1.0, e) / (1.0 + e)


def _parts(x, prev_h, Wx, Wh, b):
    """The four parts of the pre-activation."""
    return np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)


def _gates(x, prev_h, Wx, Wh, b, order="ifog"):
    """i, f, o and g of a step whose parts stand in ``order``."""
    parts = dict(zip(order, _parts(x, prev_h, Wx, Wh, b), strict=True))
    i, f, o = (_sigmoid(parts[name]) for name in "ifo")
    return i, f, o, np.tanh(parts["g"])


def _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c=None, next_h=None):
    """What a step returns, in the reference's form; what is not given is as it should be."""
    if next_c is None:
        next_c = i * g + f * prev_c
    if next_h is None:
        next_h = o * np.tanh(next_c)
    return next_h, next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)


def _step(x, prev_h, prev_c, Wx, Wh, b):
    """A right step."""
    return _result(x, prev_h, prev_c, Wx, Wh, *_gates(x, prev_h, Wx, Wh, b))


@misconception("lstm_step_forward")
def order_i_f_g_o(x, prev_h, prev_c, Wx, Wh, b):
    """Your step takes the parts in the order i, f, g, o, as several libraries do. Here the
    candidate g is the last one: i, f, o, g."""
    return _result(x, prev_h, prev_c, Wx, Wh, *_gates(x, prev_h, Wx, Wh, b, "ifgo"))


@misconception("lstm_step_forward")
def order_f_i_o_g(x, prev_h, prev_c, Wx, Wh, b):
    """Your step takes the forget gate first and the input gate second. Here the order of the parts
    is i, f, o, g."""
    return _result(x, prev_h, prev_c, Wx, Wh, *_gates(x, prev_h, Wx, Wh, b, "fiog"))


@misconception("lstm_step_forward")
def order_i_o_f_g(x, prev_h, prev_c, Wx, Wh, b):
    """Your step exchanges the forget gate and the output gate. Here the order of the parts is
    i, f, o, g."""
    return _result(x, prev_h, prev_c, Wx, Wh, *_gates(x, prev_h, Wx, Wh, b, "iofg"))


@misconception("lstm_step_forward")
def parts_interleaved(x, prev_h, prev_c, Wx, Wh, b):
    """Your step takes every fourth column for a part, as `reshape(N, H, 4)` does. A part is H
    neighbouring columns: 0 to H - 1 are the input gate, and so on."""
    i, f, o, g = ((x @ Wx + prev_h @ Wh + b)[:, n::4] for n in range(4))
    return _result(x, prev_h, prev_c, Wx, Wh, _sigmoid(i), _sigmoid(f), _sigmoid(o), np.tanh(g))


@misconception("lstm_step_forward")
def tanh_for_the_gates(x, prev_h, prev_c, Wx, Wh, b):
    """Your gates are between −1 and 1: they are made with tanh. A gate is a sigmoid; only the
    candidate g is a tanh."""
    i, f, o, g = np.tanh(_parts(x, prev_h, Wx, Wh, b))
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g)


@misconception("lstm_step_forward")
def sigmoid_for_the_candidate(x, prev_h, prev_c, Wx, Wh, b):
    """Your candidate g is a sigmoid, like the gates, so nothing negative can ever be written. It is
    a tanh."""
    i, f, o, g = map(_sigmoid, _parts(x, prev_h, Wx, Wh, b))
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g)


@misconception("lstm_step_forward")
def cell_shown_without_tanh(x, prev_h, prev_c, Wx, Wh, b):
    """Your state is o ∘ next_c. The cell goes through tanh when it is shown: o ∘ tanh(next_c)."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    shown = o * (f * prev_c + i * g)
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_h=shown)


@misconception("lstm_step_forward")
def gate_inside_the_tanh(x, prev_h, prev_c, Wx, Wh, b):
    """Your state is tanh(o ∘ next_c). The output gate multiplies the tanh: o ∘ tanh(next_c). Look
    at your parentheses."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    shown = np.tanh(o * (f * prev_c + i * g))
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_h=shown)


@misconception("lstm_step_forward")
def tanh_of_the_cell_kept(x, prev_h, prev_c, Wx, Wh, b):
    """Your step returns tanh(f ∘ prev_c + i ∘ g) as the cell, so no cell gets beyond 1, and it
    shrinks at each step. The cell is the sum itself; tanh is taken where it is shown."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    kept = np.tanh(f * prev_c + i * g)
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c=kept, next_h=o * kept)


@misconception("lstm_step_forward")
def f_means_forget(x, prev_h, prev_c, Wx, Wh, b):
    """Your step multiplies the old cell by 1 − f. Its name says forget, and the gate says how much
    is *kept*: f ∘ prev_c."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    return _result(x, prev_h, prev_c, Wx, Wh, i, 1.0 - f, o, g)


@misconception("lstm_step_forward")
def forget_gate_is_one_minus_i(x, prev_h, prev_c, Wx, Wh, b):
    """Your step keeps (1 − i) ∘ prev_c. That is a relative of the LSTM with fewer weights; here the
    forget gate has a part of its own in the pre-activation."""
    i, _, o, g = _gates(x, prev_h, Wx, Wh, b)
    return _result(x, prev_h, prev_c, Wx, Wh, i, 1.0 - i, o, g)


@misconception("lstm_step_forward")
def without_forget_gate(x, prev_h, prev_c, Wx, Wh, b):
    """Your step adds prev_c as it is: this is the cell of 1997, which had no forget gate. Multiply
    the old cell by f."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    return _result(x, prev_h, prev_c, Wx, Wh, i, np.ones_like(f), o, g)


@misconception("lstm_step_forward")
def without_input_gate(x, prev_h, prev_c, Wx, Wh, b):
    """Your step adds the candidate g as it is. It is multiplied by the input gate: i ∘ g."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    return _result(x, prev_h, prev_c, Wx, Wh, np.ones_like(i), f, o, g)


@misconception("lstm_step_forward")
def prev_c_ignored(x, prev_h, prev_c, Wx, Wh, b):
    """Your step does not use the cell before it: the cell is only i ∘ g. Add f ∘ prev_c."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c=i * g)


@misconception("lstm_step_forward")
def state_in_the_place_of_the_cell(x, prev_h, prev_c, Wx, Wh, b):
    """Your step multiplies the forget gate by prev_h. It is the cell that is kept: f ∘ prev_c."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c=f * prev_h + i * g)


@misconception("lstm_step_forward")
def old_cell_shown(x, prev_h, prev_c, Wx, Wh, b):
    """Your state is o ∘ tanh(prev_c): it shows the cell before the step. Show the new one."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_h=o * np.tanh(prev_c))


@misconception("lstm_step_forward")
def prev_h_ignored(x, prev_h, prev_c, Wx, Wh, b):
    """Your pre-activation lacks prev_h @ Wh: the gates do not hear the state before."""
    i, f, o, g = _gates(x, np.zeros_like(prev_h), Wx, Wh, b)
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g)


@misconception("lstm_step_forward")
def bias_forgotten(x, prev_h, prev_c, Wx, Wh, b):
    """Your pre-activation lacks the bias `b`."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, np.zeros_like(b))
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, g)


@misconception("lstm_step_forward")
def cell_returned_first(x, prev_h, prev_c, Wx, Wh, b):
    """Your step returns the cell first and the state second. The order is next_h, next_c, cache."""
    next_h, next_c, cache = _step(x, prev_h, prev_c, Wx, Wh, b)
    return next_c, next_h, cache


@misconception("lstm_step_forward")
def sigmoid_that_overflows(x, prev_h, prev_c, Wx, Wh, b):
    """Your numbers are right, and the sigmoid that you use overflows where a pre-activation is far
    below zero. The `sigmoid` given in the notebook does not."""
    i, f, o, g = _parts(x, prev_h, Wx, Wh, b)
    i, f, o = (1.0 / (1.0 + np.exp(-part)) for part in (i, f, o))
    return _result(x, prev_h, prev_c, Wx, Wh, i, f, o, np.tanh(g))


@misconception("lstm_step_forward")
def step_squeezed(x, prev_h, prev_c, Wx, Wh, b):
    """Your step removes axes of length 1, as `squeeze` does: for one sequence, or one unit, the
    results are no longer of shape (N, H). Leave the axes as they are."""
    next_h, next_c, cache = _step(x, prev_h, prev_c, Wx, Wh, b)
    return np.squeeze(next_h), np.squeeze(next_c), cache


@misconception("lstm_step_forward")
def writes_into_prev_c(x, prev_h, prev_c, Wx, Wh, b):
    """Your numbers are right, and they are computed in the caller's own array `prev_c` (with `*=`
    or `+=`). Build a new array."""
    i, f, o, g = _gates(x, prev_h, Wx, Wh, b)
    before = prev_c.copy()
    prev_c *= f
    prev_c += i * g
    return _result(x, prev_h, before, Wx, Wh, i, f, o, g)


def _back(dnext_h, dnext_c, cache, **changed):
    """A right way back, in which some parts may be exchanged.

    The parts are computed from one another in this order, each by a function of all before it:
    dc, then di, df, do, dg (by the values of the gates), then the slopes, then da and dprev_c.
    """
    names = ("x", "prev_h", "prev_c", "Wx", "Wh", "i", "f", "o", "g", "next_c")
    v = dict(zip(names, cache, strict=True)) | {"dnext_h": dnext_h, "dnext_c": dnext_c}
    parts = {
        "shown": lambda v: np.tanh(v["next_c"]),
        "dc": lambda v: v["dnext_c"] + v["dnext_h"] * v["o"] * (1.0 - v["shown"] ** 2),
        "di": lambda v: v["dc"] * v["g"],
        "df": lambda v: v["dc"] * v["prev_c"],
        "do": lambda v: v["dnext_h"] * v["shown"],
        "dg": lambda v: v["dc"] * v["i"],
        "slope": lambda v: lambda s: s * (1.0 - s),
        "slope_g": lambda v: 1.0 - v["g"] ** 2,
        "da": lambda v: np.concatenate(
            [*(v["d" + k] * v["slope"](v[k]) for k in "ifo"), v["dg"] * v["slope_g"]], axis=1
        ),
        "dprev_c": lambda v: v["dc"] * v["f"],
        "dprev_h": lambda v: v["da"] @ v["Wh"].T,
        "dWh": lambda v: v["prev_h"].T @ v["da"],
        "db": lambda v: v["da"].sum(axis=0),
    }
    for name, part in (parts | changed).items():
        v[name] = part(v)
    dx, dWx = v["da"] @ v["Wx"].T, v["x"].T @ v["da"]
    return dx, v["dprev_h"], v["dprev_c"], dWx, v["dWh"], v["db"]


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


def _read(x_seq, h0, Wx, Wh, b, *, before=lambda h, c, h0: (h, c), c0=None):
    """The states and cells of a loop; ``before`` says what a step is given."""
    h, c = h0, np.zeros_like(h0) if c0 is None else c0
    states, cells, cache = [], [], []
    for x in np.swapaxes(x_seq, 0, 1):
        h, c, step_cache = _step(x, *before(h, c, h0), Wx, Wh, b)
        states.append(h)
        cells.append(c)
        cache.append(step_cache)
    return np.stack(states, axis=1), np.stack(cells, axis=1), cache


def _without_cells(read):
    return read[0], read[2]


@misconception("lstm_forward")
def carries_h_and_not_c(x_seq, h0, Wx, Wh, b):
    """Each of your steps starts from an empty cell: the state is handed on and the cell is not.
    Only step 0 has a cell of zeros."""
    return _without_cells(
        _read(x_seq, h0, Wx, Wh, b, before=lambda h, c, h0: (h, np.zeros_like(c)))
    )


@misconception("lstm_forward")
def carries_c_and_not_h(x_seq, h0, Wx, Wh, b):
    """Each of your steps starts from h0: the cell is handed on and the state is not."""
    return _without_cells(_read(x_seq, h0, Wx, Wh, b, before=lambda h, c, h0: (h0, c)))


@misconception("lstm_forward")
def carries_neither(x_seq, h0, Wx, Wh, b):
    """Each of your steps starts from h0 and an empty cell: nothing is handed on from step to
    step."""
    return _without_cells(
        _read(x_seq, h0, Wx, Wh, b, before=lambda h, c, h0: (h0, np.zeros_like(c)))
    )


@misconception("lstm_forward")
def cell_starts_from_h0(x_seq, h0, Wx, Wh, b):
    """Your cell starts from h0. That is the first *state*; the first cell is zeros."""
    return _without_cells(_read(x_seq, h0, Wx, Wh, b, c0=h0))


@misconception("lstm_forward")
def h0_ignored(x_seq, h0, Wx, Wh, b):
    """Your first state is zeros whatever `h0` is. Only the cell starts from zeros."""
    return _without_cells(_read(x_seq, np.zeros_like(h0), Wx, Wh, b))


@misconception("lstm_forward")
def state_handed_on_as_the_cell(x_seq, h0, Wx, Wh, b):
    """Your steps get the state of the step before in the place of its cell as well. Keep the two
    apart: lstm_step_forward returns next_h, then next_c."""
    start = {"first": True}

    def before(h, c, h0):
        cell = np.zeros_like(h) if start.pop("first", False) else h
        return h, cell

    return _without_cells(_read(x_seq, h0, Wx, Wh, b, before=before))


@misconception("lstm_forward")
def cells_returned(x_seq, h0, Wx, Wh, b):
    """Your function returns the cells of all steps. It is the states, next_h, that are wanted."""
    _, cells, cache = _read(x_seq, h0, Wx, Wh, b)
    return cells, cache


@misconception("lstm_forward")
def states_before_each_step(x_seq, h0, Wx, Wh, b):
    """Your h begins with h0 and lacks the last state: h[:, t] is the state *before* step t. It
    should be the one after it."""
    h, _, cache = _read(x_seq, h0, Wx, Wh, b)
    return np.concatenate([h0[:, None], h[:, :-1]], axis=1), cache


@misconception("lstm_forward")
def only_the_last_state(x_seq, h0, Wx, Wh, b):
    """Your function returns the last state only, of shape (N, H). All T states are wanted, as
    (N, T, H)."""
    h, _, cache = _read(x_seq, h0, Wx, Wh, b)
    return h[:, -1], cache


@misconception("lstm_forward")
def time_axis_first(x_seq, h0, Wx, Wh, b):
    """Your h has the shape (T, N, H): `np.array` of a list of states puts time first. Stack them
    along axis 1."""
    h, _, cache = _read(x_seq, h0, Wx, Wh, b)
    return np.moveaxis(h, 1, 0), cache


@misconception("lstm_forward")
def squeezed(x_seq, h0, Wx, Wh, b):
    """Your h loses every axis of length 1, as with `squeeze`: for one sequence, one step or one
    unit it is no longer (N, T, H). Leave the axes as they are."""
    h, _, cache = _read(x_seq, h0, Wx, Wh, b)
    return np.squeeze(h), cache


@misconception("lstm_forward")
def writes_into_h0(x_seq, h0, Wx, Wh, b):
    """Your states are right, and the last one stands in the caller's own `h0`: `h = h0` is a second
    name, not a copy."""
    h, _, cache = _read(x_seq, h0.copy(), Wx, Wh, b)
    h0[...] = h[:, -1]
    return h, cache


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


def _later(f):
    """The gate of the step after each step, and 1 for the last one."""
    return np.concatenate([f[1:], np.ones_like(f[:1])])


@misconception("cell_gradient")
def own_gate_included(f):
    """Your row t has the gate of step t in it. That gate acts on the cell *before* step t; the
    first factor of row t is f[t + 1], and the last row is 1."""
    return np.cumprod(f[::-1], axis=0)[::-1]


@misconception("cell_gradient")
def last_gate_left_out(f):
    """Your row t is the product of f[t], …, f[T − 2]: it is one gate too early. The way from cell t
    to the last one crosses the gates t + 1 to T − 1."""
    return np.cumprod(np.concatenate([np.ones_like(f[:1]), f[-2::-1]]), axis=0)[::-1]


@misconception("cell_gradient")
def product_from_the_beginning(f):
    """Your row t is the product of the gates up to step t. Those have been crossed *before* the
    cell of step t; what counts are the gates after it, up to the last step."""
    return np.cumprod(f, axis=0)


@misconception("cell_gradient")
def reversed_in_time(f):
    """Your rows are in reversed order: the products run back from the last step, as they should,
    and the result has to be turned round again."""
    return np.cumprod(_later(f)[::-1], axis=0)


@misconception("cell_gradient")
def sum_of_the_gates(f):
    """Your rows are sums of gates. Each step back multiplies, so they are products."""
    return np.cumsum(_later(f)[::-1], axis=0)[::-1]


@misconception("cell_gradient")
def always_one(f):
    """Your result is 1 everywhere. That is the cell of 1997, without a forget gate; here each step
    back multiplies by f."""
    return np.ones_like(f)


@misconception("cell_gradient")
def one_gate_only(f):
    """Your row t is the gate of the next step alone. All gates up to the last step are crossed:
    take their product."""
    return _later(f)


@misconception("cell_gradient")
def whole_product_everywhere(f):
    """All your rows are the product of all gates. Row t has only those after step t."""
    return np.ones_like(f) * np.prod(f, axis=0)


@misconception("cell_gradient")
def product_over_the_units(f):
    """Your products run along the units. Each unit has a cell of its own; multiply along time,
    axis 0."""
    later = np.concatenate([f[:, 1:], np.ones_like(f[:, :1])], axis=1)
    return np.cumprod(later[:, ::-1], axis=1)[:, ::-1]


@misconception("cell_gradient")
def divided_products(f):
    """Your function divides the product of all gates by the product up to step t. Where a gate is 0
    that is 0 / 0. Multiply from the end instead."""
    upto = np.cumprod(f, axis=0)
    return upto[-1] / upto


@misconception("cell_gradient")
def works_inside_f(f):
    """Your result is right, and it was computed in the caller's own f. Work on a copy."""
    result = np.cumprod(_later(f)[::-1], axis=0)[::-1].copy()
    f[...] = result
    return result


def _bias_with(b, value, start, stop):
    started = b.copy()
    started[start:stop] = value
    return started


@misconception("forget_bias_init")
def first_part_set(b, value):
    """Your function sets the first part, b[:H], that of the *input* gate. The forget gate is the
    second part."""
    return _bias_with(b, value, 0, len(b) // 4)


@misconception("forget_bias_init")
def third_part_set(b, value):
    """Your function sets the third part, that of the output gate. Count the parts from 0: i, f, o,
    g; the forget gate is H to 2H."""
    return _bias_with(b, value, len(b) // 2, 3 * len(b) // 4)


@misconception("forget_bias_init")
def second_half_of_the_first_half(b, value):
    """Your function sets b[H:], from the forget gate to the end. The part ends at 2H."""
    return _bias_with(b, value, len(b) // 4, len(b))


@misconception("forget_bias_init")
def first_two_parts_set(b, value):
    """Your function sets b[:2H]: the input gate has got the value as well. The part of the forget
    gate begins at H."""
    return _bias_with(b, value, 0, len(b) // 2)


@misconception("forget_bias_init")
def all_gates_set(b, value):
    """Your function sets all the biases. Only the forget gate is to start open."""
    return np.full_like(b, value)


@misconception("forget_bias_init")
def every_fourth_entry(b, value):
    """Your function sets every fourth entry. A part is H neighbouring entries."""
    started = b.copy()
    started[1::4] = value
    return started


@misconception("forget_bias_init")
def value_added(b, value):
    """Your function adds the value to what is there. It should take its place."""
    started = b.copy()
    started[len(b) // 4 : len(b) // 2] += value
    return started


@misconception("forget_bias_init")
def rest_is_zero(b, value):
    """Your result is zero outside of the forget gate. The other parts keep the entries of b."""
    return _bias_with(np.zeros_like(b), value, len(b) // 4, len(b) // 2)


@misconception("forget_bias_init")
def sets_the_callers_bias(b, value):
    """Your numbers are right, and they are written into the caller's own `b`. Copy it first."""
    b[len(b) // 4 : len(b) // 2] = value
    return b


def _latch(i=(-50.0, 100.0), f=(50.0, -100.0), o=(50.0, 0.0), g=50.0):
    """Weights from (bias, weight of the mark) of each gate and the candidate's weight."""
    Wx = np.array([[0.0, 0.0, 0.0, g], [i[1], f[1], o[1], 0.0]])
    return Wx, np.zeros((1, 4)), np.array([i[0], f[0], o[0], 0.0])


@misconception("design_latch_lstm")
def forget_gate_not_saturated():
    """Your forget gate has a bias of 5, so it is 0.993 and half of the value is lost in a hundred
    steps. For a thousand steps and an error of 1e-5, 1 − f has to be below 1e-8."""
    return _latch(f=(5.0, -100.0))


@misconception("design_latch_lstm")
def input_gate_not_saturated():
    """Your input gate has a bias of −5 at steps without a mark: it is 0.007, and a thousand noisy
    values leak in. It has to be below 1e-8."""
    return _latch(i=(-5.0, 100.0))


@misconception("design_latch_lstm")
def input_gate_always_open():
    """Your input gate is open at every step, so the noise is written as well. It should hear the
    mark: shut by its bias, opened by the mark's weight."""
    return _latch(i=(50.0, 0.0))


@misconception("design_latch_lstm")
def mark_only_lifts_the_bias_to_zero():
    """At a mark, your input gate's weight and bias cancel, so the gate is at σ(0) = 0.5 and half of
    the value is written. The mark has to outweigh the bias: take twice its size."""
    return _latch(i=(-50.0, 50.0))


@misconception("design_latch_lstm")
def never_cleared():
    """Your forget gate is open at every step, also at a mark, so a new value is added to the old
    one. The mark should shut it."""
    return _latch(f=(50.0, 0.0))


@misconception("design_latch_lstm")
def gate_order_i_f_g_o():
    """Your weights are those of a latch with the parts in the order i, f, g, o. Here it is
    i, f, o, g."""
    order = [0, 1, 3, 2]
    Wx, Wh, b = _latch()
    return Wx[:, order], Wh[:, order], b[order]


@misconception("design_latch_lstm")
def candidate_of_weight_one():
    """Your candidate is tanh(±1), which is ±0.76. To be ±1 within 1e-5, the tanh has to be
    saturated: take a larger weight."""
    return _latch(g=1.0)


@misconception("design_latch_lstm")
def output_gate_half_open():
    """Your output gate has no bias: it is at σ(0) = 0.5 and shows half of tanh(c). It has to be
    open at every step."""
    return _latch(o=(0.0, 0.0))


@misconception("design_latch_lstm")
def output_gate_open_at_marks_only():
    """Your output gate opens at the marks. The state should show what is held at *every* step."""
    return _latch(o=(-50.0, 100.0))


@misconception("design_latch_lstm")
def mark_and_value_exchanged():
    """Your rows of Wx are exchanged: the first input is the value, the second one is the mark."""
    Wx, Wh, b = _latch()
    return Wx[::-1], Wh, b


@misconception("design_latch_lstm")
def forget_gate_the_wrong_way_round():
    """Your forget gate is shut at steps without a mark and open at marks. At f = 1 the cell is
    kept, at f = 0 it is cleared."""
    return _latch(f=(-50.0, 100.0))
