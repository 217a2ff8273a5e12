# %% [markdown]
# # 5 · Initialise, clip, recover
#
# The last assignment showed why the gradient of a recurrent network vanishes or explodes. This one
# shows what you can do about it within a plain RNN: start where the gradient does neither, limit
# the step when it explodes all the same, and keep a way back for when something still breaks.
#
# **You will learn**
#
# - what identity and orthogonal initialisation really guarantee, and for which activation,
# - how clipping by value and clipping by norm differ, and what neither can stop,
# - in which order a training step must proceed, and how a checkpoint saves a run.
#
# **Before you start.** `check` comes with the course package; assignment 1 explains how to use it.

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
# The step of a recurrent network and its Jacobian are, for one sequence,
#
# $$h_t = f(x_t W_x + h_{t-1} W_h + b), \qquad
# \frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}\bigl(f'(a_t)\bigr)\, W_h^{\mathsf T},$$
#
# and the gradient that reaches back $k$ steps contains the product of $k$ such matrices. Before
# training, $W_h$ is the only part of it that we can choose freely. Which $W_h$ lets the product
# neither shrink nor grow?

# %% [markdown]
# ## Identity
#
# The simplest candidate is $W_h = I$ with $b = 0$: the old state is kept, and the input is added to
# it. $W_x$ stays random, with entries of a size that keeps $x_t W_x$ about as large as $x_t$.


# %%
def identity_init(D, H, scale, rng):
    """Weights of a recurrent network whose recurrent matrix is a multiple of the identity.

    D, H:  the sizes of the input and of the state, integers from 1.
    scale: a number, the diagonal of Wh.
    rng:   numpy.random.Generator, the only source of randomness.

    Returns (Wx, Wh, b), all float64:
    Wx (D, H) = rng.standard_normal((D, H)) / sqrt(D), the only numbers drawn from rng;
    Wh (H, H) = scale * I;
    b  (H,)   = zeros.
    """
    ### BEGIN SOLUTION
    Wx = rng.standard_normal((D, H)) / np.sqrt(D)
    Wh = scale * np.eye(H)
    return Wx, Wh, np.zeros(H)
    ### END SOLUTION


# %% [markdown]
# An article [@000] offers three remedies for vanishing gradients: the identity with a zero bias
# [@le2015], an activation such as ReLU, and a better architecture. Another one [@003] claims the
# opposite of the first remedy: with ReLU and a recurrent weight of 1, the long path *explodes*.
# They cannot both be right. A small experiment decides: a chain of 99 active ReLU steps, for
# several weights, and for the matrix of ones, which some mistake for the "matrix version of 1".

# %% tags=["active-ipynb"]
# for w in (0.9, 1.0, 1.1):
#     _, Wh, _ = identity_init(1, 1, w, np.random.default_rng(0))
#     powers = Wh[0, 0] ** np.arange(99)
#     print(f"w = {w}:  99 active steps multiply to {Wh[0, 0] ** 99:.4g},"
#           f"  the paths of 0 to 98 steps sum to {powers.sum():.4g}")
#
# _, identity, _ = identity_init(1, 4, 1.0, np.random.default_rng(0))
# for name, Wh in (("identity", identity), ("all ones", np.ones((4, 4)))):
#     print(f"{name}, H = 4:  20 steps have the norm "
#           f"{np.linalg.norm(np.linalg.matrix_power(Wh, 20), 2):.4g}")

# %% [markdown]
# A weight of 1 neither shrinks nor explodes: the product is exactly 1. Only the *sum* over all the
# steps back grows, in proportion to their number. A weight only a tenth larger does explode, and so
# does a matrix of ones: its largest eigenvalue is $H$, here 4, so $k$ steps give $4^k$. The "1" of
# matrices is the identity.

