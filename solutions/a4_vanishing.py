# %% [markdown]
# # 4 · Why gradients vanish or explode
#
# In assignment 3 you carried a gradient back through time, one step after the other. Here you
# measure what happens to it on the way. Two statements are repeated everywhere: *with a weight
# below 1 the gradient vanishes, with a weight above 1 it explodes*. For a single number that is
# multiplied by itself, both are right. For a network both need qualifying, and this assignment
# shows how.
#
# **You will learn**
#
# - how fast a factor other than 1 ruins a product, and what an "explosion" is in a computer,
# - how to write the derivative of one state with respect to another as an ordered product of
#   matrices,
# - why eigenvalues are the wrong instrument for such a product, and singular values the right one,
# - how to tell a network whose gradient *must* vanish from one whose gradient *may* explode.
#
# Several well-known articles make claims about all this. You meet them below, at the point where
# you can compute whether they hold.

# %%
import numpy as np

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
# from autograder import check
#
# plt.rcParams.update({
#     "figure.dpi": 110, "figure.figsize": (9, 3.8), "lines.linewidth": 2,
#     "axes.grid": True, "grid.alpha": 0.3, "axes.spines.top": False, "axes.spines.right": False,
# })

# %% [markdown]
# ## The question
#
# The loss at the last step reaches the state $k$ steps before through $k$ derivatives, each of a
# state with respect to the one before it:
#
# $$\frac{\partial L}{\partial h_{T-k}} = \frac{\partial L}{\partial h_T}\,
# \frac{\partial h_T}{\partial h_{T-1}}\,\frac{\partial h_{T-1}}{\partial h_{T-2}} \cdots
# \frac{\partial h_{T-k+1}}{\partial h_{T-k}} .$$
#
# How large is this product when $k$ is large? We begin with the simplest case, in which all factors
# are one and the same number, then let the numbers differ, and then let them be matrices.

# %% [markdown]
# ## One number, again and again
#
# A linear network with one unit, $h_t = a\,h_{t-1} + x_t$, has the same derivative $a$ at every
# step. After $k$ steps the gradient has been multiplied by
#
# $$\frac{\partial h_t}{\partial h_{t-k}} = a^k .$$


# %%
def gradient_factor(a, steps):
    """The factor a**steps by which a gradient changes on its way back through equal derivatives.

    a:     a number of any sign, float or integer.
    steps: how many steps back, an integer of at least 0, or an array of such integers, any shape.
    Returns float64 of the shape of steps (for a number: a Python or NumPy float, or a 0-d array).

    No step gives 1, also for a = 0. A power beyond the range of float64 is inf, or -inf where it is
    negative: a value like any other, not an exception. (NumPy may warn; Python's own ** raises.)
    The arguments are left unchanged.
    """
    ### BEGIN SOLUTION
    with np.errstate(over="ignore"):
        return np.float64(a) ** np.asarray(steps)
    ### END SOLUTION


# %% [markdown]
# ### When has it faded?
#
# "Vanished" means nothing definite until you name a threshold $\varepsilon$. Once you have, the
# answer is a number of steps: the first $k$ with $|a|^k < \varepsilon$. It is finite for every
# $|a| < 1$, even for 0.999, and does not exist for $|a| \ge 1$.


# %%
def steps_until_below(a, eps):
    """The smallest number of steps k with |a|**k < eps, or None where no k is enough.

    a:   a number of any sign.
    eps: the threshold, 0 < eps <= 1.
    Returns a Python or NumPy integer of at least 1. For a = 0 it is 1; for |a| >= 1 it is None.

    "Below" is strict: for a = 0.5 and eps = 0.25 the answer is 3, since two steps give 0.25 itself.
    (Apart from powers of 0.5, no test uses a threshold that a power hits up to rounding.)
    """
    ### BEGIN SOLUTION
    size = abs(a)
    if size >= 1:
        return None
    steps, left = 1, size
    while left >= eps:
        steps, left = steps + 1, left * size
    return steps
    ### END SOLUTION


# %% [markdown]
# ### The other end: too large
#
# One article [@000] says that exploding gradients become *too large for the computer's memory*. Let
# us see what really happens. A float64 takes eight bytes, for 0.001 as well as for $10^{300}$. Only
# its exponent is limited: beyond `np.finfo("float64").max`, about $1.8 \cdot 10^{308}$, there is
# only `inf`. A float32 takes four bytes and ends at about $3.4 \cdot 10^{38}$.
#
# The next function says at which step a growing power leaves that range. Note for which $a$ a naive
# loop would never end.


# %%
def overflow_step(a, dtype):
    """The smallest k for which |a|**k is larger than the largest number of dtype, or None.

    a:     a number of any sign; |a| is at most 1, or at least 1.01; float or integer.
    dtype: "float32" or "float64", a string; its largest number is np.finfo(dtype).max.
    Returns a Python or NumPy integer; None for |a| <= 1, whose powers never overflow.

    Example: for a = 2 it is 1024 in float64 and 128 in float32. (Apart from those, no test uses
    powers so close to the largest number that rounding decides.)
    """
    ### BEGIN SOLUTION
    size, largest = abs(a), float(np.finfo(dtype).max)
    if size <= 1:
        return None
    steps, power = 1, float(size)
    while power <= largest:
        steps, power = steps + 1, power * size
    return steps
    ### END SOLUTION


