# %% [markdown]
# # 6 · LSTM: gates and the cell
#
# A plain recurrent network rewrites its whole state at every step, and each rewriting multiplies
# the gradient by one more Jacobian. The LSTM has a second state, the cell, that is *added to*
# instead of rewritten, and gates that decide when. In this assignment you build the LSTM, forwards
# and backwards, and measure how far its gradient really reaches.
#
# **You will learn**
#
# - how three gates let a network write a number, keep it and read it,
# - how two gradients, with respect to the state and to the cell, travel back side by side,
# - why the gradient along the cell is a product of forget gates, and how one bias decides how soon
#   it vanishes,
# - how to choose weights by hand so that they hold one bit for a thousand steps.
#
# **How the notebook works.** Each exercise is one function, and its docstring is the specification.
# Replace `# YOUR CODE HERE` and the line below it with your own code, run the cell, then run the
# `check` below it. Cells that draw use *your* functions. When you are done, choose *Restart and run
# all*, save, and submit. The grader asks the same questions as `check`, on other inputs.
#
# All arrays of numbers are float64, every axis has a length of at least 1, and no function changes
# its arguments. What is in a cache is your choice, as long as your backward function can read what
# your forward function writes.

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
# COLOUR = {"input": "tab:green", "forget": "tab:red", "output": "tab:blue", "cell": "black"}

# %% [markdown]
# ## The question
#
# You have seen a single tanh unit with $w = 2$ hold a bit for fifty steps. It does so because tanh
# is saturated, and a saturated tanh has almost no derivative: after the same fifty steps, the
# gradient with respect to the stored input is about $10^{-39}$. You can make such a network
# remember by setting the weights by hand. Gradient descent gets almost no help in finding these
# weights, since the error at the end says almost nothing about the beginning.
#
# Is that a law? Suppose that the memory is one number $c$ and that each step only adds to it:
#
# $$c_t = c_{t-1} + \text{something new}.$$
#
# Then $\partial c_t / \partial c_{t-1} = 1$, and a product of a thousand ones is 1. Storing and
# learning are no longer in conflict. But control is missing. Not everything that comes in should be
# added; what is stored should not disturb the rest of the network all the time; and at some point
# it should make room for something new. Each of the three takes a factor between 0 and 1 that the
# network itself computes at each step: a **gate**.

# %% [markdown]
# ## One step
#
# All four parts of the step are computed from the input and the previous state, so they are packed
# into one product of width $4H$:
#
# $$a = x\,W_x + h_\text{prev} W_h + b \qquad (N, 4H).$$
#
# | columns of $a$ | part | what it says |
# |---|---|---|
# | `0 : H` | input gate $i = \sigma(a_i)$ | how much of the new is written |
# | `H : 2H` | forget gate $f = \sigma(a_f)$ | how much of the old is *kept* |
# | `2H : 3H` | output gate $o = \sigma(a_o)$ | how much of the cell is shown |
# | `3H : 4H` | candidate $g = \tanh(a_g)$ | what would be written, between $-1$ and $1$ |
#
# Then, elementwise,
#
# $$c_\text{next} = f \odot c_\text{prev} + i \odot g, \qquad
# h_\text{next} = o \odot \tanh(c_\text{next}).$$
#
# Two things are easy to get wrong. The name of the forget gate says the opposite of what it does:
# at $f = 1$ *nothing* is forgotten. And the order of the four parts is a convention; libraries
# differ in it (several put $g$ before $o$), and weights of one order mean something else in
# another. Ours is $i, f, o, g$, so that the three sigmoids stand side by side.
#
# Some lecture notes [@004] describe the cell of 1997 [@hochreiter1997] by these three gates, which
# erase, write and read. The 1997 cell already had gates for writing and reading. The erasing one
# was added three years later [@gers2000]; the cell of 1997 is the one with $f = 1$ throughout. You
# will see below why the forget gate was needed.
#
# The sigmoid is given, in the safe form of assignment 1.


# %%
def sigmoid(x):
    """The logistic sigmoid 1 / (1 + exp(-x)), elementwise, as in assignment 1."""
    e = np.exp(-np.abs(x))  # in [0, 1]: never overflows
    return np.where(x >= 0, 1.0, e) / (1.0 + e)


