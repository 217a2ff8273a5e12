# %% [markdown]
# # 7 · Gates, shortcuts and second readers
#
# A gradient that has to pass through thirty steps, or thirty layers, is multiplied thirty times.
# This assignment is about networks that avoid this. They look different but share one idea: give
# the signal a way around the multiplication, by *adding* something old to something new.
#
# **You will learn**
#
# - how a GRU decides, unit by unit, whether to keep its state or to replace it,
# - why the same idea, without time, makes very deep networks trainable,
# - how a second reader that starts at the end lets a word depend on what comes after it,
# - how to stack recurrent layers, and what a stack needs so that its lowest layers still learn,
# - what all these have in common: the *length of the path* between two places.
#
# **How the notebook works.** Each exercise is one function, and its docstring is the specification.
# Replace `# YOUR CODE HERE` and the line below it with your own code, run the cell, then run the
# `check` below it. Cells that draw use *your* functions. All arrays of numbers are float64, every
# axis has a length of at least 1, and no function changes any of its arguments. A forward function
# returns `(out, cache)`; the cache holds whatever your backward function needs, in any form you
# like. `check` comes with the course package, the file `unroll_course-*.whl` from your instructor.

# %%
import numpy as np

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
# from autograder import check
#
# plt.rcParams.update({
#     "figure.dpi": 110, "figure.figsize": (9, 3.6), "lines.linewidth": 2,
#     "axes.grid": True, "grid.alpha": 0.3, "axes.spines.top": False, "axes.spines.right": False,
# })

# %% [markdown]
# ## What you already have
#
# The next cell is given. `sigmoid` is the safe one of assignment 1. The four functions of the plain
# recurrent network are those of assignments 2 and 3: later in this notebook you will call
# `rnn_forward` and `rnn_backward` as building blocks. As its cache, `rnn_step_forward` returns the
# tuple `(x, prev_h, next_h, Wx, Wh)`, and `rnn_forward` a list of these, one per step.