# %% [markdown]
# ### What the articles say about single numbers
#
# All three are from one article [@000].
#
# 1. With 0.9 per step, so little is left after 25 words that the gradient "has vanished".
# 2. With 5 per step, 25 words give more than $10^{17}$.
# 3. You are at word 20, every factor is 0.8, and the word that matters is word 5. Is it remembered?
#    And if it is word 18? The article answers *no* and *yes*.
#
# Before you run the cell: which of these need a threshold, and which threshold would you choose?

# %% tags=["active-ipynb"]
# print(f"0.9, 25 steps:   {gradient_factor(0.9, 25):.4f}")
# for eps in (0.1, 0.01):
#     print(f"0.9 is below {eps} for the first time after {steps_until_below(0.9, eps)} steps")
# print(f"5, 25 steps:     {gradient_factor(5, 25):.3g}")
# print(f"0.8, 20 - 5 = 15 steps: {gradient_factor(0.8, 15):.4f}")
# print(f"0.8, 20 - 18 = 2 steps: {gradient_factor(0.8, 2):.4f}")
# for dtype in ("float32", "float64"):
#     bytes_each = np.dtype(dtype).itemsize
#     print(f"5 in {dtype}, {bytes_each} bytes a number: inf at step {overflow_step(5, dtype)}")

# %% tags=["active-ipynb"]
# steps = np.arange(0, 61)
# fig, (left, right) = plt.subplots(1, 2)
# colours = {0.5: "tab:purple", 0.8: "tab:red", 0.9: "tab:orange", 0.99: "tab:green"}
# for a, colour in colours.items():
#     left.semilogy(steps, gradient_factor(a, steps), color=colour)
#     for eps in (0.1, 0.01):
#         k = steps_until_below(a, eps)
#         if k <= steps[-1]:
#             left.plot(k, gradient_factor(a, k), "o", color=colour, markersize=5)
# for eps in (0.1, 0.01):
#     left.axhline(eps, color="grey", linestyle=":", linewidth=1)
#     left.text(60, 1.15 * eps, f"ε = {eps}", color="grey", ha="right")
# left.set(title="below 1", xlabel="steps back", ylabel="what is left of the gradient",
#          ylim=(1e-5, 2))
# for k, a, place in ((8, 0.5, "left"), (27, 0.8, "left"), (30, 0.9, "left"), (52, 0.99, "center")):
#     left.text(k + 1, 1.2 * gradient_factor(a, k), f"a = {a}", color=colours[a], ha=place)
#
# for a, colour in ((5, "tab:blue"), (2, "tab:cyan"), (1.1, "tab:brown")):
#     last = overflow_step(a, "float64")
#     k = np.arange(0, min(last, 1100))
#     right.plot(k, np.log10(gradient_factor(a, k)), color=colour, label=f"a = {a}")
#     for dtype in ("float32", "float64"):
#         k = overflow_step(a, dtype)
#         if k < 1100:
#             right.plot(k, np.log10(float(np.finfo(dtype).max)), "X", color=colour, markersize=8)
# for dtype in ("float32", "float64"):
#     top = np.log10(float(np.finfo(dtype).max))
#     right.axhline(top, color="grey", linestyle=":", linewidth=1)
#     right.text(720, top + 7, f"largest {dtype}", color="grey", ha="center")
# right.set(title="above 1 (crosses: the first inf)", xlabel="steps back",
#           ylabel="power of ten", ylim=(-8, 345))
# right.legend(loc="center right", bbox_to_anchor=(1, 0.55))
# fig.tight_layout()

# %% [markdown]
# The straight lines on the left show all there is to a constant factor: each step takes away the
# same *share*. 0.9 is below a tenth after 22 steps already, and below a hundredth after 44. The
# answers *no* and *yes* of the third claim are rules of thumb. They hold for a threshold between
# 0.035 and 0.64, but the article does not name one.
#
# On the right, no memory runs out anywhere. The number keeps its size in bytes and changes its
# value to `inf`, after 442 factors of 5 in float64 and after 56 in float32. The harm comes
# afterwards: `inf - inf` and `0 * inf` are NaN, and one step of gradient descent with it turns the
# weights into NaN. (The gradient is what grows. The weights follow only because it is used.)

# %% [markdown]
# ## One step of a network
#
# In a tanh network the factor is not a constant. With the course's convention of row vectors,
#
# $$h_t = \tanh(a_t), \qquad a_t = x_t W_x + h_{t-1} W_h + b ,$$
#
# unit $i$ reads the old state through column $i$ of $W_h$, so
#
# $$J_t[i, j] = \frac{\partial h_{t,i}}{\partial h_{t-1,j}}
# = \underbrace{(1 - h_{t,i}^2)}_{\tanh'(a_{t,i})}\; W_h[j, i],
# \qquad J_t = \mathrm{diag}(1 - h_t^2)\, W_h^\top .$$
#
# Note two things. The derivative of tanh is computed from the *result* $h_t$, which is at hand, so
# $a_t$ is not needed. And $W_h$ is transposed. Articles that use column vectors,
# $h_t = \tanh(W h_{t-1} + \dots)$, write $\mathrm{diag}(\tanh')\,W$ for the same thing; their $W$
# is our $W_h^\top$. For one unit both are $\tanh'(a_t)$ times the weight.