# %% [markdown]
# ## Orthogonal
#
# The identity treats every unit separately. A matrix $Q$ with $Q^{\mathsf T} Q = I$ mixes them and
# still changes the length of no vector: all its singular values are 1, so a product of any number
# of them has norm 1, too.
#
# A random one comes from a Gaussian matrix $A$: orthogonalise its columns one after the other. The
# result is written $A = Q R$, with $R$ upper triangular, and `np.linalg.qr` computes it. One detail
# is left. If a column of $Q$ and the matching row of $R$ change their sign together, the product
# stays the same. So there are many such pairs, and the library returns whichever its algorithm
# produces. (For $H = 1$ that is always $Q = 1$, which is not very random.) We take the one pair in
# which the **diagonal of $R$ is positive**; then every orthogonal matrix is equally likely.


# %%
def orthogonal_init(H, rng):
    """A random orthogonal matrix; all are equally likely.

    H:   its size, an integer from 1.
    rng: numpy.random.Generator, the only source of randomness.

    Returns Q (H, H) float64 with Q.T @ Q = I to 1e-12. With A = rng.standard_normal((H, H)), the
    only numbers drawn from rng, it is the Q of the decomposition A = Q R in which Q is orthogonal
    and R is upper triangular with a positive diagonal; there is exactly one.
    """
    ### BEGIN SOLUTION
    Q, R = np.linalg.qr(rng.standard_normal((H, H)))
    return Q * np.sign(np.diag(R))  # (H, H) * (H,): the sign of each column
    ### END SOLUTION


# %% [markdown]
# ### What the start guarantees
#
# Now the product of Jacobians itself, over 50 steps with small random inputs, for your two
# initialisations and for others. A Gaussian matrix with entries of standard deviation
# $g / \sqrt{H}$ has eigenvalues up to about $g$ in size, whatever $H$ is, but a largest *singular
# value* of about $2g$: a single step may double a gradient that many steps together shrink. Before
# you look: which of these keep the norm at 1 under ReLU? And under tanh?


# %%
def jacobian_norms(Wx, Wh, b, activation, x_seq, h0):
    """The spectral norm of dh_t / dh_0 after each step; x_seq (T, D), h0 (H,).

    Step and Jacobian are those of assignments 2 and 4. activation: "relu" or "tanh".
    """
    h, product, norms = h0, np.eye(h0.size), []
    for x in x_seq:
        a = x @ Wx + h @ Wh + b  # (H,)
        h = np.tanh(a) if activation == "tanh" else np.maximum(a, 0.0)
        slope = 1.0 - h**2 if activation == "tanh" else (a > 0).astype(np.float64)
        product = (slope[:, None] * Wh.T) @ product  # (H, H)
        norms.append(np.linalg.norm(product, 2))
    return np.array(norms)


# %% tags=["active-ipynb"]
# H, T = 32, 50
# rng = np.random.default_rng(5)
# Wx, identity, b = identity_init(1, H, 1.0, rng)
# gaussian = rng.standard_normal((H, H)) / np.sqrt(H)
# starts = {
#     "all ones": (np.ones((H, H)), "tab:red"),
#     "Gaussian, g = 2": (2.0 * gaussian, "tab:orange"),
#     "identity": (identity, "black"),
#     "orthogonal": (orthogonal_init(H, rng), "tab:blue"),
#     "Gaussian, g = 1": (gaussian, "tab:green"),
#     "Gaussian, g = 0.5": (0.5 * gaussian, "tab:purple"),
# }
# x_seq = 0.1 * rng.standard_normal((T, 1))
# h0 = 0.3 + 0.2 * rng.random(H)  # positive: every ReLU unit begins active
# steps = np.arange(1, T + 1)
#
# fig, axes = plt.subplots(1, 2, figsize=(9.5, 4.2), sharey=True)
# for panel, activation in zip(axes, ("relu", "tanh")):
#     for name, (Wh, colour) in starts.items():
#         norms = jacobian_norms(Wx, Wh, b, activation, x_seq, h0)
#         panel.semilogy(steps, np.maximum(norms, 1e-30), color=colour, label=name)
#         if name == "identity":
#             print(f"identity, {activation}: norm {norms[-1]:.3g} after {T} steps")
#     panel.set(title={"relu": "ReLU", "tanh": "tanh"}[activation], xlabel="steps",
#               ylim=(1e-7, 1e7))
# axes[0].set_ylabel("norm of the Jacobian product")
# axes[1].legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
# fig.tight_layout()

