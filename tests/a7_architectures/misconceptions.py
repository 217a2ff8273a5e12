"""Typical wrong answers to assignment 7, each with the hint that helps its author.

They are the mutants that the hidden tests must kill, and what a wrong answer is compared with.
Their caches have the layout of the reference's.
"""

from __future__ import annotations

import numpy as np

from autograder.suite import misconception


def _sigmoid(x):
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def _thirds(x, prev_h, Wx, Wh, b):
    """The parts u, r, n of x @ Wx + b and of prev_h @ Wh, and Whn."""
    return (
        *np.split(x @ Wx + b, 3, axis=1),
        *np.split(prev_h @ Wh, 3, axis=1),
        np.split(Wh, 3, axis=1)[2],
    )


def _gru_step(
    x, prev_h, Wx, Wh, b, *, gate=_sigmoid, squash=np.tanh, mix=lambda u, n, h: (1 - u) * h + u * n
):  # fmt: skip
    """A GRU step whose parts can be exchanged; right as it stands."""
    xu, xr, xn, hu, hr, _, Whn = _thirds(x, prev_h, Wx, Wh, b)
    u, r = gate(xu + hu), gate(xr + hr)
    n = squash(xn + (r * prev_h) @ Whn)
    next_h = mix(u, n, prev_h)
    cache = x, prev_h, Wx, Wh, u, r, n
    return next_h, cache


@misconception("gru_step_forward")
def opposite_update_gate(x, prev_h, Wx, Wh, b):
    """Your update gate is the other way round: next_h = u · prev_h + (1 − u) · n. Some libraries
    have it so; in this course u = 0 keeps the state."""
    return _gru_step(x, prev_h, Wx, Wh, b, mix=lambda u, n, h: u * h + (1 - u) * n)


@misconception("gru_step_forward")
def reset_after_the_product(x, prev_h, Wx, Wh, b):
    """Your reset gate multiplies prev_h @ Whn, after the matrix product, as PyTorch does. Here it
    is applied before: (r · prev_h) @ Whn."""
    xu, xr, xn, hu, hr, hn, _ = _thirds(x, prev_h, Wx, Wh, b)
    u, r = _sigmoid(xu + hu), _sigmoid(xr + hr)
    n = np.tanh(xn + r * hn)
    cache = x, prev_h, Wx, Wh, u, r, n
    return (1.0 - u) * prev_h + u * n, cache


@misconception("gru_step_forward")
def reset_left_out(x, prev_h, Wx, Wh, b):
    """Your candidate sees the whole of prev_h: the reset gate is not used. Multiply prev_h by r
    before its product with Whn."""
    xu, _, xn, hu, _, hn, _ = _thirds(x, prev_h, Wx, Wh, b)
    u, n = _sigmoid(xu + hu), np.tanh(xn + hn)
    cache = x, prev_h, Wx, Wh, u, np.ones_like(u), n
    return (1.0 - u) * prev_h + u * n, cache


@misconception("gru_step_forward")
def sigmoid_for_the_candidate(x, prev_h, Wx, Wh, b):
    """Your candidate n is a sigmoid and never negative. Only the gates are sigmoids; n is tanh."""
    return _gru_step(x, prev_h, Wx, Wh, b, squash=_sigmoid)


@misconception("gru_step_forward")
def tanh_for_the_gates(x, prev_h, Wx, Wh, b):
    """Your gates are tanh, from −1 to 1. A gate is a share between 0 and 1: use sigmoid."""
    return _gru_step(x, prev_h, Wx, Wh, b, gate=np.tanh)


@misconception("gru_step_forward")
def update_and_reset_exchanged(x, prev_h, Wx, Wh, b):
    """Your first third is the reset gate and your second the update gate. The order is u, r, n."""
    order = np.concatenate([np.split(np.arange(b.size), 3)[i] for i in (1, 0, 2)])
    next_h, (*_, u, r, n) = _gru_step(x, prev_h, Wx[:, order], Wh[:, order], b[order])
    cache = x, prev_h, Wx, Wh, u, r, n
    return next_h, cache


@misconception("gru_step_forward")
def old_state_kept_whole(x, prev_h, Wx, Wh, b):
    """Your step adds u · n to the whole of prev_h, so the state can grow without a limit. The two
    shares must make one: (1 − u) · prev_h + u · n."""
    return _gru_step(x, prev_h, Wx, Wh, b, mix=lambda u, n, h: h + u * n)


