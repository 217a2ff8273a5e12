# %% [markdown]
# # 3 · Back-propagation through time
#
# A recurrent network uses one set of weights at every step. To learn, it must know what a change of
# these weights does to a loss that may come many steps later. The answer is the chain rule, applied
# backwards through the sequence. In this assignment you build that backward sweep, check it, cut it
# short, and take its result apart to see which steps the gradient really comes from.
#
# **You will learn**
#
# - why the gradient of a shared weight is a sum with one term for every use of the weight,
# - how one sweep from the last step to the first computes that sum,
# - what each term contains, and how fast the terms of distant steps shrink or grow,
# - what is lost when the sweep is cut off after $k$ steps,
# - where back-propagation ends and gradient descent begins.
#
# **How the notebook works.** Each exercise is one function, and its docstring is the specification.
# Replace `# YOUR CODE HERE` and the line below it with your own code, run the cell, then run the
# `check` below it. Cells that draw use *your* functions. All arrays are float64, and no function
# changes any of its arguments. `check` comes with the course package, the file
# `unroll_course-*.whl` from your instructor.

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
# ## The question
#
# Start with one number of memory again. Let $u_t$ be everything that enters step $t$ from outside,
# input and bias together, and let $h_0$ be fixed:
#
# $$z_t = w\,h_{t-1} + u_t, \qquad h_t = \tanh(z_t).$$
#
# How does $z_3$ change with $w$? It is tempting to answer $h_2$, the factor next to $w$. But $h_2$
# depends on $w$ as well, through $z_2$, and so does the $h_1$ inside $z_2$. The product rule keeps
# track:
#
# $$\frac{dz_3}{dw} = h_2 + w\,\frac{dh_2}{dw}, \qquad
# \frac{dh_2}{dw} = \tanh'(z_2)\,\frac{dz_2}{dw}, \qquad
# \frac{dz_2}{dw} = h_1 + w\,\frac{dh_1}{dw}, \quad \ldots$$
#
# It ends at $h_0$, which does not depend on $w$. Put together,
#
# $$\frac{dz_3}{dw} = h_2 \;+\; w\,\tanh'(z_2)\,h_1 \;+\; w^2\,\tanh'(z_2)\,\tanh'(z_1)\,h_0 .$$
#
# The weight is used three times, so there are three terms. Each term is the input of *that* use,
# times the derivatives on the way to the end. Going one step further back adds one more factor, the
# $w\,\tanh'$ of the step that is crossed. The whole assignment is this line, first with matrices in
# place of $w$, then for any number of steps.


# %%
def two_step_gradient(w, z, h):
    """The derivative of z_3 with respect to w, two steps back, for a recurrent unit of one number.

    The run is z_t = w * h_{t-1} + u_t and h_t = tanh(z_t), for t = 1, 2, 3; h_0 and all u_t are
    constants.

    w: a number, the recurrent weight.
    z: (2,) float64, the pre-activations z_1 and z_2.
    h: (3,) float64, the states h_0, h_1 = tanh(z_1) and h_2 = tanh(z_2).

    Returns the number
    dz_3/dw = h_2 + w tanh'(z_2) h_1 + w**2 tanh'(z_2) tanh'(z_1) h_0,
    with tanh'(z) = 1 - tanh(z)**2. z and h are left unchanged.
    """
    ### BEGIN SOLUTION
    slope = 1.0 - np.tanh(z) ** 2  # of the steps 1 and 2
    return h[2] + w * slope[1] * (h[1] + w * slope[0] * h[0])
    ### END SOLUTION


# %% [markdown]
# An article about the drawbacks of recurrent networks [@000] writes this derivative with
# $w^2\,\tanh'(z_2)\,\frac{dh_1}{dw}$ as its last term. That is the same thing, since
# $\frac{dh_1}{dw} = \tanh'(z_1)\,h_0$. In the printed formula, however, the last factor has slipped
# into the parentheses: $w^2\,\tanh'\!\bigl(z_2 \cdot \frac{dh_1}{dw}\bigr)$. Which of the two is
# right? Ask a witness that knows no misprints, the finite difference.