# %% [markdown]
# Under ReLU, the identity holds the norm at 1: as long as a unit stays active, nothing is lost and
# nothing is added. The recipe guarantees this for $W_h$ and this activation. Under tanh each step
# multiplies by $1 - h^2 < 1$, so the same identity fades (the exact number is printed above the
# picture), and larger states fade faster. The orthogonal matrix does worse under ReLU than you may
# have hoped: it mixes signs, about half of the units are switched off at every step, and a unit
# that is off lets nothing through. (In *linear* networks it does keep the norm at 1 [@saxe2014],
# and weights can even be kept orthogonal while they learn [@arjovsky2016].) The other lines show
# both sides of the old recommendation that weights must start neither too small nor too large. The
# matrix of ones even does both: it explodes under ReLU, and under tanh it saturates every unit at
# once, so its line lies below the picture.
#
# A quiz asks for the right ways to overcome vanishing: identity initialisation with zero bias, an
# activation whose gradient is *above 1*, gates, or all of them, and expects "all" [@000]. Let the
# numbers decide. Fifty steps through a slope of 1.1 multiply by $1.1^{50} \approx 117$, through 1.5
# by more than $10^8$: a slope above 1 does not solve the problem, it trades vanishing for
# exploding. A slope *above 0* is not enough either, since the slopes of the sigmoid and of tanh are
# above 0 everywhere. What helps is a slope that **does not shrink** the gradient on the units in
# use, such as ReLU's.
#
# All this holds at the start. Training moves $W_h$ away from there, and nothing keeps the gradient
# from exploding later. So we need a second line of defence.

# %% [markdown]
# ## Clipping
#
# From here on, gradients and parameters are **dicts** from names to float64 arrays, such as
# `{"Wx": …, "Wh": …, "b": …}`: at least one array, each of one axis or more and with at least one
# entry. Any names are possible. A function that returns such a dict returns a *new* one with the
# same keys and shapes, and leaves the dicts and arrays that it was given unchanged.
#
# One article [@000] gives this rule against explosions: when a gradient passes a threshold, say
# $10^8$, reset it, say to 10. Consider two gradients that are nearly the same, such as
# $9.9 \cdot 10^7$ and $1.01 \cdot 10^8$. A sound rule makes large gradients smaller without making
# the larger of two the smaller one. The first such rule caps every entry on its own.


# %%
def clip_by_value(grads, limit):
    """Clip every entry to the range from -limit to limit.

    grads: dict of names to float64 arrays, all entries finite.
    limit: a positive number.

    Returns a new dict with the same keys and shapes, and in it, for every entry g,
    min(max(g, -limit), limit). Entries with |g| <= limit stay as they are, to the last bit.
    grads and its arrays are left unchanged.
    """
    ### BEGIN SOLUTION
    return {name: np.clip(g, -limit, limit) for name, g in grads.items()}
    ### END SOLUTION


# %% [markdown]
# What does that do to the *direction*? With a limit of 1 the gradient $[3, 4]$ becomes $[1, 1]$, a
# slightly different direction. And the cap is on the entries only. A gradient with many entries can
# still be long: a hundred entries, all cut off at 1, have norm 10.
#
# The second rule looks at the whole gradient at once. Its **global norm** is the length of the one
# vector that holds every entry of every array,
#
# $$n = \sqrt{\sum_{\text{arrays}} \sum_i g_i^2}\,, \qquad
# g \leftarrow \begin{cases} g & n \le c \\ \dfrac{c}{n}\, g & n > c. \end{cases}$$
#
# One factor for all entries keeps the direction and shortens the step. (With $\ge$ in place of $>$
# the two rules differ nowhere but at $c = n = 0$, where the factor would be 0/0.)