def _gru_step_back(
    dnext_h, cache, *, kept=1.0, by_u=1.0, by_r=1.0, by_n=1.0, sign=1.0, slope=True, reset=True,
    share=1.0,
):  # fmt: skip
    """The way back through a GRU step, whose terms can be scaled; right as it stands."""
    x, prev_h, Wx, Wh, u, r, n = cache
    Whu, Whr, Whn = np.split(Wh, 3, axis=1)
    dan = dnext_h * u * ((1.0 - n**2) if slope else 1.0)
    dm = dan @ Whn.T
    dau = sign * dnext_h * (n - prev_h) * u * (1.0 - u)
    dar = dm * prev_h * r * (1.0 - r)
    da = np.hstack([dau, dar, dan])
    dprev_h = (
        kept * dnext_h * (1.0 - u) + by_u * dau @ Whu.T + by_r * dar @ Whr.T + by_n * dm * r
    )  # fmt: skip
    third = (r * prev_h if reset else prev_h).T @ dan
    dWh = np.hstack([prev_h.T @ dau, prev_h.T @ dar, third])
    return da @ Wx.T, dprev_h, share * x.T @ da, share * dWh, share * da.sum(axis=0)


@misconception("gru_step_backward")
def kept_state_forgotten(dnext_h, cache):
    """Your dprev_h lacks the term dnext_h · (1 − u): the state that is kept is the shortest way
    back, and the reason why a GRU remembers."""
    return _gru_step_back(dnext_h, cache, kept=0.0)


@misconception("gru_step_backward")
def update_gate_path_missing(dnext_h, cache):
    """Your dprev_h lacks the way through the update gate: u is computed from prev_h, too. Add
    da_u @ Whu.T."""
    return _gru_step_back(dnext_h, cache, by_u=0.0)


@misconception("gru_step_backward")
def reset_gate_path_missing(dnext_h, cache):
    """Your dprev_h lacks the way through the reset gate: r is computed from prev_h, too. Add
    da_r @ Whr.T."""
    return _gru_step_back(dnext_h, cache, by_r=0.0)


@misconception("gru_step_backward")
def both_gate_paths_missing(dnext_h, cache):
    """Your dprev_h lacks the ways through the two gates: u and r are computed from prev_h, too. Add
    da_u @ Whu.T and da_r @ Whr.T."""
    return _gru_step_back(dnext_h, cache, by_u=0.0, by_r=0.0)


@misconception("gru_step_backward")
def candidate_path_missing(dnext_h, cache):
    """Your dprev_h lacks the way through the candidate: n is computed from r · prev_h. Add its
    gradient, times r."""
    return _gru_step_back(dnext_h, cache, by_n=0.0)


@misconception("gru_step_backward")
def candidate_path_without_reset(dnext_h, cache):
    """In your dprev_h the term of the candidate is not multiplied by r: what went in was
    r · prev_h, so its gradient is multiplied by r on the way to prev_h."""
    r = np.where(cache[5] == 0.0, 1.0, cache[5])
    return _gru_step_back(dnext_h, cache, by_n=1.0 / r)


@misconception("gru_step_backward")
def sign_of_du(dnext_h, cache):
    """The gradient of your update gate has the wrong sign: the derivative of
    (1 − u) · prev_h + u · n by u is n − prev_h."""
    return _gru_step_back(dnext_h, cache, sign=-1.0)


@misconception("gru_step_backward")
def tanh_slope_forgotten(dnext_h, cache):
    """The gradient of your candidate passes tanh unchanged. Multiply by 1 − n²."""
    return _gru_step_back(dnext_h, cache, slope=False)


@misconception("gru_step_backward")
def dwhn_without_reset(dnext_h, cache):
    """The third part of your dWh is prev_h.T @ da_n. What was multiplied by Whn is r · prev_h."""
    return _gru_step_back(dnext_h, cache, reset=False)


@misconception("gru_step_backward")
def weights_averaged_over_the_batch(dnext_h, cache):
    """Your gradients of the weights are divided by N. They are sums over the batch; if a mean is
    wanted, the loss has it."""
    return _gru_step_back(dnext_h, cache, share=1.0 / len(dnext_h))


