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
    question,
    right,
    slip,
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


@question("002-6", "002-8", points=2)
def three_sigmoids_in_a_row():
    weights, outputs = (4, 2, 5), (0.5, 0.8, 0.9)
    before = (0.0, *outputs[:2])
    biases = [np.log(s / (1 - s)) - w * h for w, s, h in zip(weights, outputs, before, strict=True)]

    def run(x):
        for w, b in zip(weights, biases, strict=True):
            x = sigmoid(w * x + b)
        return x

    s = np.array(outputs)
    value = derivative(run, 0.0)
    return Number(
        prompt=r"""
Three units, one after the other: $h_1 = \sigma(4x + b_1)$, $h_2 = \sigma(2h_1 + b_2)$ and
$h_3 = \sigma(5h_2 + b_3)$. For some $x$ their outputs are $h_1 = 0.5$, $h_2 = 0.8$ and
$h_3 = 0.9$.

What is $dh_3/dx$ there?""",
        value=value,
        tolerance=0.001,
        slips=(
            slip(np.prod(s * (1 - s)), r"Those are the slopes alone. Each unit has a weight, too."),
            slip(
                np.prod(weights) * np.prod(sigmoid_slope(s)),
                r"You put the outputs into $\sigma'$, which takes the pre-activations.",
            ),
            slip(
                np.prod(weights) * np.prod(s),
                r"You multiplied by the outputs. The chain rule wants the slopes.",
            ),
            slip(
                np.sum(weights * s * (1 - s)),
                r"You added what the three units contribute. They stand one after the other.",
            ),
        ),
        explanation=rf"""
With the output $s$ a sigmoid's slope is $s\,(1 - s)$: 0.25, 0.16 and 0.09. With the weights,
$(4 \cdot 0.25) \cdot (2 \cdot 0.16) \cdot (5 \cdot 0.09) = {value:.4g}$.""",
    )


@question("003-5", "001-4", "002-8", points=3)
def two_slopes_compared():
    soft, steep = sigmoid_slope(GRID), tanh_slope(GRID)
    half_soft = GRID[soft >= soft.max() / 2].max()
    half_steep = GRID[steep >= steep.max() / 2].max()
    at_half = tanh_slope(np.arctanh(0.5))
    return Several(
        prompt=r"""
Compare the derivatives of the logistic sigmoid and of tanh.

Which statements are true?""",
        options=(
            right(
                r"$\sigma'$ is largest where the unit's output is 0.5.",
                r"That is at $x = 0$, where $s\,(1 - s)$ has its maximum.",
                abs(sigmoid(GRID[soft.argmax()]) - 0.5) < 1e-6,
            ),
            wrong(
                r"$\tanh'(x)$ is larger than $\sigma'(x)$ at every $x$.",
                r"It is at 0. But how fast does each of them fall? Try $x = 3$.",
                np.all(steep > soft),
            ),
            right(
                r"Moving away from 0, $\tanh'$ is down to half of its peak before $\sigma'$ is.",
                r"tanh is a sigmoid of $2x$: everything happens at half the distance.",
                half_steep < half_soft,
            ),
            wrong(
                r"Where the output of tanh is 0.5, its derivative is 0.25.",
                r"$0.5 \cdot (1 - 0.5)$ belongs to the sigmoid. tanh has another formula.",
                abs(at_half - 0.25) < 1e-6,
            ),
            right(
                r"There is exactly one $x$ at which tanh passes a gradient on unchanged.",
                r"$1 - \tanh^2(x)$ is 1 only where $\tanh(x) = 0$.",
                np.sum(steep > 1 - 1e-9) == 1,
            ),
        ),
        explanation=rf"""
The sigmoid's slope is down to half of its peak at $x = {half_soft:.2f}$, that of tanh at
${half_steep:.2f}$. At 0 they are 0.25 and 1; at 3 they are {sigmoid_slope(3):.4f} and
{tanh_slope(3):.4f}, so tanh has fallen below the sigmoid. With the output 0.5, tanh's slope is
$1 - 0.5^2 = {at_half:.2f}$.""",
    )


@question("000-12", points=3)
def leaky_rectifier():
    def left(negative):
        """What 20 units with weight 1 leave when so many of them are on the negative side."""
        return 0.01**negative

    keeps = {n: left(n) >= 1e-5 for n in range(21)}
    on_positive_side = derivative(lambda a: max(a, 0.01 * a), 2.0)
    return Judgement(
        prompt=r"""
A *leaky* ReLU is $x$ for $x > 0$ and $0.01\,x$ otherwise. Somebody argues: "Its derivative is above
zero everywhere, so a gradient cannot vanish in it." A path leads through 20 such units with
weights of 1. Let *vanished* mean less than $10^{-5}$ of the gradient.

Does the gradient stay above this limit?""",
        options=(
            wrong(
                r"positive factors cannot make a product vanish",
                r"They cannot make it 0. They can make it smaller than any limit.",
                all(keeps.values()),
                HOLDS,
            ),
            right(
                r"on paths with at most two units on the negative side",
                r"Each of them leaves a hundredth; units on the positive side take nothing.",
                all(keeps[n] == (n <= 2) for n in keeps),
                CONDITION,
            ),
            wrong(
                r"on paths with at least as many units on the positive side as on the negative",
                r"Units on the positive side do not give back what the others have taken. They "
                r"multiply by 1.",
                keeps[10],
                CONDITION,
            ),
            wrong(
                r"a share is lost at every unit, on the positive side as well",
                r"On the positive side the function is $x$ itself. What is its slope?",
                on_positive_side < 1 - 1e-6,
                FAILS,
            ),
        ),
        explanation=rf"""
Two units on the negative side leave $0.01^2 = {left(2):.4f}$, three leave $10^{{-6}}$. A leak keeps
a unit from being cut off for good. It does not keep the product near 1: for that, factors must be
near 1.""",
    )


