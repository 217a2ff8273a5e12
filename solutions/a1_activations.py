# %% [markdown]
# # 1 · Activations and gradient checking
#
# A recurrent network carries its memory through one small function, again and again. In this
# assignment you build the candidates for that function and see what each one does to a gradient.
# Then you build the tool that tells you, for the rest of the course, whether a gradient is right.
#
# **You will learn**
#
# - why the *derivative* of an activation decides how far back a recurrent network can learn,
# - how to compute sigmoid and softmax so that no input, however large, breaks them,
# - how to check a gradient with finite differences, and how accurate such a check can be.
#
# **How the notebook works.** Each exercise is one function. Its docstring is the specification:
# formula, shapes, special cases. Replace `# YOUR CODE HERE` and the line below it with your own
# code, run the cell, then run the cell below it, `check("sigmoid")` for example: it tells you at
# once what is right, what is wrong and why. Cells that draw use *your* functions, so they work once
# the exercises above them do. When you are done, choose *Restart and run all*, save, and submit.
# The grader asks the same questions as `check`, on other inputs.
#
# **Before you start.** `check` comes with the course package. Your course page says how to install
# it: `pip install` the file `unroll_course-*.whl` that your instructor gives you.

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
# COLOUR = {"sigmoid": "tab:red", "tanh": "tab:blue", "ReLU": "tab:green"}

# %% [markdown]
# ## The question
#
# Take the smallest recurrent network there is, one number of memory:
#
# $$a_t = u\,x_t + w\,h_{t-1} + b, \qquad h_t = f(a_t).$$
#
# How much does the memory at step $t$ still depend on the memory $k$ steps before? By the chain
# rule, each step back multiplies by $\partial h_t / \partial h_{t-1} = f'(a_t)\,w$, so
#
# $$\frac{\partial h_t}{\partial h_{t-k}} = \prod_{j=0}^{k-1} f'(a_{t-j})\,w .$$
#
# A product of $k$ numbers stays useful only if they are close to 1 in size. Smaller ones take it to
# zero: the network cannot learn what happened long ago. So before anything else we want to know
# how large $f'$ can be, and where. The candidates for $f$ are the sigmoid, tanh and ReLU.
#
# All five functions below work **elementwise** and keep one contract: `x` is a number or an array
# of any shape, of floats or integers; the result is float64 and has the shape of `x` (for a number,
# a NumPy float or a 0-d array, whichever comes naturally; for an empty array, an empty array); and
# `x` is left unchanged, as is every argument of every function in this course.

# %% [markdown]
# ## Sigmoid
#
# The logistic sigmoid squeezes every number between 0 and 1, which makes it the natural *gate*:
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}}, \qquad \sigma(-x) = 1 - \sigma(x).$$
#
# The formula is right, but not safe to type as it stands: $e^{-x}$ overflows float64 for
# $x < -709$, and the equal form $e^x / (1 + e^x)$ gives NaN for $x > 709$. Each form is safe on one
# side of zero. Use only exponentials of numbers that are not positive.


# %%
def sigmoid(x):
    """The logistic sigmoid 1 / (1 + exp(-x)), elementwise.

    x: a number or an array of any shape, also empty; floats or integers.
    Returns float64 of the shape of x. It is exactly 0.5 at 0 and never decreases with x.

    No x gives an overflow warning or a NaN: the result tends to 0 and 1, and for x = -1e4 and
    x = 1e4, or further out, it is 0.0 and 1.0. x is left unchanged.
    """
    ### BEGIN SOLUTION
    x = np.asarray(x)
    e = np.exp(-np.abs(x))  # in [0, 1]: may underflow to 0, never overflows
    return np.where(x >= 0, 1.0, e) / (1.0 + e)
    ### END SOLUTION


# %% [markdown]
# ### Its derivative
#
# With $s = \sigma(x)$,
#
# $$\sigma'(x) = s\,(1 - s), \qquad \sigma'(-x) = \sigma'(x).$$
#
# This is a function of $x$. Some programs pass it $\sigma(x)$ because they have that at hand; ours
# takes $x$ itself, so a call looks like the mathematics.