# %% tags=["active-ipynb"]
# def small_run(w, h_start, u):
#     """All z and all h of the scalar unit, for as many steps as u has numbers."""
#     zs, hs = [], [h_start]
#     for u_t in u:
#         zs.append(w * hs[-1] + u_t)
#         hs.append(np.tanh(zs[-1]))
#     return np.array(zs), np.array(hs)
#
#
# def compare_formulas(w=0.7, u=(0.3, 0.4, 0.1), step=1e-5):
#     print(" h_0   difference      yours   as printed")
#     for h_start in (0.5, -0.5, 0.0):
#         zs, hs = small_run(w, h_start, u)
#         ahead, behind = (small_run(w + s, h_start, u)[0][2] for s in (step, -step))
#         yours = two_step_gradient(w, zs[:2], hs[:3])
#         dh_1 = h_start / np.cosh(zs[0]) ** 2  # 1 / cosh^2 is tanh'
#         printed = hs[2] + w * hs[1] / np.cosh(zs[1]) ** 2 + w**2 / np.cosh(zs[1] * dh_1) ** 2
#         slope = (ahead - behind) / (2 * step)
#         print(f"{h_start:4.1f} {slope:12.5f} {yours:10.5f} {printed:12.5f}")
#
#
# compare_formulas()

# %% [markdown]
# The last row shows how to find the error without a computer. With $h_0 = 0$ the first use of $w$
# multiplies a zero, so it contributes nothing, and the third term has to vanish. As printed it is
# $w^2\,\tanh'(0) = w^2$ instead. It is a good habit to test any formula with a zero for which you
# know the answer.

# %% [markdown]
# ## One step
#
# Now with matrices. Below are the forward functions of assignment 2. The cache keeps what the
# backward pass needs: `rnn_step_forward` returns the tuple `(x, prev_h, next_h, Wx, Wh)`, and
# `rnn_forward` a list of these tuples, one per step.
#
# If you prefer the caches of your own assignment 2, put your two forward functions into the cell of
# `rnn_step_backward`, above it: what is in a cache is your choice, as long as your backward
# functions can read what your forward functions write.


# %%
def rnn_step_forward(x, prev_h, Wx, Wh, b):
    """One step, as in assignment 2: next_h = tanh(x @ Wx + prev_h @ Wh + b).

    x (N, D), prev_h (N, H), Wx (D, H), Wh (H, H), b (H,).
    Returns next_h (N, H) and the cache (x, prev_h, next_h, Wx, Wh).
    """
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)  # (N, H)
    cache = (x, prev_h, next_h, Wx, Wh)
    return next_h, cache


def rnn_forward(x_seq, h0, Wx, Wh, b):
    """All steps, as in assignment 2, each from the state that the previous step left.

    x_seq (N, T, D) with T >= 1, h0 (N, H), Wx (D, H), Wh (H, H), b (H,).
    Returns the states h (N, T, H) and the cache, a list of T step caches.
    """
    state, states, cache = h0, [], []
    for t in range(x_seq.shape[1]):
        state, step_cache = rnn_step_forward(x_seq[:, t], state, Wx, Wh, b)
        states.append(state)
        cache.append(step_cache)
    h = np.stack(states, axis=1)  # (N, T, H)
    return h, cache


# %% [markdown]
# A step has five inputs, so its backward function returns five gradients. It is given `dnext_h`,
# the gradient of the loss $L$ with respect to the new state: one number for each entry of `next_h`
# that says how much the loss would rise with it. Call the pre-activation
# $a = x W_x + h_\text{prev} W_h + b$. Everything goes through it, so first find its gradient. Since
# $\tanh'(a) = 1 - \tanh^2(a)$ and the cache holds $h_\text{next} = \tanh(a)$,
#
# $$da = dh_\text{next} \odot \bigl(1 - h_\text{next}^2\bigr) \qquad (N, H).$$
#
# From there each input gets $da$ times what it was multiplied by:
#
# $$dx = da\,W_x^\top \;\; (N, D), \qquad dh_\text{prev} = da\,W_h^\top \;\; (N, H),$$
# $$dW_x = x^\top da \;\; (D, H), \qquad dW_h = h_\text{prev}^\top da \;\; (H, H), \qquad
# db = \textstyle\sum_n da_n \;\; (H,).$$
#
# The weights and the bias serve all $N$ sequences of the batch, so their gradients are *sums* over
# the batch: the same rule as before, one term for each use. If you want a mean, it belongs in the
# loss.
#
# The shapes protect you from most mistakes, but not from all. $W_h$ is square, so forgetting to
# transpose it raises no error.


