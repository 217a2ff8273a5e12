"""The questions for marks of a5_clipping. Their keys never leave the judge's side."""

from __future__ import annotations

import numpy as np

from quiz.engine import (
    CONDITION,
    FAILS,
    HOLDS,
    Choice,
    Judgement,
    Number,
    Several,
    question,
    right,
    slip,
    wrong,
)


@question("004-10", points=2.5)
def change_of_each_bias():
    rate, threshold = 0.05, 2.0
    Wh, b = np.full((20, 20), 0.3), np.full(100, -0.8)
    norm = np.sqrt(np.sum(Wh**2) + np.sum(b**2))
    step = -rate * threshold / norm * b[0]
    return Number(
        prompt=r"""
The gradient of `Wh` has 400 entries, each 0.3; that of `b` has 100 entries, each $-0.8$. They are
clipped by their global norm with threshold 2. Then one step of gradient descent is made, with a
learning rate of 0.05.

By how much does each entry of `b` change (new minus old)?""",
        value=step,
        tolerance=0.0002,
        slips=(
            slip(-step, "Descent goes *against* the gradient."),
            slip(
                -rate * b[0],
                "That is the step without clipping. No entry is above 2, but that is not what "
                "clipping by norm looks at.",
            ),
            slip(
                -rate * threshold / np.linalg.norm(b) * b[0],
                "That takes the norm of `b` alone. The global norm is one number for all arrays.",
            ),
            slip(
                -threshold / norm * b[0],
                "That is the clipped gradient with its sign turned; the learning rate is missing.",
            ),
        ),
        explanation=rf"""
The global norm is $\sqrt{{400 \cdot 0.09 + 100 \cdot 0.64}} = {norm:g}$, so every entry is
multiplied by $2/{norm:g}$: $-0.8$ becomes {threshold / norm * b[0]:.2f}. The change is
$-0.05 \cdot ({threshold / norm * b[0]:.2f}) = {step:.4f}$.""",
    )


@question("000-15", points=2)
def direction_after_reset():
    g = np.array([3e8, -2e5])
    after = np.where(np.abs(g) > 1e8, 10 * np.sign(g), g)
    cosine = g @ after / np.linalg.norm(g) / np.linalg.norm(after)
    degrees = np.degrees(np.arccos(cosine))
    return Choice(
        prompt=r"""
A gradient has two entries, $3 \cdot 10^8$ and $-2 \cdot 10^5$. A rule resets entries above $10^8$
to 10 and leaves all others as they are.

What does it do to the direction of this gradient?""",
        options=(
            right(
                r"It turns by nearly 90°: what led before hardly counts any more",
                r"The first entry was 1500 times the second; after the reset it is next to nothing "
                r"beside it.",
                85 < degrees < 90,
            ),
            wrong(
                r"It turns by about 45°: both entries now count about the same",
                r"That is what a cap at the *second* entry's size would do. Compare the two "
                r"numbers that are left.",
                abs(degrees - 45) < 10,
            ),
            wrong(
                r"It hardly turns, because only one of the two entries is touched",
                r"One entry is enough: the direction is the ratio of the two.",
                degrees < 10,
            ),
            wrong(
                r"It does not turn; the gradient only becomes shorter",
                r"That needs one factor for all entries, as in clipping by norm.",
                degrees < 1e-6,
            ),
        ),
        explanation=rf"""
$[3 \cdot 10^8, -2 \cdot 10^5]$ becomes $[10, -200000]$. The cosine between the two is
{cosine:.5f}, an angle of {degrees:.2f}°. The step is made almost entirely along the parameter that
mattered least.""",
    )