# %%
def sigmoid_prime(x):
    """The derivative of the sigmoid at x, elementwise: s * (1 - s) with s = sigmoid(x).

    x: a number or an array of any shape, also empty; the argument of sigmoid, not its result.
    Returns float64 of the shape of x. It is even, never above 0.25, largest at 0 and tends to 0 on
    both sides; for x = -1e4 and x = 1e4, or further out, it is 0.0, without any warning.
    x is left unchanged.
    """
    ### BEGIN SOLUTION
    s = sigmoid(x)
    return s * (1.0 - s)
    ### END SOLUTION


# %% [markdown]
# Well-known articles disagree about this derivative. One [@001] says that it is always *below* a
# quarter. Another [@002] says that even at its peak a sigmoid takes *25 % off* the gradient in
# every layer. Let your function settle both. Is a quarter reached? And after ten layers at the very
# best place, which of the last two numbers remains?

# %% tags=["active-ipynb"]
# for x in (0.0, 1.0, 2.0, 5.0):
#     print(f"sigmoid'({x}) = {sigmoid_prime(x):.4f}")
#
# print(f"ten layers, your derivative at 0:    {np.prod(sigmoid_prime(np.zeros(10))):.2e}")
# print(f"ten layers, each 25 % off the whole: {np.prod(np.full(10, 0.75)):.2e}")

# %% [markdown]
# ## Tanh
#
# The hyperbolic tangent has the same S shape, from $-1$ to $1$ and through the origin. In fact
# $\tanh(x) = 2\,\sigma(2x) - 1$, so its slope at 0 is four times the sigmoid's. NumPy has
# `np.tanh`; we need its derivative:
#
# $$\tanh'(x) = 1 - \tanh^2(x).$$
#
# An article [@003] says that this lies between 0 and 1. Are both ends excluded? In mathematics
# $\tanh'$ is above 0 everywhere. In float64, $\tanh(x)$ rounds to 1 beyond $|x| \approx 19$, and
# the formula gives exactly 0 there: in practice nothing is lost, since a factor of $10^{-17}$ is
# practically zero. (The checks stay within $|x| \le 5$.)


# %%
def tanh_prime(x):
    """The derivative of tanh at x, elementwise: 1 - tanh(x)**2.

    x: a number or an array of any shape, also empty; the argument of tanh, not its result.
    Returns float64 of the shape of x. It is even, never above 1 and exactly 1 at 0; above 0 for
    |x| <= 5, while far out it may round to 0. x is left unchanged.
    """
    ### BEGIN SOLUTION
    return 1.0 - np.tanh(x) ** 2
    ### END SOLUTION


# %% [markdown]
# ## ReLU
#
# The rectified linear unit passes positive numbers on and replaces all others with 0:
#
# $$\mathrm{relu}(x) = \max(x, 0), \qquad
# \mathrm{relu}'(x) = \begin{cases} 1 & x > 0 \\ 0 & x \le 0. \end{cases}$$
#
# At $x = 0$ there is a kink and no derivative. Every program picks a value for it; in this course
# it is 0.


# %%
def relu(x):
    """The rectified linear unit max(x, 0), elementwise.

    x: a number or an array of any shape, also empty; floats or integers.
    Returns float64 of the shape of x, a new array. x is left unchanged.
    """
    ### BEGIN SOLUTION
    return np.maximum(x, 0.0)
    ### END SOLUTION


# %%
def relu_prime(x):
    """The derivative of relu at x, elementwise: 1.0 where x > 0 and 0.0 elsewhere, also at x = 0.

    x: a number or an array of any shape, also empty; the argument of relu.
    Returns float64 (numbers, not booleans) of the shape of x. x is left unchanged.
    """
    ### BEGIN SOLUTION
    return np.asarray(np.asarray(x) > 0, dtype=np.float64)
    ### END SOLUTION


# %% [markdown]
# ### Look at them
#
# The right-hand picture is the one that matters. Where is each derivative near 1? How fast does the
# sigmoid's fade once $x$ leaves zero, compared with its already low peak?