# %%
def rnn_step_backward(dnext_h, cache):
    """One step backwards: the gradients of a loss with respect to all five inputs.

    dnext_h: (N, H) float64, the gradient of the loss with respect to next_h.
    cache:   what rnn_step_forward(x, prev_h, Wx, Wh, b) returned as its second value.

    With da = dnext_h * (1 - next_h**2), of shape (N, H), returns the tuple
    dx (N, D)      = da @ Wx.T
    dprev_h (N, H) = da @ Wh.T
    dWx (D, H)     = x.T @ da
    dWh (H, H)     = prev_h.T @ da
    db (H,)        = sum of da over the batch, not divided by N.

    The result is linear in dnext_h. Every axis may have length 1 and is kept. dnext_h and the cache
    are left unchanged, so the cache may be used again.
    """
    ### BEGIN SOLUTION
    x, prev_h, next_h, Wx, Wh = cache
    da = dnext_h * (1.0 - next_h**2)  # (N, H)
    return da @ Wx.T, da @ Wh.T, x.T @ da, prev_h.T @ da, da.sum(axis=0)
    ### END SOLUTION


# %% [markdown]
# ## All steps
#
# Let $L$ be a loss that may depend on every state $h_1, \ldots, h_T$ of a sequence, as it does when
# there is a target for every word, or on the last one only, when a sentence gets one label. We are
# given `dh` $(N, T, H)$: for each state, the gradient of $L$ with respect to it *directly*, through
# the output of that step. Where there is no target, `dh` is zero. But a state also acts through all
# the states after it, along the hidden-to-hidden arrows, which are always there.
#
# Textbooks and articles [@werbos1990] [@001] write the result as a sum over all earlier steps. For
# the loss $L_t$ of one step, and any $t$,
#
# $$\frac{\partial L_t}{\partial W} = \sum_{s=1}^{t}
# \frac{\partial L_t}{\partial h_t}\,
# \frac{\partial h_t}{\partial h_s}\,
# \frac{\partial^{+} h_s}{\partial W},
# \qquad
# \frac{\partial h_t}{\partial h_s} = \prod_{j=s+1}^{t} \frac{\partial h_j}{\partial h_{j-1}} .$$
#
# This holds for $W_h$, for $W_x$ and for $b$. The little plus is often left out, and then the
# formula is easy to misread. It marks the *immediate* derivative, with $h_{s-1}$ held fixed, since
# the path through $h_{s-1}$ has terms of its own in the sum. In the scalar example, the immediate
# derivative of $z_3$ is just $h_2$.
#
# As it stands the formula has a sum inside a sum (over $t$, then over $s$) around a product.
# Back-propagation through time computes all of it in **one sweep**. Going from $t = T$ down to 1 it
# carries a single array, the gradient that reaches $h_t$ from *later* steps. To that it adds
# `dh[:, t]`, the gradient from the step's own loss, and sends the sum through `rnn_step_backward`.
# The resulting `dprev_h` is what it carries next. It may add before it multiplies because the step
# is linear in `dnext_h`. That is why $T$ steps are enough where the formula suggests $T(T+1)/2$
# paths.
#
# After the first step, the carried gradient has reached $h_0$.


# %%
def rnn_backward(dh, cache):
    """Back-propagation through time: the gradients with respect to all inputs of rnn_forward.

    dh:    (N, T, H) float64; dh[:, t] is the gradient of the loss with respect to h[:, t] through
           the output of that step alone, so not counting what goes through later states.
    cache: what rnn_forward(x_seq, h0, Wx, Wh, b) returned as its second value.

    Returns the tuple dx (N, T, D), dh0 (N, H), dWx (D, H), dWh (H, H), db (H,). The gradients of
    the weights and of the bias are sums over all steps and the batch, not divided by T or N.
    Nothing is clipped: the result is linear in dh, however large dh is.

    T is 1 or more, and every other axis may have length 1, too. dh and the cache are left
    unchanged, so the cache may be used again.
    """
    ### BEGIN SOLUTION
    steps = []
    carried = np.zeros_like(dh[:, 0])  # (N, H), from later steps: none yet
    for t in reversed(range(dh.shape[1])):
        dx, carried, *of_weights = rnn_step_backward(dh[:, t] + carried, cache[t])
        steps.insert(0, (dx, *of_weights))
    dxs, dWxs, dWhs, dbs = zip(*steps)
    return np.stack(dxs, axis=1), carried, sum(dWxs), sum(dWhs), sum(dbs)
    ### END SOLUTION