# %%
def clip_by_global_norm(grads, threshold):
    """Scale all gradients by one factor to a global norm of at most threshold.

    grads:     dict of names to float64 arrays, all entries finite and at most 1e100 in size.
    threshold: a positive number.

    Returns (clipped, norm). norm is a float, the global norm of grads *before* clipping: the square
    root of the sum of the squares of all entries of all arrays. clipped is a new dict with the same
    keys and shapes. If norm <= threshold, its entries are those of grads, to the last bit;
    otherwise they are (threshold / norm) * g, so that its global norm is threshold (up to rounding;
    no small constant is added anywhere).

    Gradients that are all 0 stay 0, with norm 0.0 and without a warning.
    grads and its arrays are left unchanged.
    """
    ### BEGIN SOLUTION
    norm = float(np.sqrt(sum(np.sum(g**2) for g in grads.values())))
    if norm <= threshold:
        return {name: g.copy() for name, g in grads.items()}, norm
    return {name: g * (threshold / norm) for name, g in grads.items()}, norm
    ### END SOLUTION


# %% [markdown]
# ### Three rules side by side
#
# Clipping by norm was proposed together with the reason for it: the error of a recurrent network
# has steep cliffs, and a step from the edge of one leads far away [@pascanu2013].
#
# The left-hand picture shows what each rule does to one large entry: find the place where a
# *larger* gradient gives a *smaller* step. The middle one shows the direction: four gradients of
# norm 5 (grey), clipped by norm and by value; a dotted line joins the two results. The right-hand
# one shows how long the result can still be when there are many entries.

# %% tags=["active-ipynb"]
# def reset_to_ten(g):
#     return np.where(np.abs(g) > 1e8, 10.0 * np.sign(g), g)
#
#
# for size in (9.9e7, 1.01e8):
#     g = np.array([size])
#     print(f"{size:.3g}:  reset to {reset_to_ten(g)[0]:.3g},"
#           f"  by value {clip_by_value({'g': g}, 1e8)['g'][0]:.3g},"
#           f"  by norm {clip_by_global_norm({'g': g}, 1e8)[0]['g'][0]:.3g}")
# g = np.array([3.0, 4.0])
# for name, cut in (("value", clip_by_value({"g": g}, 1.0)["g"]),
#                   ("norm", clip_by_global_norm({"g": g}, 1.0)[0]["g"])):
#     cosine = g @ cut / np.linalg.norm(g) / np.linalg.norm(cut)
#     print(f"[3, 4] clipped by {name} at 1: {cut}, cosine with [3, 4]: {cosine:.4f}")
#
# fig, (left, middle, right) = plt.subplots(1, 3, figsize=(11.5, 3.9))
# size = np.logspace(5, 10, 401)
# left.loglog(size, clip_by_value({"g": size}, 1e8)["g"], color="tab:blue",
#             label="cut off at $10^8$")
# left.loglog(size, reset_to_ten(size), "--", color="tab:red", label="reset to 10")
# left.set(title="one entry", xlabel="gradient", ylabel="what is used")
# left.legend(loc="lower left")
#
# for degrees in (3, 20, 45, 75):
#     g = 5.0 * np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
#     middle.plot([0, g[0]], [0, g[1]], color="lightgrey", linewidth=1.5, zorder=1)
#     by_value = clip_by_value({"g": g}, 1.0)["g"]
#     by_norm = clip_by_global_norm({"g": g}, 1.0)[0]["g"]
#     middle.plot([0, by_norm[0]], [0, by_norm[1]], color="tab:blue", linewidth=1.5)
#     middle.plot(*np.transpose([by_norm, by_value]), ":", color="tab:orange", linewidth=1.5)
#     middle.plot(*by_norm, "o", color="tab:blue", markersize=7)
#     middle.plot(*by_value, "s", color="tab:orange", markersize=7)
# middle.plot([], [], "s:", color="tab:orange", label="by value")
# middle.plot([], [], "o-", color="tab:blue", label="by norm")
# middle.set(title="direction, cut at 1", xlabel="first entry", ylabel="second entry",
#            xlim=(-0.05, 1.75), ylim=(-0.05, 1.75), aspect="equal")
# middle.legend(loc="upper right")
#
# counts = np.unique(np.logspace(0, 4, 30).astype(int))
# many = {n: {"g": np.full(n, 7.0)} for n in counts}
# by_value = [clip_by_value(g, 1.0) for g in many.values()]
# by_norm = [clip_by_global_norm(g, 1.0)[0] for g in many.values()]
# for name, cut, colour in (("by value", by_value, "tab:orange"), ("by norm", by_norm, "tab:blue")):
#     right.loglog(counts, [np.linalg.norm(each["g"]) for each in cut], color=colour, label=name)
# right.plot(100, 10, "o", color="black", markersize=5)
# right.annotate("100 entries,\nnorm 10", (100, 10), (180, 2.6))
# right.set(title="length, cut at 1", xlabel="number of entries", ylabel="norm", ylim=(0.5, 200))
# right.legend(loc="upper left")
# fig.tight_layout()