# %% tags=["active-ipynb"]
# x = np.linspace(-6, 6, 601)
# curves = {
#     "sigmoid": (sigmoid(x), sigmoid_prime(x)),
#     "tanh": (np.tanh(x), tanh_prime(x)),
#     "ReLU": (relu(x), relu_prime(x)),
# }
#
# fig, (left, right) = plt.subplots(1, 2)
# for name, (value, slope) in curves.items():
#     left.plot(x, value, color=COLOUR[name], label=name)
#     right.plot(x, slope, color=COLOUR[name], label=name + "'")
# right.axhline(0.25, color="grey", linestyle=":", linewidth=1.5, label="one quarter")
# left.set(title="activations", xlabel="x", ylim=(-1.2, 2.2))
# right.set(title="their derivatives", xlabel="x", ylim=(-0.05, 1.1))
# left.legend(loc="upper left")
# right.legend(loc="upper left")
# fig.tight_layout()

# %% [markdown]
# ### Many steps
#
# Now look at the product from the beginning, with $w = 1$ so that only the activation matters. On
# the left is the **best case**: every pre-activation sits where the derivative is largest. On the
# right is a **typical case**: pre-activations drawn at random from a standard normal distribution,
# on 2,000 independent paths of 30 steps (line: median; band: the middle 80 % of the paths).
#
# One article [@000] recommends an activation whose gradient is greater than zero, such as ReLU.
# Look closely: which of the three is above zero everywhere? Which one can be zero? The right-hand
# picture shows what is really behind the recommendation. (That deep ReLU networks can be trained
# directly is due to their slope of 1 on active units [@glorot2011].)

# %% tags=["active-ipynb"]
# steps = np.arange(1, 31)
# primes = {"sigmoid": sigmoid_prime, "tanh": tanh_prime, "ReLU": relu_prime}
# peak = {"sigmoid": 0.0, "tanh": 0.0, "ReLU": 1.0}
# styles = {"sigmoid": "-", "tanh": "-", "ReLU": (0, (2, 2))}
# a = np.random.default_rng(1).standard_normal((2000, steps.size))  # pre-activations
#
# fig, (left, right) = plt.subplots(1, 2, figsize=(9, 4), sharey=True)
# for name, prime in primes.items():
#     best = np.cumprod(prime(np.full(steps.size, peak[name])))
#     left.semilogy(steps, best, linestyle=styles[name], color=COLOUR[name], label=name)
# left.semilogy(steps, 0.75**steps, ":", color="grey", label="25 % off per step")
#
# for name in ("sigmoid", "tanh"):
#     products = np.cumprod(primes[name](a), axis=1)
#     low, median, high = np.quantile(products, (0.1, 0.5, 0.9), axis=0)
#     right.semilogy(steps, median, color=COLOUR[name], label=f"{name}, median")
#     right.fill_between(steps, low, high, color=COLOUR[name], alpha=0.15, linewidth=0)
# open_paths = np.cumprod(relu_prime(a), axis=1)  # every product is 0 or 1
# share = open_paths.mean(axis=0)
# alive = share > 0
# right.semilogy(steps, np.ones(steps.size), linestyle=styles["ReLU"], color=COLOUR["ReLU"],
#                label="ReLU, on a path that is open")
# right.semilogy(steps[alive], share[alive], "o-", markersize=3, linewidth=1, color=COLOUR["ReLU"],
#                label="ReLU, share of paths still open")
#
# left.set(title="best case", xlabel="steps back", ylabel="product of derivatives",
#          ylim=(1e-24, 30))
# right.set(title="random pre-activations", xlabel="steps back")
# left.legend(loc="lower left")
# right.legend(loc="lower left", fontsize=9)
# fig.tight_layout()

# %% [markdown]
# The sigmoid loses at least three quarters per step *at best*. Tanh can keep everything, but only
# near $a = 0$; as soon as its units are used, it fades too. ReLU is different in kind: a path is
# either open, and the product is **exactly 1** after any number of steps, or it is closed, and
# nothing comes through. With random signs, half of the open paths close at every step, and after a
# dozen or so none of the 2,000 is left. So "greater than zero" is not the point. What counts is a
# derivative that *stays at 1* on active units, and an initialisation that keeps them active. (The
# weight is the other half of each factor: with $w = 4$ the sigmoid's best case would be 1 as well.
# Assignment 4 returns to this.)