# %% [markdown]
# ### Which loss reaches which input
#
# Give the network a loss at one step $t$ only, by setting `dh` to zero elsewhere, and look at the
# size of `dx` at every step $s$: how much does the loss at $t$ depend on the input at $s$? Doing
# this for each $t$ fills a square. Before you run the cell, decide which half of it must be empty.

# %% tags=["active-ipynb"]
# def random_network(scale, T, seed=0, N=8, D=4, H=16):
#     """Inputs of rnn_forward. Wh is `scale` times a random rotation; the inputs are small."""
#     rng = np.random.default_rng(seed)
#     rotation = np.linalg.qr(rng.standard_normal((H, H)))[0]
#     x_seq = rng.standard_normal((N, T, D))
#     return (x_seq, 0.3 * rng.standard_normal((N, H)), 0.1 * rng.standard_normal((D, H)),
#             scale * rotation, np.zeros(H))
#
#
# def loss_at(dh, t):
#     """dh with all steps but t set to 0."""
#     alone = np.zeros_like(dh)
#     alone[:, t] = dh[:, t]
#     return alone
#
#
# def draw_who_hears_whom(panel, scale, backward, T=16):
#     """Row t, column s: the norm of dx at step s if there is a loss at step t only."""
#     h, cache = rnn_forward(*random_network(scale, T))
#     dh = np.random.default_rng(1).standard_normal(h.shape)
#     norms = [np.linalg.norm(backward(loss_at(dh, t), cache)[0], axis=(0, 2)) for t in range(T)]
#     panel.set(xlabel="input of step s", xticks=(1, 4, 8, 12, 16), yticks=(1, 4, 8, 12, 16))
#     panel.grid(False)
#     return panel.imshow(np.ma.masked_equal(norms, 0.0), cmap="viridis", norm="log",
#                         vmin=1e-5, vmax=10, extent=(0.5, T + 0.5, T + 0.5, 0.5))
#
#
# def draw_three_networks(scales=(0.5, 0.9, 1.3)):
#     fig, panels = plt.subplots(1, 3, figsize=(10, 3.6), sharey=True, layout="constrained")
#     images = [draw_who_hears_whom(panels[i], s, rnn_backward) for i, s in enumerate(scales)]
#     for i, s in enumerate(scales):
#         panels[i].set_title(f"$W_h$ = {s} × rotation")
#     panels[0].set_ylabel("loss at step t")
#     fig.colorbar(images[0], ax=panels, label="norm of dx", extend="min")
#
#
# draw_three_networks()

# %% [markdown]
# White is exactly zero: no loss reaches an input that comes later. The diagonal, where a loss meets
# the input of its own step, is about equally strong in all three panels. To the left of it the
# gradient dies quickly for 0.5, slowly for 0.9 and hardly at all for 1.3. Each column is one input
# and shows which losses would train the network to use it.
#
# The gradient for a loss at *every* step is the sum of the rows. The single sweep relies on this
# superposition. Here it is in numbers, together with the other test that every gradient has to
# pass.

# %% tags=["active-ipynb"]
# def check_superposition(T=6):
#     inputs = random_network(0.9, T, N=2, D=3, H=4)
#     h, cache = rnn_forward(*inputs)
#     dh = np.random.default_rng(2).standard_normal(h.shape)
#     dWh = rnn_backward(dh, cache)[3]
#     added = sum(rnn_backward(loss_at(dh, t), cache)[3] for t in range(T))
#     print(f"largest entry of dWh                 {np.abs(dWh).max():.3f}")
#     print(f"largest difference from the sum      {np.abs(dWh - added).max():.1e}")
#
#
# def check_slopes(step=1e-5):
#     rng = np.random.default_rng(3)
#     inputs = random_network(0.9, 6, N=2, D=3, H=4)
#     h, cache = rnn_forward(*inputs)
#     dh = rng.standard_normal(h.shape)
#     analytic = rnn_backward(dh, cache)
#     print("slope along a random direction of    numeric      yours")
#     for i, name in enumerate(("x_seq", "h0", "Wx", "Wh", "b")):
#         direction = rng.standard_normal(inputs[i].shape)
#         losses = []
#         for sign in (1, -1):
#             moved = list(inputs)
#             moved[i] = inputs[i] + sign * step * direction
#             losses.append(np.sum(dh * rnn_forward(*moved)[0]))
#         numeric = (losses[0] - losses[1]) / (2 * step)
#         print(f"{name:32s} {numeric:11.6f} {np.sum(analytic[i] * direction):10.6f}")
#
#
# check_superposition()
# check_slopes()