# %%
def step_jacobian(next_h, Wh):
    """The derivative of a tanh network's state with respect to the one before it, for one sequence.

    next_h: (H,) float64, the new state tanh(x @ Wx + prev_h @ Wh + b).
    Wh:     (H, H) float64.
    Returns J (H, H) float64, with  J[i, j] = d next_h[i] / d prev_h[j].

    J[i, j] = (1 - next_h[i]**2) * Wh[j, i]. The arguments are left unchanged.
    """
    ### BEGIN SOLUTION
    slope = 1.0 - next_h**2  # (H,), tanh' at the pre-activation
    return slope[:, None] * Wh.T  # (H, H)
    ### END SOLUTION


# %% [markdown]
# ### Does a weight above 1 make the gradient explode?
#
# Take one unit without input, $h_t = \tanh(w\,h_{t-1})$, started at 0.01. Your function gives the
# factor of each step. What do you expect for $w = 0.9$, for $w = 1.5$ and for $w = 5$?

# %% tags=["active-ipynb"]
# def run_one_unit(w, steps=40, h=0.01):
#     """The states of one unit without input, (steps, 1), and the factor of each step (steps,)."""
#     states = []
#     for _ in range(steps):
#         h = np.tanh(w * h)
#         states.append([h])
#     states = np.array(states)
#     return states, np.array([step_jacobian(h, np.array([[w]]))[0, 0] for h in states])
#
#
# t = np.arange(1, 41)
# fig, axes = plt.subplots(1, 3, figsize=(10, 3.6))
# for w, colour in ((0.9, "tab:orange"), (1.5, "tab:blue"), (5.0, "tab:red")):
#     states, factors = run_one_unit(w)
#     print(f"w = {w}: settles at h = {states[-1, 0]:.4f}, where a step's factor is "
#           f"{factors[-1]:.4f}")
#     axes[0].plot(t, states[:, 0], color=colour, label=f"w = {w}")
#     axes[1].plot(t, factors, color=colour)
#     axes[2].semilogy(t, np.cumprod(factors), color=colour)
# axes[2].semilogy(t, gradient_factor(1.5, t), "--", color="tab:blue", linewidth=1.2,
#                  label="w = 1.5, held at h = 0")
# axes[1].axhline(1, color="grey", linestyle=":", linewidth=1.2)
# axes[2].axhline(1, color="grey", linestyle=":", linewidth=1.2)
# axes[0].set(title="state", xlabel="step t", ylim=(-0.05, 1.1))
# axes[1].set(title="factor w · tanh'", xlabel="step t")
# axes[2].set(title=r"product $\partial h_t / \partial h_0$", xlabel="step t", ylim=(1e-12, 1e8))
# axes[0].legend(loc="center right", bbox_to_anchor=(1, 0.4))
# axes[2].legend(loc="lower left", fontsize=9)
# fig.tight_layout()

# %% [markdown]
# A weight above 1 does push the gradient up, as long as the state is near 0. But the same weight
# pushes the *state* up too, away from 0, and there tanh is flat. With $w = 1.5$ the state settles
# at 0.859, and from then on each step multiplies by 0.394; with $w = 5$ the factor is 0.0009. The
# larger weight makes the gradient vanish *faster*. The gradient follows the dashed line only if
# something holds the state near 0, for instance inputs that push against it. So a weight above 1 is
# necessary for an explosion, but not sufficient.
#
# ReLU does not saturate, and an article [@003] says that with ReLU and a weight of 1 the long path
# explodes. Its factor on an active unit is the weight itself, so `gradient_factor` is all we need.

# %% tags=["active-ipynb"]
# print(f"ReLU, w = 1.0: 99 active steps multiply to {gradient_factor(1.0, 99):.6g}")
# print(f"ReLU, w = 1.1: 99 active steps multiply to {gradient_factor(1.1, 99):.3g}")
# inputs = np.full(99, 0.5)  # the total derivative by the input weight: input times factor, summed
# lags = np.arange(99)
# for w in (0.9, 1.0, 1.1):
#     print(f"the sum over all 99 steps, w = {w}: {np.sum(inputs * gradient_factor(w, lags)):.4g}")

# %% [markdown]
# With $w = 1$ the product is exactly 1, however long it is. What grows is the *sum* of the
# contributions of all steps, and only linearly, one input after the other: 49.5 is no explosion.
# With $w = 1.1$ there is one.
#
# The article adds that a large learning rate does the same. But the formula of $J_t$ contains no
# learning rate. A large one makes the *updates* too large, which can drive the weights to where
# gradients explode, but it is not part of the product that is carried back.

# %% [markdown]
# ## Many steps: an ordered product
#
# For several units the factors are matrices, and the chain rule gives their order:
#
# $$P = \frac{\partial h_T}{\partial h_0} = J_T\,J_{T-1} \cdots J_2\,J_1 .$$
#
# The last step stands on the left. The order matters, because matrices do not commute: $AB$ is in
# general not $BA$.


