# %% [markdown]
# # 2 · The recurrent forward pass
#
# A recurrent network reads a sequence one step at a time and keeps what it has read in a state of
# fixed size. In this assignment you build it from the first step to the scores of every word, and
# you see what a state can carry, for how long, and what it can never know.
#
# **You will learn**
#
# - how one small step, repeated with the same weights, reads sequences of any length,
# - what a state remembers, and why it cannot depend on anything that comes later,
# - how to handle words, scores and sequences of different lengths, and what the gradient of a
#   weight is when the weight is used more than once.
#
# **How the notebook works.** Each exercise is one function; its docstring is the specification.
# Replace `# YOUR CODE HERE` and the line below it with your own code, run the cell, then run the
# cell below it, `check("rnn_step_forward")` for example. Cells that draw use *your* functions, so
# they work once the exercises above them do. When you are done, choose *Restart and run all*, save,
# and submit. The grader asks the same questions as `check`, on other inputs. (If there is no
# `check`, install the course package, `unroll_course-*.whl`, as your course page says.)
#
# All arrays of numbers are float64, and every axis has a length of at least 1. No function changes
# its arguments. A forward function returns `(out, cache)`: the cache holds whatever its backward
# function will need, in any form you like. In this assignment only two functions have a backward
# partner; the recurrent ones get theirs in assignment 3.

# %%
import numpy as np

# %% tags=["active-ipynb"]
# import time
#
# import matplotlib.pyplot as plt
# from autograder import check
#
# plt.rcParams.update({
#     "figure.dpi": 110, "figure.figsize": (9, 3.6), "lines.linewidth": 2,
#     "axes.grid": True, "grid.alpha": 0.3, "axes.spines.top": False, "axes.spines.right": False,
# })

# %% [markdown]
# ## The question
#
# In a sentence about clouds, you can guess the last word, *sky*, from the two or three words before
# it. Now take a text that introduces somebody as born in Kerala and says a page later which
# language this person speaks fluently: the word that settles it is a hundred words back. A model
# that looks at the last three words does well in the first case and can do nothing in the second. A
# model that looks at the last hundred needs weights for each of a hundred places, and fails at
# place 101.
#
# A recurrent network looks at **one** word at a time. It does not look up the earlier words again:
# what they said has to be in the **state**, a vector $h$ of $H$ numbers that each step hands to the
# next. How much can such a vector carry, and for how long? That is the question of the whole
# course, and here we build the network that it is about.

# %% [markdown]
# ## One step
#
# Each step mixes the new input $x_t$ with the state before it, $h_{t-1}$:
#
# $$a_t = x_t W_x + h_{t-1} W_h + b, \qquad h_t = \tanh(a_t).$$
#
# We compute $N$ sequences at once, one per row:
#
# | name | shape | what it is |
# |---|---|---|
# | `x` | `(N, D)` | the input of this step, $D$ numbers per sequence |
# | `prev_h` | `(N, H)` | the state before it |
# | `Wx` | `(D, H)` | `Wx[d, j]`: how strongly input $d$ acts on unit $j$ |
# | `Wh` | `(H, H)` | `Wh[i, j]`: how strongly unit $i$, one step ago, acts on unit $j$ |
# | `b` | `(H,)` | added to every row |
#
# `Wh` is square, so NumPy does not complain when it is used the wrong way round. But it then means
# something else: the sending and the receiving unit are swapped.
#
# A study of what their states learn about words made networks of this form well known [@elman1990].


# %%
def rnn_step_forward(x, prev_h, Wx, Wh, b):
    """One step of a recurrent network: next_h = tanh(x @ Wx + prev_h @ Wh + b).

    x:      (N, D) float64, the inputs of this step.
    prev_h: (N, H) float64, the states before it.
    Wx:     (D, H) float64.  Wh: (H, H) float64.  b: (H,) float64.

    Returns (next_h, cache): next_h is (N, H) float64, also where N, D or H is 1; the cache is your
    choice. Pre-activations as large as 1e3 in size give -1 and 1, and no NaN. The arguments are
    left unchanged.
    """
    ### BEGIN SOLUTION
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)  # (N, H)
    cache = x, prev_h, Wx, Wh, next_h
    return next_h, cache
    ### END SOLUTION