# %%
def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    """One step of an LSTM.

    x:      (N, D) float64, the inputs of this step.
    prev_h: (N, H) float64, the states before it.  prev_c: (N, H) float64, the cells before it.
    Wx:     (D, 4H) float64.  Wh: (H, 4H) float64.  b: (4H,) float64.

    With a = x @ Wx + prev_h @ Wh + b, of shape (N, 4H), and its four parts of H columns each, in
    the order i, f, o, g:
        i = sigmoid(a_i),  f = sigmoid(a_f),  o = sigmoid(a_o),  g = tanh(a_g)
        next_c = f * prev_c + i * g
        next_h = o * tanh(next_c)

    Returns (next_h, next_c, cache): next_h and next_c are (N, H) float64, also where N, D or H is
    1; the cache is your choice; lstm_step_backward will receive it. Pre-activations as large as
    1e4 in size give no overflow warning. The arguments are left unchanged.
    """
    ### BEGIN SOLUTION
    H = prev_h.shape[1]
    a = x @ Wx + prev_h @ Wh + b  # (N, 4H)
    i, f, o = np.split(sigmoid(a[:, : 3 * H]), 3, axis=1)  # (N, H) each
    g = np.tanh(a[:, 3 * H :])  # (N, H)
    next_c = i * g + f * prev_c
    next_h = o * np.tanh(next_c)
    cache = x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c
    return next_h, next_c, cache
    ### END SOLUTION


# %% [markdown]
# ### Write, keep, read, erase
#
# To see the gates at work, we control them by hand. The network below has one unit and four inputs,
# and each input goes to just one of the four parts (`Wx` is diagonal, `Wh` and `b` are zero). So
# the input *is* the pre-activation. Before you run the cell: at which steps can $h$ differ from 0?
# And what does the cell do at step 22, where the candidate is large and the input gate is closed?

# %% tags=["active-ipynb"]
# T = 60
# shut, open_ = -30.0, 30.0
# steering = np.zeros((1, T, 4))
# steering[:, :, :3] = shut, open_, shut  # i, f, o: nothing in, everything kept, nothing shown
# steering[:, 5, [0, 3]] = open_, 2.0  # write
# steering[:, 12:17, 2] = open_  # read
# steering[:, 22, 3] = -3.0  # a large candidate before a shut gate
# steering[:, 28:32, 0] = open_  # write four times, each time on top of what is there
# steering[:, 28:32, 3] = 0.5
# steering[:, 36:41, 2] = open_  # read
# steering[:, 48, 1] = shut  # erase
# steering[:, 53:58, 2] = open_  # read
#
# h = c = np.zeros((1, 1))
# states, cells = [], []
# for t in range(T):
#     h, c, _ = lstm_step_forward(steering[:, t], h, c, np.eye(4), np.zeros((1, 4)), np.zeros(4))
#     states.append(h[0, 0])
#     cells.append(c[0, 0])
#
# fig, (upper, lower) = plt.subplots(2, 1, figsize=(9, 4.6), sharex=True, layout="constrained",
#                                    height_ratios=(1, 1.4))
# for row, name in enumerate(("output", "forget", "input")):
#     gate = sigmoid(steering[0, :, 2 - row])
#     upper.bar(range(T), 0.8 * gate, bottom=row, width=1.0, color=COLOUR[name])
# upper.set(title="how far each gate is open", yticks=(0.4, 1.4, 2.4),
#           yticklabels=("output gate o", "forget gate f", "input gate i"))
# lower.step(range(T), cells, where="mid", color=COLOUR["cell"], label="cell c")
# lower.fill_between(range(T), states, step="mid", color=COLOUR["output"], alpha=0.4,
#                    label="state h")
# lower.axvline(22, color="grey", linestyle=":", linewidth=1)
# lower.text(22.4, 2.3, "candidate −3,\nnot let in", fontsize=9)
# lower.set(xlabel="step", ylim=(-0.1, 3.1))
# lower.legend(loc="upper left")
# plt.show()

# %% [markdown]
# The cell changes at six steps and is flat at all others, to the last bit. It is a sum: writing
# four times raises it well above 1, since no tanh limits it. The state $h$ shows $\tanh(c)$ when
# the output gate is open, and 0 otherwise, so the stored value need not disturb the rest of the
# network. The forget gate is open almost always; closing it for one step erases the cell.