# %% [markdown]
# ## Softmax and cross-entropy
#
# At every step the network gives $V$ scores, one per word of a vocabulary. Softmax turns them into
# probabilities, and the loss is the surprise at the word that actually came:
#
# $$p_{ntv} = \frac{e^{s_{ntv}}}{\sum_{u} e^{s_{ntu}}}, \qquad
# L = -\frac{1}{N} \sum_{n=1}^{N} \sum_{t=1}^{T} m_{nt} \log p_{nt\,y_{nt}} .$$
#
# The loss is summed over time and averaged over the $N$ sequences. The mask $m$ is 0 where a
# sequence is only padding, and such steps must not count. The gradient is simple, probability minus
# truth:
#
# $$\frac{\partial L}{\partial s_{ntv}} = \frac{m_{nt}}{N}\,\bigl(p_{ntv} - [v = y_{nt}]\bigr).$$
#
# Two hints. Adding the same number to all $V$ scores of a step changes nothing, so subtract the
# largest first and no exponential overflows. And take $\log p$ from the shifted scores,
# $\log p_v = s_v - \log \sum_u e^{s_u}$, not from $p$, which may have underflowed to 0.


# %%
def softmax_cross_entropy(scores, y, mask):
    """Softmax and cross-entropy at every step, summed over time, averaged over the batch.

    scores: (N, T, V) float64, finite.
    y:      (N, T) integers in 0..V-1, the right word of every step (also of masked ones).
    mask:   (N, T) of booleans or of the numbers 0 and 1; 0 or False: the step does not count.

    Returns (loss, dscores). With p the softmax of scores over the last axis,
    loss = -(sum over n, t of mask[n, t] * log p[n, t, y[n, t]]) / N, a float, and
    dscores (N, T, V) is its gradient, mask * (p - one_hot(y)) / N.

    The entries of dscores at masked steps are exactly 0; if all steps are masked, the loss is 0.0.
    Scores as large as 1e6 in size give neither a NaN, nor an infinite loss, nor a warning.
    The arguments are left unchanged.
    """
    ### BEGIN SOLUTION
    N, _, V = scores.shape
    counts = np.asarray(mask)[:, :, None]  # (N, T, 1)
    target = np.eye(V)[y]  # (N, T, V), one-hot
    shifted = scores - scores.max(axis=2, keepdims=True)  # (N, T, V), at most 0
    log_p = shifted - np.log(np.exp(shifted).sum(axis=2, keepdims=True))  # (N, T, V)
    loss = np.sum(counts * target * -log_p) / N
    dscores = counts * (np.exp(log_p) - target) / N  # (N, T, V)
    return float(loss), dscores
    ### END SOLUTION


# %% [markdown]
# The left-hand picture shows one step with five words, as the score of the right word rises and the
# others stay at 0. The derivative is close to $-1$ when the network is *most wrong*: nothing
# vanishes here. The right-hand one shows the gradient of a sequence of eight steps: one negative
# entry per step, at the right word; columns that sum to zero; almost nothing where the network was
# sure of the right word (step 1), and exactly nothing where the mask is 0.
#
# A well-known article [@001] blames vanishing gradients on the sigmoid that computes the
# *prediction*. But the output function enters the gradient of each loss **once**; the recurrent
# activation enters once per step back.

# %% tags=["active-ipynb"]
# margin = np.linspace(-8, 8, 161)
# losses, slopes = [], []
# for m in margin:
#     loss, dscores = softmax_cross_entropy(
#         np.array([[[m, 0.0, 0.0, 0.0, 0.0]]]), np.array([[0]]), np.array([[1]])
#     )
#     losses.append(loss)
#     slopes.append(dscores[0, 0, 0])
#
# rng = np.random.default_rng(3)
# y = rng.integers(5, size=(1, 8))
# mask = np.array([[1, 1, 1, 1, 1, 1, 0, 0]])
# dscores = softmax_cross_entropy(1.5 * rng.standard_normal((1, 8, 5)), y, mask)[1]
#
# fig, (left, right) = plt.subplots(1, 2)
# left.plot(margin, losses, color="tab:purple", label="loss")
# left.plot(margin, slopes, color="tab:orange", label="its derivative")
# left.axhline(0, color="grey", linewidth=0.8)
# left.set(title="one step", xlabel="score of the right word (others: 0)")
# left.legend()
# image = right.imshow(dscores[0].T, cmap="RdBu", vmin=-1, vmax=1, aspect="auto")
# right.scatter(np.arange(8), y[0], marker="o", facecolors="none", edgecolors="black",
#               label="right word")
# right.axvspan(5.5, 7.5, facecolor="none", edgecolor="grey", hatch="//", linewidth=0,
#               label="masked")
# right.set(title="dscores of a sequence", xlabel="step", ylabel="word", xticks=range(8),
#           yticks=range(5))
# right.grid(False)
# right.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncol=2, frameon=False)
# fig.colorbar(image, ax=right)
# fig.tight_layout()