# %% [markdown]
# ### Rows or columns?
#
# An article [@002] writes the same step with columns, $h_t = f(W_h^\top h_{t-1} + W_x^\top x_t)$.
# Is that another network? Transpose one row of yours and compare. Then put a transposed `Wh` into
# the *row* form and see what changes: the shapes still fit, the numbers do not.

# %% tags=["active-ipynb"]
# rng = np.random.default_rng(2)
# x, prev_h = rng.standard_normal((4, 3)), rng.standard_normal((4, 5))  # N = 4, D = 3, H = 5
# Wx, Wh, b = rng.standard_normal((3, 5)), rng.standard_normal((5, 5)), rng.standard_normal(5)
#
# rows, _ = rnn_step_forward(x, prev_h, Wx, Wh, b)
# column = np.tanh(Wx.T @ x[1] + Wh.T @ prev_h[1] + b)
# turned, _ = rnn_step_forward(x, prev_h, Wx, Wh.T, b)
# print(f"columns, sequence 1:     differs by {np.abs(column - rows[1]).max():.1e}")
# print(f"rows, Wh transposed:     differs by {np.abs(turned - rows).max():.1e}")

# %% [markdown]
# ## A whole sequence
#
# To read a sequence, repeat the step, each time with the state that the last one left. Written out
# for three steps, with $W_x$, $W_h$ and $b$ the *same* every time:
#
# $$h_3 = \tanh\bigl(x_3 W_x + \tanh\bigl(x_2 W_x + \tanh(x_1 W_x + h_0 W_h + b)\,W_h + b\bigr)\,W_h
# + b\bigr).$$
#
# Why share the weights over time? A word means much the same in the third place as in the
# thirteenth, so what is learned at one place should serve at all the others. The number of weights
# does not grow with the length, and a network trained on sentences of ten words can read one of
# forty. The price is the subject from assignment 3 on: every step back goes through the *same*
# $W_h$ once more.
#
# In code, `x_seq` is `(N, T, D)`, and step `t` (from 0) reads `x_seq[:, t]`. Its state is stored as
# `h[:, t]`, so the state before step `t` is `h[:, t - 1]`, except at the very beginning: there it
# is `h0`. (What would `h[:, t - 1]` be at `t = 0`? NumPy has an answer, and it is not an error.)


# %%
def rnn_forward(x_seq, h0, Wx, Wh, b):
    """A recurrent network over whole sequences: h[:, t] is the state after step t.

    h[:, t] = tanh(x_seq[:, t] @ Wx + h[:, t - 1] @ Wh + b), where h0 stands in for h[:, -1] at
    t = 0. You may call your rnn_step_forward.

    x_seq: (N, T, D) float64, T >= 1.  h0: (N, H) float64, not zero in general.
    Wx:    (D, H) float64.  Wh: (H, H) float64.  b: (H,) float64.

    Returns (h, cache): h is (N, T, H) float64, also where one of N, T, D, H is 1; the cache is your
    choice. h[:, t] does not depend on x_seq[:, t + 1:], not even in its last bit. The arguments are
    left unchanged.
    """
    ### BEGIN SOLUTION
    N, T, _ = x_seq.shape
    h = np.zeros((N, T, Wh.shape[0]))
    cache = []
    prev_h = h0
    for t in range(T):
        prev_h, step_cache = rnn_step_forward(x_seq[:, t], prev_h, Wx, Wh, b)
        h[:, t] = prev_h
        cache.append(step_cache)
    return h, cache
    ### END SOLUTION


# %% [markdown]
# ### Which input belongs to which state?
#
# When the same article [@002] unrolls the network, it multiplies $W_x$ by the *previous state* in a
# place where it should multiply the input. It is a slip of the pen, but suppose it were right: then
# nothing of the sentence would ever enter. (It can be computed at all only if $D = H$.) Below, your
# network is compared with the nested formula above and with the misprinted one, for two sentences
# that have nothing in common.