# %% [markdown]
# ## One step backwards
#
# A step has two results, so two gradients come from above: `dnext_h`, with respect to the state,
# and `dnext_c`, with respect to the cell. The cell acts in two ways, on later cells (`dnext_c`
# holds that part) and on $h_\text{next}$. Everything but the output gate acts through
# $c_\text{next}$, so first collect what arrives there:
#
# $$dc = dc_\text{next} + dh_\text{next} \odot o \odot \bigl(1 - \tanh^2(c_\text{next})\bigr)
# \qquad (N, H).$$
#
# From there it goes to the four parts and to the previous cell,
#
# $$di = dc \odot g, \quad df = dc \odot c_\text{prev}, \quad
# do = dh_\text{next} \odot \tanh(c_\text{next}), \quad dg = dc \odot i, \quad
# dc_\text{prev} = dc \odot f,$$
#
# then through the activations, whose derivatives are $s(1-s)$ for a sigmoid with value $s$, and
# $1 - g^2$ for the candidate, to one array `da` of shape $(N, 4H)$, in the order $i, f, o, g$. The
# rest is as in the plain recurrent step:
#
# $$dx = da\,W_x^\top, \quad dh_\text{prev} = da\,W_h^\top, \quad dW_x = x^\top da, \quad
# dW_h = h_\text{prev}^\top da, \quad db = \textstyle\sum_n da_n .$$
#
# Look at $dc_\text{prev} = dc \odot f$. There is no weight matrix in it and no tanh'. That is the
# whole point of the LSTM.


# %%
def lstm_step_backward(dnext_h, dnext_c, cache):
    """One step backwards: the gradients of a loss with respect to all six inputs.

    dnext_h: (N, H) float64, the gradient of the loss with respect to next_h.
    dnext_c: (N, H) float64, the gradient with respect to next_c that comes from later steps. The
             effect of next_c through next_h is *not* in it; this function adds it.
    cache:   what lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b) returned as its third value.

    Returns the tuple (dx, dprev_h, dprev_c, dWx, dWh, db), the gradients of
    sum(dnext_h * next_h) + sum(dnext_c * next_c), each of the shape of its input: (N, D), (N, H),
    (N, H), (D, 4H), (H, 4H), (4H,). Those of Wx, Wh and b are sums over the batch, not means.

    The result is linear in (dnext_h, dnext_c), however large they are. The arguments (also the
    arrays in the cache) are left unchanged, so the cache may be used again.
    """
    ### BEGIN SOLUTION
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    shown = np.tanh(next_c)  # (N, H), as all below
    dc = dnext_c + dnext_h * o * (1.0 - shown**2)
    da_i = dc * g * i * (1.0 - i)
    da_f = dc * prev_c * f * (1.0 - f)
    da_o = dnext_h * shown * o * (1.0 - o)
    da_g = dc * i * (1.0 - g**2)
    da = np.concatenate([da_i, da_f, da_o, da_g], axis=1)  # (N, 4H)
    return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, prev_h.T @ da, da.sum(axis=0)
    ### END SOLUTION


# %% [markdown]
# ## A whole sequence
#
# To read a sequence, each step hands on *two* arrays. The state starts from `h0`, the cell from
# zeros. Only the states are returned; the cells stay inside the network.


# %%
def lstm_forward(x_seq, h0, Wx, Wh, b):
    """An LSTM over whole sequences: h[:, t] is the state after step t.

    Step t is lstm_step_forward on x_seq[:, t], with the state and the cell that step t - 1 left;
    step 0 starts from the state h0 and a cell of zeros. You may call your lstm_step_forward.

    x_seq: (N, T, D) float64, T >= 1.  h0: (N, H) float64, not zero in general.
    Wx:    (D, 4H) float64.  Wh: (H, 4H) float64.  b: (4H,) float64.

    Returns (h, cache): h is (N, T, H) float64, also where one of N, T, D, H is 1; the cache is your
    choice; lstm_backward will receive it. h[:, t] does not depend on x_seq[:, t + 1:], not even in
    its last bit. The arguments are left unchanged.
    """
    ### BEGIN SOLUTION
    state, cell = h0, np.zeros_like(h0)  # (N, H)
    states, cache = [], []
    for t in range(x_seq.shape[1]):
        state, cell, step_cache = lstm_step_forward(x_seq[:, t], state, cell, Wx, Wh, b)
        states.append(state)
        cache.append(step_cache)
    h = np.stack(states, axis=1)  # (N, T, H)
    return h, cache
    ### END SOLUTION


