"""The questions for marks of a1_activations. Their keys never leave the judge's side."""

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
    either,
    question,
    right,
    slip,
    some_of,
    wrong,
)
from quiz.engine.measure import derivative

GRID = np.linspace(-8, 8, 1601)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_slope(x):
    return sigmoid(x) * (1 - sigmoid(x))


def tanh_slope(x):
    return 1 - np.tanh(x) ** 2


@question("002-6", "002-8", level=2, points=2)
def three_sigmoids_in_a_row(rng):
    weights = rng.permutation(((2, 4, 5), (3, 4, 5), (2, 3, 6))[rng.integers(3)])
    outputs = rng.permutation(((0.5, 0.8, 0.9), (0.2, 0.6, 0.9), (0.1, 0.3, 0.8))[rng.integers(3)])
    before = (0.0, *outputs[:2])
    biases = [np.log(s / (1 - s)) - w * h for w, s, h in zip(weights, outputs, before, strict=True)]

    def run(x):
        for w, b in zip(weights, biases, strict=True):
            x = sigmoid(w * x + b)
        return x

    s = np.array(outputs)
    slopes = s * (1 - s)
    value = derivative(run, 0.0)
    return Number(
        prompt=rf"""
Three units, one after the other: $h_1 = \sigma({weights[0]}x + b_1)$,
$h_2 = \sigma({weights[1]}h_1 + b_2)$ and $h_3 = \sigma({weights[2]}h_2 + b_3)$. For some $x$ their
outputs are $h_1 = {outputs[0]:g}$, $h_2 = {outputs[1]:g}$ and $h_3 = {outputs[2]:g}$.

What is $dh_3/dx$ there?""",
        value=value,
        tolerance=0.001,
        slips=(
            slip(np.prod(slopes), r"Those are the slopes alone. Each unit has a weight, too."),
            slip(
                np.prod(weights) * np.prod(sigmoid_slope(s)),
                r"You put the outputs into $\sigma'$, which takes the pre-activations.",
            ),
            slip(
                np.prod(weights) * np.prod(s),
                r"You multiplied by the outputs. The chain rule wants the slopes.",
            ),
            slip(
                np.sum(weights * slopes),
                r"You added what the three units contribute. They stand one after the other.",
            ),
        ),
        explanation=rf"""
With the output $s$ a sigmoid's slope is $s\,(1 - s)$:
{", ".join(f"{each:g}" for each in slopes.round(4))}. Each is multiplied by its unit's weight, and
the three products with each other: {value:.4g}.""",
    )


@question("003-5", "001-4", "002-8", level=2, points=3)
def two_slopes_compared(rng):
    soft, steep = sigmoid_slope(GRID), tanh_slope(GRID)
    half_soft = GRID[soft >= soft.max() / 2].max()
    half_steep = GRID[steep >= steep.max() / 2].max()
    s, t = float(rng.choice([0.2, 0.4, 0.6, 0.9])), float(rng.choice([0.2, 0.5, 0.8]))
    of_soft, of_steep = sigmoid_slope(np.log(s / (1 - s))), tanh_slope(np.arctanh(t))
    far = int(rng.choice([3, 4, 5]))
    said_soft = float(rng.choice([s * (1 - s), 1 - s**2]))
    said_steep = float(rng.choice([t * (1 - t), 1 - t**2]))
    options = (
        either(
            rf"Where the output of the sigmoid is {s:g}, its derivative is {said_soft:.4g}.",
            r"With the output $s$, the derivative of the sigmoid is $s\,(1 - s)$.",
            abs(of_soft - said_soft) < 1e-6,
        ),
        either(
            rf"Where the output of tanh is {t:g}, its derivative is {said_steep:.4g}.",
            r"With the output $t$, the derivative of tanh is $1 - t^2$.",
            abs(of_steep - said_steep) < 1e-6,
        ),
        wrong(
            r"$\tanh'(x)$ is larger than $\sigma'(x)$, wherever $x$ is.",
            r"It is at 0. But how fast does each of them fall? Try $x = 3$.",
            np.all(steep > soft),
        ),
        right(
            rf"At $x = {far}$, the sigmoid is steeper than tanh.",
            r"tanh is a sigmoid of $2x$, so that its tails fall twice as fast.",
            sigmoid_slope(far) > tanh_slope(far),
        ),
        right(
            r"Moving away from 0, $\tanh'$ is down to half of its peak before $\sigma'$ is.",
            r"tanh is a sigmoid of $2x$: everything happens at half the distance.",
            half_steep < half_soft,
        ),
        right(
            r"There is a single $x$ at which tanh passes a gradient on unchanged.",
            r"$1 - \tanh^2(x)$ is 1 where $\tanh(x) = 0$, and nowhere else.",
            np.sum(steep > 1 - 1e-9) == 1,
        ),
        wrong(
            r"There is a single $x$ at which the sigmoid passes a gradient on unchanged.",
            r"Its slope is a quarter at most.",
            np.any(soft > 1 - 1e-9),
        ),
        wrong(
            r"$\sigma'$ is largest where the output of the sigmoid is 1.",
            r"Where the output is near 1 the curve is flat. It is steepest in the middle, at 0.5.",
            sigmoid(GRID[soft.argmax()]) > 0.9,
        ),
    )
    return Several(
        prompt=r"""
Compare the derivatives of the logistic sigmoid and of tanh.

Which statements are true?""",
        options=some_of(rng, options, 5),
        explanation=rf"""
The sigmoid's slope is down to half of its peak at $x = {half_soft:.2f}$, that of tanh at
${half_steep:.2f}$. At 0 they are 0.25 and 1; at 3 they are {sigmoid_slope(3):.4f} and
{tanh_slope(3):.4f}. With the output {s:g} the sigmoid has the slope {of_soft:.4g}, and with the
output {t:g} tanh has {of_steep:.4g}.""",
    )