# %% tags=["active-ipynb"]
# rng = np.random.default_rng(3)
# Wx, Wh = 0.7 * rng.standard_normal((4, 4)), 0.7 * rng.standard_normal((4, 4))
# b, h0 = rng.standard_normal(4), rng.standard_normal((1, 4))
# for name in ("one sentence", "another one"):
#     sentence = rng.standard_normal((1, 3, 4))
#     nested = misprinted = h0
#     for x in np.moveaxis(sentence, 1, 0):
#         nested = np.tanh(x @ Wx + nested @ Wh + b)
#         misprinted = np.tanh(misprinted @ Wx + misprinted @ Wh + b)
#     yours = rnn_forward(sentence, h0, Wx, Wh, b)[0][:, -1]
#     print(f"{name}:  yours {yours[0].round(3)}")
#     print(f"              nested {nested[0].round(3)}")
#     print(f"          misprinted {misprinted[0].round(3)}")

# %% [markdown]
# ### What can reach what?
#
# An article [@000] says that in a translation the eighth word may depend on the first, and that a
# state makes this possible. Another one [@001] adds that a network which reads in one direction
# cannot use the words *after* a gap: whether a mouse eats cheese or clicks may be settled by the
# word *computers* at the end. Look for both in your network. The picture shows how far $h_t$ moves
# when one input $x_s$ is changed a little, for all pairs of eight steps, as a fraction of the
# largest move. Grey is *exactly* zero, to the last bit.

# %% tags=["active-ipynb"]
# rng = np.random.default_rng(5)
# T, D, H = 8, 3, 16
# eight_words = rng.standard_normal((1, T, D))
# network = (
#     np.zeros((1, H)),  # h0
#     0.4 * rng.standard_normal((D, H)),  # Wx
#     0.7 * rng.standard_normal((H, H)) / np.sqrt(H),  # Wh
#     0.1 * rng.standard_normal(H),  # b
# )
#
# plain, _ = rnn_forward(eight_words, *network)
# moved_by = np.zeros((T, T))  # row s: the input that changes; column t: the state that moves
# for s in range(T):
#     changed = eight_words.copy()
#     changed[:, s] += 0.01
#     moved_by[s] = np.linalg.norm(rnn_forward(changed, *network)[0] - plain, axis=2)[0]
#
# share = moved_by / moved_by.max()
#
# fig, axes = plt.subplots(figsize=(6.4, 4.8))
# colours = plt.get_cmap("viridis").copy()
# colours.set_bad("lightgrey")
# image = axes.imshow(np.ma.masked_equal(share, 0), cmap=colours, norm="log")
# for s in range(T):
#     for t in range(T):
#         axes.text(t, s, f"{share[s, t]:.2g}", ha="center", va="center", fontsize=8,
#                   color="white" if 0 < share[s, t] < 0.2 else "black")
# axes.set(title="how far a state moves when an input changes", xlabel="state $h_t$, after word",
#          ylabel="input $x_s$, word", xticks=range(T), yticks=range(T),
#          xticklabels=range(1, T + 1), yticklabels=range(1, T + 1))
# axes.grid(False)
# fig.colorbar(image, label="part of the largest move")
# fig.tight_layout()

# %% [markdown]
# Both claims are true, and you can see how. The upper right corner is not zero: the eighth state
# depends on the first word. The lower triangle is zero: no state depends on a later word. This is
# **causality**, and it is a property of the loop, not of the weights; no training can change it. A
# second network that reads from the end can (assignment 7).
#
# Look along the rows, too. The effect of a word on the state shrinks with each step; with these
# weights, the first word moves the eighth state far less than the newest one does. Whether that has
# to be so is the subject of assignment 4.

# %% [markdown]
# ### The price of order
#
# An article [@000] says that recurrent networks are slow to train, especially on long sequences.
# The reason is in your loop: step $t$ cannot start before step $t-1$ is done. More sequences can be
# computed side by side, and so can all the products $x_t W_x$; the chain of states cannot. Compare
# the cost of a longer sequence with that of a larger batch, doubling the amount of numbers each
# time.

# %% tags=["active-ipynb"]
# def milliseconds(N, T, D=8, H=16, repeats=3):
#     rng = np.random.default_rng(0)
#     x_seq, Wx = rng.standard_normal((N, T, D)), rng.standard_normal((D, H))
#     times = []
#     for _ in range(repeats):
#         start = time.perf_counter()
#         rnn_forward(x_seq, np.zeros((N, H)), Wx, np.eye(H), np.zeros(H))
#         times.append(time.perf_counter() - start)
#     return 1e3 * min(times)
#
#
# milliseconds(1, 50)  # the first call of all is slow
# for factor in (1, 2, 4, 8):
#     longer, larger = milliseconds(2, 50 * factor), milliseconds(2 * factor, 50)
#     print(f"{factor} times the numbers:  {longer:6.2f} ms as longer sequences,"
#           f"  {larger:6.2f} ms as a larger batch")