# %% [markdown]
# Back-propagation through time is the same sweep as for the plain network, from the last step to
# the first, and it carries two arrays as well. To the gradient with respect to the state that
# arrives from step $t + 1$ you add `dh[:, t]`, that of the step's own loss. The gradient with
# respect to the cell is passed on as it is, since no loss reads a cell directly. After the last
# step both are zero. Before the first one, the gradient carried for the state is `dh0`; the one
# carried for the cell is not needed, because the cell always starts from zeros.


# %%
def lstm_backward(dh, cache):
    """Back-propagation through time: the gradients with respect to all inputs of lstm_forward.

    dh:    (N, T, H) float64; dh[:, t] is the gradient of the loss with respect to h[:, t] through
           the output of that step alone, without the part that goes through later states and cells.
    cache: what lstm_forward(x_seq, h0, Wx, Wh, b) returned as its second value.

    Returns the tuple (dx, dh0, dWx, dWh, db), of the shapes (N, T, D), (N, H), (D, 4H), (H, 4H) and
    (4H,). Those of Wx, Wh and b are sums over all steps and the batch, not divided by T or N.
    Nothing is clipped: the result is linear in dh, however large dh is. You may call your
    lstm_step_backward.

    The arguments (also the arrays in the cache) are left unchanged, so the cache may be used again.
    """
    ### BEGIN SOLUTION
    from_state = from_cell = np.zeros_like(dh[:, 0])  # (N, H), from later steps: none yet
    steps = []
    for t in reversed(range(dh.shape[1])):
        dx, from_state, from_cell, *of_weights = lstm_step_backward(
            dh[:, t] + from_state, from_cell, cache[t]
        )
        steps.insert(0, (dx, *of_weights))
    dxs, dWxs, dWhs, dbs = zip(*steps)
    return np.stack(dxs, axis=1), from_state, sum(dWxs), sum(dWhs), sum(dbs)
    ### END SOLUTION


# %% [markdown]
# ### Two paths back
#
# At every step the gradient can go through the cell, where it is multiplied by $f$, or through the
# state, where it passes the gates and $W_h$. To see how much each path carries, block the other
# one: zero `Wh` blocks the states, and a forget gate held at 0 blocks the cells. With a loss at the
# last step only, compare the size of `dx` at each step. The forget gates of this random network are
# at 0.5 on average. Is the LSTM safe?

# %% tags=["active-ipynb"]
# def random_lstm(T=60, N=8, D=4, H=16, seed=0):
#     """Inputs of lstm_forward, with small weights and zero biases."""
#     rng = np.random.default_rng(seed)
#     x_seq, Wx = rng.standard_normal((N, T, D)), 0.3 * rng.standard_normal((D, 4 * H))
#     Wh = rng.standard_normal((H, 4 * H)) / np.sqrt(H)
#     return x_seq, np.zeros((N, H)), Wx, Wh, np.zeros(4 * H)
#
#
# def reach(forward, backward, inputs):
#     """The norm of dx at each step, the last one first, for a random dh at the last step only."""
#     h, cache = forward(*inputs)
#     dh = np.zeros_like(h)
#     dh[:, -1] = np.random.default_rng(1).standard_normal(h[:, -1].shape)
#     return np.linalg.norm(backward(dh, cache)[0], axis=(0, 2))[::-1]
#
#
# x_seq, h0, Wx, Wh, b = random_lstm()
# shut_b = b.copy()
# shut_b[16:32] = -30.0  # the forget gates: H : 2H
# roads = {
#     "both roads": (Wh, b, "black", "-"),
#     "cells only ($W_h = 0$)": (0.0 * Wh, b, "tab:red", "--"),
#     "states only ($f = 0$)": (Wh, shut_b, "tab:blue", "-."),
# }
# fig, axes = plt.subplots(figsize=(7.5, 4))
# for label, (weights, bias, colour, style) in roads.items():
#     axes.semilogy(reach(lstm_forward, lstm_backward, (x_seq, h0, Wx, weights, bias)),
#                   color=colour, linestyle=style, label=label)
# axes.semilogy(0.5 ** np.arange(60), color="grey", linewidth=1, linestyle=":", label="$0.5^k$")
# axes.set(title="an LSTM with all biases zero", xlabel="steps between the input and the loss",
#          ylabel="norm of dx", ylim=(1e-24, 10))
# axes.legend(loc="lower left")
# plt.show()