# %%
def jacobian_product(hs, Wh):
    """The derivative of a tanh network's last state with respect to its initial state.

    hs: (T, H) float64, T >= 1, the states of one sequence: hs[0] comes after the first step,
        hs[T-1] after the last. (The initial state h_0, from which the first step started, is not
        among them.)
    Wh: (H, H) float64.
    Returns P (H, H) float64, with  P[i, j] = d hs[T-1, i] / d h_0[j].

    P = J_T @ ... @ J_2 @ J_1, where J_t is step_jacobian(hs[t-1], Wh). For T = 1 it is J_1.
    The arguments are left unchanged.
    """
    ### BEGIN SOLUTION
    product = np.eye(Wh.shape[0])
    for next_h in hs:
        product = step_jacobian(next_h, Wh) @ product
    return product
    ### END SOLUTION


# %% [markdown]
# ### A formula from a lecture
#
# Some notes [@004] write the same derivative with the weights taken out in front,
# $\;W^{\,k} \prod_t \mathrm{diag}(\tanh'(a_t))$. It looks tidy, and for one unit it is the same
# number. Is it the same for matrices?
#
# To find out we need a network that runs. Here are the tanh network of assignment 2 and its
# back-propagation through time of assignment 3, in the course's own version. Note what is in the
# cache; you will need it later.


# %%
def rnn_forward(x_seq, h0, Wx, Wh, b):
    """The forward pass of assignment 2: x_seq (N, T, D), h0 (N, H) -> h (N, T, H) and a cache.

    The cache is the tuple (x_seq, h0, Wx, Wh, h).
    """
    N, T, _ = x_seq.shape
    h = np.zeros((N, T, Wh.shape[0]))
    prev_h = h0
    for t in range(T):
        prev_h = h[:, t] = np.tanh(x_seq[:, t] @ Wx + prev_h @ Wh + b)
    cache = (x_seq, h0, Wx, Wh, h)
    return h, cache


def rnn_backward(dh, cache):
    """The backward pass of assignment 3: dh (N, T, H) -> dx, dh0, dWx, dWh, db."""
    x_seq, h0, Wx, Wh, h = cache
    dx, dWx, dWh, db = (np.zeros(shape) for shape in (x_seq.shape, Wx.shape, Wh.shape, len(Wh)))
    dprev_h = np.zeros(h0.shape)
    for t in range(h.shape[1] - 1, -1, -1):
        prev_h = h[:, t - 1] if t > 0 else h0
        da = (dh[:, t] + dprev_h) * (1 - h[:, t] * h[:, t])
        dx[:, t], dprev_h = da @ Wx.T, da @ Wh.T
        dWx += x_seq[:, t].T @ da
        dWh += prev_h.T @ da
        db += da.sum(axis=0)
    return dx, dprev_h, dWx, dWh, db


# %% [markdown]
# The next cell computes $\partial h_6 / \partial h_0$ of a small network in three ways: by finite
# differences, by back-propagation through time (its `dh0`, one row of $P$ for each unit of $h_6$),
# and with your product. Then comes the formula with the weights in front. The difference is the
# spectral norm of the error, relative to that of $P$.

# %% tags=["active-ipynb"]
# rng = np.random.default_rng(2)
# D, H, T = 2, 4, 6
# x_seq, h0 = rng.standard_normal((1, T, D)), 0.5 * rng.standard_normal((1, H))
# Wx, Wh, b = rng.standard_normal((D, H)), rng.standard_normal((H, H)), rng.standard_normal(H)
# h, cache = rnn_forward(x_seq, h0, Wx, Wh, b)
#
# numeric, by_bptt = np.zeros((H, H)), np.zeros((H, H))
# for j in range(H):
#     move = 1e-5 * np.eye(H)[j]
#     ahead, behind = (rnn_forward(x_seq, h0 + m, Wx, Wh, b)[0][0, -1] for m in (move, -move))
#     numeric[:, j] = (ahead - behind) / 2e-5
# for i in range(H):
#     dh = np.zeros(h.shape)
#     dh[0, -1, i] = 1.0
#     by_bptt[i] = rnn_backward(dh, cache)[1][0]
#
# P = jacobian_product(h[0], Wh)
# slopes = np.diag(np.prod(1 - h[0] ** 2, axis=0))
# weights_in_front = np.linalg.matrix_power(Wh.T, T) @ slopes
# for name, other in (("finite differences", numeric), ("back-propagation", by_bptt),
#                     ("weights in front", weights_in_front)):
#     print(f"{name:18s} differs by {np.linalg.norm(other - P, 2) / np.linalg.norm(P, 2):.1e}")

# %% [markdown]
# The first two agree with your product to the accuracy that each of them can have. The error of the
# formula with the weights in front is as large as $P$ itself: it is another matrix. Each
# $\mathrm{diag}(\tanh')$ has to stay between its two weight matrices. The *size* can be taken
# apart, as we shall see in a moment.