# %% [markdown]
# ## How long does a state hold?
#
# Take the smallest memory there is, $H = 1$: one number $h$, one recurrent weight $w$. A single
# pulse comes in at step 0, then nothing. Predict the curves before you draw them: what is left of
# the pulse for $w = 0.5$, for $w = 1$, and for $w = 2$?

# %% tags=["active-ipynb"]
# def one_unit(w, first, T=51):
#     """The states of a network with one unit that reads `first` and then nothing but zeros."""
#     x_seq = np.zeros((1, T, 1))
#     x_seq[0, 0, 0] = first
#     one, w = np.ones((1, 1)), np.full((1, 1), w)
#     return rnn_forward(x_seq, np.zeros((1, 1)), one, w, np.zeros(1))[0][0, :, 0]
#
#
# fig, (left, right) = plt.subplots(1, 2, sharey=True, figsize=(9, 4))
# weights = (0.5, 0.9, 1.0, 1.2, 2.0)
# for w, colour in zip(weights, plt.get_cmap("plasma")(np.linspace(0.85, 0.0, len(weights)))):
#     left.plot(one_unit(w, first=1.0), color=colour, label=f"w = {w}")
# for first in (0.02, 0.1, 0.5, 2.0, -0.02, -0.1, -0.5, -2.0):
#     right.plot(one_unit(2.0, first)[:16], color="tab:red" if first > 0 else "tab:blue",
#                linewidth=1.5, marker=".")
# right.axhline(0, color="grey", linewidth=0.8)
# left.set(title="a pulse of 1, for several weights", xlabel="step", ylabel="state h")
# right.set(title="w = 2, for several pulses", xlabel="step", xlim=(-0.5, 15.5))
# left.legend(loc="upper left", bbox_to_anchor=(0.42, 0.5), fontsize=9)
# fig.tight_layout()
#
# weak, strong = one_unit(2.0, first=0.5), one_unit(2.0, first=2.0)
# print(f"w = 2 after 50 steps: {weak[-1]:.4f} from 0.5, {strong[-1]:.4f} from 2.0, "
#       f"difference {abs(weak[-1] - strong[-1]):.1e}")

# %% [markdown]
# Below 1 the pulse fades; at $w = 1$ it fades too, only slowly, since tanh takes a little off at
# every step. Above 1 the unit becomes a **latch**: tanh saturates, the state settles at a value of
# its own, and it would stay there for a thousand steps. So we can build by hand a network that
# remembers a bit for as long as we like. An article [@002] says so, and adds that in practice
# networks do not *learn* to do it. (What recurrent networks can *represent* is a different
# question: with enough units, almost everything [@siegelmann1995].)
#
# The right-hand picture hints at why. All positive pulses end at the same 0.9575. The latch keeps
# the *sign* of the pulse and forgets its *size*: as the printed line shows, the difference of two
# sizes has shrunk to the rounding error of a float or less. But a gradient is about small
# differences. What makes the storage robust makes the gradient vanish. Assignments 4 and 8 come
# back to this.

# %% [markdown]
# ## The same network with ReLU
#
# Nothing forces the activation to be tanh. With $\mathrm{relu}(a) = \max(a, 0)$ the step is
#
# $$h_t = \max(x_t W_x + h_{t-1} W_h + b,\ 0),$$
#
# and nothing saturates any more: a state can grow without limit. One special case is worth knowing.
# If $W_h$ is the identity, $b$ and $h_0$ are zero and $x_t W_x$ is never negative, then each step
# adds its input and loses nothing: the state is the running sum of the inputs.