def _gru_states(x_seq, h0, Wx, Wh, b):
    """The states of a GRU as a list of T arrays, and the cache."""
    states, cache = [h0], []
    for t in range(x_seq.shape[1]):
        next_h, step = _gru_step(x_seq[:, t], states[-1], Wx, Wh, b)
        states.append(next_h)
        cache.append(step)
    return states, cache


@misconception("gru_forward")
def h0_ignored(x_seq, h0, Wx, Wh, b):
    """Your network starts from zeros whatever h0 is. Give h0 to the first step."""
    states, cache = _gru_states(x_seq, np.zeros_like(h0), Wx, Wh, b)
    return np.stack(states[1:], axis=1), cache


@misconception("gru_forward")
def every_step_from_h0(x_seq, h0, Wx, Wh, b):
    """Each of your steps starts from h0, so nothing is remembered. Give each step the state that
    the one before it has left."""
    steps = [_gru_step(x, h0, Wx, Wh, b) for x in np.moveaxis(x_seq, 1, 0)]
    cache = [step for _, step in steps]
    return np.stack([next_h for next_h, _ in steps], axis=1), cache


@misconception("gru_forward")
def one_step_late(x_seq, h0, Wx, Wh, b):
    """Your h[:, t] is the state before step t: h0 comes first and the last state is missing. Store
    the state after the step."""
    states, cache = _gru_states(x_seq, h0, Wx, Wh, b)
    return np.stack(states[:-1], axis=1), cache


@misconception("gru_forward")
def time_axis_first(x_seq, h0, Wx, Wh, b):
    """Your h has the shape (T, N, H): time has to be the second axis, `np.stack(…, axis=1)`."""
    states, cache = _gru_states(x_seq, h0, Wx, Wh, b)
    return np.stack(states[1:]), cache


@misconception("gru_forward")
def axes_squeezed(x_seq, h0, Wx, Wh, b):
    """Your h loses axes of length 1. They are meant: do not squeeze."""
    states, cache = _gru_states(x_seq, h0, Wx, Wh, b)
    return np.squeeze(np.stack(states[1:], axis=1)), cache


def _gru_back(dh, cache, *, carry=True, keep=np.add, direct=lambda t, T: True):
    """BPTT for a GRU whose parts can be exchanged; right as it stands."""
    T, dxs, weights, carried = dh.shape[1], [], [0.0] * 3, np.zeros_like(dh[:, 0])
    for t in reversed(range(T)):
        above = dh[:, t] if direct(t, T) else np.zeros_like(carried)
        dx, carried, *step = _gru_step_back(above + (carried if carry else 0.0), cache[t])
        dxs.insert(0, dx)
        weights = [keep(old, new) for old, new in zip(weights, step, strict=True)]
    return np.stack(dxs, axis=1), carried, *weights


@misconception("gru_backward")
def nothing_carried(dh, cache):
    """Your gradient is not carried from a step to the one before, so each loss trains its own step
    alone. Add the dprev_h of step t + 1 to dh[:, t]."""
    return _gru_back(dh, cache, carry=False)


@misconception("gru_backward")
def weights_of_one_step(dh, cache):
    """Your dWx, dWh and db are those of a single step, the first. The weights are used at every
    step: add the gradients up."""
    return _gru_back(dh, cache, keep=lambda old, new: new)


@misconception("gru_backward")
def last_loss_only(dh, cache):
    """Your function uses dh[:, -1] alone. Every step may have a loss of its own: add dh[:, t] at
    each of them."""
    return _gru_back(dh, cache, direct=lambda t, T: t == T - 1)


@misconception("gru_backward")
def divided_by_the_number_of_steps(dh, cache):
    """Your dWx, dWh and db are divided by T. They are sums over the steps."""
    dx, dh0, *weights = _gru_back(dh, cache)
    return dx, dh0, *(each / dh.shape[1] for each in weights)


@misconception("gru_backward")
def dh0_is_zero(dh, cache):
    """Your dh0 is 0. It is what is carried out of the first step: the state h0 was used there."""
    dx, dh0, *weights = _gru_back(dh, cache)
    return dx, np.zeros_like(dh0), *weights


def _parts(kind, **parts):
    if kind not in parts:
        raise ValueError(kind)
    return parts[kind]


@misconception("count_parameters")
def bias_forgotten(kind, D, H):
    """Your number lacks the biases: H for each gate and for the candidate."""
    return _parts(kind, rnn=1, gru=3, lstm=4) * (D * H + H * H)