# %% [markdown]
# ## Is a gradient right?
#
# You have written three derivatives and a gradient by hand, and many longer ones will follow. A
# wrong gradient does not crash. The network just learns worse, and nobody knows why. So we want an
# independent witness: the definition of the derivative. For a function $f$ with any number of
# outputs, let the **cotangent** $c$ be an array of the shape of its output: the gradient that comes
# from above, `df` or `dout` in code. Then the derivative of $\sum_j c_j f_j(x)$ with respect to the
# entry $x_i$ is close to
#
# $$g_i \approx \frac{1}{2h} \sum_j c_j\,\bigl(f_j(x + h\,e_i) - f_j(x - h\,e_i)\bigr),$$
#
# where $e_i$ is 1 at entry $i$ and 0 elsewhere. This is the *central* difference. Its error falls
# as $h^2$, while the one-sided difference $(f(x + h) - f(x)) / h$ has an error that falls only as
# $h$.


# %%
def numerical_gradient(f, x, df, h=1e-5):
    """The gradient of sum(df * f(x)) with respect to x, by central differences.

    f:  maps an array of the shape of x to an array of any shape, or to a number. It does not change
        its argument, but what it returns may be that very array or a view of it. So if you use
        one array for both calls, copy the first result before you change the array.
    x:  float64 array of any shape with one axis or more.
    df: the cotangent, an array of the shape of f(x); a number if f returns a number.
    h:  the step.

    Returns a float64 array of the shape of x. Its entry i is
    sum(df * (f(x + h e_i) - f(x - h e_i))) / (2 h),  with e_i = 1 at entry i and 0 elsewhere.

    f is called with float64 arrays of the shape of x only. Afterwards x is bitwise what it was
    (adding h and subtracting it again does not always restore x).
    """
    ### BEGIN SOLUTION
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = np.sum(df * (f(x + step) - f(x - step))) / (2.0 * h)
    return gradient
    ### END SOLUTION


# %% [markdown]
# ### How close is close?
#
# A difference of $10^{-6}$ is nothing next to 1000 and everything next to $10^{-6}$. So we divide
# by the size of the two numbers, and treat both alike:
#
# $$e = \max_i \frac{|a_i - b_i|}{|a_i| + |b_i|},
# \qquad \text{where } \tfrac{0}{0} \text{ counts as } 0.$$
#
# It is 0 for equal arrays and 1 where the signs differ, or where only one of the numbers is 0.
# Beware of broadcasting: NumPy subtracts shape `(N,)` from `(N, 1)` without complaint and returns
# $N^2$ differences, most of them between unrelated numbers. A comparison must refuse that.


# %%
def relative_error(a, b):
    """The largest entry of |a - b| / (|a| + |b|), a float from 0 to 1.

    a, b: two arrays of the same shape, or two numbers; all entries finite.

    An entry that is 0 in both counts as 0, without a warning; the denominator has no other floor
    (no small constant is added, no minimum is taken). Arrays without entries give 0.0.
    relative_error(a, b) == relative_error(b, a).

    Raises ValueError if the shapes differ, also where NumPy would broadcast, as for (N, 1) and
    (N,) or for an array and a number. The arguments are left unchanged.
    """
    ### BEGIN SOLUTION
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        raise ValueError(f"cannot compare shape {a.shape} with shape {b.shape}")
    size = np.abs(a) + np.abs(b)
    return float(np.max(np.abs(a - b) / np.where(size == 0, 1.0, size), initial=0.0))
    ### END SOLUTION