# %% [markdown]
# "Clipping caps the largest value of the gradient" describes the orange rule only. In the middle,
# it pulls gradients of quite different directions to the corner $[1, 1]$; the angle can be off by
# up to 45° in two dimensions, and by more in higher ones. The blue rule keeps the direction, and
# the length of its result does not depend on the number of entries. In practice, use this one. Note
# that the norm must be that of *all* arrays together: a separate factor for each array would change
# the direction, too.

# %% [markdown]
# ## What clipping does not stop
#
# An article [@001] says that with clipping we never see huge numbers or NaN. Try your function on
# three gradients that are already broken.

# %% tags=["active-ipynb"]
# broken = {
#     "a NaN": np.array([3.0, np.nan, 4.0]),
#     "an infinity": np.array([3.0, np.inf, 4.0]),
#     "1e25 in float32": np.array([1e25, 2e25, -1e25], dtype=np.float32),
# }
# with np.errstate(all="ignore"):
#     for name, g in broken.items():
#         clipped, norm = clip_by_global_norm({"g": g}, 1.0)
#         print(f"{name:16s} norm {norm:5}   becomes {clipped['g']}")

# %% [markdown]
# A NaN makes the norm NaN. Depending on how you wrote the comparison, it passes through unchanged
# or turns every other entry into NaN. An infinite entry becomes infinity times zero, which is NaN
# as well. The third one is worse, because it is silent: each entry is an ordinary float32 number,
# but its *square* is not. The norm overflows to infinity, the factor is 0, and the gradient is
# gone; from outside, training seems to have converged. (float64 has the same problem beyond
# $10^{154}$.)
#
# So two things are missing. The first is a norm that does not overflow while it is computed, if the
# result is an ordinary number. With $m = \max_i |g_i|$,
#
# $$n = m \sqrt{\sum_i \left(\frac{g_i}{m}\right)^2},$$
#
# where every square is at most 1.


# %%
def stable_global_norm(grads):
    """The global norm of grads, without overflow or underflow on the way.

    grads: dict of names to arrays of float64 or float32, all entries finite.

    Returns a float: the square root of the sum of the squares of all entries of all arrays. Entries
    may be as large as 1e200, and all of them may be as small as 1e-200 (float32: up to 1e38); the
    result is right for these, too, without a warning. Computing in float64 is not enough for that,
    since the square of 1e200 is infinite and the square of 1e-200 is 0. If all entries are 0, the
    result is 0.0, without a warning. For float32 arrays a relative error of 1e-6 is good enough.
    grads and its arrays are left unchanged.
    """
    ### BEGIN SOLUTION
    entries = np.concatenate([np.ravel(g) for g in grads.values()]).astype(np.float64)
    largest = np.max(np.abs(entries))
    if largest == 0:
        return 0.0
    return float(largest * np.sqrt(np.sum((entries / largest) ** 2)))
    ### END SOLUTION


# %% [markdown]
# The second is a check for NaN and infinity before anything else happens. There is a trap here,
# too. Every ordered comparison with NaN is False, so `norm > 1e8` never notices it. The sum of all
# entries is no substitute for a look at each one, because a sum of finite numbers can overflow.


# %%
def all_finite(grads):
    """Check that no entry of any array is NaN, inf or -inf.

    grads: dict of names to float64 arrays.

    Returns a Python bool, without a warning. Every finite number counts as finite, even the largest
    (1.7e308). grads and its arrays are left unchanged.
    """
    ### BEGIN SOLUTION
    return all(bool(np.all(np.isfinite(g))) for g in grads.values())
    ### END SOLUTION