# %% [markdown]
# ## The same gradient, sorted by distance
#
# Now put the loss at the last step only, so that `dh` has one non-zero slice, $dh_T$, and ask where
# $dW_h$ comes from. The sum has one term for each step at which $W_h$ was used. Count them by their
# distance from the end, the **lag** $k$:
#
# $$dW_h = \sum_{k=0}^{T-1} C_k, \qquad C_k = h_{T-k-1}^\top\, da_{T-k} \quad (H, H),$$
#
# where $da_T = dh_T \odot (1 - h_T^2)$ and, one step further back each time,
#
# $$da_{t-1} = \bigl(da_t\,W_h^\top\bigr) \odot \bigl(1 - h_{t-1}^2\bigr).$$
#
# (States are counted from 1 here, so $h_t$ is `h[:, t - 1]` in the array, and $h_0$ is `h0`.)
#
# $C_0$ is the shortest path: how the last use of $W_h$ acts on the last state. $C_{T-1}$ is the
# longest path, from the first use. In between there are $T - 1$ multiplications by $W_h$ and as
# many by $\tanh'$: over 100 steps, a product of 99 factors $\partial h_t/\partial h_{t-1}$, for
# $t = 2, \ldots, 100$. This is the pattern of any deep composition $f(g(h(\ldots x)))$, where the
# derivative of the innermost function is multiplied by those of all the others. The special feature
# of a recurrent network is that the factors contain the *same* matrix every time.
#
# Keep the factors in their order. A diagonal matrix of slopes stands between any two copies of
# $W_h$, and matrices do not commute: collecting the copies into a power $W_h^k$ gives a different
# result (unless $H = 1$).


# %%
def lag_contributions(dh_T, cache):
    """What each use of Wh contributes to dWh for a loss at the last step, sorted by distance.

    dh_T:  (N, H) float64, the gradient of the loss with respect to the last state, h[:, T - 1].
    cache: what rnn_forward(x_seq, h0, Wx, Wh, b) returned as its second value.

    Returns a float64 array C of shape (T, H, H). C[k] is the part of dWh that comes from the use of
    Wh k steps before the last, summed over the batch. With states counted from 1 (h_0 is h0),
    C[k] = h_{T-k-1}.T @ da_{T-k}, where da_T = dh_T * (1 - h_T**2) and
    da_{t-1} = (da_t @ Wh.T) * (1 - h_{t-1}**2).

    So C[0] = h_{T-1}.T @ da_T is the immediate term, C[T-1] the one of the first step, and the sum
    of C over its first axis is the dWh of rnn_backward for this loss. T is 1 or more.
    dh_T and the cache are left unchanged.
    """
    ### BEGIN SOLUTION
    contributions, carried = [], dh_T  # (N, H)
    for step_cache in reversed(cache):
        _, carried, _, dWh, _ = rnn_step_backward(carried, step_cache)
        contributions.append(dWh)
    return np.stack(contributions)  # (T, H, H)
    ### END SOLUTION


# %% [markdown]
# ### How fast do they fade?
#
# The curves show the norm of $C_k$ against the lag $k$, for recurrent weights of different size.
# The dotted lines are $s^k$ for $W_h$ = $s$ × rotation, which is what the weights alone would give.

# %% tags=["active-ipynb"]
# def draw_lags(T=40):
#     fig, axes = plt.subplots(figsize=(7.5, 4))
#     lags = np.arange(T)
#     for scale, colour in ((0.5, "tab:red"), (0.8, "tab:orange"), (1.0, "tab:green"),
#                           (1.2, "tab:blue"), (2.0, "tab:purple")):
#         h, cache = rnn_forward(*random_network(scale, T))
#         dh_T = np.random.default_rng(4).standard_normal(h[:, -1].shape)
#         norms = np.linalg.norm(lag_contributions(dh_T, cache), axis=(1, 2))
#         axes.semilogy(lags, norms, "o-", markersize=3, color=colour, label=f"s = {scale}")
#         axes.semilogy(lags, norms[0] * scale**lags, ":", color=colour, linewidth=1)
#     axes.set(title="what the use of $W_h$ at lag k contributes", ylim=(1e-12, 1e5),
#              xlabel="lag k, steps before the loss", ylabel="norm of $C_k$")
#     axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
#     fig.tight_layout()
#
#
# draw_lags()