# %%
def rnn_relu_forward(x_seq, h0, Wx, Wh, b):
    """A recurrent network with ReLU in place of tanh: h[:, t] is the state after step t.

    h[:, t] = max(x_seq[:, t] @ Wx + h[:, t - 1] @ Wh + b, 0), where h0 stands in for h[:, -1] at
    t = 0.

    x_seq: (N, T, D) float64, T >= 1.  h0: (N, H) float64, of any sign.
    Wx:    (D, H) float64.  Wh: (H, H) float64.  b: (H,) float64.

    Returns (h, cache): h is (N, T, H) float64, also where one of N, T, D, H is 1; the cache is your
    choice. h is never negative and has no upper limit. h[:, t] does not depend on
    x_seq[:, t + 1:], not even in its last bit. The arguments are left unchanged.
    """
    ### BEGIN SOLUTION
    prev_h = h0
    states = []
    for t in range(x_seq.shape[1]):
        prev_h = np.maximum(x_seq[:, t] @ Wx + prev_h @ Wh + b, 0.0)  # (N, H)
        states.append(prev_h)
    h = np.stack(states, axis=1)  # (N, T, H)
    cache = x_seq, h0, Wx, Wh, h
    return h, cache
    ### END SOLUTION


# %% [markdown]
# ### A counter
#
# A network with one unit counts marks: its input is 1 at some of the steps and 0 at the others. On
# the left is the ReLU network with recurrent weights just below 1, at 1 and just above; on the
# right is the tanh network with the same weights. Only one of the six curves can tell you, at the
# end, how many marks there were.

# %% tags=["active-ipynb"]
# rng = np.random.default_rng(8)
# marks = (rng.random((1, 60, 1)) < 0.25).astype(float)
# zero, one = np.zeros((1, 1)), np.ones((1, 1))
#
# fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8))
# for w, colour in zip((0.95, 1.0, 1.05), ("tab:orange", "tab:green", "tab:purple")):
#     relu_states, _ = rnn_relu_forward(marks, zero, one, w * one, np.zeros(1))
#     tanh_states, _ = rnn_forward(marks, zero, one, w * one, np.zeros(1))
#     left.plot(relu_states[0, :, 0], color=colour, label=f"w = {w}")
#     right.plot(tanh_states[0, :, 0], color=colour, label=f"w = {w}")
# left.plot(np.cumsum(marks), "k:", label="number of marks")
# for axes in (left, right):
#     axes.plot(np.flatnonzero(marks), np.zeros(int(marks.sum())), "k|", markersize=10,
#               clip_on=False)
# left.set(title="ReLU", xlabel="step (| = a mark)", ylabel="state h", ylim=(0, 50))
# right.set(title="tanh", xlabel="step (| = a mark)", ylim=(0, 1.05))
# left.legend(loc="upper left")
# right.legend(loc="lower right")
# fig.tight_layout()

# %% [markdown]
# At exactly 1 the sum is exact; five per cent to either side, the early marks fade or grow out of
# all proportion. Tanh cannot hold a sum, whatever the weight: its state has no room above 1. A
# linear memory with weight 1 will return twice, as an initialisation in assignment 5 and as the
# cell of the LSTM in assignment 6.

# %% [markdown]
# ## Scores
#
# A state is for the network's own use. To predict words, the same linear layer turns each state
# into $V$ scores, one per word:
#
# $$s_{nt} = h_{nt} W_o + b_o .$$
#
# (Softmax turns scores into probabilities, as in assignment 1.)


# %%
def output_forward(h, Wo, bo):
    """Scores at every step: scores[n, t] = h[n, t] @ Wo + bo.

    h:  (N, T, H) float64.
    Wo: (H, V) float64.  bo: (V,) float64.

    Returns (scores, cache): scores is (N, T, V) float64, also where one of N, T, H, V is 1; the
    cache is your choice, output_backward will be given it. The arguments are left unchanged.
    """
    ### BEGIN SOLUTION
    scores = h @ Wo + bo  # (N, T, V)
    cache = h, Wo
    return scores, cache
    ### END SOLUTION


# %% [markdown]
# ### Its gradient, and the rule behind it
#
# The backward function takes `dscores`, the gradient of the loss with respect to the scores, and
# returns the gradients with respect to `h`, `Wo` and `bo`. For one step of one sequence this is a
# plain linear layer. What is new is the sharing: the same `Wo` and `bo` are used at all $N \cdot T$
# places, and each use has its own influence on the loss. **The gradient of a weight that is used
# several times is the sum over its uses:**
#
# $$\frac{\partial L}{\partial h_{nt}} = \frac{\partial L}{\partial s_{nt}} W_o^\top, \qquad
# \frac{\partial L}{\partial W_o} = \sum_{n,t} h_{nt}^\top\,\frac{\partial L}{\partial s_{nt}},
# \qquad \frac{\partial L}{\partial b_o} = \sum_{n,t} \frac{\partial L}{\partial s_{nt}} .$$
#
# It is a sum, not a mean: if the loss averages over the batch, that factor is already in `dscores`.
# Back-propagation through time is this rule again, with $W_h$ in place of $W_o$.