# %% [markdown]
# ## How large is a matrix?
#
# For a number the answer is its absolute value. For a matrix there are two candidates.
#
# - The **spectral radius** $\rho(W) = \max_i |\lambda_i|$, the largest absolute value of an
#   eigenvalue. Eigenvalues of a real matrix may be complex, and often are: those of a rotation of
#   the plane usually are. So the absolute value is that of a complex number.
# - The **largest singular value** $\sigma_{\max}(W) = \max_{v \ne 0} \|Wv\| / \|v\|$, the most by
#   which $W$ can stretch a vector. It is also called the spectral norm, and its square is the
#   largest eigenvalue of $W^\top W$.
#
# For symmetric matrices, for rotations, for all *normal* matrices ($WW^\top = W^\top W$), the two
# are equal. Otherwise $\rho < \sigma_{\max}$ is possible, and the difference can be enormous.


# %%
def spectral_radius(W):
    """The largest absolute value of an eigenvalue of W.

    W: (H, H) float64, not symmetric in general, so its eigenvalues may be complex.
    Returns a real float (Python or NumPy). W is left unchanged.
    """
    ### BEGIN SOLUTION
    return float(np.max(np.abs(np.linalg.eigvals(W))))
    ### END SOLUTION


# %%
def largest_singular_value(W):
    """The largest singular value of W: the maximum of |W v| / |v| over all vectors v except 0.

    W: (M, N) float64, square or not.
    Returns a float (Python or NumPy). W is left unchanged.
    """
    ### BEGIN SOLUTION
    return float(np.linalg.svd(W, compute_uv=False)[0])
    ### END SOLUTION


# %% [markdown]
# ### A trap
#
# Here is a matrix with both eigenvalues at one half,
#
# $$W = \begin{pmatrix} 0.5 & 10 \\ 0 & 0.5 \end{pmatrix} .$$
#
# Judging by its eigenvalues, its powers should halve with every step. Do they? Compare with a
# rotation that has been scaled to the same spectral radius.

# %% tags=["active-ipynb"]
# trap = np.array([[0.5, 10.0], [0.0, 0.5]])
# rotation = 0.5 * np.array([[np.cos(1.0), -np.sin(1.0)], [np.sin(1.0), np.cos(1.0)]])
# k = np.arange(0, 21)
# fig, (left, right) = plt.subplots(1, 2, sharey=True)
# for axes, W, name in ((left, rotation, "half a rotation"), (right, trap, "the trap")):
#     rho, sigma = spectral_radius(W), largest_singular_value(W)
#     norms = [largest_singular_value(np.linalg.matrix_power(W, n)) for n in k]
#     axes.semilogy(k, norms, "o-", markersize=5, color="tab:blue", label=r"$\|W^k\|$")
#     axes.semilogy(k, gradient_factor(rho, k), "--", color="tab:red", label=r"$\rho^k$")
#     axes.semilogy(k, gradient_factor(sigma, k), ":", color="black", label=r"$\sigma_{\max}^k$")
#     axes.set(title=rf"{name}: $\rho$ = {rho:.3g}, $\sigma_{{\max}}$ = {sigma:.3g}",
#              xlabel="power k", ylim=(1e-7, 1e5), xticks=range(0, 21, 5))
# right.legend(loc="upper right")
# print(f"the trap: |W^1| = {largest_singular_value(trap):.2f}, "
#       f"|W^5| = {largest_singular_value(np.linalg.matrix_power(trap, 5)):.2f}")
# fig.tight_layout()

# %% [markdown]
# The trap first multiplies by ten, is still above 3 after five steps, and needs eight to come back
# below 1. Its eigenvalues are right about the *end*: far out the curve falls by a half per step.
# They say nothing about the beginning, and in a sequence of thirty words the beginning matters. The
# singular value is never too optimistic: $\|W^k\| \le \sigma_{\max}^k$ for every $k$. It can be far
# too pessimistic, as it is here.
#
# There is a second reason to distrust eigenvalues. The product $J_T \cdots J_1$ is not a power of
# one matrix: the factors differ. The spectral radius of a product can exceed the product of the
# radii, and then eigenvalues are wrong about the end as well. The norm of a product never exceeds
# the product of the norms.

# %% [markdown]
# ## A bound for the product
#
# With norms, the weights and the derivatives can be separated after all. The norm of a diagonal
# matrix is its largest entry, so
#
# $$\Bigl\| \frac{\partial h_T}{\partial h_0} \Bigr\| \;\le\;
# \prod_{t=1}^{T} \|\mathrm{diag}(1 - h_t^2)\| \, \|W_h\|
# \;=\; \sigma_{\max}(W_h)^{\,T} \prod_{t=1}^{T} \max_i\,(1 - h_{t,i}^2)
# \;\le\; \sigma_{\max}(W_h)^{\,T}.$$
#
# The lecture notes [@004] needed this inequality, and it holds although their equation does not:
# norms are numbers, and numbers commute. Mind the order of maximum and product. At each step the
# *least saturated* unit counts, and that may be a different one at every step.