# %% [markdown]
# ## A step in the right order
#
# An article [@001] says that large initial weights can drive gradients up to NaN, and then no
# update is possible any more. But a NaN does not prevent the update. Worse, the update *works*, and
# every weight that it touches is NaN from then on. You can notice it in time only between the
# backward pass and the update. So the order is
#
# 1. **backward:** compute loss and gradients at the present parameters,
# 2. **finite?** if the loss or any gradient is not finite, refuse the step,
# 3. **clip** the gradients, not the parameters and not the step,
# 4. **update:** $p \leftarrow p - \eta\, g_{\text{clipped}}$.


# %%
def training_step(loss_and_grads, params, learning_rate, threshold):
    """One step of gradient descent with clipping by global norm, or no step if a number is broken.

    loss_and_grads: a function; loss_and_grads(params) returns (loss, grads), a float and a dict
                    with the keys and shapes of params. It does not change its argument. It is slow,
                    so call it exactly once.
    params:         dict of names to float64 arrays.
    learning_rate:  a positive number.
    threshold:      a positive number, that of clip_by_global_norm.

    If the loss and all gradients are finite: clips the gradients by their global norm and returns
    (new_params, info) with new_params = p - learning_rate * clipped_gradient for each parameter,
    and info = {"ok": True, "loss": loss, "norm": norm}, where norm is that before clipping.

    If the loss or an entry of a gradient is NaN or infinite: returns (new_params, info), where
    new_params has the values of params, to the last bit, and
    info = {"ok": False, "loss": loss, "norm": None}. This gives no warning, since nothing is
    computed with the broken numbers.

    new_params is a new dict with the same keys. params and its arrays are left unchanged.
    """
    ### BEGIN SOLUTION
    loss, grads = loss_and_grads(params)
    if not (np.isfinite(loss) and all_finite(grads)):
        same = {name: p.copy() for name, p in params.items()}
        return same, {"ok": False, "loss": loss, "norm": None}
    clipped, norm = clip_by_global_norm(grads, threshold)
    moved = {name: p - learning_rate * clipped[name] for name, p in params.items()}
    return moved, {"ok": True, "loss": loss, "norm": norm}
    ### END SOLUTION


# %% [markdown]
# ### Does it help?
#
# Here is a task that needs memory: read 20 numbers, then output their mean (times 4). The network
# is a ReLU RNN that starts from your `identity_init`; the forward and backward passes are those of
# assignments 2 and 3, for a loss at the last step only.


# %%
def rnn_loss_and_grads(params, x_seq, y):
    """Loss and gradients of a ReLU RNN, h0 = 0, whose last state predicts y.

    x_seq (N, T, D), y (N,);
    params: Wx (D, H), Wh (H, H), b (H,) and Wo (H,); the loss is mean((h_T @ Wo - y)**2) / 2.
    """
    Wx, Wh, b, Wo = (params[name] for name in ("Wx", "Wh", "b", "Wo"))
    N, T, _ = x_seq.shape
    h = [np.zeros((N, b.size))]
    for t in range(T):
        h.append(np.maximum(x_seq[:, t] @ Wx + h[-1] @ Wh + b, 0.0))  # (N, H)
    error = h[-1] @ Wo - y  # (N,)
    dh = np.outer(error / N, Wo)  # (N, H)
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    grads["Wo"] = h[-1].T @ error / N
    for t in reversed(range(T)):
        da = dh * (h[t + 1] > 0)
        grads["Wx"] += x_seq[:, t].T @ da
        grads["Wh"] += h[t].T @ da
        grads["b"] += da.sum(axis=0)
        dh = da @ Wh.T
    return float(np.mean(error**2) / 2), grads


