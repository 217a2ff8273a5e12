"""Typical wrong answers to assignment 8, each with the hint that its author needs."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from autograder.suite import import_file, misconception

GIVEN = import_file(Path(__file__).parents[2] / "solutions" / "a8_memory.py")  # its given cells


def _adding(n, T, rng):
    values = rng.random((n, T))
    return values, rng.integers(T // 2, size=n), rng.integers(T // 2, T, size=n)


def _marked(values, *steps):
    markers = np.zeros(values.shape)
    for step in steps:
        markers[np.arange(len(values)), step] = 1.0
    return np.stack([values, markers], axis=2)


def _sum_at(values, first, second):
    rows = np.arange(len(values))
    return values[rows, first] + values[rows, second]


@misconception("make_adding")
def both_markers_anywhere(n, T, rng):
    """Your two markers are drawn from all steps, so both may fall into one half, or on one step,
    where only one is left. The first belongs to the steps 0 .. T//2 − 1, the second to the rest."""
    values = rng.random((n, T))
    first, second = rng.integers(T, size=n), rng.integers(T, size=n)
    return _marked(values, first, second), _sum_at(values, first, second)


@misconception("make_adding")
def both_markers_in_the_first_half(n, T, rng):
    """Both of your markers are in the first half: the second one is drawn from the steps T//2 ..
    T − 1, so its range needs a lower end, too."""
    values = rng.random((n, T))
    first, second = rng.integers(T // 2, size=n), rng.integers(T // 2, size=n)
    return _marked(values, first, second), _sum_at(values, first, second)


@misconception("make_adding")
def last_step_never_marked(n, T, rng):
    """Your second marker is never at the last step. `rng.integers(low, high)` does not draw its
    upper end, so that end is T and not T − 1."""
    values = rng.random((n, T))
    first = rng.integers(T // 2, size=n)
    second = rng.integers(T // 2, max(T - 1, T // 2 + 1), size=n)
    return _marked(values, first, second), _sum_at(values, first, second)


@misconception("make_adding")
def same_steps_in_every_sequence(n, T, rng):
    """Your sequences all have their markers at the same two steps. Draw n first steps and n second
    ones, a pair for each sequence."""
    values = rng.random((n, T))
    first, second = rng.integers(T // 2), rng.integers(T // 2, T)
    x = _marked(values, np.full(n, first), np.full(n, second))
    return x, values[:, first] + values[:, second]


@misconception("make_adding")
def target_of_the_next_step(n, T, rng):
    """Your y is shifted: it adds the values one step behind the markers. It must be the sum of
    x[:, t, 0] at exactly the steps t where x[:, t, 1] is 1."""
    values, first, second = _adding(n, T, rng)
    shifted = np.roll(values, -1, axis=1)
    return _marked(values, first, second), _sum_at(shifted, first, second)


@misconception("make_adding")
def sum_of_all_values(n, T, rng):
    """Your y adds all the values of a sequence. Only the two marked ones count."""
    values, first, second = _adding(n, T, rng)
    return _marked(values, first, second), values.sum(axis=1)


@misconception("make_adding")
def markers_before_values(n, T, rng):
    """The channels of your x are swapped: x[:, :, 0] holds the values and x[:, :, 1] the
    markers."""
    values, first, second = _adding(n, T, rng)
    x = _marked(values, first, second)
    return x[:, :, ::-1], _sum_at(values, first, second)


@misconception("make_adding")
def steps_drawn_before_values(n, T, rng):
    """Your task is right, but it draws the marked steps before the values. The docstring fixes the
    order, so that a seed gives the same data everywhere: values, first steps, second steps."""
    first, second = rng.integers(T // 2, size=n), rng.integers(T // 2, T, size=n)
    values = rng.random((n, T))
    return _marked(values, first, second), _sum_at(values, first, second)


@misconception("make_adding")
def normal_values(n, T, rng):
    """Your values are normally distributed. They should be uniform in [0, 1): `rng.random`."""
    values = rng.standard_normal((n, T))
    first, second = rng.integers(T // 2, size=n), rng.integers(T // 2, T, size=n)
    return _marked(values, first, second), _sum_at(values, first, second)


@misconception("make_adding")
def seeded_anew(n, T, rng):
    """Your function does not draw from the rng that it is given: a generator of its own, with a
    fixed seed, gives the same batch in every call."""
    values, first, second = _adding(n, T, np.random.default_rng(0))
    return _marked(values, first, second), _sum_at(values, first, second)


def _copy(symbols, T, now, blank=8, delimiter=9):
    x = np.full((len(symbols), T + 20), blank)
    x[:, :10], x[:, now] = symbols, delimiter
    return x


def _repeat(symbols, T, start, blank=8):
    y = np.full((len(symbols), T + 20), blank)
    y[:, start : start + 10] = symbols
    return y


@misconception("make_copy")
def target_shifted(n, T, rng):
    """Your target begins one step too early: the first symbol is due right *after* the delimiter,
    at step T + 10, and the last one at the last step."""
    symbols = rng.integers(8, size=(n, 10))
    return _copy(symbols, T, T + 9), _repeat(symbols, T, T + 9)


@misconception("make_copy")
def delimiter_one_late(n, T, rng):
    """Your delimiter comes one step late. There are T − 1 blanks between the symbols and it, so it
    is at step T + 9."""
    symbols = rng.integers(8, size=(n, 10))
    return _copy(symbols, T, T + 10), _repeat(symbols, T, T + 10)


@misconception("make_copy")
def without_delimiter(n, T, rng):
    """Your input has no delimiter: at step T + 9 there is a 9 that says *now*."""
    symbols = rng.integers(8, size=(n, 10))
    return _copy(symbols, T, T + 9, delimiter=8), _repeat(symbols, T, T + 10)


@misconception("make_copy")
def target_in_reverse(n, T, rng):
    """Your target holds the symbols in reverse. They are to be repeated in the order in which they
    came."""
    symbols = rng.integers(8, size=(n, 10))
    return _copy(symbols, T, T + 9), _repeat(symbols[:, ::-1], T, T + 10)


@misconception("make_copy")
def target_is_drawn_anew(n, T, rng):
    """Your target holds other symbols than your input: draw them once, and use them twice."""
    symbols, others = rng.integers(8, size=(n, 10)), rng.integers(8, size=(n, 10))
    return _copy(symbols, T, T + 9), _repeat(others, T, T + 10)


@misconception("make_copy")
def symbols_from_one(n, T, rng):
    """Your symbols are 1 to 8, and 8 is the blank. The eight symbols are 0 to 7."""
    symbols = rng.integers(1, 9, size=(n, 10))
    return _copy(symbols, T, T + 9), _repeat(symbols, T, T + 10)


@misconception("make_copy")
def seven_symbols(n, T, rng):
    """Symbol 7 never comes: `rng.integers` does not draw its upper end, so write 8 there."""
    symbols = rng.integers(7, size=(n, 10))
    return _copy(symbols, T, T + 9), _repeat(symbols, T, T + 10)


@misconception("make_copy")
def blank_is_zero(n, T, rng):
    """Your blanks are 0, which is one of the symbols. The blank is token 8."""
    symbols = rng.integers(8, size=(n, 10))
    return _copy(symbols, T, T + 9, blank=0), _repeat(symbols, T, T + 10, blank=0)


@misconception("make_copy")
def tokens_as_floats(n, T, rng):
    """Your tokens are floats, since `np.zeros`, `np.ones` and `np.empty` make floats unless told
    otherwise. Tokens are used as indices, so they must be integers."""
    symbols = rng.integers(8, size=(n, 10))
    return 1.0 * _copy(symbols, T, T + 9), 1.0 * _repeat(symbols, T, T + 10)


def _latch(n, T, rng):
    values, step = rng.uniform(-0.1, 0.1, size=(n, T)), rng.integers(T // 4, size=n)
    return values, step, 2.0 * rng.integers(2, size=n) - 1.0


def _with_mark(values, step, marks):
    x = _marked(values, step)
    x[np.arange(len(values)), step, 0] = marks
    return x


@misconception("make_latch")
def labels_of_zero_and_one(n, T, rng):
    """Your marks are 0 and 1. A mark is −1 or 1: map the drawn 0 to −1."""
    values, step, y = _latch(n, T, rng)
    y = 0.5 * (y + 1.0)
    return _with_mark(values, step, y), y


@misconception("make_latch")
def marks_anywhere(n, T, rng):
    """Your marks may come at any step. The task is to hold them for long, so they are early: at one
    of the steps 0 .. T//4 − 1."""
    values, step = rng.uniform(-0.1, 0.1, size=(n, T)), rng.integers(T, size=n)
    y = 2.0 * rng.integers(2, size=n) - 1.0
    return _with_mark(values, step, y), y


@misconception("make_latch")
def always_marked_first(n, T, rng):
    """Your mark is always at step 0. It is at one of the steps 0 .. T//4 − 1, a different one in
    each sequence, with noise before it."""
    values, _, y = _latch(n, T, rng)
    return _with_mark(values, np.zeros(n, dtype=int), y), y


@misconception("make_latch")
def mark_on_top_of_noise(n, T, rng):
    """Your mark is added to the noise of its step. The value there is exactly −1 or 1: assign
    it."""
    values, step, y = _latch(n, T, rng)
    return _with_mark(values, step, y + values[np.arange(n), step]), y


@misconception("make_latch")
def silence_before_the_mark(n, T, rng):
    """Your values are 0 before the mark. There is noise before it, too: at all steps but the
    marked one."""
    values, step, y = _latch(n, T, rng)
    values[np.arange(T) < step[:, None]] = 0.0
    return _with_mark(values, step, y), y


@misconception("make_latch")
def label_not_in_the_value(n, T, rng):
    """Your marker is there, but the value at the marked step is still noise, so nothing in x tells
    the answer. Put y there."""
    values, step, y = _latch(n, T, rng)
    return _marked(values, step), y


@misconception("make_latch")
def standard_normal_noise(n, T, rng):
    """Your noise is normally distributed and as large as the mark. It should be uniform in
    [−0.1, 0.1): `rng.uniform`."""
    values, step = rng.standard_normal((n, T)), rng.integers(T // 4, size=n)
    y = 2.0 * rng.integers(2, size=n) - 1.0
    return _with_mark(values, step, y), y


@misconception("make_latch")
def latch_seeded_anew(n, T, rng):
    """Your function does not draw from the rng that it is given: a generator of its own, with a
    fixed seed, gives the same batch in every call."""
    values, step, y = _latch(n, T, np.random.default_rng(0))
    return _with_mark(values, step, y), y


def _unit(u, w, v=0.0):
    return np.array([[u], [v]]), np.array([[float(w)]]), np.zeros(1)


def _holding(w):
    if w <= 1:
        raise ValueError(f"no latch with w = {w}")


@misconception("design_latch_rnn")
def any_weight_will_do(w):
    """Your function accepts every w. With w ≤ 1 the state returns to 0 and the sign is lost, so
    there are no such weights: raise ValueError."""
    return _unit(2.0 * w, w)


@misconception("design_latch_rnn")
def refuses_below_one_only(w):
    """Your function accepts w = 1. At 1 the state returns to 0 as well, only more slowly: w ≤ 1
    raises ValueError."""
    if w < 1:
        raise ValueError(f"no latch with w = {w}")
    return _unit(2.0 * w, w)


@misconception("design_latch_rnn")
def refuses_by_size(w):
    """Your function looks at the size of w without its sign. With w = −2 the state changes its sign
    at every step: that holds nothing."""
    if abs(w) <= 1:
        raise ValueError(f"no latch with w = {w}")
    return _unit(2.0 * w, w)


@misconception("design_latch_rnn")
def input_weight_of_one(w):
    """Your input weight is 1. The unit holds itself with almost w, which a mark that enters with 1
    cannot turn over once noise has pushed the unit to the other side."""
    _holding(w)
    return _unit(1.0, w)


@misconception("design_latch_rnn")
def input_weight_of_w(w):
    """Your input weight is w, just enough to bring the unit to about 0, from where the noise
    decides. The mark must enter with clearly more than what the unit holds itself with."""
    _holding(w)
    return _unit(float(w), w)


@misconception("design_latch_rnn")
def input_weight_too_large(w):
    """Your input weight is so large that noise of 0.1 turns the unit over, too. It must be large
    beside w, but a tenth of it must be small beside what the unit can stand."""
    _holding(w)
    return _unit(100.0, w)


@misconception("design_latch_rnn")
def reads_the_marker(w):
    """Your unit reads the marker, which says *when* and is 1 for both signs. The sign is in the
    value, the first of the two inputs."""
    _holding(w)
    return _unit(0.0, w, 2.0 * w)


@misconception("design_latch_rnn")
def shapes_of_a_linear_layer(w):
    """Your Wx has the shape (1, 2). In this course x @ Wx has the input's axis first: 2 inputs and
    1 unit make (2, 1)."""
    _holding(w)
    Wx, Wh, b = _unit(2.0 * w, w)
    return Wx.T, Wh, b


@misconception("memory_horizon")
def ends_at_the_first_gap(norms, eps):
    """Your horizon ends before the first lag whose norm is too small. Norms need not decrease: look
    for the *last* lag that is large enough."""
    small = np.flatnonzero(norms < eps)
    last = int(small[0]) - 1 if small.size else len(norms) - 1
    return last if last >= 0 else None


@misconception("memory_horizon")
def threshold_on_the_sum(norms, eps):
    """You compare a running sum of the norms with eps. Each norm is compared on its own."""
    rest = np.cumsum(norms[::-1])[::-1]
    lags = np.flatnonzero(rest >= eps)
    return int(lags[-1]) if lags.size else None


@misconception("memory_horizon")
def counts_lags(norms, eps):
    """You return how many lags are large enough. The horizon is the largest such lag; lag 0 comes
    first, and there may be gaps."""
    count = int(np.sum(norms >= eps))
    return count if count else None


@misconception("memory_horizon")
def one_too_far(norms, eps):
    """Your horizon is one too large. Lag 0 comes first, so the index is the lag."""
    lags = np.flatnonzero(norms >= eps)
    return int(lags[-1]) + 1 if lags.size else None


@misconception("memory_horizon")
def strictly_above(norms, eps):
    """Your comparison is strict. A norm that equals eps counts."""
    lags = np.flatnonzero(norms > eps)
    return int(lags[-1]) if lags.size else None


@misconception("memory_horizon")
def first_lag_above(norms, eps):
    """You return the first lag that is large enough. The horizon is the last one: how far back
    anything is heard."""
    lags = np.flatnonzero(norms >= eps)
    return int(lags[0]) if lags.size else None


@misconception("memory_horizon")
def zero_for_none(norms, eps):
    """You return 0 where no norm is large enough. 0 is a lag: it says that the last step counts.
    Return None."""
    lags = np.flatnonzero(norms >= eps)
    return int(lags[-1]) if lags.size else 0


@misconception("memory_horizon")
def minus_one_for_none(norms, eps):
    """You return −1 where no norm is large enough. Return None."""
    lags = np.flatnonzero(norms >= eps)
    return int(lags[-1]) if lags.size else -1


@misconception("memory_horizon")
def lag_zero_taken_for_none(norms, eps):
    """You return None where the horizon is 0. In Python, 0 is not true: ask `is None`, or for the
    number of lags."""
    lags = np.flatnonzero(norms >= eps)
    return (int(lags[-1]) if lags.size else 0) or None


@misconception("memory_horizon")
def relative_to_the_largest(norms, eps):
    """You compare with eps times the largest norm. Here eps is the threshold itself."""
    lags = np.flatnonzero(norms >= eps * np.max(norms, initial=0.0))
    return int(lags[-1]) if lags.size else None


def _dx(dh, cache):
    return GIVEN.cell_backward(dh, cache)[0]  # (N, T, D)


def _at_the_end(dh_T, cache):
    dh = np.zeros((len(dh_T), cache[1][0].shape[1], dh_T.shape[1]))
    dh[:, -1] = dh_T
    return dh


@misconception("input_saliency")
def loss_at_every_step(dh_T, cache):
    """You give dh_T to every step, so your saliency is that of a loss at each of them. The loss
    depends directly on the last state alone: dh is 0 everywhere else."""
    dh = np.repeat(dh_T[:, None], cache[1][0].shape[1], axis=1)
    return np.sqrt(np.sum(_dx(dh, cache) ** 2, axis=2))


@misconception("input_saliency")
def loss_at_the_first_step(dh_T, cache):
    """Your gradient enters at the first state, so only the first input seems to count. dh_T belongs
    to the last state, dh[:, -1]."""
    dh = np.roll(_at_the_end(dh_T, cache), 1, axis=1)
    return np.sqrt(np.sum(_dx(dh, cache) ** 2, axis=2))


@misconception("input_saliency")
def total_gradient(dh_T, cache):
    """Your saliency is one and the same number at all steps: the norm of the whole gradient of a
    sequence. Take the norm at each step, over the D inputs alone."""
    dx = _dx(_at_the_end(dh_T, cache), cache)
    total = np.sqrt(np.sum(dx**2, axis=(1, 2)))
    return np.repeat(total[:, None], dx.shape[1], axis=1)


@misconception("input_saliency")
def norm_over_the_batch(dh_T, cache):
    """Your norm is over the batch, too, so all sequences get the same saliency. Each one has its
    own: sum over the D inputs alone."""
    dx = _dx(_at_the_end(dh_T, cache), cache)
    return np.repeat(np.sqrt(np.sum(dx**2, axis=(0, 2)))[None], len(dx), axis=0)


@misconception("input_saliency")
def square_of_the_norm(dh_T, cache):
    """You return the square of the norm: the root is missing."""
    return np.sum(_dx(_at_the_end(dh_T, cache), cache) ** 2, axis=2)


@misconception("input_saliency")
def sum_for_norm(dh_T, cache):
    """You add the gradients of a step's inputs, and positive and negative ones cancel. Take the
    Euclidean norm."""
    return np.sum(_dx(_at_the_end(dh_T, cache), cache), axis=2)


@misconception("input_saliency")
def absolute_values_for_norm(dh_T, cache):
    """You add absolute values. The Euclidean norm is the root of the sum of squares."""
    return np.sum(np.abs(_dx(_at_the_end(dh_T, cache), cache)), axis=2)


@misconception("input_saliency")
def sorted_by_lag(dh_T, cache):
    """Your saliency runs backwards in time: entry 0 is the last step. s[n, t] belongs to step t."""
    dx = _dx(_at_the_end(dh_T, cache), cache)
    return np.sqrt(np.sum(dx**2, axis=2))[:, ::-1]


@misconception("input_saliency")
def norm_over_time(dh_T, cache):
    """Your norm is over the steps, so your result has a column for each input. Axis 1 is time, and
    axis 2 are the D inputs of a step."""
    return np.sqrt(np.sum(_dx(_at_the_end(dh_T, cache), cache) ** 2, axis=1))


def _always(cell, grads):
    return GIVEN.clip_by_global_norm(grads, 1.0)[0]


def _train(
    cell,
    rng,
    batches,
    learning_rate,
    *,
    state=lambda h: h[:, -1],
    enter=lambda dh, d: dh[:, -1].__iadd__(d),
    gradient=lambda error: 2.0 * error[:, None] / error.size,
    clip=lambda cell, grads: grads if cell == "rnn" else GIVEN.clip_by_global_norm(grads, 1.0)[0],
    keep=lambda velocity: velocity,
    late=False,
):
    """The loop, with some of its parts replaced by wrong ones."""
    kind = cell.split()[0]
    params = GIVEN.init_network(kind, rng)
    velocity = {name: np.zeros_like(p) for name, p in params.items()}
    losses = []
    for x, y in batches:
        h, cache = GIVEN.cell_forward(kind, x, params)
        read = state(h)
        error = (read @ params["Wo"] + params["bo"])[:, 0] - y
        losses.append(float(np.mean(error**2)))
        dprediction = gradient(error)  # (N, 1)
        dh = np.zeros_like(h)
        enter(dh, dprediction @ params["Wo"].T)
        grads = GIVEN.cell_backward(dh, cache)[1]
        grads["Wo"], grads["bo"] = read.T @ dprediction, dprediction.sum(axis=0)
        params, velocity = GIVEN.momentum_step(params, clip(cell, grads), velocity, learning_rate)
        velocity = keep(velocity)
        if late:
            h = GIVEN.cell_forward(kind, x, params)[0]
            error = (state(h) @ params["Wo"] + params["bo"])[:, 0] - y
            losses[-1] = float(np.mean(error**2))
    return losses, params


@misconception("train_adding")
def forgets_clipping(cell, rng, batches, learning_rate=0.1):
    """Your gradients are never clipped. For every cell but "rnn", clip them right before the
    update."""
    return _train(cell, rng, batches, learning_rate, clip=lambda cell, grads: grads)


@misconception("train_adding")
def clips_the_plain_network_too(cell, rng, batches, learning_rate=0.1):
    """You clip the gradients of "rnn", too. It is the one network in the comparison that goes
    without."""
    return _train(cell, rng, batches, learning_rate, clip=_always)


@misconception("train_adding")
def clips_only_clipped(cell, rng, batches, learning_rate=0.1):
    """You clip for "rnn clipped" only. The gradients of the LSTM and the GRU are clipped, too."""
    return _train(
        cell,
        rng,
        batches,
        learning_rate,
        clip=lambda cell, grads: _always(cell, grads) if cell == "rnn clipped" else grads,
    )


@misconception("train_adding")
def clips_each_array_alone(cell, rng, batches, learning_rate=0.1):
    """You clip each of the five gradients on its own, which turns the step. One call with all five
    gives them one factor."""

    def clip(cell, grads):
        return {name: _always(cell, {name: g})[name] for name, g in grads.items()}

    return _train(
        cell,
        rng,
        batches,
        learning_rate,
        clip=lambda cell, grads: grads if cell == "rnn" else clip(cell, grads),
    )


@misconception("train_adding")
def output_layer_not_clipped(cell, rng, batches, learning_rate=0.1):
    """You clip the gradients of the cell before those of Wo and bo are added. All five belong to
    one global norm."""

    def clip(cell, grads):
        inner = {name: grads[name] for name in ("Wx", "Wh", "b")}
        return {**grads, **_always(cell, inner)}

    return _train(
        cell,
        rng,
        batches,
        learning_rate,
        clip=lambda cell, grads: grads if cell == "rnn" else clip(cell, grads),
    )


@misconception("train_adding")
def clips_the_velocity(cell, rng, batches, learning_rate=0.1):
    """You clip the velocity and not the gradients. Clip what comes from the backward pass; the
    velocity adds up clipped gradients."""
    return _train(
        cell,
        rng,
        batches,
        learning_rate,
        clip=lambda cell, grads: grads,
        keep=lambda velocity: velocity if cell == "rnn" else _always(cell, velocity),
    )


@misconception("train_adding")
def reads_the_first_state(cell, rng, batches, learning_rate=0.1):
    """Your prediction is read off the first state, which has seen one input. It is read off the
    last one, h[:, -1]."""
    return _train(
        cell,
        rng,
        batches,
        learning_rate,
        state=lambda h: h[:, 0],
        enter=lambda dh, d: dh[:, 0].__iadd__(d),
    )


@misconception("train_adding")
def averages_the_states(cell, rng, batches, learning_rate=0.1):
    """Your prediction is read off the mean of all states. That makes the task easier, since no
    memory is needed: use the last state, h[:, -1]."""
    return _train(
        cell,
        rng,
        batches,
        learning_rate,
        state=lambda h: h.mean(axis=1),
        enter=lambda dh, d: dh.__iadd__(d[:, None] / dh.shape[1]),
    )


@misconception("train_adding")
def gradient_enters_everywhere(cell, rng, batches, learning_rate=0.1):
    """You give the gradient of the last state to all states. The others do not enter the loss
    directly, so dh is 0 there."""
    return _train(cell, rng, batches, learning_rate, enter=lambda dh, d: dh.__iadd__(d[:, None]))


@misconception("train_adding")
def gradient_enters_first(cell, rng, batches, learning_rate=0.1):
    """Your prediction comes from the last state, and its gradient goes into the first: put it into
    dh[:, -1]."""
    return _train(cell, rng, batches, learning_rate, enter=lambda dh, d: dh[:, 0].__iadd__(d))


@misconception("train_adding")
def sum_for_mean_in_the_gradient(cell, rng, batches, learning_rate=0.1):
    """Your loss is a mean over the batch, and its gradient is that of a sum: the division by N is
    missing."""
    return _train(cell, rng, batches, learning_rate, gradient=lambda error: 2.0 * error[:, None])


@misconception("train_adding")
def without_the_two(cell, rng, batches, learning_rate=0.1):
    """The 2 is missing in your gradient: the derivative of a square is twice its base."""
    return _train(
        cell, rng, batches, learning_rate, gradient=lambda error: error[:, None] / error.size
    )


@misconception("train_adding")
def ascends(cell, rng, batches, learning_rate=0.1):
    """Your loss goes up: the error has the wrong sign in your gradient. It is prediction minus
    truth."""
    return _train(
        cell, rng, batches, learning_rate, gradient=lambda error: -2.0 * error[:, None] / error.size
    )


@misconception("train_adding")
def velocity_starts_anew(cell, rng, batches, learning_rate=0.1):
    """Your velocity is 0 before *every* step, so there is no momentum. It is 0 before the first one
    only: keep what momentum_step returns."""
    return _train(
        cell,
        rng,
        batches,
        learning_rate,
        keep=lambda velocity: {name: np.zeros_like(v) for name, v in velocity.items()},
    )


@misconception("train_adding")
def output_layer_not_trained(cell, rng, batches, learning_rate=0.1):
    """Your output layer never changes: Wo and bo have gradients, too."""

    def clip(cell, grads):
        cut = {**grads, "Wo": np.zeros_like(grads["Wo"]), "bo": np.zeros_like(grads["bo"])}
        return cut if cell == "rnn" else _always(cell, cut)

    return _train(cell, rng, batches, learning_rate, clip=clip)


@misconception("train_adding")
def never_updates(cell, rng, batches, learning_rate=0.1):
    """Your parameters stay what they were. momentum_step changes nothing in place: it returns the
    new params and the new velocity."""
    return _train(cell, rng, batches, 0.0)


@misconception("train_adding")
def ignores_the_learning_rate(cell, rng, batches, learning_rate=0.1):
    """Your learning rate is always 0.1. Use the one that is given."""
    return _train(cell, rng, batches, 0.1)


@misconception("train_adding")
def same_batch_again(cell, rng, batches, learning_rate=0.1):
    """You train on the first batch again and again. Each batch is used once, in order."""
    return _train(cell, rng, [batches[0] for _ in batches], learning_rate)


@misconception("train_adding")
def starts_from_its_own_seed(cell, rng, batches, learning_rate=0.1):
    """You do not use the rng that you are given: your network always starts from the same
    weights."""
    return _train(cell, np.random.default_rng(0), batches, learning_rate)


@misconception("train_adding")
def takes_a_kind_for_a_cell(cell, rng, batches, learning_rate=0.1):
    """You give "rnn clipped" to init_network or cell_forward, which know "rnn", "lstm" and "gru"
    only. The kind of "rnn clipped" is "rnn"."""
    GIVEN.init_network(cell, np.random.default_rng(0))
    return _train(cell, rng, batches, learning_rate)


@misconception("train_adding")
def stops_when_it_explodes(cell, rng, batches, learning_rate=0.1):
    """Your training ends where a loss is no longer finite. It goes on to the last batch: how the
    plain network fails is part of the record."""
    losses, params = _train(cell, rng, batches, learning_rate)
    finite = int(np.sum(np.isfinite(losses)))
    return losses[:finite], params


@misconception("train_adding")
def broadcasts_the_error(cell, rng, batches, learning_rate=0.1):
    """Your predictions have the shape (N, 1) and y has (N,), so their difference has (N, N): every
    prediction is compared with every answer. Take column 0 of the predictions."""
    kind = cell.split()[0]
    params = GIVEN.init_network(kind, rng)
    velocity = {name: np.zeros_like(p) for name, p in params.items()}
    losses = []
    for x, y in batches:
        h, cache = GIVEN.cell_forward(kind, x, params)
        error = h[:, -1] @ params["Wo"] + params["bo"] - y  # (N, N)
        losses.append(float(np.mean(error**2)))
        dprediction = 2.0 * error.mean(axis=1, keepdims=True) / y.size
        dh = np.zeros_like(h)
        dh[:, -1] = dprediction @ params["Wo"].T
        grads = GIVEN.cell_backward(dh, cache)[1]
        grads["Wo"], grads["bo"] = h[:, -1].T @ dprediction, dprediction.sum(axis=0)
        if cell != "rnn":
            grads = _always(cell, grads)
        params, velocity = GIVEN.momentum_step(params, grads, velocity, learning_rate)
    return losses, params


@misconception("train_adding")
def records_after_the_update(cell, rng, batches, learning_rate=0.1):
    """You record the loss after the update that it causes, on a batch that has just been learnt
    from. The record is of the loss before."""
    return _train(cell, rng, batches, learning_rate, late=True)


@misconception("train_adding")
def returns_losses_only(cell, rng, batches, learning_rate=0.1):
    """Your function returns the losses alone. It returns two things: `return losses, params`."""
    return _train(cell, rng, batches, learning_rate)[0]