# %%
def jacobian_norm_bound(hs, Wh):
    """An upper bound of the spectral norm of jacobian_product(hs, Wh).

    hs: (T, H) float64, T >= 1, the states after each step, as in jacobian_product.
    Wh: (H, H) float64.
    Returns a float (Python or NumPy): s**T times the product over t of max_i (1 - hs[t, i]**2),
    where s is the largest singular value of Wh. Return exactly this bound, neither a tighter nor a
    looser one. The arguments are left unchanged.
    """
    ### BEGIN SOLUTION
    most_open = np.max(1.0 - hs**2, axis=1)  # (T,), at most 1
    return float(np.prod(largest_singular_value(Wh) * most_open))
    ### END SOLUTION


# %% [markdown]
# ### Watch it hold
#
# Each picture follows one network with six units, driven by random inputs, for up to 40 steps. The
# blue lines are *all* singular values of the Jacobian product after $k$ steps: by how much six
# perpendicular directions are stretched. The weight matrix is an orthogonal one times a number $s$,
# so all its singular values are $s$.

# %% tags=["active-ipynb"]
# def orthogonal(size, rng):
#     return np.linalg.qr(rng.standard_normal((size, size)))[0]
#
#
# def drive(Wh, T, rng, strength=0.6):
#     """The cache of one sequence of T random inputs; every unit has an input of its own."""
#     H = Wh.shape[0]
#     x_seq = strength * rng.standard_normal((1, T, H))
#     return rnn_forward(x_seq, np.zeros((1, H)), np.eye(H), Wh, np.zeros(H))[1]
#
#
# k = np.arange(1, 41)
# fig, axes = plt.subplots(1, 3, figsize=(10, 3.8), sharey=True)
# for panel, s in zip(axes, (0.9, 1.1, 2.5)):
#     rng = np.random.default_rng(5)
#     Wh = s * orthogonal(6, rng)
#     h = drive(Wh, k[-1], rng)[-1][0]
#     values = [np.linalg.svd(jacobian_product(h[:n], Wh), compute_uv=False) for n in k]
#     panel.semilogy(k, np.maximum(values, 1e-30), color="tab:blue", linewidth=0.9, alpha=0.6)
#     panel.semilogy(k, [v[0] for v in values], color="tab:blue", label="singular values")
#     panel.semilogy(k, [jacobian_norm_bound(h[:n], Wh) for n in k], color="black",
#                    linestyle="--", label="your bound")
#     panel.semilogy(k, gradient_factor(s, k), color="grey", linestyle=":",
#                    label=r"$\sigma_{\max}^k$")
#     panel.axhline(1, color="grey", linewidth=0.8)
#     panel.set(title=rf"$\sigma_{{\max}}$ = {s}", xlabel="steps k", ylim=(1e-12, 1e16))
# axes[0].set(ylabel=r"of $\partial h_k / \partial h_0$")
# axes[0].legend(loc="upper left", fontsize=9)
# fig.tight_layout()

# %% [markdown]
# No blue line ever crosses the bound. With $\sigma_{\max} = 0.9$ that is decisive: every direction
# vanishes. With $\sigma_{\max} = 1.1$ the bound permits growth, but every direction still vanishes,
# since saturation takes away more than the weights add. With $\sigma_{\max} = 2.5$ some directions
# grow and others shrink, in the same network. A bound below 1 proves something; a bound above 1
# proves nothing.

# %% [markdown]
# ## What can be guaranteed
#
# A well-known condition, often quoted from a paper of 2013 [@pascanu2013], circulates in this form:
# *if the largest eigenvalue of $W_h$ is below 1, the gradient shrinks exponentially; the 1 comes
# from the sigmoid; with an eigenvalue above 1 it explodes.* You have the tools to correct all three
# parts. Let $\gamma$ be the largest derivative of the activation:
#
# | activation | $\gamma$ | why |
# |---|---|---|
# | tanh | 1 | reached at 0 |
# | sigmoid | 1/4 | reached at 0 |
# | ReLU | 1 | on every active unit |
#
# Each step's Jacobian has a norm of at most $\gamma\,\sigma_{\max}$. So if
#
# $$\sigma_{\max}(W_h) < \frac{1}{\gamma},$$
#
# the gradient vanishes exponentially, whatever the inputs are. This condition is *sufficient* for
# vanishing. Where it fails, the gradient may explode, but it may also vanish: without looking at
# the states, nothing more can be said. So the function below has two answers, and neither of them
# is "explodes".


# %%
def classify_dynamics(Wh, activation):
    """Classify the gradient through many steps, from the weights and the activation alone.

    Wh:         (H, H) float64.
    activation: "tanh", "sigmoid" (the logistic one) or "relu".
    Returns the string "vanishes" if the largest singular value of Wh is below 1 / gamma, and the
    string "may explode" otherwise, also where the two are equal. gamma is the largest derivative of
    the activation: 1 for "tanh", 1/4 for "sigmoid", 1 for "relu".

    Raises ValueError for any other activation. Wh is left unchanged.
    """
    ### BEGIN SOLUTION
    steepest = {"tanh": 1.0, "sigmoid": 0.25, "relu": 1.0}
    if activation not in steepest:
        raise ValueError(f"unknown activation {activation!r}")
    shrinks = steepest[activation] * largest_singular_value(Wh) < 1
    return "vanishes" if shrinks else "may explode"
    ### END SOLUTION