@misconception("count_parameters")
def doubled_bias(kind, D, H):
    """Your number has two bias vectors per gate, as PyTorch's layers have. Here there is one."""
    return _parts(kind, rnn=1, gru=3, lstm=4) * (D * H + H * H + 2 * H)


@misconception("count_parameters")
def candidate_forgotten(kind, D, H):
    """Your number counts the gates, two in a GRU and three in an LSTM. Their candidates have
    weights, too."""
    return _parts(kind, rnn=1, gru=2, lstm=3) * (D * H + H * H + H)


@misconception("count_parameters")
def weights_of_h_forgotten(kind, D, H):
    """Your number lacks the weights of the state: an H × H matrix for each gate and for the
    candidate."""
    return _parts(kind, rnn=1, gru=3, lstm=4) * (D * H + H)


@misconception("count_parameters")
def unknown_kind_is_a_key_error(kind, D, H):
    """An unknown kind raises KeyError in your function: the error of your table and not of the
    caller. Look first, and raise ValueError."""
    return {"rnn": 1, "gru": 3, "lstm": 4}[kind] * (D * H + H * H + H)


@misconception("count_parameters")
def unknown_kind_accepted(kind, D, H):
    """Your function has an answer for any kind, as an `else` or a default catches all others. Raise
    ValueError for a kind that is not one of the three."""
    return {"rnn": 1, "gru": 3}.get(kind, 4) * (D * H + H * H + H)


def _residual(x, W, b):
    f = np.tanh(x @ W + b)
    return f, (x, W, f)


@misconception("residual_forward")
def input_not_added(x, W, b):
    """Your layer returns tanh(x @ W + b) alone. A residual layer adds its input to that."""
    f, cache = _residual(x, W, b)
    return f, cache


@misconception("residual_forward")
def input_overwritten(x, W, b):
    """Your layer adds into x itself (`x += …`): the caller's array has changed. Make a new one."""
    f, cache = _residual(np.array(x), W, b)
    x += f
    return x, cache


@misconception("residual_forward")
def input_added_inside(x, W, b):
    """Your layer adds x inside of tanh. It has to be added to the result: tanh is what we want to
    get around."""
    _, cache = _residual(x, W, b)
    return np.tanh(x + x @ W + b), cache


@misconception("residual_forward")
def residual_weights_transposed(x, W, b):
    """Your layer multiplies by the transposed W. It is square, so no error tells."""
    f, cache = _residual(x, W.T, b)
    return x + f, cache


def _residual_back(dout, cache, *, past=1.0, slope=lambda x, f: 1.0 - f**2, turn=np.transpose):
    x, W, f = cache
    da = dout * slope(x, f)
    return past * dout + da @ turn(W), x.T @ da, da.sum(axis=0)


@misconception("residual_backward")
def identity_path_missing(dout, cache):
    """Your dx lacks dout itself: the input went around the layer, so the gradient does, too."""
    return _residual_back(dout, cache, past=0.0)


@misconception("residual_backward")
def slope_taken_at_the_output(dout, cache):
    """Your slope of tanh is computed from the layer's output. That is x + f; the slope is 1 − f²,
    with f alone."""
    return _residual_back(dout, cache, slope=lambda x, f: 1.0 - (x + f) ** 2)


@misconception("residual_backward")
def residual_slope_forgotten(dout, cache):
    """Your gradient passes tanh unchanged. Multiply dout by 1 − f² before the products with W and
    x."""
    return _residual_back(dout, cache, slope=lambda x, f: 1.0)


@misconception("residual_backward")
def residual_w_not_transposed(dout, cache):
    """Your dx uses W where W.T belongs. It is square, so no error tells."""
    return _residual_back(dout, cache, turn=lambda W: W)


@misconception("residual_backward")
def dout_overwritten(dout, cache):
    """Your dx is right, but it is added up in dout itself (`dout += …`): the caller's array has
    changed."""
    dx, dW, db = _residual_back(dout, cache)
    dout[...] = dx
    return dout, dW, db


def _highway(x, W, b, Wt, bt, *, gate=_sigmoid, mix=lambda t, f, x: t * f + (1 - t) * x):
    f, t = np.tanh(x @ W + b), gate(x @ Wt + bt)
    out = mix(t, f, x)
    cache = x, W, Wt, f, t
    return out, cache