# %% tags=["active-ipynb"]
# def mean_task(seed, H=10, N=50, T=20):
#     rng = np.random.default_rng(seed)
#     x_seq = rng.random((N, T, 1))
#     Wx, Wh, b = identity_init(1, H, 1.0, rng)
#     start = {"Wx": Wx, "Wh": Wh, "b": b, "Wo": rng.standard_normal(H) / H}
#     y = 4.0 * x_seq[:, :, 0].mean(axis=1)
#     return start, lambda params: rnn_loss_and_grads(params, x_seq, y)
#
#
# def train(params, loss_and_grads, learning_rate, threshold, length=400):
#     infos = []
#     for _ in range(length):
#         params, info = training_step(loss_and_grads, params, learning_rate, threshold)
#         infos.append(info)
#     return params, infos
#
#
# start, loss_and_grads = mean_task(seed=1)
# runs = {
#     "not clipped": (1e300, "tab:red"),
#     "clipped at norm 1": (1.0, "tab:blue"),
#     "clipped at norm 0.1": (0.1, "tab:green"),
# }
# calls = np.arange(1, 401)
# fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 4))
# for name, (threshold, colour) in runs.items():
#     trained, infos = train(start, loss_and_grads, 0.01, threshold)
#     losses = [info["loss"] for info in infos]
#     norms = np.array([info["norm"] for info in infos], dtype=np.float64)  # None becomes NaN
#     left.loglog(calls, losses, color=colour, linewidth=1.3, label=name)
#     right.loglog(calls, np.maximum(norms, 1e-9), color=colour, linewidth=1.3, label=name)
#     print(f"{name:20s} largest norm {np.nanmax(norms):8.2g}   last loss {losses[-1]:.2g}   "
#           f"last norm {norms[-1]:.2g}")
# left.set(title="loss", xlabel="step", ylim=(1e-5, 1e3))
# right.set(title="norm of the gradient, before clipping", xlabel="step", ylim=(1e-3, 1e5))
# left.legend(loc="lower left")
# fig.tight_layout()

# %% [markdown]
# All three runs start at the same place with the same learning rate of 0.01. (Both axes are
# logarithmic: look at the first ten steps.) Without clipping, the second gradient is in the tens of
# thousands. It is *not* NaN: the update happens and moves the weights far away. A dozen steps later
# every ReLU unit is off, the loss is a constant and the gradient exactly 0, so this network will
# never learn again. This is the common way for training to fail, and it is why "exploding gradients
# give NaN" is only half of the story: a gradient that is merely large still updates the weights,
# badly.
#
# With clipping, the same slopes do no harm. But a clipped step has the length $\eta\,c$, however
# near the minimum is: with the larger threshold the network arrives first, and then oscillates
# across the valley. A small threshold is slow and steady. Clipping limits the damage of a step; it
# does not replace a suitable learning rate.

# %% [markdown]
# ## Checkpoints
#
# Clipping limits one step; it guarantees nothing about the hundredth. Sooner or later a long run
# reaches a broken state, and then the question is how much work is lost. The classical answer is
# the **checkpoint**: save the parameters every so often, and when something breaks, go back to the
# last saved ones and continue with a smaller learning rate.
#
# Three mistakes make a checkpoint useless. The first is to save a reference instead of a copy: the
# saved arrays then change along with the current ones. The second is to save before checking: the
# saved arrays may already be broken. The third is to check the loss alone: it belongs to the
# parameters *before* the step, and the new ones may already hold a NaN.


# %%
def train_with_checkpoints(step, params, n_steps, every):
    """Take n_steps good steps; after a bad one, go back to the last checkpoint and slow down.

    step:    a function; step(params, learning_rate) returns (new_params, loss), a dict with the
             keys and shapes of params and a float. It may work in place, that is, change the arrays
             in the dict that it is given and return them.
    params:  dict of names to float64 arrays, all finite: the first checkpoint.
    n_steps: the number of good steps to take, an integer from 1.
    every:   after how many good steps the next checkpoint is saved, an integer from 1.

    A step is good if its loss and all entries of its new_params are finite, and bad otherwise. The
    learning rate starts at 0.1.

    After a good step the count of good steps goes up by one, and training goes on from new_params.
    Whenever the count is a multiple of every, new_params becomes the checkpoint.

    A bad step is discarded. Training restarts from the checkpoint: the parameters *and the count*
    are again what they were when it was saved, and the learning rate is halved; it never rises
    again. There are at most 10 restarts: a bad step after the tenth ends the training.

    Returns (params, restarts): the parameters after n_steps good steps or, if the training ended
    early, those of the last checkpoint; and the number of restarts. So if no step is bad, step is
    called exactly n_steps times, and the result is (parameters, 0).

    The dict params and its arrays are left unchanged.
    """
    ### BEGIN SOLUTION
    learning_rate, restarts = 0.1, 0

    def copy(params):
        return {name: p.copy() for name, p in params.items()}

    current, count = copy(params), 0
    checkpoint, saved_at = copy(params), 0
    while count < n_steps:
        current, loss = step(current, learning_rate)
        if np.isfinite(loss) and all_finite(current):
            count += 1
            if count % every == 0:
                checkpoint, saved_at = copy(current), count
        elif restarts == 10:
            return checkpoint, restarts
        else:
            current, count = copy(checkpoint), saved_at
            learning_rate, restarts = learning_rate / 2, restarts + 1
    return current, restarts
    ### END SOLUTION