# %% [markdown]
# ### Four matrices
#
# For each one, first say what its eigenvalues would predict. The last two columns are the largest
# norms of the Jacobian product of two and of ten steps, over 2,000 sequences of pre-activations
# drawn at random between $-1$ and 1 (so for ReLU each unit is open or closed by chance). They are
# samples: they can refute a claim but cannot prove one.

# %% tags=["active-ipynb"]
# def largest_seen(Wh, activation, steps, paths=2000):
#     """The largest norm of a product of Jacobians, over many paths of random pre-activations."""
#     rng = np.random.default_rng(0)
#     a = rng.uniform(-1, 1, (paths, steps, len(Wh)))
#     s = 1 / (1 + np.exp(-a))
#     slopes = {"tanh": 1 - np.tanh(a) ** 2, "sigmoid": s * (1 - s), "relu": 1.0 * (a > 0)}
#     product = np.broadcast_to(np.eye(len(Wh)), (paths, len(Wh), len(Wh)))
#     for t in range(steps):
#         product = slopes[activation][:, t, :, None] * (Wh.T @ product)
#     return np.linalg.norm(product, 2, axis=(1, 2)).max()
#
#
# nearly_cancelling = np.array([[2.0, 1.99], [-1.99, -2.0]])
# print(f"{'matrix':24s}{'activation':10s}{'rho':>6s}{'sigma':>7s}   {'yours':13s}"
#       f"{'2 steps':>8s}{'10 steps':>10s}")
# for name, Wh, activation in (
#     ("[[.5, 10], [0, .5]]", trap, "tanh"),
#     ("3.9 times a rotation", 3.9 * 2 * rotation, "sigmoid"),
#     ("[[2, 1.99],[-1.99,-2]]", nearly_cancelling, "relu"),
#     ("all ones, 4 by 4", np.ones((4, 4)), "relu"),
# ):
#     rho, sigma = spectral_radius(Wh), largest_singular_value(Wh)
#     seen = [largest_seen(Wh, activation, steps) for steps in (2, 10)]
#     print(f"{name:24s}{activation:10s}{rho:6.2f}{sigma:7.2f}   "
#           f"{classify_dynamics(Wh, activation):13s}{seen[0]:8.2g}{seen[1]:10.2g}")
#
# first_open = np.diag([1.0, 0.0])  # ReLU: unit 0 is active at every step, unit 1 never
# product = np.linalg.matrix_power(first_open @ nearly_cancelling.T, 10)
# print(f"\nthe third one, with unit 1 always closed: {largest_singular_value(product):.0f}")
# ones = np.linalg.matrix_power(np.ones((4, 4)), 20)
# print(f"all ones, all open, 20 steps: {largest_singular_value(ones):.2g}")

# %% [markdown]
# - The first matrix is the trap: with $\rho = 0.5$ the product of two steps is still almost ten.
# - The sigmoid's row has an eigenvalue of 3.9 and shrinks at every step: its limit is 4, not 1. The
#   1 belongs to tanh and to ReLU, not to the sigmoid.
# - The third matrix has $\rho = 0.2$. Its two units nearly cancel each other, as long as both are
#   active. Close one of them, and a single unit with weight 2 remains, doubling at every step: the
#   norm reaches 1445 after ten. The eigenvalues of $W_h$ show nothing of this.
# - A ReLU network with a matrix full of ones does explode: its $\sigma_{\max}$ is 4. For a matrix,
#   a weight of "1" means the identity, not all ones.
# - An eigenvalue above 1 does not guarantee an explosion, as the one unit with $w = 5$ has shown.
#   Only the reverse holds: the gradient can only explode if $\sigma_{\max}$ is above $1/\gamma$.

# %% [markdown]
# ## The gradient on its way back
#
# So far we looked at all directions at once. A loss has one direction, and training only sees that
# one. Let a loss depend on the *last* state only, with $\partial L/\partial h_T$ given.
# Back-propagation carries it back,
#
# $$\frac{\partial L}{\partial h_{t-1}} = \Bigl(\frac{\partial L}{\partial h_t} \odot
# (1 - h_t^2)\Bigr)\, W_h^\top ,$$
#
# and the **profile** is its norm at every step. It is the most useful picture of a network that
# does not learn.


# %%
def gradient_norm_profile(dh_T, cache):
    """The norm of the gradient with respect to each state, for a loss of the last state alone.

    dh_T:  (N, H) float64, the gradient of the loss with respect to h[:, T-1].
    cache: the second result of rnn_forward, the tuple (x_seq, h0, Wx, Wh, h), h of (N, T, H).
    Returns float64 (T,). Entry t is the norm of the gradient of the loss with respect to h[:, t],
    an array of (N, H); its norm is the square root of the sum of the squares of all its N * H
    entries.

    The last entry is the norm of dh_T itself; h0 has no entry. The arguments are left unchanged.
    """
    ### BEGIN SOLUTION
    _, _, _, Wh, h = cache
    norms = np.empty(h.shape[1])  # (T,)
    carried = dh_T  # (N, H)
    for t in reversed(range(len(norms))):
        norms[t] = np.linalg.norm(carried)
        carried = (carried * (1.0 - h[:, t] ** 2)) @ Wh.T
    return norms
    ### END SOLUTION