# %% [markdown]
# It is not. Every curve is straight on a logarithmic axis: the gradient of this LSTM vanishes, and
# over sixty steps it loses many powers of ten. It does have gates, but what matters is how far they
# are open.

# %% [markdown]
# ## The direct path
#
# Follow the gradient along the cells alone, with the gates as fixed numbers. Each step back
# multiplies by the forget gate of the step that is crossed, so
#
# $$\frac{\partial c_{T-1}}{\partial c_t} = \prod_{s=t+1}^{T-1} f_s
# \qquad \text{(elementwise, along the direct path)}.$$
#
# The gate of step $t$ itself is not among the factors: it acts on the cell *before* step $t$. For
# the last step the product is empty, so it is 1. (Do not compute these products by dividing one
# product by another: a gate can be 0.)


# %%
def cell_gradient(f):
    """The derivative of the last cell with respect to each cell, along the direct path.

    f: (T, H) float64, the forget gates of one sequence, numbers from 0 to 1, both included;
       f[t] is the gate that multiplies the cell of step t - 1 in step t.

    Returns (T, H) float64: row t is f[t + 1] * f[t + 2] * ... * f[T - 1], elementwise, the
    derivative of the last cell with respect to the cell after step t, with all gates held fixed.
    The last row is 1; so is the only row for T = 1. f is left unchanged.
    """
    ### BEGIN SOLUTION
    later = np.concatenate([f[1:], np.ones_like(f[:1])])  # (T, H): the gate of the step after
    return np.cumprod(later[::-1], axis=0)[::-1]
    ### END SOLUTION


# %% [markdown]
# ### A bias of 1
#
# An article [@001] says that thanks to its gates an LSTM keeps information for a long time and
# reads it later. At the start of training, weights are small and pre-activations are near the bias.
# A bias of zero, the usual start, makes $f \approx \sigma(0) = 0.5$, which halves the memory at
# each step. So it has become common to start the forget gates, and only these, with a bias of 1 or
# more; in a study of thousands of architectures this alone closed the gap between the LSTM and the
# GRU [@jozefowicz2015].


# %%
def forget_bias_init(b, value):
    """The bias b with `value` in the part of the forget gate, b[H:2H].

    b:     (4H,) float64, H >= 1, with the parts i, f, o, g.
    value: a number.

    Returns a new (4H,) float64 array: its entries H to 2H - 1 are `value` (whatever they were), all
    others are bitwise those of b. b is left unchanged.
    """
    ### BEGIN SOLUTION
    H = len(b) // 4
    started = b.copy()
    started[H : 2 * H] = value
    return started
    ### END SOLUTION


# %% [markdown]
# Guess first: with biases of 0, 1 and 3, how much of a gradient is left after a hundred steps of
# the direct path? The gates are 0.5, 0.73 and 0.95, which looks harmless enough.

# %% tags=["active-ipynb"]
# distance = np.arange(100, -1, -1)
# biases = (0.0, 1.0, 3.0, 5.0, 8.0)
#
# fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
# for bias, colour in zip(biases, plt.get_cmap("plasma")(np.linspace(0.85, 0.0, len(biases)))):
#     gate = sigmoid(np.array(bias))
#     path = cell_gradient(np.full((101, 1), gate))[:, 0]
#     print(f"bias {bias:.0f}: f = {gate:.5f}, after 100 steps {path[0]:.2g}")
#     left.semilogy(distance, path, color=colour, label=f"bias {bias:.0f}")
#     x_seq, h0, Wx, Wh, b = random_lstm(T=101)
#     inputs = x_seq, h0, Wx, Wh, forget_bias_init(b, bias)
#     right.semilogy(reach(lstm_forward, lstm_backward, inputs), color=colour)
# left.set(title="the direct path, with f fixed", xlabel="steps", ylabel="product of forget gates",
#          ylim=(1e-32, 10))
# right.set(title="the whole gradient of a random LSTM",
#           xlabel="steps between the input and the loss", ylabel="norm of dx", ylim=(1e-32, 100))
# left.legend(loc="lower left")
# plt.show()