@question("000-Q2", "000-11", "001-6", "002-12", points=3)
def chains_of_forty():
    tanh_slope = 1 - 0.5**2
    a = np.linspace(-10, 10, 2001)
    sigmoid = 1 / (1 + np.exp(-a))
    sigmoid_slope = np.max(sigmoid * (1 - sigmoid))
    ones = np.ones(2)

    def left(slope, W):
        gradient = ones
        for _ in range(40):
            gradient = slope * (W @ gradient)
        return np.linalg.norm(gradient) / np.linalg.norm(ones)

    identity = np.eye(2)
    size = {
        "balanced": left(1.25, 0.8 * identity),
        "swap": left(1.0, np.array([[0.0, 1.0], [1.0, 0.0]])),
        "tanh": left(tanh_slope, identity),
        "steep": left(1.25, identity),
        "sigmoid": left(sigmoid_slope, 2 * identity),
    }
    keeps = {name: bool(0.1 <= factor <= 10) for name, factor in size.items()}
    return Several(
        prompt=r"""
A gradient, the same for both units of a network, goes back over 40 steps. In each of these networks
the slope is that of the activation at the states that occur.

In which of them is the length of the gradient, after that, within a factor of 10 of what it
was?""",
        options=(
            right(
                r"slope 1.25 at every step, $W_h = 0.8\,I$",
                r"What counts is the product of slope and weight, and $1.25 \cdot 0.8 = 1$.",
                keeps["balanced"],
            ),
            right(
                r"active ReLU units, $W_h$ swaps the two units and has no other entries",
                r"A permutation changes no length, and active units have the slope 1.",
                keeps["swap"],
            ),
            wrong(
                r"tanh units with states of $\pm 0.5$, $W_h = I$",
                r"The identity alone does not decide: at a state of 0.5 the slope of tanh is 0.75.",
                keeps["tanh"],
            ),
            wrong(
                r"slope 1.25 at every step, $W_h = I$",
                r"A slope above 1 does not merely make up for losses; here there are none.",
                keeps["steep"],
            ),
            wrong(
                r"sigmoid units, $W_h = 2\,I$",
                r"A weight of 2 looks large, but the slope beside it is at most a quarter.",
                keeps["sigmoid"],
            ),
        ),
        explanation=rf"""
The factors over 40 steps: slope 1.25 with weight 0.8 {size["balanced"]:.3f}; the swap
{size["swap"]:.3f}; tanh {size["tanh"]:.1e}; slope 1.25 with weight 1 {size["steep"]:.0f}; sigmoid
at best {size["sigmoid"]:.1e}. Neither the weight nor the slope decides alone, and a slope "above 1"
is no cure.""",
    )


@question("001-8", points=2)
def thousand_clipped_steps():
    rate, steps = 0.01, 1000

    def weights_after(threshold):
        rng, p = np.random.default_rng(0), np.zeros(3)
        for count in range(20):
            g = rng.standard_normal(3)
            if count == 10:
                g[1] = np.nan
            norm = np.sqrt(np.sum(g**2))
            p = p - rate * (g if norm <= threshold else g * threshold / norm)
        return p

    return Judgement(
        prompt=r"""
*We clip by global norm at 1 and use a learning rate of 0.01. So, whatever gradients the backward
pass delivers, all weights are finite after 1000 steps.* Nothing but the norm is looked at.

What becomes of the claim?""",
        options=(
            wrong(
                r"a step has at most the length 0.01, so that a weight moves by at most 10",
                r"This bound holds for gradients that *are numbers*. The claim says: whatever they "
                r"are.",
                np.all(np.abs(weights_after(1.0)) <= rate * steps),
                HOLDS,
            ),
            wrong(
                r"so it is for thresholds far below 1, such as $10^{-6}$",
                r"A factor, however small, does not make a number of what is none.",
                np.all(np.isfinite(weights_after(1e-6))),
                CONDITION,
            ),
            wrong(
                r"a thousand steps of 0.01 add up to more than float64 can hold",
                r"They add up to 10 at most.",
                rate * steps > np.finfo(np.float64).max,
                FAILS,
            ),
            right(
                r"one NaN in a single gradient is enough: no factor turns it into a number",
                r"The norm is NaN as well, every comparison with it is False, and the weights are "
                r"lost for good.",
                np.any(np.isnan(weights_after(1.0))),
                FAILS,
            ),
        ),
        explanation=r"""
Twenty clipped steps with a NaN in one entry of the 11th gradient leave weights that are NaN, with
the threshold 1 and with $10^{-6}$. Clipping bounds the length of finite gradients. Whether they are
finite has to be looked at separately, and before the update.""",
    )


@question("004-9", points=1.5)
def what_was_saved():
    params, rate, history = {"w": np.array([1.0, 2.0])}, 0.001, []
    saved = dict(params)
    for count in range(1, 251):
        g = np.array([1.0, -1.0]) if count < 250 else np.array([np.nan, np.nan])
        params["w"] -= rate * g
        history.append(params["w"].copy())
        if count % 100 == 0:
            saved = dict(params)
    found = saved["w"]
    return Choice(
        prompt=r"""
`params` is a dict of NumPy arrays. A loop makes the update in place, `params["w"] -= rate * g`, and
at every 100th step it saves a checkpoint with `saved = dict(params)`. At step 250 all of `g` is
NaN; this is noticed just *after* the update.

What does `saved["w"]` hold now?""",
        options=(
            right(
                r"NaN",
                r"`dict(params)` is a new dict with the *same arrays*, and `-=` changes these.",
                np.all(np.isnan(found)),
            ),
            wrong(
                r"the weights after step 200",
                r"Think of what `dict(params)` copies, the dict or the arrays in it.",
                np.array_equal(found, history[199]),
            ),
            wrong(
                r"the weights after step 249",
                r"Nothing has stopped at the last good step: think of what `-=` does to an array.",
                np.array_equal(found, history[248]),
            ),
            wrong(
                r"the weights at the start",
                r"The name `saved` was given anew at steps 100 and 200.",
                np.array_equal(found, [1.0, 2.0]),
            ),
        ),
        explanation=r"""
Run with 250 steps, `saved["w"]` and `params["w"]` are one and the same array, and it is NaN. A
checkpoint is a copy of every *array*, `{name: p.copy() for name, p in params.items()}`; and what is
saved has to be checked first.""",
    )