@question("000-12", level=2, points=3)
def leaky_rectifier(rng):
    units, limit, wanted = 20, 1e-5, rng.choice(3)
    leak = float(rng.choice([0.6, 0.7, 0.8] if wanted == 0 else [0.01, 0.05, 0.1]))

    def keeps(negative):
        """Whether units on the negative side, so many of them, leave enough."""
        return leak**negative >= limit

    most = max(n for n in range(units + 1) if keeps(n))
    least = most + int(rng.integers(2, 6)) if wanted == 2 else int(rng.integers(1, 3))
    named = most if wanted == 1 else int(rng.integers(2, 5))
    paths = range(least, units + 1)
    return Judgement(
        prompt=rf"""
A *leaky* ReLU is $x$ for $x > 0$ and ${leak:g}\,x$ otherwise. A path leads through {units} such
units with weights of 1, {least} or more of them on the negative side. "There is a leak, so
at least $10^{{-5}}$ of the gradient is left at the end."

Is that much left?""",
        options=(
            either(
                rf"even with all {units} units on the negative side",
                rf"${leak:g}^{{{units}}} = {leak**units:.2g}$ is still above the limit.",
                all(keeps(n) for n in paths),
                HOLDS,
                if_wrong=r"A leak keeps the product from being 0. It can get smaller than any "
                r"limit.",
            ),
            either(
                rf"on paths with at most {named} units on the negative side",
                rf"${leak:g}^{{{most}}}$ is above the limit, and one power more is below it.",
                all(keeps(n) == (n <= named) for n in paths) and any(keeps(n) for n in paths),
                CONDITION,
                if_wrong="Compute the power of the leak for this many units, and for those that "
                "there may be.",
            ),
            either(
                rf"{least} or more units on the negative side take more than that",
                rf"${leak:g}^{{{least}}}$ is below the limit, and further units make it smaller.",
                not any(keeps(n) for n in paths),
                FAILS,
                if_wrong="Units on the positive side take nothing, and those on the negative side "
                "have to be multiplied.",
            ),
        ),
        explanation=rf"""
So many units on the negative side leave a power of {leak:g}; up to {most} of them leave
$10^{{-5}}$ or more. A leak keeps a unit from being cut off for good. It does not keep the product
near 1: for that, factors must be near 1.""",
    )


@question("002-9", level=1, points=2)
def layers_until_a_hundredth(rng):
    w, limit = float(rng.choice([1.0, 2.0, 3.0])), float(rng.choice([0.1, 0.01, 0.001]))
    start = float(rng.choice([1.0, 2.0, 5.0]))

    def layers(kept):
        count = 0
        while start * kept**count >= limit:
            count += 1
        return count

    kept = w * sigmoid_slope(0.0)
    slips = {
        layers(1 - kept / 2) if w == 2 else layers(0.75): "You let each layer take a quarter off. "
        "A quarter is the slope, and so what is left.",
        layers(kept) - 1: "After one layer fewer the gradient is not yet below the limit.",
    }
    return Number(
        prompt=rf"""
In a stack of sigmoid layers, one unit each and all weights {w:g}, every pre-activation is where the
slope is largest. A gradient of {start:g} comes in at the top.

After how many layers is it below {limit:g} for the first time?""",
        value=layers(kept),
        tolerance=0,
        slips=tuple(slip(*each) for each in slips.items() if each[0] != layers(kept)),
        explanation=rf"""
The largest slope is {sigmoid_slope(0):.2f}, so each layer multiplies by {kept:g}. After
{layers(kept)} layers ${start:g} \cdot {kept:g}^{{{layers(kept)}}} =
{start * kept ** layers(kept):.2g}$ is left.""",
    )