# %%
def output_backward(dscores, cache):
    """The gradients of sum(dscores * scores), for (scores, cache) = output_forward(h, Wo, bo).

    dscores: (N, T, V) float64, of any size (it is not clipped).
    cache:   what your output_forward returned. It may be used for several calls.

    Returns (dh, dWo, dbo), of the shapes of h (N, T, H), Wo (H, V) and bo (V,):
    dh[n, t] = dscores[n, t] @ Wo.T; dWo and dbo are sums over all sequences and steps, of the outer
    products of h[n, t] and dscores[n, t], and of dscores[n, t]. The arguments (also the arrays in
    the cache) are left unchanged.
    """
    ### BEGIN SOLUTION
    h, Wo = cache
    dh = dscores @ Wo.T  # (N, T, H)
    dWo = np.einsum("nth,ntv->hv", h, dscores)  # (H, V)
    dbo = dscores.sum(axis=(0, 1))  # (V,)
    return dh, dWo, dbo
    ### END SOLUTION


# %% [markdown]
# ### A score at each step, or only at the end?
#
# In a language model every step has a target (*many to many*). To judge a film review one score at
# the end is enough (*many to one*). That decides which outputs feed the loss; the arrows from state
# to state are there in both cases and always carry the gradient back. A quiz question among our
# sources asks what has *no* effect on vanishing and exploding, and its answer key says: going from
# many-to-many to many-to-one. Measure it, with the sum of the scores in use as the loss. How far
# does $h_8$ move when $x_1$ does? And how far does the loss move?

# %% tags=["active-ipynb"]
# rng = np.random.default_rng(6)
# Wo, bo = rng.standard_normal((16, 1)), np.zeros(1)
# step = 1e-5
# changed = eight_words.copy()
# changed[:, 0, 0] += step  # one number of the first word; the network is that of the picture
#
# before, _ = rnn_forward(eight_words, *network)
# after, _ = rnn_forward(changed, *network)
# state = np.linalg.norm(after[0, -1] - before[0, -1]) / step
# scores = (output_forward(after, Wo, bo)[0] - output_forward(before, Wo, bo)[0])[0, :, 0] / step
# print("how fast each moves as the first word does")
# print(f"state after word 8, read or not:       {state:8.4f}")
# print(f"loss, many to many (all eight scores): {scores.sum():8.4f}")
# print(f"loss, many to one (the last score):    {scores[-1]:8.4f}")

# %% [markdown]
# The key is half right. The path from $x_1$ to $h_8$ is the same product of Jacobians whichever
# scores are used, and that product is what vanishes or explodes. But the *total* gradient is not
# the same: with many losses, the early ones are close to $x_1$ and contribute a large share, while
# many-to-one has only the far loss. Many-to-one does not make the product shrink faster; it has no
# near losses to rely on.

# %% [markdown]
# ## Words
#
# The network needs vectors, and a text is made of words. An **embedding** is a table with one row
# of $D$ numbers per word of the vocabulary; a word is its row number. Looking up the row is all
# there is to do. It is the same as multiplying a one-hot vector by the table, without the
# multiplications by 0.


# %%
def embedding_forward(words, W):
    """Look words up: out[n, t] = W[words[n, t]].

    words: (N, T) integers in 0..V-1.
    W:     (V, D) float64, row v is the vector of word v.

    Returns (out, cache): out is (N, T, D) float64, also where one of N, T, V, D is 1; the cache is
    your choice, embedding_backward will be given it. The arguments are left unchanged.
    """
    ### BEGIN SOLUTION
    out = W[words]  # (N, T, D)
    cache = words, W.shape
    return out, cache
    ### END SOLUTION