# %% [markdown]
# ### Which steps are left without a gradient?
#
# One article [@000] says that the words of the *later* steps get almost none. Another one [@001]
# blames the sigmoid that computes the final prediction for vanishing. For the second claim, the
# left-hand picture has a dashed line: the same network with a loss that goes through a sigmoid
# output at its steepest, so that `dh_T` is a quarter of its former size. On the right are five
# weight matrices of 32 units. Note the two with $\sigma_{\max} = 3$.

# %% tags=["active-ipynb"]
# T, H = 50, 32
# rng = np.random.default_rng(7)
# Q = orthogonal(H, rng)
# dh_T = rng.standard_normal((1, H)) / np.sqrt(H)
# steps = np.arange(1, T + 1)
#
#
# def profile_of(Wh, dh_T=dh_T):
#     return gradient_norm_profile(dh_T, drive(Wh, T, np.random.default_rng(8), strength=0.1))
#
#
# fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4.2))
# left.semilogy(steps, profile_of(0.8 * Q), color="tab:blue", label="linear output")
# left.semilogy(steps, profile_of(0.8 * Q, 0.25 * dh_T), "--", color="tab:orange",
#               label="sigmoid output")
# left.set(title=r"by step, $\sigma_{\max}$ = 0.8", xlabel="step t (the loss is at step 50)",
#          ylabel=r"$\|\partial L / \partial h_t\|$")
# left.legend(loc="upper left")
#
# distance = T - steps
# for name, Wh, style in (
#     ("3 Q", 3.0 * Q, "tab:red"),
#     ("1.5 Q", 1.5 * Q, "tab:orange"),
#     ("Q, orthogonal", Q, "tab:green"),
#     ("0.5 Q", 0.5 * Q, "tab:blue"),
#     ("3 I, identity", 3.0 * np.eye(H), "black"),
# ):
#     right.semilogy(distance, profile_of(Wh), color=style, label=name)
# right.set(title="by distance from the loss", xlabel="steps back from the loss",
#           ylim=(1e-38, 1e12))
# right.legend(loc="lower right", fontsize=9, title="$W_h$")
# fig.tight_layout()

# %% [markdown]
# The loss is at the right end of the left-hand picture, and the gradient fades to the left: the
# **earlier** steps get almost none. A derivative at the output multiplies the whole profile once.
# It moves the line down and does not change its slope; the slope comes from the recurrent factor,
# which enters once per step.
#
# On the right, $3Q$ and $3I$ have the same singular values, all of them 3. With $3I$ each unit
# feeds only itself and saturates, and the gradient is gone within a dozen steps. With $3Q$ the
# units push each other around, enough of them stay unsaturated, and the gradient explodes. That is
# why the answer is *may*.

# %% [markdown]
# ### What the weights learn from
#
# The weights are shared by all steps, so their gradient is a sum over the steps. If the terms of
# far steps are small, the near steps alone decide. Articles conclude that after a hundred steps the
# product is useless and that the short-term terms rule the update. The last cell computes which
# share of the sum of all norms in the profile belongs to the last five steps, for several sizes of
# $W_h$. For which of them are the articles right?

# %% tags=["active-ipynb"]
# for s in (0.3, 0.5, 0.8, 1.0, 1.5):
#     profile = profile_of(s * Q)
#     print(f"{s} Q: the last 5 of 50 steps hold {profile[-5:].sum() / profile.sum():7.2%}")

# %% [markdown]
# For small weights the last five steps hold nearly all of it, although a word forty steps back may
# be the one that matters. The network does learn, and it learns the near past. With $1.5\,Q$ the
# far steps drown out the near ones, which is no better. Both follow from factors that are not 1,
# and the claim is right only where the factors stay below 1. Assignment 8 returns to long memories.
# The solution is already in sight: if the network itself could hold the factor of each step near 1
# where needed, nothing would have to fade. An LSTM does that for its cell, whose factor is its
# *forget gate* (assignment 6). That gate lies between 0 and 1, so it can still let a gradient
# vanish; but it does not have to.

# %% [markdown]
# ## Key points
#
# - A constant factor $a$ leaves $a^k$: 0.9 is below a tenth after 22 steps. "Vanished" needs a
#   threshold.
# - An explosion ends in an overflow to `inf`, after 442 factors of 5 in float64 and after 56 in
#   float32. The number never needs more than its eight or four bytes.
# - In a tanh network the factor is weight times $\tanh'$. A weight above 1 can saturate its unit,
#   and then the gradient vanishes faster.
# - $\partial h_T / \partial h_0 = J_T \cdots J_1$, in this order. The weights cannot be taken out
#   of the product; their norms can.
# - Eigenvalues describe the far end of the powers of *one* matrix. For a product of different
#   ones, and for its first steps, use singular values.
# - $\sigma_{\max} < 1/\gamma$ is sufficient for vanishing, with $1/\gamma = 1$ for tanh and ReLU
#   and 4 for the sigmoid. Above that a gradient *may* explode. Eigenvalues guarantee neither.
# - The earlier steps, far from the loss, lose their gradient. The recurrent activation takes it
#   from them, not the output's.