@question("001-5", level=2, points=2)
def output_made_linear(rng):
    steps, early = int(rng.choice([40, 60, 80])), int(rng.choice([10, 20]))
    c = float(rng.choice([0.5, 1.0, 2.0, 8.0]))
    h, between = 0.0, 1.0  # between: the derivative from the early state to the last one
    for t, x in enumerate(0.3 * np.random.default_rng(5).standard_normal(steps), start=1):
        h = np.tanh(0.9 * h + x)
        between *= 0.9 * (1 - h**2) if t > early else 1.0

    def gradients(output):
        """The gradients with respect to the last state and the early one."""
        return derivative(output, h) * np.array([1.0, between])

    linear = gradients(lambda last: last)
    ratio = linear / gradients(lambda last: sigmoid(c * (last - h)))
    times, scale = f"{4 / c:g}", "" if c == 1 else rf"{c:g}\,"
    return Choice(
        prompt=rf"""
A tanh network of one unit runs for {steps} steps. Its prediction is $\sigma({scale}h_{{{steps}}} +
b)$, at the steepest point of the sigmoid. Now the prediction is made $h_{{{steps}}}$ itself; all
else stays.

What happens to the prediction's gradients with respect to $h_{{{steps}}}$ and $h_{{{early}}}$?""",
        options=(
            right(
                f"Both become {times} times what they were.",
                r"The output's slope is a single factor that both of them contain.",
                np.allclose(ratio, 4 / c, rtol=1e-3),
            ),
            wrong(
                rf"The first becomes {times} times what it was, the second one stays as it is.",
                r"How does the gradient reach the early state? It passes the output first.",
                abs(ratio[1] - 1) < 0.01,
            ),
            wrong(
                rf"The first stays as it is, the second becomes {times} times what it was.",
                "The last state is read by the output as well: its gradient contains the slope.",
                abs(ratio[0] - 1) < 0.01,
            ),
            wrong(
                r"They become equal: without the sigmoid nothing fades between the two.",
                r"That would be so if the output were what makes gradients fade. Which factors lie "
                r"between the two states?",
                np.ptp(linear) < 1e-3,
            ),
        ),
        explanation=rf"""
The steepest slope of $\sigma({scale}x)$ is {c / 4:g}, and that of the identity is 1: both gradients
are multiplied by {ratio[0]:.3g}. Between the two states nothing has changed: it is weight times
slope at every step, and the output has no part in it.""",
    )


@question("002-10", "000-12", level=3, points=3)
def halves_that_explode(rng):
    n, layers = int(rng.choice([3, 5])), int(rng.choice([4, 5, 6]))
    w = float(rng.choice([0.5, 2.0]))
    W, x = np.full((n, n), w), np.ones(n)

    def output(first):
        h = np.array([first, *x[1:]])
        for _ in range(layers):
            h = np.maximum(W @ h, 0)
        return h[0]

    value = float(np.linalg.matrix_power(W, layers)[0, 0])
    assert np.isclose(value, derivative(output, 1.0))
    return Number(
        prompt=rf"""
A network has {n} inputs and then {layers} layers of {n} ReLU units, without biases. *Every* weight
is {w:g}, and all units are active.

What is the derivative of the first unit of the last layer with respect to the first input?""",
        value=value,
        tolerance=0.1 * w**layers,
        slips=(
            slip(
                w**layers,
                r"That is one path, through one unit per layer. How many paths are there?",
            ),
            slip(
                (n * w) ** layers,
                rf"The last unit is one given unit: you have counted {n} times too many paths.",
            ),
            slip(1, r"ReLU's slope is 1 on active units. The weights are in the product, too."),
            slip(
                n * w**layers,
                r"There are more paths than that: at each layer in between they branch again.",
            ),
        ),
        explanation=rf"""
A path chooses one of {n} units in each of the {layers - 1} layers in between: ${n}^{{{layers - 1}}}
= {n ** (layers - 1)}$ paths, and each contributes ${w:g}^{{{layers}}}$. Together that is {value:g}:
each further layer multiplies by {n * w:g}. What size of weights suits ReLU depends on how many
units feed each other.""",
    )