# %% [markdown]
# ### Its gradient
#
# Here the rule about shared weights is at its simplest. Row $v$ of the table is used wherever word
# $v$ occurs, so its gradient is the sum of `dout` over those places:
#
# $$\frac{\partial L}{\partial W_v} = \sum_{n,t\,:\;w_{nt} = v} \frac{\partial L}{\partial
# \mathrm{out}_{nt}} .$$
#
# A word that does not occur gets zeros, and a word that occurs five times gets five terms. One
# warning: `dW[words] += dout` reads as if it did this. Try it in a cell of its own on a word that
# occurs twice. NumPy computes `dW[words] + dout` first, one row per *place*, and then stores these
# rows; of two rows for the same word, only one survives.


# %%
def embedding_backward(dout, cache):
    """The gradient of sum(dout * out) with respect to W, for out from embedding_forward(words, W).

    dout:  (N, T, D) float64, of any size (it is not clipped).
    cache: what your embedding_forward returned. It may be used for several calls.

    Returns dW (V, D) float64, a single array: dW[v] is the sum of dout[n, t] over all n, t with
    words[n, t] == v, and 0 for words that do not occur. The arguments (also the arrays in the
    cache) are left unchanged.
    """
    ### BEGIN SOLUTION
    words, shape = cache
    dW = np.zeros(shape)
    np.add.at(dW, words, dout)  # one addition per place, repeats included
    return dW
    ### END SOLUTION


# %% [markdown]
# ### A reader made by hand
#
# Embedding, recurrent network, scores: these are all the parts of a language model. Before any
# training, let us choose the weights of a very small model by hand, so that it gets the Kerala
# example right. Three units are enough:
#
# - unit 0 is the latch from above: *Kerala* sets it to $+1$, *Spain* to $-1$;
# - unit 1 says that the word just read was *fluent*;
# - unit 2 says that *fluent* was followed by *in*: it reads unit 1, one step ago, and the input (an
#   entry `Wh[1, 2]` with no partner `Wh[2, 1]`, so `Wh` is not symmetric).
#
# All other words have a vector of zeros. The picture shows, after each word, the probabilities of
# what comes next: for two texts that differ in one early word, and two values of the latch's weight
# $w$.

# %% tags=["active-ipynb"]
# text = "born in {} then moved from town to town for many years and is by now fluent in"
# next_words = ["Malayalam", "Spanish", "any other word"]
# texts = [text.format(place).split() for place in ("Kerala", "Spain")]
# vocabulary = sorted({word for words in texts for word in words})
# numbers = np.array([[vocabulary.index(word) for word in words] for words in texts])  # (N, T)
#
# W = np.zeros((len(vocabulary), 3))
# for word, vector in {
#     "Kerala": [2, 0, 0], "Spain": [-2, 0, 0], "fluent": [0, 3, 0], "in": [0, 0, 3],
# }.items():
#     W[vocabulary.index(word)] = vector
# b = np.array([0.0, 0.0, -4.5])
# Wo = np.array([[4.0, -4.0, 0.0], [0.0, 0.0, 0.0], [4.0, 4.0, 0.0]])  # a row per unit
# bo = np.array([-4.0, -4.0, 0.0])
#
# fig, grid = plt.subplots(2, 2, figsize=(9.5, 4.4), sharex=True, sharey=True, layout="constrained")
# for column, w in zip(grid.T, (2.0, 0.8)):
#     Wh = np.array([[w, 0.0, 0.0], [0.0, 0.0, 3.0], [0.0, 0.0, 0.0]])
#     vectors, _ = embedding_forward(numbers, W)
#     states, _ = rnn_forward(vectors, np.zeros((2, 3)), np.eye(3), Wh, b)
#     scores, _ = output_forward(states, Wo, bo)
#     p = np.exp(scores) / np.exp(scores).sum(axis=2, keepdims=True)
#     for axes, probabilities, words in zip(column, p, texts):
#         image = axes.imshow(probabilities.T, cmap="Blues", vmin=0, vmax=1, aspect="auto")
#         axes.set(title=f"{words[2]}, w = {w}", yticks=range(3), yticklabels=next_words)
#         axes.grid(False)
#     labels = [word if t != 2 else "(place)" for t, word in enumerate(texts[0])]
#     column[1].set_xticks(range(len(labels)), labels, rotation=90)
# bar = fig.colorbar(image, ax=grid, label="probability of the next word")