# %% [markdown]
# A bias of zero leaves less than $10^{-30}$, no better than a plain network. A bias of 1 leaves
# about $10^{-14}$, and a bias of 3 a little under one per cent. So the claim holds under a
# condition: the forget gates have to be very near 1, because every step multiplies by the gate
# again. In this sense lecture notes [@004] say that an LSTM greatly reduces vanishing and does not
# rule it out.
#
# The right-hand picture includes the side paths through the states. With a $W_h$ of this size they
# add a lot, and the order of the curves stays the same. The direct path cannot explode, since no
# gate is above 1; side paths can, and the two uppermost curves begin to rise a little.

# %% [markdown]
# ## Against the plain network
#
# Now make the comparison that all the articles make, with your own functions. The plain network is
# that of assignments 2 and 3, with one random $W_h$ at four scales; the LSTM has one random $W_h$
# and four forget biases. So each has one setting to change, and the curves show its effect.

# %% tags=["active-ipynb"]
# def rnn_forward(x_seq, h0, Wx, Wh, b):
#     """The plain network of assignment 2; the cache is what the function below needs."""
#     states = [h0]
#     for x in np.moveaxis(x_seq, 1, 0):
#         states.append(np.tanh(x @ Wx + states[-1] @ Wh + b))
#     return np.stack(states[1:], axis=1), (Wx, Wh, states)
#
#
# def rnn_dx(dh, cache):
#     """The gradient w.r.t. the inputs alone, as rnn_backward of assignment 3 computes it."""
#     Wx, Wh, states = cache
#     carried, dxs = 0.0, []
#     for t in range(dh.shape[1] - 1, -1, -1):
#         da = (dh[:, t] + carried) * (1.0 - states[t + 1] ** 2)
#         carried = da @ Wh.T
#         dxs.insert(0, da @ Wx.T)
#     return (np.stack(dxs, axis=1),)
#
#
# T, H = 201, 16
# x_seq, h0, Wx, Wh, b = random_lstm(T=T)
# settings = zip((0.5, 1.0, 1.5, 3.0), (0.0, 1.0, 3.0, 6.0),
#                plt.get_cmap("plasma")(np.linspace(0.85, 0.0, 4)))
# fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4), sharey=True, layout="constrained")
# for scale, bias, colour in settings:
#     plain = x_seq, h0, Wx[:, :H], scale * Wh[:, :H], np.zeros(H)
#     left.semilogy(reach(rnn_forward, rnn_dx, plain), color=colour, label=f"$W_h$ × {scale}")
#     gated = x_seq, h0, Wx, Wh, forget_bias_init(b, bias)
#     right.semilogy(reach(lstm_forward, lstm_backward, gated), color=colour,
#                    label=f"forget bias {bias:.0f}")
# left.set(title="plain network", ylabel="norm of dx", ylim=(1e-32, 1e14))
# right.set(title="LSTM")
# for axes in (left, right):
#     axes.set(xlabel="steps between the input and the loss")
#     axes.legend(loc="lower left")
# plt.show()

# %% [markdown]
# With a forget bias of zero, the LSTM is no better than a plain network. The difference is in the
# effect of the setting. A larger $W_h$ tilts the plain network's curve from vanishing to exploding,
# and a level curve lies on the edge between the two: here near a scale of 1.5, elsewhere for
# another draw of the weights. A larger forget bias also tilts the LSTM's curve towards a level one,
# but then it stays there: from 3 to 6 almost nothing changes, because a gate cannot exceed 1.

# %% [markdown]
# ## A memory by hand
#
# An article on back-propagation through time [@002] remarks that in theory one could pick
# parameters by hand so that a recurrent network remembers for as long as one likes. Do it for the
# LSTM. The task is a latch. Each step brings two numbers:
#
# - `x[:, t, 0]` is a value, $-1$ or $1$, at *every* step: most of them are noise;
# - `x[:, t, 1]` is the mark: 1 where the value is to be remembered, 0 elsewhere.
#
# The cell must hold the value of the last mark. Think in terms of gates: what should $i$, $f$ and
# $o$ be at a step without a mark, and at a step with one? How large does a pre-activation have to
# be so that a thousand steps do no harm? A gate at $0.999$ is far from good enough.