# %% [markdown]
# On this scale a straight line is exponential decay or growth. The curves lie below their dotted
# lines, and further below for larger $s$: larger weights make larger states, $\tanh'$ falls below
# 1, and each step back loses a little more. For $s = 1.2$ this just about cancels the growth.
# Whether the weight or the slope wins is the subject of assignment 4.
#
# The same factors act on $\partial L / \partial h_t$ itself, the array that the sweep carries. So
# we may study this simpler quantity in place of the gradient with respect to the weights, as
# lecture notes [@004] do: by the chain rule $C_k$ is an earlier state times the gradient carried to
# that step, so if that gradient fades, $C_k$ fades with it.

# %% [markdown]
# ### Does the network stop learning?
#
# An article [@000] argues like this. The update is "new weight = old weight − learning rate ×
# gradient", so if the gradient has vanished, nothing is learnt. The formula is right. But see what
# has vanished, with a single unit of weight 0.5 and a loss after 60 steps.

# %% tags=["active-ipynb"]
# def take_apart(w=0.5, T=60):
#     one = np.ones((1, 1))
#     h, cache = rnn_forward(np.full((1, T, 1), 0.6), 0 * one, one, w * one, np.zeros(1))
#     parts = lag_contributions(one, cache)[:, 0, 0]
#     print(f"the whole gradient dh_T/dw  {parts.sum():.6f}")
#     print(f"share of the lags 0 to 4    {parts[:5].sum() / parts.sum():.4%}")
#     print(f"contribution of lag 40      {parts[40]:.1e}")
#
#
# take_apart()

# %% [markdown]
# The gradient is not zero at all. All steps share the weight, and the near ones alone keep it
# moving. Only the *contribution* of the far ones has vanished: the network goes on learning from
# the last few steps, and learns nothing about what lies further back.

# %% [markdown]
# ## Cutting the sweep short
#
# The full sweep must keep the states of the whole sequence. For a text of a million words that is
# too much. And if the far contributions are tiny anyway, why compute them? **Truncated**
# back-propagation lets every loss reach back $k$ steps and no further. Its own step is the first of
# them: for $k = 1$, nothing is carried at all.
#
# $$dW = \sum_{t=1}^{T}\; \sum_{s = \max(1,\, t-k+1)}^{t}
# \frac{\partial L_t}{\partial h_t}\,\frac{\partial h_t}{\partial h_s}\,
# \frac{\partial^{+} h_s}{\partial W}$$
#
# and the same restriction holds for $dx$ and $dh_0$: the loss at $t$ contributes to $dx_s$ only if
# $t - k < s \le t$, and to $dh_0$ only if its $k$ steps include the first step of all, that is for
# $t \le k$. In other words, each loss sees a window of $k$ steps that starts from a state treated
# as a *constant*.
#
# One sweep with one carried array is not enough: after you add `dh[:, t]`, you cannot tell which
# part of the sum is $k$ steps old. A simple solution is a loop over the losses, with a short sweep
# for each. (Large programs cut the sequence into blocks of $k$ steps instead, which is cheaper. But
# then a loss at the beginning of a block reaches back one step only. Here each loss gets its full
# $k$.)


# %%
def rnn_backward_truncated(dh, cache, k):
    """Back-propagation through time in which the loss of each step reaches back k steps only.

    dh:    (N, T, H) float64, as for rnn_backward.
    cache: what rnn_forward(x_seq, h0, Wx, Wh, b) returned as its second value.
    k:     an integer, 1 or more; it may be larger than T.

    Counting steps from 0, dh[:, t] takes part in the gradients of the steps t, t-1, ..., t-k+1,
    as far as they exist: through these steps it is carried back as in rnn_backward, and to no
    earlier one. It reaches h0 only if step 0 is among these steps, so if t < k.

    Returns the tuple dx (N, T, D), dh0 (N, H), dWx (D, H), dWh (H, H), db (H,), sums over steps and
    batch. For k = 1 nothing is carried from a step to the one before, except from step 0 to h0; for
    k >= T the result is that of rnn_backward. It is linear in dh, and nothing is clipped.
    dh and the cache are left unchanged.
    """
    ### BEGIN SOLUTION
    T = dh.shape[1]
    dxs = [0.0] * T
    dh0 = np.zeros_like(dh[:, 0])  # (N, H)
    dWx, dWh, db = 0.0, 0.0, 0.0
    for t in range(T):
        carried = dh[:, t]
        for s in range(t, max(t - k, -1), -1):
            dx, carried, *of_weights = rnn_step_backward(carried, cache[s])
            dxs[s] = dxs[s] + dx
            dWx, dWh, db = (a + b for a, b in zip((dWx, dWh, db), of_weights))
        if t < k:
            dh0 = dh0 + carried
    return np.stack(dxs, axis=1), dh0, dWx, dWh, db
    ### END SOLUTION