@misconception("highway_forward")
def gate_exchanged(x, W, b, Wt, bt):
    """Your gate is the other way round: t = 1 must choose the transform, and t = 0 the input."""
    return _highway(x, W, b, Wt, bt, mix=lambda t, f, x: (1 - t) * f + t * x)


@misconception("highway_forward")
def input_passes_whole(x, W, b, Wt, bt):
    """Your layer adds the whole input, t · f + x, as a residual layer does. The input's share is
    1 − t."""
    return _highway(x, W, b, Wt, bt, mix=lambda t, f, x: t * f + x)


@misconception("highway_forward")
def input_left_out(x, W, b, Wt, bt):
    """Your layer is t · f: what the gate holds back is lost. Its place is taken by (1 − t) · x."""
    return _highway(x, W, b, Wt, bt, mix=lambda t, f, x: t * f)


@misconception("highway_forward")
def tanh_for_the_highway_gate(x, W, b, Wt, bt):
    """Your gate is a tanh, from −1 to 1. A gate is a share between 0 and 1: use sigmoid."""
    return _highway(x, W, b, Wt, bt, gate=np.tanh)


def _highway_back(dout, cache, *, past=1.0, transform=1.0, gate=1.0, sign=1.0, slope=True):
    x, W, Wt, f, t = cache
    df = dout * t * (1.0 - f**2)
    dt = sign * dout * (f - x) * (t * (1.0 - t) if slope else 1.0)
    dx = past * dout * (1.0 - t) + transform * df @ W.T + gate * dt @ Wt.T
    return dx, x.T @ df, df.sum(axis=0), x.T @ dt, dt.sum(axis=0)


@misconception("highway_backward")
def gate_path_missing(dout, cache):
    """Your dx lacks the way through the gate: t is computed from x, too."""
    return _highway_back(dout, cache, gate=0.0)


@misconception("highway_backward")
def carried_path_missing(dout, cache):
    """Your dx lacks dout · (1 − t): the share of the input that went past the layer."""
    return _highway_back(dout, cache, past=0.0)


@misconception("highway_backward")
def transform_path_missing(dout, cache):
    """Your dx lacks the way through the transform, tanh(x @ W + b)."""
    return _highway_back(dout, cache, transform=0.0)


@misconception("highway_backward")
def sign_of_dt(dout, cache):
    """The gradient of your gate has the wrong sign: the derivative of t · f + (1 − t) · x by t is
    f − x."""
    return _highway_back(dout, cache, sign=-1.0)


@misconception("highway_backward")
def gate_slope_forgotten(dout, cache):
    """The gradient of your gate passes the sigmoid unchanged. Multiply by t · (1 − t)."""
    return _highway_back(dout, cache, slope=False)


def _rnn(x_seq, Wx, Wh, b, h0=None):
    """The states (N, T, H) of a plain network, and its cache."""
    states = [np.zeros((len(x_seq), b.size)) if h0 is None else h0]
    cache = []
    for t in range(x_seq.shape[1]):
        x, prev_h = x_seq[:, t], states[-1]
        states.append(np.tanh(x @ Wx + prev_h @ Wh + b))
        cache.append((x, prev_h, states[-1], Wx, Wh))
    return np.stack(states[1:], axis=1), cache


def _rnn_back(dh, cache):
    """dx, dh0 and (dWx, dWh, db) of a plain network."""
    dxs, carried, dWx, dWh, db = [], 0.0, 0.0, 0.0, 0.0
    for t in range(len(cache) - 1, -1, -1):
        x, prev_h, next_h, Wx, Wh = cache[t]
        da = (dh[:, t] + carried) * (1.0 - next_h**2)
        dxs.insert(0, da @ Wx.T)
        carried = da @ Wh.T
        dWx, dWh, db = dWx + x.T @ da, dWh + prev_h.T @ da, db + da.sum(axis=0)
    return np.stack(dxs, axis=1), carried, (dWx, dWh, db)


def _turn(array, order):
    return np.take_along_axis(array, order, axis=1)


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


def _itself(index):
    return index


def _stack(x_seq, h0, layers, skip, *, weights=_itself, start=_itself, late=False, lowest=True):
    """A stack whose parts can be exchanged; right as it stands."""
    out, cache = x_seq, []
    for i in range(len(layers)):
        below = _one_later(out) if late and i else out
        h, layer_cache = _rnn(below, *layers[weights(i)], h0[start(i)])
        adds = bool(skip) and below.shape == h.shape
        out = h + below if adds and (i or lowest) else h
        cache.append((layer_cache, adds))
    return out, cache