# %%
def design_latch_lstm():
    """Weights of an LSTM with one unit that holds the value of the last mark.

    The inputs are x_seq (N, T, 2): x_seq[:, :, 0] is -1 or 1 at each step, x_seq[:, :, 1] is 1 at
    marked steps and 0 at all others. State and cell start from zeros.

    Returns (Wx, Wh, b), float64 arrays of the shapes (2, 4), (1, 4) and (4,), with the parts in the
    order i, f, o, g, such that for any such inputs of up to 1000 steps, with any number of marks,
    - before the first mark, the cell is 0;
    - from a marked step on, until the next mark or the end, the cell is the value of that step:
      a new mark replaces what was held;
    - at every step the state is the tanh of these, so 0, tanh(1) or -tanh(1),
    each of them within 1e-5. All weights are finite, at most 1e4 in size.
    """
    ### BEGIN SOLUTION
    sure = 50.0  # sigmoid(-50) is 2e-22, and sigmoid(50) rounds to 1
    value = [0.0, 0.0, 0.0, sure]
    mark = [2.0 * sure, -2.0 * sure, 0.0, 0.0]  # opens i and shuts f
    Wx = np.array([value, mark])  # (2, 4)
    b = np.array([-sure, sure, sure, 0.0])
    return Wx, np.zeros((1, 4)), b
    ### END SOLUTION


# %% [markdown]
# Your latch at work, first over sixty steps with three marks, to see the gates; then over a
# thousand steps with one, beside the same latch with weaker forget gates. In the third picture the
# forget gate is always open, as in the cell of 1997, and there are many marks.

# %% tags=["active-ipynb"]
# def latch_task(T, marks, seed=0):
#     """Values of -1 or 1 at all steps, and marks at some."""
#     x_seq = np.zeros((1, T, 2))
#     x_seq[0, :, 0] = np.random.default_rng(seed).choice((-1.0, 1.0), T)
#     x_seq[0, list(marks), 1] = 1.0
#     return x_seq
#
#
# def run(x_seq, Wx, Wh, b):
#     """The gates i, f, o, and the cell, at each step of one sequence with one unit."""
#     h = c = np.zeros((1, 1))
#     gates, cells = [], []
#     for x in np.moveaxis(x_seq, 1, 0):
#         gates.append(sigmoid(x @ Wx + h @ Wh + b)[0, :3])
#         h, c, _ = lstm_step_forward(x, h, c, Wx, Wh, b)
#         cells.append(c[0, 0])
#     return np.array(gates), np.array(cells)
#
#
# Wx, Wh, b = design_latch_lstm()
# x_seq = latch_task(60, (8, 25, 44), seed=3)
# gates, cells = run(x_seq, Wx, Wh, b)
#
# fig, (upper, lower) = plt.subplots(2, 1, figsize=(9, 4.8), sharex=True, layout="constrained")
# for row, name in enumerate(("output", "forget", "input")):
#     upper.bar(range(60), 0.8 * gates[:, 2 - row], bottom=row, width=1.0, color=COLOUR[name])
# upper.set(title="your gates", yticks=(0.4, 1.4, 2.4),
#           yticklabels=("output gate o", "forget gate f", "input gate i"))
# marked = x_seq[0, :, 1] == 1
# lower.plot(np.flatnonzero(~marked), x_seq[0, ~marked, 0], ".", color="silver", label="value")
# lower.plot(np.flatnonzero(marked), x_seq[0, marked, 0], "o", markersize=10, fillstyle="none",
#            color="tab:orange", label="marked value")
# lower.step(range(60), cells, where="mid", color=COLOUR["cell"], label="cell")
# lower.set(xlabel="step", ylim=(-1.25, 1.25))
# lower.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
# plt.show()