# %% [markdown]
# With $w = 2$ the place is still there, fifteen words later, when *fluent in* asks for it. With
# $w = 0.8$ it has faded to little, and the two texts get almost the same answer. The early word was
# read in both cases; what differs is whether the state carried it.

# %% [markdown]
# ## Sequences of different lengths
#
# The sentences of a batch have different lengths, but an array has only one. So the shorter ones
# are *padded* at the end to the length $T$ of the longest, and a vector `lengths` says how many
# steps of each are real. The network does not know that: it runs on through the padding, and its
# states there mean nothing. For many-to-one we want the state after the last *real* step of each
# sequence, and that is not `h[:, -1]`.


# %%
def last_valid_state(h, lengths):
    """The state of each sequence after its last real step: out[n] = h[n, lengths[n] - 1].

    h:       (N, T, H) float64, the states after each step; beyond a sequence's length they mean
             nothing and are never read: any numbers may stand there, also NaN.
    lengths: (N,) integers in 1..T, the number of real steps of each sequence.

    Returns (N, H) float64, a single array, also where one of N, T, H is 1. The arguments are left
    unchanged.
    """
    ### BEGIN SOLUTION
    return h[np.arange(len(h)), lengths - 1]  # one (sequence, step) pair per row
    ### END SOLUTION


# %% [markdown]
# Three sequences of different lengths, padded with zeros, and one unit of a network that reads
# them. Circles mark the last valid states. Would it help that the padding is zero?

# %% tags=["active-ipynb"]
# rng = np.random.default_rng(102)
# lengths, T, D, H = np.array([16, 11, 5]), 16, 2, 6
# is_real = np.arange(T) < lengths[:, None]  # (N, T)
# x_seq = 0.5 * rng.standard_normal((3, T, D)) * is_real[:, :, None]
# Wx, b = rng.standard_normal((D, H)), 0.2 * rng.standard_normal(H)
# Wh = 0.8 * np.eye(H) + 0.15 * rng.standard_normal((H, H))
# states, _ = rnn_forward(x_seq, np.zeros((3, H)), Wx, Wh, b)
# last = last_valid_state(states, lengths)
#
# fig, axes = plt.subplots()
# for n, colour in enumerate(("tab:blue", "tab:orange", "tab:green")):
#     real = lengths[n]
#     axes.plot(range(1, real + 1), states[n, :real, 0], marker=".", color=colour,
#               label=f"length {real}")
#     axes.plot(range(real, T + 1), states[n, real - 1 :, 0], ":", color=colour)
#     axes.plot(real, last[n, 0], "o", markersize=11, fillstyle="none", color=colour)
# axes.set(title="one unit; dotted: on padding; circle: last valid state", xlabel="step",
#          ylabel="state", xlim=(0.5, T + 0.7), ylim=(-1.1, 1.1))
# axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
# fig.tight_layout()
#
# difference = np.abs(states[:, -1] - last).max(axis=1)
# for n, far in zip(lengths, difference):
#     print(f"length {n:2d}: h[:, -1] differs from the last valid state by {far:.2f}")

# %% [markdown]
# Zeros do not help. A step without input is still a step: the state is multiplied by $W_h$, the
# bias is added, tanh is taken. Only for the longest sequence are the two the same.

# %% [markdown]
# ## Key points
#
# - A state is $H$ numbers, however long the sequence. What the network needs later has to fit in it
#   and survive every step in between.
# - The weights are shared over time, so any length can be read. The gradient of a shared weight is
#   the **sum** over its uses: over all steps for $W_o$, over all occurrences for a word's vector.
# - $h_t$ pairs $W_x$ with $x_t$ and $W_h$ with $h_{t-1}$. Row or column form is a matter of taste;
#   a transposed `Wh` within one form is another network, and no error message tells you.
# - Causality: $h_t$ depends on $x_1, \dots, x_t$ and on nothing later. A word after a gap cannot
#   fill it in a network that reads in one direction.
# - Steps must be taken one after another, which makes long sequences slow.
# - Tanh with $w = 2$ holds one bit for ever and forgets everything else. ReLU with $w = 1$ holds an
#   exact sum, but only with exactly 1.
# - The choice of scores that feed the loss changes the total gradient, but not the product of
#   Jacobians between two states.
# - Padding changes the state. Read the last valid one.