def _one_later(h):
    return np.concatenate([np.zeros_like(h[:, :1]), h[:, :-1]], axis=1)


@misconception("stacked_forward")
def input_of_the_step_before(x_seq, h0, layers, skip):
    """Your layers read what the layer below gave one step ago. They read it at the same step."""
    return _stack(x_seq, h0, layers, skip, late=True)


@misconception("stacked_forward")
def shared_weights(x_seq, h0, layers, skip):
    """All of your layers above the first use the same weights, those of layers[1]. Each has its
    own."""
    return _stack(x_seq, h0, layers, skip, weights=lambda i: min(i, 1))


@misconception("stacked_forward")
def one_first_state_for_all(x_seq, h0, layers, skip):
    """All of your layers start from h0[0]. Layer l starts from h0[l]."""
    return _stack(x_seq, h0, layers, skip, start=lambda i: 0)


@misconception("stacked_forward")
def skip_ignored(x_seq, h0, layers, skip):
    """Your function does not use skip: with True, a layer's input is to be added to its states."""
    return _stack(x_seq, h0, layers, False)


@misconception("stacked_forward")
def always_skips(x_seq, h0, layers, skip):
    """Your layers add their input also where skip is False."""
    return _stack(x_seq, h0, layers, True)


@misconception("stacked_forward")
def lowest_layer_never_skips(x_seq, h0, layers, skip):
    """Your lowest layer never adds its input. It does where the shapes agree: if D = H."""
    return _stack(x_seq, h0, layers, skip, lowest=False)


@misconception("stacked_forward")
def input_of_the_network_added(x_seq, h0, layers, skip):
    """With skip, all of your layers add the same thing, what the first of them has read. Each adds
    its own input: what the layer right below it has put out."""
    _, cache = _stack(x_seq, h0, layers, skip)
    out, added = x_seq, None
    for start, weights in zip(h0, layers, strict=True):
        h, _ = _rnn(out, *weights, start)
        added = out if added is None and out.shape == h.shape else added
        out = h + added if skip and added is not None else h
    return out, cache


@misconception("stacked_forward")
def sum_carried_on(x_seq, h0, layers, skip):
    """With skip, your layers carry the sum h + input from step to step. The sum is for the layer
    above; the next step of this layer gets h."""
    _, cache = _stack(x_seq, h0, layers, skip)
    out = x_seq
    for state, (Wx, Wh, b) in zip(h0, layers, strict=True):
        states = []
        for t in range(out.shape[1]):
            h = np.tanh(out[:, t] @ Wx + state @ Wh + b)
            state = h + out[:, t] if skip and out[:, t].shape == h.shape else h
            states.append(state)
        out = np.stack(states, axis=1)
    return out, cache


def _stack_back(dout, cache, *, past=True, stop=False, reverse=True):
    """The way back whose parts can be exchanged; right as it stands."""
    dz, dh0, dlayers = dout, [], []
    for layer_cache, adds in reversed(cache):
        dbelow, dstart, dweights = _rnn_back(dout if stop else dz, layer_cache)
        dz = dbelow + dz if adds and past else dbelow
        dh0.append(dstart)
        dlayers.append(dweights)
    step = -1 if reverse else 1
    return dz, np.stack(dh0[::step]), dlayers[::step]


@misconception("stacked_backward")
def dx_stops_at_the_top(dout, cache):
    """Each of your layers gets dout itself. That is the gradient of the top layer's output; a lower
    layer gets the dx of the layer above it."""
    return _stack_back(dout, cache, stop=True)


@misconception("stacked_backward")
def skip_path_missing(dout, cache):
    """With skip, your gradient goes through the layers and not past them. What was added on the way
    up has to be added on the way down."""
    return _stack_back(dout, cache, past=False)


@misconception("stacked_backward")
def layers_from_the_top(dout, cache):
    """Your gradients come in the order of the way back, from the top layer down. dh0 and dlayers
    have the order of layers: from the bottom."""
    return _stack_back(dout, cache, reverse=False)


@misconception("stacked_backward")
def first_states_of_the_top_layer_only(dout, cache):
    """Your dh0 is that of the top layer, (N, H). Each layer has a first state: stack them, the
    lowest layer first, to (L, N, H)."""
    dx, dh0, dlayers = _stack_back(dout, cache)
    return dx, dh0[-1], dlayers