# %% tags=["active-ipynb"]
# fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
# x_seq = latch_task(1000, (20,), seed=5)
# _, cells = run(x_seq, Wx, Wh, b)
# left.plot(cells, color="black", label="yours")
# for bias, colour in ((8.0, "tab:red"), (6.0, "tab:orange"), (4.0, "gold")):
#     _, weaker = run(x_seq, Wx, Wh, forget_bias_init(b, bias))
#     left.plot(weaker, color=colour, linewidth=1.5, label=f"forget bias {bias:.0f}")
# left.set(title="one mark, a thousand steps", xlabel="step", ylabel="cell", ylim=(-1.2, 1.2))
# left.legend(loc="upper right", ncol=2)
# print(f"largest deviation after the mark: {np.abs(cells[20:] - x_seq[0, 20, 0]).max():.1e}")
#
# x_seq = latch_task(300, range(5, 300, 12), seed=5)
# x_seq[0, x_seq[0, :, 1] == 1, 0] = [1.0] * 15 + [-1.0] * 10  # what the marks say
# never_forgets = Wx.copy()
# never_forgets[1, 1] = 0.0  # the mark no longer shuts the forget gate
# for weights, colour, label in ((Wx, "black", "yours"), (never_forgets, "tab:red", "f = 1")):
#     right.plot(np.tanh(run(x_seq, weights, Wh, b)[1]), color=colour, label=label)
# right.axvline(5 + 12 * 15, color="grey", linestyle=":")
# right.text(5 + 12 * 15 + 3, -0.4, "from here on\nthe marks say −1", fontsize=9)
# right.set(title="a mark every twelve steps", xlabel="step", ylabel="tanh(cell)", ylim=(-1.2, 1.2))
# right.legend(loc="lower left")
# plt.show()

# %% [markdown]
# On the left, the latch with a forget bias of 8, a gate of 0.9997, has lost more than a quarter by
# the end. On the right, the cell without a forget gate adds up its marks. It soon lies far out,
# where tanh is flat, and $h$ no longer tells 3 from 15. When the marks change to $-1$, ten of them
# bring it down from 15 to 5, and $\tanh(5)$ is still 0.9999. A memory that cannot be erased fills
# up sooner or later. That is why the forget gate was added.

# %% [markdown]
# ### Storing without vanishing
#
# Now return to the question at the beginning. The tanh latch stores a bit *because* it is
# saturated. In the LSTM latch only the gates are saturated; the cell is not. Compare the gradients
# with respect to the stored input. (For the LSTM the candidate's weight is first lowered to 1. If
# yours is large, it saturates the tanh of $g$, and then the gradient survives a thousand steps in
# the cell only to vanish in the derivative of that tanh. A gate or a candidate that is fully
# saturated no longer learns, whatever arrives.)

# %% tags=["active-ipynb"]
# pulse = np.zeros((1, 51, 1))
# pulse[0, 0, 0] = 1.0
# one = np.ones((1, 1))
# h, cache = rnn_forward(pulse, 0.0 * one, one, 2.0 * one, np.zeros(1))
# dh = np.zeros_like(h)
# dh[:, -1] = 1.0
# print(f"tanh unit, w = 2: h = {h[0, -1, 0]:.4f} after   50 steps, "
#       f"gradient w.r.t. the input {rnn_dx(dh, cache)[0][0, 0, 0]:.1e}")
#
# soft = Wx.copy()
# soft[0, 3] = 1.0
# x_seq = latch_task(1001, (0,), seed=5)
# h, cache = lstm_forward(x_seq, np.zeros((1, 1)), soft, Wh, b)
# dh = np.zeros_like(h)
# dh[:, -1] = 1.0
# print(f"LSTM latch:       h = {h[0, -1, 0]:.4f} after 1000 steps, "
#       f"gradient w.r.t. the input {lstm_backward(dh, cache)[0][0, 0, 0]:.1e}")

# %% [markdown]
# It is the same task over twenty times the distance, and this gradient is large enough to learn
# from. The remark about hand-picked parameters is true of both networks. The plain one lacks the
# second half: a way for the gradient to get there.

# %% [markdown]
# ## Key points
#
# - A step of the LSTM keeps $f \odot c$, adds $i \odot g$ and shows $o \odot \tanh(c)$. At $f = 1$
#   nothing is forgotten.
# - Two gradients travel back, with respect to the state and to the cell, and they meet at every
#   step: $dc = dc_\text{next} + dh_\text{next} \odot o \odot \tanh'(c_\text{next})$. Drop one of
#   them, and half of the memory is gone.
# - Along the cell, a step back multiplies by the forget gate: no matrix, no tanh'.
# - That reduces vanishing but does not abolish it. A hundred steps at $\sigma(0)$ leave
#   $8 \cdot 10^{-31}$, a forget bias of 1 leaves $2.5 \cdot 10^{-14}$, a bias of 3 leaves 0.0078.
# - The cell of 1997 had no forget gate. Without one nothing is lost, and nothing can be cleared.
# - Robust storage and a surviving gradient are compatible when the gates are saturated and the
#   memory itself is linear.