# %% [markdown]
# ### What is lost
#
# On the left is the square from before for $k = 4$: a band. In the middle and on the right, the
# truncated $dW_h$ is compared with the full one, for a loss at every one of 30 steps: by the length
# of the difference relative to that of the full gradient, and by the cosine of the angle between
# the two. Where would you cut for each of the weights?

# %% tags=["active-ipynb"]
# def draw_truncation(T=30, ks=(1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 21, 25, 29)):
#     fig, (band, error, angle) = plt.subplots(1, 3, figsize=(10.5, 3.6), layout="constrained")
#     draw_who_hears_whom(band, 0.9, lambda dh, cache: rnn_backward_truncated(dh, cache, 4))
#     for scale, colour in ((0.5, "tab:red"), (0.8, "tab:orange"), (1.0, "tab:green"),
#                           (1.2, "tab:blue")):
#         h, cache = rnn_forward(*random_network(scale, T))
#         dh = np.random.default_rng(5).standard_normal(h.shape)
#         full = rnn_backward(dh, cache)[3]
#         cut = [rnn_backward_truncated(dh, cache, k)[3] for k in ks]
#         size = np.linalg.norm(full)
#         errors = [np.linalg.norm(each - full) / size for each in cut]
#         cosines = [np.sum(each * full) / (np.linalg.norm(each) * size) for each in cut]
#         error.semilogy(ks, errors, "o-", markersize=3, color=colour, label=f"s = {scale}")
#         angle.plot(ks, cosines, "o-", markersize=3, color=colour)
#     band.set(title="s = 0.9, k = 4", ylabel="loss at step t")
#     error.set(title="relative error of $dW_h$", xlabel="k", ylim=(1e-11, 3))
#     angle.set(title="cosine to the full $dW_h$", xlabel="k", ylim=(0, 1.05))
#     error.legend(fontsize=9)
#
#
# draw_truncation()

# %% [markdown]
# With small weights only a handful of steps matter, and cutting costs nothing. With weights around
# 1 the error falls slowly, and the truncated gradient is a *different* gradient: it points
# elsewhere, however long you train. Where the far contributions are gone anyway, truncation does no
# harm. Where they are not, it makes the network forget.

# %% [markdown]
# ## From gradient to step
#
# An article [@002] introduces back-propagation [@rumelhart1986] as a fancy name for gradient
# descent. You can refute that by inspection: search `rnn_backward` for the place where a weight
# changes. There is none. It computes the gradient and nothing else. Using the gradient is a
# separate step, and gradient descent is one way among many:
#
# $$w \leftarrow w - \eta\,\frac{\partial L}{\partial w}
# \qquad \text{for } w = W_x,\ W_h,\ b \text{ and the output's weights},$$
#
# with the learning rate $\eta$. The parameters are kept in a dictionary from names to arrays, and
# so are the gradients. Two accidents are common and silent, so the function refuses them: a
# parameter that gets no gradient (a misspelt name, perhaps) would simply never learn, and a
# gradient of another shape, $(1, H)$ for a bias of $(H,)$ say, would be broadcast and change the
# parameter's shape.


# %%
def sgd_step(params, grads, learning_rate):
    """One step of gradient descent: new = old - learning_rate * gradient, for every parameter.

    params: dict from names to float64 arrays of any shapes.
    grads:  dict with a gradient for every name in params. Gradients of other names, of an input for
            example, are ignored.
    learning_rate: a number, 0 or more.

    Returns a new dict with exactly the keys of params. Raises KeyError if a parameter has no
    gradient in grads, and ValueError if the shape of a gradient differs from that of its parameter,
    also where NumPy would broadcast. params, grads and the arrays in them are left unchanged.
    """
    ### BEGIN SOLUTION
    updated = {}
    for name, value in params.items():
        gradient = grads[name]
        if gradient.shape != value.shape:
            raise ValueError(f"{name}: shape {value.shape}, but its gradient {gradient.shape}")
        updated[name] = value - learning_rate * gradient
    return updated
    ### END SOLUTION