@question("001-7", points=2)
def dead_after_one_step():
    rng = np.random.default_rng(1)
    x, y = rng.random((16, 5)), 1 + rng.random(16)

    def forward(wx, wh, b, wo, f=lambda a: np.maximum(a, 0)):
        h = np.zeros(16)
        for t in range(5):
            h = f(wx * x[:, t] + wh * h + b)
        return h, np.mean((h * wo - y) ** 2) / 2

    def gradient(p, **options):
        def loss(p):
            return forward(*p, **options)[1]

        return np.array([(loss(p + s) - loss(p - s)) / 2e-4 for s in 1e-4 * np.eye(4)])

    start = np.array([0.5, 1.0, 0.0, 0.5])
    thrown = start - np.array([3.0, 3.0, 300.0, 3.0])
    faint = np.array([0.5, 1e-9, 0.0, 0.5])  # a tanh unit with vanished recurrent products
    return Choice(
        prompt=r"""
A ReLU RNN (float64, weights $W_x$, $W_h$, $b$, and $W_o$ for the output $h_T W_o$) is trained
without clipping. One step has a huge but finite gradient. From the next step on the loss is high
and does not change by a single digit; the gradients of all four, also that of $W_o$, are exactly 0.

What has happened?""",
        options=(
            right(
                r"Every unit is below 0 for every input, so that all states are 0",
                r"ReLU lets nothing back there, and $W_o$ is multiplied by states of 0.",
                np.all(forward(*thrown)[0] == 0) and np.all(gradient(thrown) == 0),
            ),
            wrong(
                r"The step has landed at the lowest point of the loss; the gradient is 0 there",
                r"A flat place need not be a low one: the loss is high.",
                forward(*thrown)[1] <= forward(*start)[1],
            ),
            wrong(
                r"The products over the steps have vanished, below the smallest float64",
                r"The gradient of $W_o$ contains no product over steps, and it is 0 as well.",
                gradient(faint, f=np.tanh)[3] == 0,
            ),
            wrong(
                r"The weights are NaN, and what cannot be computed counts as 0",
                r"NaN does not turn into 0; loss and gradients would be NaN, too.",
                forward(*(start * np.nan))[1] == 0,
            ),
        ),
        explanation=rf"""
Tried with one unit: the loss is {forward(*start)[1]:.3f} before a step of 300 in $b$ and
{forward(*thrown)[1]:.3f} after it, all states are 0, and the differences by each parameter are 0.
The update was *possible*, and it has killed the network. A gradient need not be NaN to do harm.""",
    )


@question("003-7", points=2)
def nudge_of_the_first_input():
    def effect(T, size=1.0, units=1):
        x = np.full(T, size)
        nudged = x + 0.25 * (np.arange(T) == 0)

        def last(x):
            h = np.zeros(units)
            for value in x:
                h = np.maximum(value + h, 0)
            return h[0]

        return last(nudged) - last(x)

    long, short = effect(200), effect(100)
    return Judgement(
        prompt=r"""
A ReLU unit with recurrent weight 1, input weight 1 and positive inputs is active at every step.
*A nudge of the first input changes the last state of a sequence of 200 steps by more than that of
one of 100 steps, since it passes through more steps.*

What becomes of the claim?""",
        options=(
            wrong(
                r"the unit adds up, so every step adds something to the nudge",
                r"What is added at a step is that step's *input*, with the nudge or without it.",
                long > short,
                HOLDS,
            ),
            wrong(
                r"it is so for large inputs, which drive the state up",
                r"The size of the state does not enter the slope of an active ReLU unit.",
                effect(200, size=100.0) > effect(100, size=100.0),
                CONDITION,
            ),
            right(
                r"it arrives unchanged in both: each step is a factor of 1",
                r"Slope 1 times weight 1, a hundred times or two hundred times: the product is 1.",
                long == short == 0.25,
                FAILS,
            ),
            wrong(
                r"it arrives weakened, and the more so after 200 steps",
                r"That is what a slope or a weight below 1 would do.",
                long < short,
                FAILS,
            ),
        ),
        explanation=rf"""
A nudge of 0.25 changes the last state by {short:g} after 100 steps and by {long:g} after 200. With
a weight of 1.1 it would be $1.1^{{99}} \approx {1.1**99:.0f}$ times as much after 100. "One" is
just the border between vanishing and exploding.""",
    )