# %% [markdown]
# ### Which step is best?
#
# "The smaller, the better" would be right if numbers had infinitely many digits. Predict the
# picture before you draw it: what happens for a very small $h$, and why?

# %% tags=["active-ipynb"]
# x = np.linspace(-2, 2, 9)
# exact = sigmoid_prime(x)
# h = np.logspace(-12, -1, 67)
# central = [relative_error(numerical_gradient(sigmoid, x, np.ones(9), step), exact) for step in h]
# one_sided = [relative_error((sigmoid(x + step) - sigmoid(x)) / step, exact) for step in h]
#
# fig, axes = plt.subplots(figsize=(7.5, 4.4))
# axes.loglog(h, central, "o-", markersize=3, color="tab:blue", label="central difference (yours)")
# axes.loglog(h, one_sided, "o-", markersize=3, color="tab:orange", label="one-sided difference")
# axes.loglog(h, 2e-16 / h, ":", color="grey", label=r"round-off, $\propto 1/h$")
# axes.loglog(h, h**2 / 6, "--", color="grey", linewidth=1, label=r"truncation, $\propto h^2$")
# axes.loglog(h, h / 4, "-.", color="grey", linewidth=1, label=r"truncation, $\propto h$")
# axes.axvline(1e-5, color="black", linewidth=0.8)
# axes.text(1.2e-5, 2e-2, "$h = 10^{-5}$")
# axes.set(title="error of a numerical derivative of the sigmoid", xlabel="step h",
#          ylabel="relative error", ylim=(1e-13, 1))
# axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
# fig.tight_layout()

# %% [markdown]
# Two errors pull in opposite directions. **Truncation** comes from the curvature that a finite step
# ignores; it falls with $h$. **Round-off** is the error in the last digit of $f$, about $10^{-16}$,
# divided by $2h$; it grows as $h$ falls. The central difference is at its best near $h = 10^{-5}$,
# with about eleven correct digits; the one-sided one reaches eight. That is why the default step is
# $10^{-5}$, and why two correct gradients rarely agree to the last digit.

# %% [markdown]
# ## The gradient check
#
# `numerical_gradient` calls $f$ twice per entry, which is slow for a weight matrix. A cheaper test
# moves along *one random direction* $v$ at a time. If $g$ is the gradient of $\sum_j c_j f_j(x)$,
# then
#
# $$\frac{1}{2h} \sum_j c_j\,\bigl(f_j(x + h\,v) - f_j(x - h\,v)\bigr) \approx \sum_i g_i v_i .$$
#
# A wrong entry of $g$ changes the right-hand side, unless $v_i$ or $c$ happens to hide it. So
# everything must be random: the cotangent (all ones would pass a backward function that forgets its
# `dout`), the direction (all ones would pass errors that cancel in the sum), and each input must
# take its turn (or its gradient is never checked). Three repetitions make a lucky pass very
# unlikely.
#
# A backward function in this form is called a *vector-Jacobian product*, `vjp(dout, *inputs)`: it
# turns the gradient with respect to the output into the gradients with respect to the inputs.