@question("002-9", points=2)
def layers_until_a_hundredth():
    def layers(kept, limit=0.01):
        count = 0
        while kept**count >= limit:
            count += 1
        return count

    best = layers(sigmoid_slope(GRID).max())
    return Choice(
        prompt=r"""
In a stack of sigmoid layers, one unit each and all weights 1, every pre-activation is where the
slope is largest.

After how many layers is, for the first time, less than a hundredth of the gradient left?""",
        options=(
            wrong(
                r"2",
                r"Two losses of three quarters do not add up to more than the whole: the second "
                r"one takes from what is left.",
                best == 2,
            ),
            right(r"4", r"$0.25^4 \approx 0.004$, and three layers leave 0.016.", best == 4),
            wrong(
                r"17",
                r"You let each layer take a quarter off. The quarter is not what is lost.",
                best == layers(0.75) or best == 17,
            ),
            wrong(
                r"never",
                r"You take the slope at its peak for 1. That is another activation.",
                sigmoid_slope(GRID).max() > 1 - 1e-6,
            ),
        ),
        explanation=rf"""
The largest slope is {sigmoid_slope(0):.2f}. Three layers leave {0.25**3:.4f} of the gradient, four
leave {0.25**4:.4f}. With a loss of a quarter per layer it would take {layers(0.75)} layers.""",
    )


@question("001-5", points=2)
def output_made_linear():
    h, between = 0.0, 1.0  # between: dh_60/dh_20
    for t, x in enumerate(0.3 * np.random.default_rng(5).standard_normal(60), start=1):
        h = np.tanh(0.9 * h + x)
        between *= 0.9 * (1 - h**2) if t > 20 else 1.0

    def gradients(output):
        """The gradients by h_60 and by h_20."""
        return derivative(output, h) * np.array([1.0, between])

    ratio = gradients(lambda last: last) / gradients(lambda last: sigmoid(last - h))
    return Choice(
        prompt=r"""
A tanh network of one unit runs for 60 steps. Its prediction is a sigmoid of the last state, at its
steepest point. This sigmoid is replaced by the identity; everything else stays.

What happens to the prediction's gradients by $h_{60}$ and by $h_{20}$?""",
        options=(
            right(
                r"Both become 4 times as large.",
                r"The output's slope is a single factor that both of them contain.",
                np.allclose(ratio, 4, rtol=1e-3),
            ),
            wrong(
                r"The one by $h_{60}$ becomes 4 times as large, the other one $4^{40}$ times.",
                r"The output's slope is not a part of the steps between 60 and 20.",
                ratio[1] > 1e6,
            ),
            wrong(
                r"The one by $h_{60}$ becomes 4 times as large, the other one stays.",
                r"On which way does the gradient by $h_{20}$ come? It passes the output first.",
                abs(ratio[1] - 1) < 0.01,
            ),
            wrong(
                r"The one by $h_{20}$ becomes as large as the one by $h_{60}$.",
                r"That would be so if the output were what makes gradients fade. Which factors lie "
                r"between the two states?",
                np.ptp(gradients(lambda last: last)) < 1e-3,
            ),
        ),
        explanation=rf"""
The two gradients grow by the factors {ratio[0]:.3f} and {ratio[1]:.3f}. Between $h_{{60}}$ and
$h_{{20}}$ nothing has changed: it is 40 times weight times $\tanh'$, and the output has no part in
it.""",
    )


@question("002-10", "000-12", points=3)
def halves_that_explode():
    W, x = np.full((4, 4), 0.5), np.ones(4)

    def output(first):
        h = np.array([first, *x[1:]])
        for _ in range(6):
            h = np.maximum(W @ h, 0)
        return h[0]

    value = round(derivative(output, 1.0), 6)
    return Number(
        prompt=r"""
A network has 4 inputs and then 6 layers of 4 ReLU units, without biases. *Every* weight is 0.5, and
all units are active.

What is the derivative of the first unit of the last layer by the first input?""",
        value=value,
        tolerance=0,
        slips=(
            slip(
                0.5**6,
                r"That is one path, through one unit per layer. How many paths are there?",
            ),
            slip(
                (4 * 0.5) ** 6,
                r"The last unit is one given unit: you have counted four times too many paths.",
            ),
            slip(1, r"ReLU's slope is 1 on active units. The weights are in the product, too."),
            slip(
                4 * 0.5**6,
                r"There are more than four paths: at each layer in between they branch again.",
            ),
        ),
        explanation=rf"""
A path chooses one of 4 units in each of the 5 layers in between: $4^5 = {4**5}$ paths, and each
contributes $0.5^6$. Together that is {value:g}: each layer doubles the gradient, although every
weight is below 1. What size of weights suits ReLU depends on how many units feed each other.""",
    )