# %% [markdown]
# ### A run that finds its own learning rate
#
# We train the network from above once more, **without** clipping, at ten times the learning rate
# that ruined it. There is one catch: it failed without a NaN. `step` decides what counts as broken,
# so this one reports an infinite loss whenever the true loss is above 100. The blue curve is the
# same run with clipping.

# %% tags=["active-ipynb"]
# def recorded_step(loss_and_grads, threshold, record):
#     def step(params, rate):
#         new_params, info = training_step(loss_and_grads, params, rate, threshold)
#         record.append((info["loss"], rate))
#         return new_params, info["loss"] if info["loss"] < 100 else np.inf
#
#     return step
#
#
# start, loss_and_grads = mean_task(seed=1)
# fig, axes = plt.subplots(figsize=(8, 4.2))
# for name, threshold, colour in (("not clipped", 1e300, "tab:red"),
#                                 ("clipped at norm 0.1", 0.1, "tab:blue")):
#     record = []
#     step = recorded_step(loss_and_grads, threshold, record)
#     trained, restarts = train_with_checkpoints(step, start, 300, 20)
#     losses, rates = np.array(record).T
#     calls = np.arange(1, losses.size + 1)
#     axes.loglog(calls, losses, color=colour, linewidth=1.3, label=f"{name}, {restarts} restarts")
#     bad = np.flatnonzero(~(losses < 100))
#     axes.plot(bad + 1, np.full(bad.size, 3e3), "v", color=colour, markersize=5)
#     print(f"{name:20s} restarts: {restarts}   learning rate at the end: {rates[-1]:.3g}   "
#           f"loss: {loss_and_grads(trained)[0]:.2g}")
# axes.plot([], [], "v", color="tab:red", label="back to the checkpoint")
# axes.set(title="training with checkpoints", xlabel="calls of step", ylabel="loss",
#          ylim=(1e-5, 1e4))
# axes.legend(loc="upper right")
# fig.tight_layout()

# %% [markdown]
# Without clipping the run breaks at its first steps again and again, and each time the learning
# rate is halved, until it is small enough and the network learns. With clipping there is no restart
# at all; nothing breaks, so nothing lowers the learning rate either, and the run ends up
# oscillating. The two do not compete. Clipping works at every step, the checkpoint catches what
# clipping cannot stop, and neither knows the right learning rate: that remains your choice.

# %% [markdown]
# ## Key points
#
# - Identity initialisation is a recipe for ReLU and for $W_h$: on active units the product of
#   Jacobians is then exactly $I$. Under tanh the same start still fades. A weight of 1 does not
#   explode; a matrix of ones does.
# - Orthogonal matrices have norm 1 to any power, but ReLU or tanh between them still changes the
#   gradient.
# - A slope above 1 trades vanishing for exploding. You want a slope that does not shrink the
#   gradient on the units in use, and weights that start neither too small nor too large.
# - Clipping by value changes the direction, and the length still depends on the number of entries.
#   Clipping by global norm keeps the direction. "Reset to 10" makes the larger gradient the smaller
#   step.
# - Clipping stops neither NaN nor infinity, and a norm that overflows silently zeroes the gradient.
#   Check first, and compute the norm so that its squares stay at most 1.
# - Backward, finite?, clip, update: in this order. And keep a real copy of a good state.