# %%
def gradient_check(f, vjp, inputs, rng):
    """Check along random directions whether vjp gives the gradient of f at inputs.

    f:      f(*inputs) returns a float64 array (or a number); smooth near inputs, well scaled
            (values and derivatives around 1), and it does not change its arguments.
    vjp:    vjp(dout, *inputs) returns a tuple with one gradient of sum(dout * f(*inputs)) per
            input; dout has the shape of f(*inputs). It does not change its arguments.
    inputs: tuple of float64 arrays.
    rng:    numpy.random.Generator, the source of all randomness.

    Three times: draw dout from a standard normal distribution in the shape of f(*inputs); then for
    each input x, with its gradient g, draw a direction v of the shape of x from a standard normal
    distribution, move this input alone, and compare, with h = 1e-5,
        numeric  = sum(dout * (f(..., x + h v, ...) - f(..., x - h v, ...))) / (2 h)
        analytic = sum(g * v).

    Returns True if every time |numeric - analytic| <= 1e-6 * max(1, |numeric|, |analytic|), and
    False otherwise: a Python bool. A gradient whose shape differs from that of its input, a missing
    or extra gradient, and a NaN in a gradient give False, without an exception. The check finds an
    error of 10 % in a single entry (unless it is tiny) and a transposed gradient of a square
    weight. inputs and its arrays are left unchanged.
    """
    ### BEGIN SOLUTION
    h = 1e-5
    out_shape = np.shape(f(*inputs))
    for _ in range(3):
        dout = rng.standard_normal(out_shape)
        grads = vjp(dout, *inputs)
        if [np.shape(g) for g in grads] != [x.shape for x in inputs]:
            return False
        for i, (x, g) in enumerate(zip(inputs, grads)):
            v = rng.standard_normal(x.shape)
            ahead = f(*inputs[:i], x + h * v, *inputs[i + 1 :])
            behind = f(*inputs[:i], x - h * v, *inputs[i + 1 :])
            numeric = np.sum(dout * (ahead - behind)) / (2.0 * h)
            analytic = np.sum(g * v)
            if not abs(numeric - analytic) <= 1e-6 * max(1.0, abs(numeric), abs(analytic)):
                return False  # "not <=" and not ">", so that a NaN lands here
    return True
    ### END SOLUTION


# %% [markdown]
# ### Put it to work
#
# Use it first on your own gradients, then on a layer with mistakes that people really make. The
# first two lines should say `True`, the others `False`.

# %% tags=["active-ipynb"]
# def layer(x, W, b):
#     return np.tanh(x @ W + b)
#
#
# def layer_vjp(dout, x, W, b):
#     da = dout * tanh_prime(x @ W + b)
#     return da @ W.T, x.T @ da, da.sum(axis=0)
#
#
# def without_transpose(dout, x, W, b):
#     da = dout * tanh_prime(x @ W + b)
#     return da @ W, x.T @ da, da.sum(axis=0)
#
#
# def without_dout(dout, x, W, b):
#     return layer_vjp(np.ones_like(dout), x, W, b)
#
#
# def one_entry_off(dout, x, W, b):
#     dx, dW, db = layer_vjp(dout, x, W, b)
#     dW[0, 1] *= 1.1
#     return dx, dW, db
#
#
# rng = np.random.default_rng(4)
# y, mask = rng.integers(5, size=(2, 3)), np.array([[1, 1, 1], [1, 1, 0]])
# print("softmax_cross_entropy", gradient_check(
#     lambda scores: softmax_cross_entropy(scores, y, mask)[0],
#     lambda dout, scores: (dout * softmax_cross_entropy(scores, y, mask)[1],),
#     (rng.standard_normal((2, 3, 5)),),
#     rng,
# ))
# inputs = rng.standard_normal((3, 4)), rng.standard_normal((4, 4)), rng.standard_normal(4)
# for vjp in (layer_vjp, without_transpose, without_dout, one_entry_off):
#     print(f"{vjp.__name__:21s}", gradient_check(layer, vjp, inputs, rng))

# %% [markdown]
# One warning. A gradient check compares a backward function with *its own* forward function. If the
# forward function is wrong (say, a sigmoid where tanh was meant) and the backward function agrees
# with it, the check passes. It proves that the two agree, and nothing more.

# %% [markdown]
# ## Key points
#
# - Each step back multiplies the gradient by $f'(a)\,w$. The activation limits how much of it can
#   survive.
# - $\sigma' \le 0.25$, and 0.25 itself is reached, at 0. A sigmoid takes *at least* 75 % off per
#   step: ten steps leave at most $0.25^{10} \approx 9.5 \cdot 10^{-7}$, not
#   $0.75^{10} \approx 0.056$.
# - $\tanh'$ lies in $(0, 1]$: it is 1 at 0 and only there. $\mathrm{relu}'$ is 0 or 1; on active
#   units it stays 1 however many there are, and that is its advantage, not being "above zero".
# - The output's activation enters the gradient of a loss once. The recurrent activation enters once
#   for every step back.
# - Subtract the maximum before you exponentiate, and mask the gradient as well as the loss.
# - Trust a gradient when central differences, along random directions and under a random cotangent,
#   agree with it to six digits or more.