# %% [markdown]
# ## All together: an echo
#
# Here is a very small task that needs memory: the inputs are random signs, and at every step the
# network must say what the input was **three steps ago**. A linear output layer reads the state,
# and the loss is the squared error. For the gradient to tell the network to keep an input, it has
# to travel back over four uses of the cell (the echo's own step and three before it). We train the
# same network with the same data, once for every $k$. For which $k$ do you expect it to succeed?

# %% tags=["active-ipynb"]
# def train_echo(k, updates=250, delay=3, N=16, T=10, H=8, learning_rate=0.5):
#     """The mean squared error before every update, with gradients truncated at k."""
#     rng = np.random.default_rng(6)
#     params = {
#         "Wx": 0.5 * rng.standard_normal((1, H)),
#         "Wh": 0.1 * rng.standard_normal((H, H)) / np.sqrt(H),  # almost no memory to begin with
#         "b": np.zeros(H),
#         "Wo": 0.1 * rng.standard_normal((H, 1)),
#     }
#     errors = []
#     for _ in range(updates):
#         x_seq = rng.choice((-1.0, 1.0), size=(N, T, 1))
#         h, cache = rnn_forward(x_seq, np.zeros((N, H)), params["Wx"], params["Wh"], params["b"])
#         missed = h @ params["Wo"]  # (N, T, 1)
#         missed[:, delay:] -= x_seq[:, :-delay]
#         missed[:, :delay] = 0.0  # nothing to echo yet
#         errors.append(np.sum(missed**2) / (N * (T - delay)))
#
#         dout = missed / (N * (T - delay))
#         _, _, dWx, dWh, db = rnn_backward_truncated(dout @ params["Wo"].T, cache, k)
#         dWo = np.einsum("nth,nto->ho", h, dout)
#         params = sgd_step(params, {"Wx": dWx, "Wh": dWh, "b": db, "Wo": dWo}, learning_rate)
#     return errors
#
#
# def draw_echo():
#     fig, axes = plt.subplots(figsize=(7.5, 3.8))
#     for k, colour in ((1, "tab:red"), (2, "tab:orange"), (3, "tab:olive"), (4, "tab:green")):
#         axes.plot(train_echo(k), linewidth=1.5, color=colour, label=f"k = {k}")
#     axes.axhline(1.0, color="grey", linestyle=":", linewidth=1.5, label="always saying 0")
#     axes.set(title="learning to echo the input of three steps ago", xlabel="update",
#              ylabel="mean squared error", ylim=(0, 1.4))
#     axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
#     fig.tight_layout()
#
#
# draw_echo()

# %% [markdown]
# With $k = 1$ or 2 the error stays near 1, the error of a network that always says 0: no gradient
# ever tells it that the input of three steps ago matters. From $k = 4$ on it learns the echo, and
# reaching further (try $k = 6$) brings little more.
#
# The case $k = 3$ is instructive. The error falls for a while, since a network that learns to hold
# an input for two steps may keep a trace of it for a third. Then it rises again: the truncated
# gradient is not the gradient of this error, and nothing holds the network where the error is
# small. A smaller learning rate does not help (try 0.1 and 1,200 updates), whereas a switch to
# $k = 4$ at update 155 does. How far $k = 3$ gets depends on the random numbers: with the seeds 0
# to 19, the final error was below 0.1 five times; with $k = 4$ it was every time, with $k = 1$ and
# 2 never.
#
# In this experiment we cut off the gradient. In a network whose long paths vanish, the gradient is
# cut off in the same way, except that nobody chose the $k$.

# %% [markdown]
# ## Key points
#
# - A weight that is used at every step has a gradient with one term per use: the immediate
#   derivative at that step, times the product of $\partial h_j / \partial h_{j-1}$ on the way to
#   the loss. Each step back adds one factor, with the same weights in it.
# - One sweep from the last step to the first computes the whole sum. It works because each step
#   backwards is linear: add the gradient of the step's own loss to the carried one, then multiply.
# - When the far terms vanish, the gradient does not: the near terms remain and the weights keep
#   moving. What is lost is the influence of the distant past.
# - Truncation at $k$ gives every loss a window of $k$ steps. Where the far terms are small anyway,
#   that is harmless; elsewhere it gives the gradient of another problem.
# - Back-propagation computes gradients. Gradient descent uses them.
# - Check a formula with a finite difference, and with a zero for which you know the answer.