# %%
def sigmoid(x):
    """1 / (1 + exp(-x)), elementwise, without overflow. From assignment 1."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, e) / (1.0 + e)


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    """One step: next_h = tanh(x @ Wx + prev_h @ Wh + b), and its cache. From assignment 2."""
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)  # (N, H)
    return next_h, (x, prev_h, next_h, Wx, Wh)


def rnn_step_backward(dnext_h, cache):
    """dx, dprev_h, dWx, dWh, db of one step. From assignment 3."""
    x, prev_h, next_h, Wx, Wh = cache
    da = dnext_h * (1.0 - next_h**2)  # (N, H)
    return da @ Wx.T, da @ Wh.T, x.T @ da, prev_h.T @ da, da.sum(axis=0)


def rnn_forward(x_seq, h0, Wx, Wh, b):
    """All steps of x_seq (N, T, D), from h0 (N, H): h (N, T, H) and its cache."""
    h, cache = [h0], []
    for x in np.moveaxis(x_seq, 1, 0):  # (N, D)
        next_h, step = rnn_step_forward(x, h[-1], Wx, Wh, b)
        h.append(next_h)
        cache.append(step)
    return np.stack(h[1:], axis=1), cache


def rnn_backward(dh, cache):
    """dx (N, T, D), dh0 (N, H), dWx, dWh, db, for dh (N, T, H): the sweep over all steps."""
    (N, T, _), D = dh.shape, cache[0][0].shape[1]
    dx, later = np.zeros((N, T, D)), 0.0
    weights = [0.0, 0.0, 0.0]  # dWx, dWh, db
    for t in range(T - 1, -1, -1):
        dx[:, t], later, *step = rnn_step_backward(dh[:, t] + later, cache[t])
        weights = [total + part for total, part in zip(weights, step, strict=True)]
    return dx, later, *weights


# %% [markdown]
# ## The question
#
# A plain recurrent network computes its whole state anew at every step: $h_t = \tanh(\ldots)$. To
# keep a number it must *reproduce* it, through the weights and through tanh, again and again. And
# the gradient is multiplied by the derivative of all that, again and again. Every deep network has
# this problem, with one factor per layer. In a recurrent network it is worse: the *same* matrix
# multiplies each time, so directions that it shrinks or stretches are shrunk or stretched at every
# step.
#
# The LSTM answers with a second state that is added to and not recomputed. Does it have to be that
# complicated? What is the smallest change that lets a unit simply *keep* what it has?

# %% [markdown]
# ## The gated recurrent unit
#
# A simpler cell, with a single state, was proposed in 2014 [@cho2014] and soon written in the form
# used here [@chung2014]. Each of its $H$ units has an
# **update gate** $u$, a number between 0 and 1, that mixes the old state with a new proposal $n$:
#
# $$h_t = (1 - u) \odot h_{t-1} + u \odot n .$$
#
# With $u = 0$ the state is passed on unchanged, with derivative 1. With $u = 1$ it is replaced. A
# second gate, the **reset gate** $r$, decides how much of the old state the proposal may look at:
#
# $$u = \sigma(x_t W_{xu} + h_{t-1} W_{hu} + b_u), \qquad
# r = \sigma(x_t W_{xr} + h_{t-1} W_{hr} + b_r),$$
# $$n = \tanh\bigl(x_t W_{xn} + (r \odot h_{t-1})\,W_{hn} + b_n\bigr).$$
#
# The three parts are **packed side by side**, in the order $u, r, n$: `Wx` is `(D, 3H)`, `Wh` is
# `(H, 3H)` and `b` is `(3H,)`, so that `Wx[:, :H]` is $W_{xu}$, `Wx[:, H:2*H]` is $W_{xr}$ and
# `Wx[:, 2*H:]` is $W_{xn}$. One product `x @ Wx` then serves all three parts. `prev_h @ Wh` does
# not: the third part needs $r \odot h_{t-1}$ in place of $h_{t-1}$, multiplied *before* the matrix
# product.


# %%
def gru_step_forward(x, prev_h, Wx, Wh, b):
    """One step of a gated recurrent unit.

    With the thirds u, r, n of Wx, Wh and b in this order (columns :H, H:2H and 2H:),
    u = sigmoid(x @ Wxu + prev_h @ Whu + bu), the update gate,
    r = sigmoid(x @ Wxr + prev_h @ Whr + br), the reset gate,
    n = tanh(x @ Wxn + (r * prev_h) @ Whn + bn), the candidate, and
    next_h = (1 - u) * prev_h + u * n.

    x:      (N, D) float64.  prev_h: (N, H) float64.
    Wx:     (D, 3H) float64.  Wh: (H, 3H) float64.  b: (3H,) float64.

    Returns (next_h, cache): next_h is (N, H) float64, also where N, D or H is 1; the cache is your
    choice. Pre-activations as large as 1e4 in size give no NaN. The arguments are left unchanged.
    """
    ### BEGIN SOLUTION
    H = prev_h.shape[1]
    gates = sigmoid(x @ Wx[:, : 2 * H] + prev_h @ Wh[:, : 2 * H] + b[: 2 * H])  # (N, 2H)
    u, r = gates[:, :H], gates[:, H:]
    n = np.tanh(x @ Wx[:, 2 * H :] + (r * prev_h) @ Wh[:, 2 * H :] + b[2 * H :])  # (N, H)
    next_h = (1.0 - u) * prev_h + u * n
    cache = x, prev_h, Wx, Wh, u, r, n
    return next_h, cache
    ### END SOLUTION


# %% [markdown]
# ### Two conventions
#
# Lecture notes [@004] say that $u = 0$ keeps the old state. That is true here, but not everywhere:
# it is a convention, and the paper that proposed the cell [@cho2014] and PyTorch's `nn.GRU` use
# another one. Their gate $z$ multiplies the other term, $h_t = z \odot h_{t-1} + (1 - z) \odot n$,
# so there $z = 1$ keeps. That is only a sign: $1 - \sigma(a) = \sigma(-a)$, and weights can be
# translated by negating their first third. The second difference cannot be translated: PyTorch
# multiplies by $r$ *after* the matrix product,
# $n = \tanh(x_t W_{xn} + b_n + r \odot (h_{t-1} W_{hn}))$ (we leave out its second bias). When do
# the two agree? Guess before you run the cell.

# %% tags=["active-ipynb"]
# def other_dialect(x, prev_h, Wx, Wh, b):
#     """A step with z on the other side and r after the product."""
#     (xz, xr, xn), (hz, hr, hn) = (np.split(v, 3, axis=1) for v in (x @ Wx + b, prev_h @ Wh))
#     z, r = sigmoid(xz + hz), sigmoid(xr + hr)
#     return z * prev_h + (1 - z) * np.tanh(xn + r * hn)
#
#
# def gru_weights(rng, D, H, scale=1.0):
#     return (scale * rng.standard_normal((D, 3 * H)) / np.sqrt(D),
#             scale * rng.standard_normal((H, 3 * H)) / np.sqrt(H), np.zeros(3 * H))
#
#
# rng = np.random.default_rng(1)
# for H, reset_bias in ((4, 0.0), (1, 0.0), (4, 50.0)):
#     x, prev_h = rng.standard_normal((2, 3)), rng.standard_normal((2, H))
#     Wx, Wh, b = gru_weights(rng, 3, H)
#     b[H : 2 * H] = reset_bias
#     ours, _ = gru_step_forward(x, prev_h, Wx, Wh, b)
#     as_it_is = other_dialect(x, prev_h, Wx, Wh, b)
#     sign = np.repeat([-1.0, 1.0, 1.0], H)
#     translated = other_dialect(x, prev_h, sign * Wx, sign * Wh, sign * b)
#     print(f"H = {H}, reset bias {reset_bias:4.1f}:  same weights differ by "
#           f"{np.abs(as_it_is - ours).max():.1e}, translated ones by "
#           f"{np.abs(translated - ours).max():.1e}")

# %% [markdown]
# With one unit, multiplying before or after a $1 \times 1$ matrix is the same, and with the reset
# gate open ($r = 1$) the factor is 1. Otherwise they are two different networks, and weights from
# one give wrong answers in the other, without any error message.

# %% [markdown]
# ### The backward step
#
# The state `prev_h` is used **four times** in a step: it is carried over, and it is an input of
# $u$, an input of $r$ and, multiplied by $r$, an input of $n$. So `dprev_h` is a sum of four terms.
# Go backwards, one line of the forward step at a time. From the last line,
#
# $$du = dh \odot (n - h_\text{prev}), \qquad dn = dh \odot u, \qquad
# \text{and the first of the four: } dh \odot (1 - u).$$
#
# Then go through the activations to the pre-activations. The candidate comes first, because the
# gradient of the reset gate comes through it. With $m = r \odot h_\text{prev}$,
#
# $$da_n = dn \odot (1 - n^2), \qquad dm = da_n W_{hn}^\top, \qquad dr = dm \odot h_\text{prev},$$
# $$da_u = du \odot u\,(1 - u), \qquad da_r = dr \odot r\,(1 - r).$$
#
# The rest is as in the plain step: put the three together, $da = [da_u, da_r, da_n]$ of shape
# `(N, 3H)`, and take the products. Only for the third part of `dWh` is the input $m$ and not
# $h_\text{prev}$.


# %%
def gru_step_backward(dnext_h, cache):
    """One step of a GRU backwards: the gradients of a loss with respect to all five inputs.

    dnext_h: (N, H) float64, the gradient of the loss with respect to next_h.
    cache:   what your gru_step_forward(x, prev_h, Wx, Wh, b) returned as its second value.

    Returns the tuple dx (N, D), dprev_h (N, H), dWx (D, 3H), dWh (H, 3H), db (3H,): the gradients
    of sum(dnext_h * next_h). Those of the weights and of the bias are packed in the order u, r, n
    and summed over the batch, not divided by N. Nothing is clipped.

    Every axis may have length 1 and is kept. dnext_h and the cache are left unchanged, so the cache
    may be used again.
    """
    ### BEGIN SOLUTION
    x, prev_h, Wx, Wh, u, r, n = cache
    H = prev_h.shape[1]
    dan = dnext_h * u * (1.0 - n**2)  # (N, H)
    dreset = dan @ Wh[:, 2 * H :].T  # (N, H), of r * prev_h
    dau = dnext_h * (n - prev_h) * u * (1.0 - u)
    dar = dreset * prev_h * r * (1.0 - r)
    dgates = np.concatenate([dau, dar], axis=1)  # (N, 2H)
    da = np.concatenate([dgates, dan], axis=1)  # (N, 3H)
    dprev_h = dnext_h * (1.0 - u) + dreset * r + dgates @ Wh[:, : 2 * H].T
    dWh = np.concatenate([prev_h.T @ dgates, (r * prev_h).T @ dan], axis=1)
    return da @ Wx.T, dprev_h, x.T @ da, dWh, da.sum(axis=0)
    ### END SOLUTION


# %% [markdown]
# ### Whole sequences
#
# A GRU has one state, just like the plain network, so reading a sequence and going back through it
# work as in assignments 2 and 3, with another step. (This is a strength of the design: you can
# exchange the cell without touching the rest.)


# %%
def gru_forward(x_seq, h0, Wx, Wh, b):
    """A GRU over whole sequences: h[:, t] is the state after step t.

    h[:, t] is next_h of a GRU step with the input x_seq[:, t] and the state h[:, t - 1] before it,
    where h0 stands in for h[:, -1] at t = 0. You may call your gru_step_forward.

    x_seq: (N, T, D) float64.  h0: (N, H) float64, not zero in general.
    Wx:    (D, 3H) float64.  Wh: (H, 3H) float64.  b: (3H,) float64, packed in the order u, r, n.

    Returns (h, cache): h is (N, T, H) float64, also where one of N, T, D, H is 1; the cache is your
    choice. h[:, t] does not depend on x_seq[:, t + 1:]. The arguments are left unchanged.
    """
    ### BEGIN SOLUTION
    N, T, _ = x_seq.shape
    h, cache = np.zeros((N, T, h0.shape[1])), []
    state = h0
    for t in range(T):
        state, step_cache = gru_step_forward(x_seq[:, t], state, Wx, Wh, b)
        h[:, t] = state
        cache.append(step_cache)
    return h, cache
    ### END SOLUTION


# %%
def gru_backward(dh, cache):
    """Back-propagation through time: the gradients with respect to all inputs of gru_forward.

    dh:    (N, T, H) float64; dh[:, t] is the gradient of the loss with respect to h[:, t] through
           the output of that step alone, so not counting what goes through later states.
    cache: what your gru_forward(x_seq, h0, Wx, Wh, b) returned as its second value.

    Returns the tuple dx (N, T, D), dh0 (N, H), dWx (D, 3H), dWh (H, 3H), db (3H,): the gradients of
    sum(dh * h). Those of the weights and of the bias are sums over all steps and the batch, not
    divided by T or N. Nothing is clipped. You may call your gru_step_backward.

    Every axis may have length 1 and is kept. dh and the cache are left unchanged.
    """
    ### BEGIN SOLUTION
    T = dh.shape[1]
    dxs, carried, sums = [], np.zeros_like(dh[:, 0]), (0.0, 0.0, 0.0)
    for t in reversed(range(T)):
        dx, carried, *of_weights = gru_step_backward(dh[:, t] + carried, cache[t])
        dxs.append(dx)
        sums = tuple(s + g for s, g in zip(sums, of_weights))
    return np.stack(dxs[::-1], axis=1), carried, *sums
    ### END SOLUTION


# %% [markdown]
# ### Gates at work
#
# Here are two units with weights chosen by hand. Both read a signal; now and then a marker comes
# with it.
#
# - *The holder* opens its update gate only at a marker. It takes the signal's value then (through
#   tanh) and keeps it until the next one.
# - *The adder* has its update gate open all the time, so it is a plain recurrent unit that adds up
#   its inputs. At a marker its reset gate closes: it forgets the sum and starts again.
#
# Before you run the cell: which of the two is impossible for a plain recurrent unit?

# %% tags=["active-ipynb"]
# T, H = 48, 2
# rng = np.random.default_rng(9)
# steps = np.arange(1, T + 1)
# signal = 0.8 * np.sin(steps / 4) + 0.25 * rng.standard_normal(T)
# marker = np.isin(steps, (6, 17, 35)).astype(float)
# x_seq = np.stack([signal, marker], axis=1)[None]  # (1, T, 2)
#
# holder, adder = 0, 1
# Wx, Wh, b = np.zeros((2, 3 * H)), np.zeros((H, 3 * H)), np.zeros(3 * H)
# Wx[1, holder], b[holder] = 20.0, -10.0  # u: open at a marker only
# b[adder] = 10.0  # u: always open
# Wx[1, H + adder], b[H + adder] = -20.0, 10.0  # r: closed at a marker only
# Wx[0, 2 * H + holder] = 1.0  # n: the signal
# Wx[0, 2 * H + adder], Wh[adder, 2 * H + adder] = 0.2, 1.0  # n: the signal and the sum so far
#
# h = gru_forward(x_seq, np.zeros((1, H)), Wx, Wh, b)[0][0]  # (T, 2)
# before = np.vstack([np.zeros(H), h[:-1]])
# gates = sigmoid(x_seq[0] @ Wx + before @ Wh + b)  # its columns: u, u, r, r, and no gates
#
# fig, (top, middle, bottom) = plt.subplots(3, 1, figsize=(9, 5.6), sharex=True,
#                                           height_ratios=(2, 1, 2))
# top.plot(steps, signal, color="tab:grey", label="signal")
# for step in steps[marker > 0]:
#     for panel in (top, middle, bottom):
#         panel.axvline(step, color="black", linestyle=":", linewidth=1)
# middle.step(steps, gates[:, holder], where="mid", color="tab:blue", label="u of the holder")
# middle.step(steps, gates[:, H + adder], where="mid", color="tab:orange", linestyle="--",
#             label="r of the adder")
# bottom.plot(steps, h[:, holder], color="tab:blue", label="holder")
# bottom.plot(steps, h[:, adder], color="tab:orange", label="adder")
# top.set(title="input; dotted: a marker")
# middle.set(title="gates", yticks=(0, 1))
# bottom.set(title="states", xlabel="step")
# for panel in (top, middle, bottom):
#     panel.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
# fig.tight_layout()

# %% [markdown]
# A plain unit cannot be a holder. A plain latch can store a sign, by saturating; it cannot keep
# *any* number for as long as it likes, and nothing tells it when to listen. A gate that is never
# exactly 0 has a price, which shows after many steps: after $k$ of them, $(1-u)^k$ of the old value
# is left.
#
# The direct path multiplies the gradient by the same factor. So how does a GRU's bias affect its
# memory *before* any training? The picture shows how much a loss at the last step depends on the
# input $k$ steps before it, relative to $k = 0$, for random weights and several biases of $u$. The
# plain network uses the candidate's weights.

# %% tags=["active-ipynb"]
# rng = np.random.default_rng(2)
# N, T, D, H = 16, 60, 8, 32
# x_seq, h0 = rng.standard_normal((N, T, D)), np.zeros((N, H))
# Wx, Wh, b = gru_weights(rng, D, H, scale=0.8)
# dh = np.zeros((N, T, H))
# dh[:, -1] = rng.standard_normal((N, H))
#
# fig, axes = plt.subplots(figsize=(7.5, 4))
# for bias, colour in ((-4.0, "tab:blue"), (-2.0, "tab:cyan"), (0.0, "tab:green")):
#     b[:H] = bias
#     dx = gru_backward(dh, gru_forward(x_seq, h0, Wx, Wh, b)[1])[0]
#     sizes = np.linalg.norm(dx, axis=(0, 2))[::-1]
#     axes.semilogy(sizes / sizes[0], color=colour, label=f"GRU, bias of u = {bias:.0f}")
# plain = Wx[:, 2 * H :], Wh[:, 2 * H :], b[2 * H :]
# sizes = np.linalg.norm(rnn_backward(dh, rnn_forward(x_seq, h0, *plain)[1])[0], axis=(0, 2))[::-1]
# axes.semilogy(sizes / sizes[0], color="tab:red", label="plain")
# axes.set(title="norm of dx, k steps before the loss", xlabel="k",
#          ylabel="relative to k = 0", ylim=(1e-12, 30))
# axes.legend(loc="lower left")
# fig.tight_layout()

# %% [markdown]
# With a bias of 0 the gates are half open, every step replaces half of the state, and the GRU
# forgets nearly as fast as the plain network: a gate alone does not make a memory. A gate that is
# mostly closed makes a unit slow to change and slow to forget, for the state and for the gradient
# alike. It guarantees nothing either. The curves still fall, and a unit that never opens its gate
# learns nothing new. But *how fast* they fall is now a number that can be learned.

# %% [markdown]
# ## What does a gate cost?
#
# Every gate and every candidate takes one product with $x$, one with $h$ and a bias. The plain
# network has one such set of weights; count how many the GRU and the LSTM have (an LSTM has one for
# each of its gates $i, f, o$ and one for its candidate $g$).


# %%
def count_parameters(kind, D, H):
    """The number of weights and biases of one recurrent layer with D inputs and H units.

    kind: "rnn", "gru" or "lstm", with the cells of this course: for each gate and for the candidate
          a weight matrix for x, one for h and a single bias vector; there is no output layer.
    D, H: integers, 1 or more.

    Returns an int. Raises ValueError for any other kind.
    """
    ### BEGIN SOLUTION
    parts = {"rnn": 1, "gru": 3, "lstm": 4}
    if kind not in parts:
        raise ValueError(f"kind must be one of {', '.join(parts)}, not {kind!r}")
    return parts[kind] * (D * H + H * H + H)
    ### END SOLUTION


# %% tags=["active-ipynb"]
# for D, H in ((10, 20), (100, 100), (300, 512)):
#     numbers = [count_parameters(kind, D, H) for kind in ("rnn", "gru", "lstm")]
#     print(f"D = {D:3d}, H = {H:3d}:  " + "  ".join(f"{n:9,d}" for n in numbers)
#           + "   in units of the first: " + " : ".join(f"{n / numbers[0]:g}" for n in numbers))

# %% [markdown]
# Whatever the sizes, the three are in the ratio $1 : 3 : 4$. (PyTorch's layers have a few more
# numbers: two bias vectors in place of one.) Which of the two should you take? Nobody has found a
# winner for all tasks. A common recommendation is to start with an LSTM and to change to a GRU
# where speed matters; more parameters can make use of more data.

# %% [markdown]
# ## The same idea without time: residual layers
#
# The vanishing gradient is not about time as such. A feed-forward network of thirty layers has the
# same product of thirty Jacobians. A **residual** layer adds its input to its result,
#
# $$y = x + f(x), \qquad f(x) = \tanh(x W + b),$$
#
# so that the layer has to learn only the *difference* that it wants to make. The Jacobian is the
# sum of two,
#
# $$\frac{\partial y}{\partial x} = I + J_f ,$$
#
# and in the backward function that is one `+`: `dx` is what comes through $f$, plus `dout` itself.
# Because the two are added, $W$ is square, `(D, D)`.


# %%
def residual_forward(x, W, b):
    """A residual layer: out = x + tanh(x @ W + b).

    x: (N, D) float64.  W: (D, D) float64.  b: (D,) float64.

    Returns (out, cache): out is a new array (N, D) of float64, also where N or D is 1; the cache is
    your choice. The arguments are left unchanged.
    """
    ### BEGIN SOLUTION
    f = np.tanh(x @ W + b)  # (N, D)
    out = x + f
    cache = x, W, f
    return out, cache
    ### END SOLUTION


# %%
def residual_backward(dout, cache):
    """The gradients of sum(dout * out) with respect to the inputs of residual_forward.

    dout:  (N, D) float64.
    cache: what your residual_forward(x, W, b) returned as its second value.

    Returns the tuple dx (N, D), dW (D, D), db (D,); dW and db are sums over the batch. Nothing is
    clipped. dout and the cache are left unchanged.
    """
    ### BEGIN SOLUTION
    x, W, f = cache
    da = dout * (1.0 - f**2)  # (N, D)
    return dout + da @ W.T, x.T @ da, da.sum(axis=0)
    ### END SOLUTION


# %% [markdown]
# Lecture notes [@004] say that the added input [@he2016] is *protected*. Let your function show
# what that means. One call gives a whole Jacobian: pass the layer $D$ copies of one input, and the
# identity as `dout`. Row $i$ of `dx` is then the gradient of output $i$. Subtract the identity, and
# the rest should be $J_f$, with $\partial f_i / \partial x_j = (1 - f_i^2)\,W_{ji}$.

# %% tags=["active-ipynb"]
# rng = np.random.default_rng(3)
# D = 4
# x, W, b = rng.standard_normal(D), 0.3 * rng.standard_normal((D, D)), np.zeros(D)
# out, cache = residual_forward(np.tile(x, (D, 1)), W, b)
# jacobian = residual_backward(np.eye(D), cache)[0]
# of_f = (1 - np.tanh(x @ W + b) ** 2)[:, None] * W.T
# print("the Jacobian of the layer:")
# print(np.array2string(jacobian, precision=3, suppress_small=True))
# print(f"differs from I + J_f by {np.abs(jacobian - np.eye(D) - of_f).max():.1e}")
# print(f"its smallest singular value: {np.linalg.svd(jacobian)[1][-1]:.3f},"
#       f" that of J_f alone: {np.linalg.svd(of_f)[1][-1]:.3f}")

# %% [markdown]
# ## Highway layers
#
# A residual layer always adds all of its input. A **highway** layer [@srivastava2015] decides how
# much with a gate $t$ of its own, computed from the input, one number per unit:
#
# $$y = t \odot f + (1 - t) \odot x, \qquad f = \tanh(x W + b), \qquad
# t = \sigma(x W_t + b_t).$$
#
# With $t = 0$ the layer passes its input on, with $t = 1$ it is an ordinary layer. Compare this
# with the GRU: it is the same mixture, with the layer below in place of the step before.
#
# The input is used three times, so `dx` has **three terms**: the one carried past the layer, the
# one through $f$, and the one through the gate. The last is easy to forget, because the gate only
# decides; but it depends on $x$, so it has a gradient.


# %%
def highway_forward(x, W, b, Wt, bt):
    """A highway layer: out = t * tanh(x @ W + b) + (1 - t) * x, with t = sigmoid(x @ Wt + bt).

    x:  (N, D) float64.
    W:  (D, D) float64.  b: (D,) float64.    The transform.
    Wt: (D, D) float64.  bt: (D,) float64.   The gate.

    Returns (out, cache): out is (N, D) float64, also where N or D is 1; the cache is your choice.
    The arguments are left unchanged.
    """
    ### BEGIN SOLUTION
    f = np.tanh(x @ W + b)  # (N, D)
    t = sigmoid(x @ Wt + bt)  # (N, D)
    out = t * f + (1.0 - t) * x
    cache = x, W, Wt, f, t
    return out, cache
    ### END SOLUTION


# %%
def highway_backward(dout, cache):
    """The gradients of sum(dout * out) with respect to the inputs of highway_forward.

    dout:  (N, D) float64.
    cache: what your highway_forward(x, W, b, Wt, bt) returned as its second value.

    Returns the tuple dx (N, D), dW (D, D), db (D,), dWt (D, D), dbt (D,); those of the weights and
    biases are sums over the batch. Nothing is clipped. dout and the cache are left unchanged.
    """
    ### BEGIN SOLUTION
    x, W, Wt, f, t = cache
    df = dout * t * (1.0 - f**2)  # (N, D), before the tanh
    dt = dout * (f - x) * t * (1.0 - t)  # (N, D), before the sigmoid
    dx = dout * (1.0 - t) + df @ W.T + dt @ Wt.T
    return dx, x.T @ df, df.sum(axis=0), x.T @ dt, dt.sum(axis=0)
    ### END SOLUTION


# %% [markdown]
# ### Thirty layers
#
# The picture shows the norm of the gradient on its way down through thirty layers with random
# weights, relative to the norm at the top, for small, moderate and large weights. The highway's
# gates start with a negative bias, as usual, so that they are nearly closed. What do you expect of
# the residual layers when the weights are *large*?

# %% tags=["active-ipynb"]
# def plain_forward(x, W, b):
#     f = np.tanh(x @ W + b)
#     return f, (W, f)
#
#
# def plain_backward(dout, cache):
#     W, f = cache
#     return ((dout * (1 - f**2)) @ W.T,)
#
#
# def gradient_norms(forward, backward, weights, x, rng):
#     """The norm of the gradient at the input of each layer, top first; that of dout is 1."""
#     caches = []
#     for each in weights:
#         x, cache = forward(x, *each)
#         caches.append(cache)
#     dout = rng.standard_normal(x.shape)
#     sizes = [1.0]
#     whole = np.linalg.norm(dout)
#     for cache in reversed(caches):
#         dout = backward(dout, cache)[0]
#         sizes.append(np.linalg.norm(dout) / whole)
#     return sizes
#
#
# def square(rng, D, scale):
#     return scale * rng.standard_normal((D, D)) / np.sqrt(D)
#
#
# D, depth = 32, 30
# kinds = {
#     "plain": (plain_forward, plain_backward, None, "tab:red"),
#     "residual": (residual_forward, residual_backward, None, "tab:green"),
#     "highway, bias −2": (highway_forward, highway_backward, -2.0, "tab:blue"),
#     "highway, bias −4": (highway_forward, highway_backward, -4.0, "tab:cyan"),
# }
# fig, panels = plt.subplots(1, 3, figsize=(10, 3.8), sharey=True)
# for panel, scale in zip(panels, (0.5, 1.0, 3.0)):
#     for name, (forward, backward, bias, colour) in kinds.items():
#         rng = np.random.default_rng(4)
#         x = rng.standard_normal((16, D))
#         weights = []
#         for _ in range(depth):
#             of_layer = square(rng, D, scale), np.zeros(D)
#             of_gate = (square(rng, D, scale), np.zeros(D) + bias) if bias else ()
#             weights.append((*of_layer, *of_gate))
#         sizes = gradient_norms(forward, backward, weights, x, rng)
#         panel.semilogy(sizes, color=colour, label=name)
#     panel.axhline(1, color="grey", linewidth=0.8)
#     panel.set(title=f"weights of size {scale}", xlabel="layers below the loss")
# panels[0].set(ylabel="norm of the gradient", ylim=(1e-10, 1e5))
# panels[0].legend(loc="lower left")
# fig.tight_layout()

# %% [markdown]
# For small weights the plain network's gradient is gone after thirty layers, but with a way around
# each layer it survives. That is what "protected" means: $I + J_f$ does not shrink when $J_f$ is
# small. It can *grow*, though, and for large weights it does: a residual layer adds and never takes
# anything away. A residual connection counters vanishing. Against explosion it needs small weights,
# normalisation or clipping.
#
# The highway mixes, so it is the calmest of all. It also loses something at every layer: with
# nearly closed gates the factor is $1 - t$. A bias of $-2$ means $t = 0.12$ and $0.88^{30} = 0.02$;
# a bias of $-4$ means $t = 0.018$ and $0.982^{30} = 0.58$. Look for these numbers in the left
# panel. (With larger weights the gates open and close with the input.)

# %% [markdown]
# ## Reading from both ends
#
# Fill the gap: *the mouse is …, so our computers stand idle*. A word after the gap settles whether
# the mouse is broken or hungry, and a network that reads from left to right has not seen that word
# yet. A **bidirectional** network [@schuster1997] has two readers with weights of their own. One
# reads forwards, the other backwards, and at each place their two states stand side by side:
#
# $$h_t = [\,\overrightarrow{h_t},\ \overleftarrow{h_t}\,] \qquad (2H).$$
#
# The first half of $h_t$ knows the words up to $t$, the second half the words from $t$ on.
#
# It takes two calls of `rnn_forward`: one on the sequence and one on the reversed sequence. The
# result of the second must be **reversed again**, so that both halves belong to the same word.
#
# The difficulty is in the batch. Sequences have different lengths and are padded at their ends.
# If you reverse the whole array, the backward reader begins in the padding. It has to begin at each
# sequence's own last word. For a sequence of length $\ell$, the reversed one has word
# $\ell - 1 - t$ at place $t < \ell$; the padding stays where it is. (Reversing twice restores the
# sequence, which is handy in the backward pass.) A table of indices, one row per sequence, and
# `np.take_along_axis` do it for the whole batch; a loop over the sequences is just as good.
#
# Padding must have no influence at all, neither its content nor its length. Replace it *before* you
# multiply anything. Multiplying by a mask is not enough: `nan * 0` is still `nan`.


# %%
def bidirectional_forward(x_seq, lengths, fwd, bwd):
    """Two recurrent networks over the same sequences, one from each end, side by side.

    x_seq:   (N, T, D) float64. Beyond a sequence's length is padding, which is never read: any
             numbers may stand there, also NaN.
    lengths: (N,) integers in 1..T, the number of real steps of each sequence; none of them need
             be T.
    fwd:     a tuple (Wx, Wh, b) of shapes (D, H), (H, H), (H,), for the forward reader.
    bwd:     such a tuple, of the same shapes, for the backward reader.

    Both readers are plain (tanh) and start from a state of zeros: the forward one at step 0, the
    backward one of sequence n at its last real step, lengths[n] - 1. You may call rnn_forward.

    Returns (out, cache): out is (N, T, 2H) float64, also where one of N, T, D, H is 1. For a real
    step t, out[n, t, :H] is the forward reader's state after it has read the steps 0, ..., t, and
    out[n, t, H:] the backward reader's after it has read lengths[n] - 1, ..., t. At padding,
    t >= lengths[n], out is exactly 0. The cache is your choice. The arguments are left unchanged.
    """
    ### BEGIN SOLUTION
    (N, T, _), H = x_seq.shape, fwd[2].size
    steps, last = np.arange(T), lengths[:, None] - 1  # (T,), (N, 1)
    real = (steps <= last)[:, :, None]  # (N, T, 1)
    order = np.where(steps <= last, last - steps, steps)[:, :, None]  # (N, T, 1), its own inverse
    x = np.where(real, x_seq, 0.0)
    forwards, fwd_cache = rnn_forward(x, np.zeros((N, H)), *fwd)
    turned = np.take_along_axis(x, order, axis=1)
    backwards, bwd_cache = rnn_forward(turned, np.zeros((N, H)), *bwd)
    both = np.concatenate([forwards, np.take_along_axis(backwards, order, axis=1)], axis=2)
    out = np.where(real, both, 0.0)
    cache = real, order, fwd_cache, bwd_cache
    return out, cache
    ### END SOLUTION


# %% [markdown]
# The backward pass does the same in the opposite order. The gradient of the second half is
# reversed, goes through `rnn_backward`, and its `dx` is reversed again. Each word was read twice,
# so its gradient is the sum of two. And since the output at padding is the constant 0, a gradient
# that arrives there is ignored.


# %%
def bidirectional_backward(dout, cache):
    """The gradients of sum(dout * out) with respect to the inputs of bidirectional_forward.

    dout:  (N, T, 2H) float64. The output at padding is a constant, so the entries of dout there are
           ignored.
    cache: what your bidirectional_forward(x_seq, lengths, fwd, bwd) returned as its second value.

    Returns (dx, dfwd, dbwd): dx is (N, T, D), exactly 0 at padding; dfwd and dbwd are tuples
    (dWx, dWh, db) of the shapes (D, H), (H, H), (H,), summed over all real steps and the batch.
    All of them are finite also where the padding of x_seq held NaN. Nothing is clipped. You may
    call rnn_backward. dout and the cache are left unchanged.
    """
    ### BEGIN SOLUTION
    real, order, fwd_cache, bwd_cache = cache
    H = dout.shape[2] // 2
    dh = np.where(real, dout, 0.0)  # (N, T, 2H)
    dforwards, _, *dfwd = rnn_backward(dh[:, :, :H], fwd_cache)
    dbackwards = np.take_along_axis(dh[:, :, H:], order, axis=1)
    dturned, _, *dbwd = rnn_backward(dbackwards, bwd_cache)
    return dforwards + np.take_along_axis(dturned, order, axis=1), tuple(dfwd), tuple(dbwd)
    ### END SOLUTION


# %% [markdown]
# ### Who sees what?
#
# Put a gradient of random numbers at one place $t$, in one half or in both, and look at which words
# it reaches. The sequence has nine words and three steps of padding. White is exactly zero.

# %% tags=["active-ipynb"]
# rng = np.random.default_rng(5)
# T, D, H, length = 12, 6, 16, 9
# x_seq = rng.standard_normal((1, T, D))
# readers = [
#     (0.3 * rng.standard_normal((D, H)), 0.8 * np.linalg.qr(rng.standard_normal((H, H)))[0],
#      np.zeros(H))
#     for _ in range(2)
# ]
# out, cache = bidirectional_forward(x_seq, np.array([length]), *readers)
#
# fig, panels = plt.subplots(1, 3, figsize=(10, 3.8), sharey=True, layout="constrained")
# halves = {"forward half": slice(0, H), "backward half": slice(H, 2 * H), "both": slice(0, 2 * H)}
# for panel, (name, half) in zip(panels, halves.items()):
#     reach = np.zeros((T, T))  # row t: place of the loss; column s: word
#     for t in range(T):
#         dout = np.zeros(out.shape)
#         dout[0, t, half] = rng.standard_normal(out[0, t, half].shape)
#         reach[t] = np.linalg.norm(bidirectional_backward(dout, cache)[0][0], axis=1)
#     panel.imshow(np.ma.masked_equal(reach, 0.0), norm="log", vmin=0.01, vmax=5,
#                  extent=(0.5, T + 0.5, T + 0.5, 0.5))
#     for line in (panel.axvline, panel.axhline):
#         line(length + 0.5, color="grey", linestyle=":", linewidth=1.5)
#     panel.set(title=name, xlabel="word s", xticks=(1, 3, 6, 9, 12), yticks=(1, 3, 6, 9, 12))
#     panel.grid(False)
# panels[0].set_ylabel("state at place t")
# fig.colorbar(panels[0].images[0], ax=panels, label="norm of dx", extend="min")
# plt.show()

# %% [markdown]
# Each half is blind on one side; together they see every word, and the padding (beyond the dotted
# lines) has no influence. Now back to the mouse. The two sentences below differ in one word, which
# comes after the gap. How much does it move the state *at* the gap?

# %% tags=["active-ipynb"]
# sentences = ["the mouse is ___ so our computers stand idle",
#              "the mouse is ___ so our kittens stand idle"]
# words = sorted({word for sentence in sentences for word in sentence.split()})
# vectors = np.random.default_rng(6).standard_normal((len(words), D))  # of random words
# x_seq = np.array([[vectors[words.index(word)] for word in s.split()] for s in sentences])
# gap = sentences[0].split().index("___")
# out, _ = bidirectional_forward(x_seq, np.array([8, 8]), *readers)
# moved = np.abs(out[0, gap] - out[1, gap])
# print(f"forward half at the gap:  moved by {moved[:H].max():.3f}")
# print(f"backward half at the gap: moved by {moved[H:].max():.3f}")

# %% [markdown]
# The forward half does not move by a single bit. No training could change that. The backward half
# has the information from the start, and training only has to use it.
#
# Why not always read both ways? Because the whole input must be there before the first output. A
# language model that predicts the next word may not look at it, and in the picture every place does
# see the words after it. For reading, tagging or the encoder of a translation this is no obstacle,
# and two directions are the usual choice. BERT, too, relies on seeing both sides at once.

# %% [markdown]
# ## Stacks
#
# The states of a recurrent layer are a sequence again, so another layer can read them: at step $t$,
# layer $l$ takes the output of layer $l - 1$ at the *same* step $t$ and its own state of the
# previous step. Every layer has its own weights and its own initial state. The lowest layer reads
# $D$ numbers, all others read $H$.
#
# Deep stacks meet both problems of this course at once: a gradient goes back in time and down
# through the layers. Back in time, gates help; on the way down, the residual connection from above
# helps, here called a **skip connection**: a layer adds its input to its output. The recurrence
# inside the layer does not see the sum; its state stays the plain $h$:
#
# $$h^{(l)} = \mathrm{rnn}\bigl(z^{(l-1)}\bigr), \qquad z^{(l)} = h^{(l)} + z^{(l-1)}
# \ \text{ with skip}, \qquad z^{(l)} = h^{(l)} \ \text{ without}, \qquad z^{(-1)} = x .$$
#
# The two can be added where they have the same shape. That is so in all layers but the lowest, and
# there only if $D = H$.


# %%
def stacked_forward(x_seq, h0, layers, skip):
    """Stacked recurrent layers: at every step, each reads the output of the one below.

    x_seq:  (N, T, D) float64, read by layer 0.
    h0:     (L, N, H) float64; layer l starts from the state h0[l], not zero in general.
    layers: a list of L >= 1 tuples (Wx, Wh, b). Wx is (D, H) in layer 0 and (H, H) in all others;
            Wh is (H, H) and b is (H,).
    skip:   a bool. If True, each layer whose input has the shape of its states adds its input to
            them to make its output: out = h + input. These are all layers but layer 0, and layer 0
            as well if D == H. The state that a layer carries from step to step is h, without its
            input. If False, the output is h in every layer.

    The layers are plain (tanh) recurrent networks; you may call rnn_forward.

    Returns (out, cache): out is the output (N, T, H) of the top layer, float64, also where one of
    N, T, D, H is 1; the cache is your choice. The arguments are left unchanged.
    """
    ### BEGIN SOLUTION
    out, cache = x_seq, []
    for start, weights in zip(h0, layers):
        h, layer_cache = rnn_forward(out, start, *weights)  # (N, T, H)
        adds = skip and out.shape == h.shape
        out = h + out if adds else h
        cache.append((layer_cache, adds))
    return out, cache
    ### END SOLUTION


# %%
def stacked_backward(dout, cache):
    """The gradients of sum(dout * out) with respect to the inputs of stacked_forward.

    dout:  (N, T, H) float64, for the output of the top layer.
    cache: what your stacked_forward(x_seq, h0, layers, skip) returned as its second value.

    Returns (dx, dh0, dlayers): dx is (N, T, D), dh0 is (L, N, H), and dlayers is a list of L tuples
    (dWx, dWh, db), in the order and of the shapes of layers; sums over all steps and the batch.
    Nothing is clipped. You may call rnn_backward. dout and the cache are left unchanged.
    """
    ### BEGIN SOLUTION
    dz, dstarts, dlayers = dout, [], []
    for layer_cache, adds in reversed(cache):
        dbelow, dstart, *dweights = rnn_backward(dz, layer_cache)
        dz = dbelow + dz if adds else dbelow
        dstarts.append(dstart)
        dlayers.append(tuple(dweights))
    return dz, np.stack(dstarts[::-1]), dlayers[::-1]
    ### END SOLUTION


# %% [markdown]
# ### How high can a stack be?
#
# Take twelve layers with random weights, and a loss at every step of the top one. How much gradient
# reaches the weights of each layer, with and without skip connections?

# %% tags=["active-ipynb"]
# rng = np.random.default_rng(7)
# N, T, H, L = 8, 20, 24, 12
# x_seq, h0 = rng.standard_normal((N, T, H)), np.zeros((L, N, H))
# layers = [(square(rng, H, 0.5), square(rng, H, 0.5), np.zeros(H)) for _ in range(L)]
# dout = rng.standard_normal((N, T, H))
#
# fig, axes = plt.subplots(figsize=(7, 3.8))
# for skip, colour in ((False, "tab:red"), (True, "tab:green")):
#     _, cache = stacked_forward(x_seq, h0, layers, skip)
#     dlayers = stacked_backward(dout, cache)[2]
#     # of b and not of Wx, whose gradient also grows with the layer's input
#     sizes = [np.linalg.norm(db) for _, _, db in dlayers]
#     axes.semilogy(range(1, L + 1), sizes, "o-", color=colour, label=f"skip = {skip}")
# axes.set(title="norm of db, layer by layer", xlabel="layer (1 reads the input)",
#          xticks=range(1, L + 1), ylim=(0.05, 1000))
# axes.legend()
# fig.tight_layout()

# %% [markdown]
# Without skip connections the lowest layer, the one that reads the words, gets a hundredth of the
# top layer's gradient or less. With them the lower layers get as much as the upper ones, and even
# more.
#
# A study of translation networks found two to four layers best for the encoder and four for the
# decoder, and that stacks of eight need skip connections. It is often said that low layers come to
# represent syntax and high ones meaning. These are rules of thumb from one task and one size of
# network, worth knowing and worth testing.

# %% [markdown]
# ## The length of the path
#
# Now think of all these networks as graphs. Information from word $s$ reaches place $t$ along a
# chain of states, and each link is one more factor in the gradient. How many links must it pass at
# least? The cell builds the graph of each network for twelve words and counts. In *self-attention*
# every place looks at every word directly, with a weight computed from the two; networks built from
# it are called Transformers.

# %% tags=["active-ipynb"]
# def shortest_paths(links):
#     """Entry [t, s]: the least number of links from word s to place t; NaN if there is no way."""
#     size = len(links)
#     length = np.where(np.eye(size) > 0, 0.0, np.nan)
#     reached = np.eye(size)
#     for steps in range(1, size + 1):
#         reached = np.minimum(1.0, links @ reached)
#         length[(reached > 0) & np.isnan(length)] = steps
#     return length
#
#
# T = 12
# ahead = np.eye(T, k=-1)  # entry [t, t - 1]: the state before
# roads = {
#     "one direction": shortest_paths(ahead),
#     "both directions": np.fmin(shortest_paths(ahead), shortest_paths(ahead.T)),
#     "self-attention": shortest_paths(np.ones((T, T))),
# }
# fig, panels = plt.subplots(1, 3, figsize=(10, 3.6), sharey=True, layout="constrained")
# for panel, (name, length) in zip(panels, roads.items()):
#     panel.imshow(length, cmap="YlOrRd", vmin=0, vmax=T - 1,
#                  extent=(0.5, T + 0.5, T + 0.5, 0.5))
#     panel.set(title=f"{name}: up to {np.nanmax(length):.0f}", xlabel="word s",
#               xticks=(1, 6, 12), yticks=(1, 6, 12))
#     panel.grid(False)
# panels[0].set_ylabel("place t")
# fig.colorbar(panels[0].images[0], ax=panels, label="links on the shortest path")
# plt.show()

# %% [markdown]
# A second reader makes the white half reachable but does not shorten the path: the first word is
# still eleven links from the last. Gates and skip connections do not shorten it either; they bring
# the factor of each link close to 1. Self-attention has a path of length 1 between any two places
# [@vaswani2017], so BERT, which is built from it, reaches distant words as easily as neighbours.
# The price is a computation for every pair of words, $T^2$ of them.
#
# The reports of a yearly contest in machine translation show the history. In 2016, when the best
# systems were recurrent networks with attention, the report used the word *RNN* 44 times. Two years
# later it used it 9 times, and *Transformer* 63 times (the counts are those of the lecture notes
# [@004]); by 2019 the change was complete. An inability to remember was not the reason. The reasons
# are that the path is long, and that the steps have to be taken one after another.
#
# The second problem has a solution. Where the factor of a step does not depend on the state, the
# recurrence is *linear*, and a parallel scan computes all its steps at once [@martin2018]. Recent
# models are built of such recurrences, with factors close to 1 [@gu2022] [@orvieto2023].

# %% [markdown]
# ## Key points
#
# - A GRU's update gate mixes old and new, $h_t = (1-u) \odot h_{t-1} + u \odot n$. In this course
#   $u = 0$ keeps the state; PyTorch's $z$ is $1 - u$ and its reset gate acts after the product.
# - `prev_h` is used four times in a step, so its gradient has four terms.
# - Plain network, GRU and LSTM have parameters in the ratio $1 : 3 : 4$. No winner is known between
#   the last two; the GRU is the faster one.
# - Every deep network can vanish or explode. A recurrent one is more exposed, since the same matrix
#   returns at every step.
# - A residual layer has the Jacobian $I + J_f$: it keeps small gradients from vanishing, and lets
#   large ones grow. A highway layer decides with a gate how much it lets past.
# - Two directions see the whole sentence, one sees only the part so far. Two need the whole input
#   first.
# - Stacked layers read each other's states at the same step; deep stacks need skip connections.
# - In short: the LSTM is strong and the GRU is fast; always clip gradients; read in both directions
#   where the task allows it; and shorten the path where you can.
