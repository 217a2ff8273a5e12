"""Activations and their slopes: a quarter, one, zero, and what a chain of them leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from quiz.engine import (
    CONDITION,
    FAILS,
    HOLDS,
    Choice,
    Judgement,
    Number,
    Ordering,
    Several,
    ordering,
    question,
    right,
    slip,
    step,
    wrong,
)
from quiz.engine.measure import derivative
from quiz.engine.reading import Cause, Swap, diagnose, find_the_mistake

GRID = np.linspace(-8, 8, 161)


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def ramp(x: Any) -> Any:
    return np.maximum(x, 0)


def slopes(f: Callable[[Any], Any]) -> Any:
    """The measured derivative of ``f`` on the grid from -8 to 8."""
    return np.array([derivative(f, x) for x in GRID])


def about_a_percent(value: float) -> float:
    """A round tolerance of about one percent."""
    return float(f"{0.01 * abs(value):.1g}")


def scientific(x: float) -> str:
    """2.4e-05 as LaTeX."""
    digits, exponent = f"{x:.1e}".split("e")
    return rf"{digits} \cdot 10^{{{int(exponent)}}}"


@question("001-4", level=1)
def quarter_reached() -> Judgement:
    seen = slopes(sigmoid)
    at_zero = derivative(sigmoid, 0.0)
    at_quarter = GRID[seen > 0.25 - 1e-6]
    return Judgement(
        prompt=r"""
An article says that the derivative of the logistic sigmoid is always below 0.25.

Is $\sigma'(x)$ below 0.25 for every $x$?""",
        options=(
            wrong(
                r"the curve of $\sigma'$ comes close to 0.25 and never touches it",
                r"A limit that is only approached lies at infinity. This one is a peak, at a "
                r"finite $x$: what is $s\,(1 - s)$ for $s = 0.5$?",
                seen.max() < 0.25 - 1e-6,
                HOLDS,
            ),
            right(
                r"at all $x$ but one, where it is 0.25",
                r"At $x = 0$ the output is 0.5 and the slope $0.5 \cdot 0.5$.",
                len(at_quarter) == 1 and abs(at_zero - 0.25) < 1e-8,
                CONDITION,
            ),
            wrong(
                r"at 0 the slope is 0.5, as large as $\sigma(0)$",
                r"0.5 is the sigmoid's *value* there. Its slope is $\sigma\,(1 - \sigma)$.",
                abs(at_zero - 0.5) < 1e-6,
                FAILS,
            ),
        ),
        explanation=rf"""
Measured: $\sigma'(0) = {at_zero:.4f}$, $\sigma'(0.1) = {derivative(sigmoid, 0.1):.4f}$,
$\sigma'(1) = {derivative(sigmoid, 1.0):.4f}$. The statement to remember is "at most 0.25". The
difference is one point, but it is the best case of every estimate.""",
    )


@question("002-9", "001-4", level=2)
def sigmoid_chain_at_best(rng: np.random.Generator) -> Number:
    layers = int(rng.integers(3, 6))
    w = float(rng.choice([0.5, 1.5, 2.0, 2.5]))
    value = (w * derivative(sigmoid, 0.0)) ** layers
    return Number(
        prompt=rf"""
A chain of {layers} sigmoid layers, one unit each: $h_j = \sigma({w:g}\,h_{{j-1}} + b_j)$. The
biases may be anything.

How large can the derivative of the last unit's output with respect to $h_0$ be at most?""",
        value=value,
        tolerance=about_a_percent(value),
        slips=(
            slip(
                (0.75 * w) ** layers,
                r"That takes 25 % *off* per layer. A slope of 0.25 is what is *left*.",
            ),
            slip(
                0.25**layers,
                r"Each layer also multiplies by its weight, the inner derivative.",
            ),
            slip(w / 4, r"That is one layer. The chain rule multiplies all of them."),
        ),
        explanation=rf"""
Each layer multiplies by $\sigma'(a)\,w$, at most $0.25 \cdot {w:g} = {w / 4:g}$, which is reached
when the biases put every pre-activation at 0. So the limit is
${w / 4:g}^{{{layers}}} = {value:.3g}$. If only a quarter were lost per layer, it would be
${0.75 * w:g}^{{{layers}}} = {(0.75 * w) ** layers:.3g}$.""",
    )


@question("002-9", level=1)
def quarter_off_or_left() -> Judgement:
    kept = [derivative(lambda h: sigmoid(h - 0.5), 0.5)]
    kept.append(derivative(lambda h: sigmoid(sigmoid(h - 0.5) - 0.5), 0.5) / kept[0])
    lost = [1 - each for each in kept]
    return Judgement(
        prompt=r"""
"The derivative of the sigmoid has its peak at 0.25. So even in the best case a gradient is
diminished by 25 % in each layer." Let all weights be 1.

Does a sigmoid layer, at its peak, take 25 % off a gradient?""",
        options=(
            wrong(
                r"a slope of 0.25 means that a quarter is taken and 75 % go on",
                r"The slope *multiplies* the gradient. Multiplying by 0.25 leaves a quarter.",
                abs(kept[0] - 0.75) < 1e-6,
                HOLDS,
            ),
            wrong(
                r"in the last layer; each layer further back takes more than the one before",
                r"At the peak all layers are alike: each multiplies by the same 0.25.",
                abs(lost[0] - 0.25) < 1e-6 and lost[1] > lost[0] + 1e-6,
                CONDITION,
            ),
            right(
                r"it takes 75 %: the quarter is what is left",
                r"Multiplied by 0.25 means diminished *to* a quarter, so *by* three quarters.",
                abs(lost[0] - 0.75) < 1e-6,
                FAILS,
            ),
        ),
        explanation=rf"""
One layer at its peak leaves {kept[0]:.2f} of the gradient, and the next one {kept[1]:.2f} of that.
Ten of them leave ${scientific(0.25**10)}$. Had each taken 25 %, {0.75**10:.3f} would be left:
the difference is between a slow decay and a hopeless one.""",
    )


@question("003-5", "000-18", "001-4", level=2)
def slope_reaching_one() -> Several:
    steepest = {
        "tanh": slopes(np.tanh).max(),
        "sigmoid": slopes(sigmoid).max(),
        "sharp": slopes(lambda x: sigmoid(4 * x)).max(),
        "tall": slopes(lambda x: 2 * sigmoid(x) - 1).max(),
        "relu": slopes(ramp).max(),
    }
    reaches = {name: value > 1 - 1e-6 for name, value in steepest.items()}
    return Several(
        prompt=r"""
A gradient passes a step unchanged where the slope of the activation is 1 (for a weight of 1).

Which of these functions have a slope of 1, or more, at some $x$?""",
        options=(
            right(
                r"$\tanh(x)$",
                r"Its slope is 1 at 0, and only there: it lies in $(0, 1]$, not in $(0, 1)$.",
                reaches["tanh"],
            ),
            wrong(
                r"$\sigma(x)$",
                r"That its *values* lie between 0 and 1 says nothing of its slope, which is at "
                r"most a quarter.",
                reaches["sigmoid"],
            ),
            right(
                r"$\sigma(4x)$",
                r"By the chain rule the slope at 0 is $4 \cdot 0.25$.",
                reaches["sharp"],
            ),
            wrong(
                r"$2\,\sigma(x) - 1$",
                r"It has the range of tanh and is not tanh, which is $2\,\sigma(2x) - 1$. "
                r"Stretching it upwards by 2 doubles a quarter.",
                reaches["tall"],
            ),
            right(
                r"$\max(x, 0)$",
                r"Its slope is 1 at every positive $x$.",
                reaches["relu"],
            ),
        ),
        explanation=rf"""
The largest slopes, measured: $\tanh(x)$ {steepest["tanh"]:.3f}, $\sigma(x)$
{steepest["sigmoid"]:.3f}, $\sigma(4x)$ {steepest["sharp"]:.3f}, $2\,\sigma(x) - 1$
{steepest["tall"]:.3f}, $\max(x, 0)$ {steepest["relu"]:.3f}. For tanh and $\sigma(4x)$ this is one
single place; ReLU has it on half of the axis.""",
    )


@question("002-8", level=2)
def share_of_peak_from_output(rng: np.random.Generator) -> Number:
    s = float(rng.choice([0.05, 0.1, 0.2, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99]))
    a = float(np.log(s / (1 - s)))
    share = derivative(sigmoid, a) / derivative(sigmoid, 0.0)
    return Number(
        prompt=rf"""
A sigmoid unit shows the *output* {s:g}.

Its slope there is which share, between 0 and 1, of the largest slope that it can have?""",
        value=share,
        tolerance=0.005,
        slips=(
            slip(s * (1 - s), r"That is the slope itself. Its largest value is not 1."),
            slip(
                4 * derivative(sigmoid, s),
                rf"{s:g} is the unit's output. You took the slope at the pre-activation {s:g}.",
            ),
        ),
        explanation=rf"""
With the output $s$ the slope is $s\,(1 - s) = {s:g} \cdot {1 - s:g} = {s * (1 - s):.4g}$, and the
largest one is 0.25: the share is {share:.3g}. The pre-activation is {a:.2f}, not far out, and
{1 - share:.0%} of the peak is gone already.""",
    )


@question("002-8", level=2)
def slope_farther_out(rng: np.random.Generator) -> Choice:
    near, more = int(rng.integers(4, 8)), int(rng.integers(2, 6))
    far = near + more
    slope = {x: derivative(sigmoid, float(x)) for x in (near, far)}
    per_distance = slope[near] * near / far
    per_square = slope[near] * (near / far) ** 2

    def is_close(value: float) -> bool:
        return abs(value / slope[far] - 1) < 0.1

    return Choice(
        prompt=rf"""
The slope of a sigmoid at {near} is $\sigma'({near}) \approx {scientific(slope[near])}$. During
training the pre-activation moves out to {far}.

About how large is the slope there?""",
        options=(
            right(
                rf"${scientific(slope[far])}$",
                r"Far out, $\sigma'(x)$ is close to $e^{-x}$: each further unit divides it by "
                r"2.7.",
                is_close(slope[far]),
            ),
            wrong(
                rf"${scientific(per_distance)}$",
                r"That falls like $1/x$. The sigmoid is made of an exponential, and so are its "
                r"tails.",
                is_close(per_distance),
            ),
            wrong(
                rf"${scientific(per_square)}$",
                r"That falls like $1/x^2$. An exponential beats every power of $x$.",
                is_close(per_square),
            ),
            wrong(
                r"exactly 0",
                r"The sigmoid never becomes flat in mathematics; it only seems so in a picture.",
                slope[far] == 0,
            ),
        ),
        explanation=rf"""
For large $x$, $\sigma'(x) = \sigma(x)\,\sigma(-x) \approx e^{{-x}}$. From {near} to {far} that is a
factor of about $e^{{-{more}}} = {np.exp(-more):.2g}$, so
$\sigma'({far}) \approx {scientific(slope[far])}$. One saturated unit on the way is enough to stop
a gradient.""",
    )


@question("002-6", level=2)
def chain_at_the_right_points(rng: np.random.Generator) -> Number:
    inner = float(rng.choice([0.5, 2.0, 3.0]))
    small = {"g": rng.choice([0.2, 0.5, 0.8]), "f": rng.choice([0.4, 0.5, 0.9])}
    large = {"g": rng.choice([2.0, 3.0, 4.0]), "f": rng.choice([2.0, 5.0, 6.0])}
    here, elsewhere = (small, large) if rng.random() < 0.5 else (large, small)
    x, middle, top = (int(each) for each in rng.permutation([1, 2, 3]))
    value = float(here["f"] * here["g"] * inner)
    return Number(
        prompt=rf"""
Three layers, $y = f(g(h(x)))$. Known are

- $h({x}) = {middle}$ and $h'({x}) = {inner:g}$,
- $g({middle}) = {top}$, $g'({x}) = {elsewhere["g"]:g}$ and $g'({middle}) = {here["g"]:g}$,
- $f'({x}) = {elsewhere["f"]:g}$ and $f'({top}) = {here["f"]:g}$.

What is $dy/dx$ at $x = {x}$?""",
        value=value,
        tolerance=about_a_percent(value),
        slips=(
            slip(
                elsewhere["f"] * elsewhere["g"] * inner,
                r"Each layer's slope is taken at the number that *arrives* at this layer, which is "
                r"$x$ for the first one only.",
            ),
            slip(
                here["f"] + here["g"] + inner,
                r"The chain rule multiplies the slopes. It does not add them.",
            ),
        ),
        explanation=rf"""
$h$ gets {x}, $g$ gets $h({x}) = {middle}$ and $f$ gets $g({middle}) = {top}$. So
$dy/dx = f'({top}) \cdot g'({middle}) \cdot h'({x})$, which is
${here["f"]:g} \cdot {here["g"]:g} \cdot {inner:g} = {value:g}$:
what the first layer learns is multiplied by the slopes of all layers after it.""",
    )


@question("000-12", level=2)
def greater_than_zero() -> Judgement:
    best = {
        name: float(slopes(f).max()) ** 30
        for name, f in (("sigmoid", sigmoid), ("tanh", np.tanh), ("relu", ramp))
    }
    is_above_zero = {"sigmoid": slopes(sigmoid).min() > 0, "relu": slopes(ramp).min() > 0}
    return Judgement(
        prompt=r"""
"Against vanishing gradients, choose an activation whose derivative is greater than zero, such as
ReLU." Think of 30 steps back with a recurrent weight of 1, and call a gradient vanished below
$10^{-6}$.

Does a derivative above zero keep a gradient from vanishing?""",
        options=(
            wrong(
                r"a product of positive numbers stays away from zero",
                r"It stays *positive*. With 30 factors of at most 0.25, that is all one can say.",
                best["sigmoid"] > 1e-6,
                HOLDS,
            ),
            right(
                r"if it stays close to 1 like that of ReLU on active units",
                r"1 is the only factor that survives being multiplied 30 times.",
                best["relu"] > 0.99 and best["sigmoid"] < 1e-6 and is_above_zero["sigmoid"],
                CONDITION,
            ),
            wrong(
                r"the activation has no part in it: with a weight of 1 nothing is lost",
                r"Each step multiplies by weight *times slope*.",
                max(best.values()) - min(best.values()) < 1e-6,
                FAILS,
            ),
        ),
        explanation=rf"""
30 steps leave at most ${scientific(best["sigmoid"])}$ with the sigmoid, whose slope is above zero
everywhere, and exactly {best["relu"]:.3g} on a ReLU path that is open. (tanh reaches
{best["tanh"]:.3g} too, but only with every pre-activation at 0.) And a slope far *above* 1 would
bring the opposite problem.""",
    )


@question("000-12", "003-5", "001-4", level=2)
def chains_that_keep_half() -> Several:
    def left(f: Callable[[Any], Any], w: float) -> float:
        return (w * float(slopes(f).max())) ** 20

    kept = {
        "sigmoid 4": left(sigmoid, 4),
        "sigmoid 2": left(sigmoid, 2),
        "tanh 1": left(np.tanh, 1),
        "tanh 0.9": left(np.tanh, 0.9),
        "relu 1": left(ramp, 1),
    }
    return Several(
        prompt=r"""
One unit with the recurrent weight $w$ and the activation $f$. Suppose that at all of 20 steps its
pre-activation is where $f$ is steepest.

For which of these is at least half of the gradient left after 20 steps back?""",
        options=(
            right(
                r"the sigmoid with $w = 4$",
                r"A weight of 4 makes up for the quarter: the factor is 1.",
                kept["sigmoid 4"] > 0.5,
            ),
            wrong(
                r"the sigmoid with $w = 2$",
                r"A weight above 1 is not enough: with the sigmoid's slope the factor is 0.5.",
                kept["sigmoid 2"] > 0.5,
            ),
            right(
                r"tanh with $w = 1$",
                r"At its steepest, tanh has the slope 1. (It is seldom there.)",
                kept["tanh 1"] > 0.5,
            ),
            wrong(
                r"tanh with $w = 0.9$",
                r"0.9 per step seems mild, but it is multiplied 20 times.",
                kept["tanh 0.9"] > 0.5,
            ),
            right(
                r"ReLU with $w = 1$",
                r"On an active unit each factor is exactly 1.",
                kept["relu 1"] > 0.5,
            ),
        ),
        explanation=rf"""
The factor per step is weight times slope. After 20 steps: the sigmoid leaves
{kept["sigmoid 4"]:.3g} with $w = 4$ and ${scientific(kept["sigmoid 2"])}$ with $w = 2$; tanh
{kept["tanh 1"]:.3g} with $w = 1$ and {kept["tanh 0.9"]:.3g} with 0.9; ReLU {kept["relu 1"]:.3g}.
Neither the slope nor the weight decides alone.""",
    )


@question("000-12", "002-10", level=2)
def open_paths() -> Choice:
    signs = np.array(np.meshgrid(*[[-1, 1]] * 8)).reshape(8, -1).T  # all 256 paths
    products = np.array([np.prod([derivative(ramp, a) for a in path]) for path in signs])
    share = (products > 0.5).mean()
    return Choice(
        prompt=r"""
A gradient goes back through 8 ReLU units in a row, all weights 1. Each pre-activation is positive
or negative with equal chance, independently of the others.

What is the product of the 8 slopes on one such path?""",
        options=(
            right(
                r"0 or 1, and it is 1 on one path in 256",
                r"The path is open only if all eight units are active.",
                set(products.round(9)) == {0, 1} and abs(share - 1 / 256) < 1e-9,
            ),
            wrong(
                r"about 0.004 on every path",
                r"$0.5^8 \approx 0.004$ is the *mean* over many paths. No single path has it: "
                r"a ReLU does not halve a gradient.",
                np.allclose(products, 0.004, atol=0.001),
            ),
            wrong(
                r"0 or 1, and it is 1 on half of the paths",
                r"Half of the paths are open at *one* unit. They have to be open at all eight.",
                abs(share - 0.5) < 0.01,
            ),
            wrong(
                r"1 on every path: ReLU does not shrink gradients",
                r"On active units it does not. A unit that is not active lets nothing through.",
                products.min() > 0.5,
            ),
        ),
        explanation=rf"""
Of all {len(products)} sign patterns, only the one without a negative sign leaves the gradient as it
is; the others stop it altogether. So ReLU keeps gradients alive *if* the weights start such that
enough units stay active. In a wide layer there are many paths, and some are open.""",
    )


@question("002-10", "002-6", level=2)
def relu_weights_rescaled(rng: np.random.Generator) -> Number:
    layers = int(rng.choice([6, 8, 10, 12]))
    c = float(rng.choice([0.5, 0.8, 0.9, 1.1, 1.25, 2.0]))
    weights = rng.uniform(0.2, 0.5, (layers, 3, 3))

    def gradient(scale: float) -> float:
        def output(x: float) -> Any:
            h = x * np.ones(3)
            for W in weights:
                h = ramp(scale * W @ h)
            return h.sum()

        return derivative(output, 1.0)

    value = gradient(c) / gradient(1.0)
    shown = f"{value:.3g}" if value < 1 else f"{value:.4g}"
    return Number(
        prompt=rf"""
A network of {layers} ReLU layers without biases. All weights in all layers are multiplied by
{c:g}; the input stays the same, and its gradient is not zero.

By which factor does the gradient of the output with respect to the input change?""",
        value=value,
        tolerance=min(about_a_percent(value), 0.02),
        slips=(
            slip(1, r"ReLU's slope is 1 on active units. The weights multiply all the same."),
            slip(c, r"That is the change in one layer. The gradient passes all of them."),
            slip(c * layers, r"The layers' factors are multiplied, not added."),
        ),
        explanation=rf"""
Scaled by a positive number, every pre-activation keeps its sign: the same units stay active, with
slope 1. Only the weights change, once per layer: ${c:g}^{{{layers}}} = {shown}$. ReLU takes the
activation out of the product and leaves the weights in it; how they are initialised decides.""",
    )


@question("002-10", "002-17", level=3)
def relu_without_pretraining() -> Judgement:
    rng = np.random.default_rng(1)
    weights = rng.standard_normal((30, 50, 50)) * np.sqrt(2 / 50)
    x, v = rng.standard_normal((2, 50))

    def output(scale: float, x: Any) -> Any:
        for W in weights:
            x = ramp(scale * W @ x)
        return x

    def sensitivity(scale: float) -> float:
        ahead, behind = output(scale, x + 1e-4 * v), output(scale, x - 1e-4 * v)
        return float(np.linalg.norm(ahead - behind) / np.linalg.norm(2e-4 * v))

    size = {scale: sensitivity(scale) for scale in (0.5, 1.0, 2.0)}
    active = np.mean(weights[0] @ x > 0)
    return Judgement(
        prompt=r"""
"With ReLU, deep networks are trained by plain back-propagation, without any pre-training." Take 30
layers of 50 ReLU units with random weights. A gradient is usable if its size changes by less than a
factor of 100 from the last layer to the first.

Is the gradient usable, just because of ReLU?""",
        options=(
            wrong(
                r"a slope of 1 on active units makes it usable, whatever the size of the weights",
                r"The weights are in the product too. Halve them all, and the gradient is "
                r"halved 30 times.",
                all(0.01 < each < 100 for each in size.values()),
                HOLDS,
            ),
            right(
                r"if the weights start at a size that fits; half or twice of it is too far off",
                r"With ReLU such a size *exists*, and that is what made pre-training unnecessary.",
                0.01 < size[1.0] < 100 and size[0.5] < 0.01 and size[2.0] > 100,
                CONDITION,
            ),
            wrong(
                r"like sigmoids, thirty layers of ReLU take it below any threshold",
                r"A sigmoid loses three quarters per layer *at best*. A ReLU layer need not lose "
                r"anything.",
                max(size.values()) < 0.01,
                FAILS,
            ),
        ),
        explanation=rf"""
With weights of standard deviation $\sqrt{{2/50}}$ about half of the units are active
({active:.0%} in the first layer), and 30 layers change the gradient by a factor of {size[1.0]:.2g}.
With all weights halved it is ${scientific(size[0.5])}$, and doubled ${scientific(size[2.0])}$. So:
ReLU *and* a suitable initialisation.""",
    )


@question("001-5", level=2)
def output_sigmoid_blamed() -> Judgement:
    inputs = np.random.default_rng(2).normal(0, 0.3, 30)

    def run(h: float, steps: Any) -> Any:
        for x in steps:
            h = np.tanh(0.8 * h + x)
        return h

    def read(f: Callable[[Any], Any]) -> tuple[float, float]:
        """The slopes of the prediction with respect to h_30 and h_5."""
        near = derivative(f, run(0.0, inputs))
        return near, derivative(lambda h: f(run(h, inputs[5:])), run(0.0, inputs[:5]))

    near, far = read(lambda h: h)
    soft_near, soft_far = read(sigmoid)
    flat_near, flat_far = read(lambda h: sigmoid(h + 4))
    kept = {"linear": far / near, "sigmoid": soft_far / soft_near, "flat": flat_far / flat_near}
    return Judgement(
        prompt=r"""
An article traces vanishing gradients to the sigmoid that makes the *prediction*. Take
$h_t = \tanh(0.8\,h_{t-1} + x_t)$ for 30 steps, and a prediction from $h_{30}$: either linear, or
through a sigmoid.

Is the prediction's sigmoid the reason why step 5 gets so little of the gradient of step 30?""",
        options=(
            wrong(
                r"with a linear prediction, step 5 would get as much as step 30",
                r"The 25 steps in between are the same in both networks, and each takes its share.",
                kept["linear"] > 0.5,
                HOLDS,
            ),
            wrong(
                r"where its unit is saturated: there it speeds up the fading from step to step",
                r"A saturated output makes *all* gradients small, those of near steps as well. "
                r"From one step to the next nothing changes.",
                kept["flat"] < 0.9 * kept["linear"],
                CONDITION,
            ),
            right(
                r"it multiplies the gradients of all steps once, by the same number",
                r"What step 5 gets, compared with step 30, is decided between the two.",
                np.allclose(list(kept.values()), kept["linear"], rtol=1e-3, atol=0),
                FAILS,
            ),
        ),
        explanation=rf"""
Of the gradient at step 30, step 5 gets ${scientific(kept["linear"])}$ with the linear prediction,
${scientific(kept["sigmoid"])}$ with the sigmoid and ${scientific(kept["flat"])}$ with a saturated
one. The output's slope ({soft_near:.2f} instead of {near:.2f} here) enters once; weight times
$\tanh'$ enters 25 times.""",
    )


@question("002-8", level=1)
def flat_before_long() -> Judgement:
    share = {x: derivative(sigmoid, x) / derivative(sigmoid, 0.0) for x in (2.0, 10.0, -10.0)}
    return Judgement(
        prompt=r"""
"Away from 0 the derivative of the sigmoid quickly approaches 0." Call it *close to 0* when it is
below a thousandth of its peak, and look at $x = 10$ and at $x = -10$.

Is the statement true?""",
        options=(
            right(
                r"ten units away, less than a thousandth of the peak is left on either side",
                r"The tails fall like $e^{-|x|}$, and $e^{-10}$ is already tiny.",
                max(share[10.0], share[-10.0]) < 1e-3,
                HOLDS,
            ),
            wrong(
                r"on the left, where the output is near 0; on the right the output stays near 1",
                r"The derivative is $s\,(1 - s)$, which is small at $s = 1$ as well as at $s = 0$.",
                share[10.0] > 1e-3 > share[-10.0],
                CONDITION,
            ),
            wrong(
                r"the curve has no flat part: a fair share of the slope is left",
                r"It is never quite flat, but a thousandth of the peak is soon reached.",
                share[10.0] > 1e-3,
                FAILS,
            ),
        ),
        explanation=rf"""
Measured, as a share of the peak: {share[2.0]:.2f} at 2, and ${scientific(share[10.0])}$ at 10 and
at −10. A unit that is driven this far has as good as no gradient.""",
    )


@question("002-6", level=2)
def product_of_all_later_ones() -> Judgement:
    weights = (0.5, 2.0, -1.5, 0.8)

    def layers(x: float, first: int = 0) -> float:
        for w in weights[first:]:
            x = float(np.tanh(w * x + 0.1))
        return x

    places = [0.3]
    for w in weights:
        places.append(float(np.tanh(w * places[-1] + 0.1)))
    each = [
        derivative(lambda x, w=w: np.tanh(w * x + 0.1), place)  # type: ignore[misc]
        for w, place in zip(weights, places, strict=False)
    ]
    whole = derivative(layers, 0.3)
    return Judgement(
        prompt=r"""
Four layers, one unit each: $y = f_4(f_3(f_2(f_1(x))))$. "The derivative of $y$ with respect to $x$
is the product of the derivatives of all four layers, each taken at the number that arrives at
it."

Is the statement true?""",
        options=(
            right(
                r"a small change passes the layers in turn and is multiplied by each",
                r"That is the chain rule, and the reason why deep networks have long products.",
                np.isclose(whole, np.prod(each)),
                HOLDS,
            ),
            wrong(
                r"where all the layers have the same weight and the same slope",
                r"The factors may differ: here the weights are 0.5, 2, −1.5 and 0.8.",
                not np.isclose(whole, np.prod(each)),
                CONDITION,
            ),
            wrong(
                r"the layers each add their own derivative to those of the others",
                r"Sums belong to paths side by side. These layers stand one behind the other.",
                np.isclose(whole, np.sum(each)),
                FAILS,
            ),
        ),
        explanation=rf"""
With the weights 0.5, 2, −1.5 and 0.8, tanh and a bias of 0.1, the four derivatives are
{", ".join(f"{factor:.3f}" for factor in each)}. Their product is {np.prod(each):.4f}, and a finite
difference through all layers gives {whole:.4f}.""",
    )


@question("002-8", "002-9", level=2)
def mistake_in_a_sigmoid_layer(rng: np.random.Generator) -> Choice:
    def works(defined: Any) -> bool:
        x, W = np.array([[0.3, -2.0]]), np.array([[1.0, -0.5, 2.0], [0.4, 0.2, -1.0]])
        d = np.array([[1.0, -2.0, 0.5]])
        s, dx, dW = defined["layer"](x, W, d)
        along = derivative(lambda t: np.sum(d * sigmoid((x + t * np.array([[1, 2]])) @ W)), 0.0)
        tilt = derivative(lambda t: np.sum(d * sigmoid(x @ (W + t * np.eye(2, 3)))), 0.0)
        fits = np.isclose(along, (dx * [[1, 2]]).sum()) and np.isclose(tilt, dW[0, 0] + dW[1, 1])
        return bool(fits and np.allclose(s, sigmoid(x @ W)))

    return find_the_mistake(
        rng,
        r"""
A sigmoid layer, $s = \sigma(x W)$, forwards and backwards. `d` (N, H) is the gradient with respect
to `s`. One line is wrong, and the gradient check fails.""",
        """
def layer(x, W, d):          # x (N, D), W (D, H)
    s = 1 / (1 + np.exp(-(x @ W)))
    da = d * s * (1 - s)
    dx = da @ W.T
    dW = x.T @ da
    return s, dx, dW
""",
        (
            Swap(
                "d * s * (1 - s)",
                "d * (1 - s ** 2)",
                "With the output $s$, the slope of the sigmoid is $s(1 - s)$; $1 - s^2$ belongs to "
                "tanh.",
            ),
            Swap(
                "np.exp(-(x @ W))",
                "np.exp(x @ W)",
                "The minus sign makes the sigmoid rise; without it, the function is mirrored.",
            ),
            Swap(
                "da @ W.T",
                "d @ W.T",
                "The gradient has to pass the sigmoid before it meets the weights.",
            ),
            Swap(
                "x.T @ da",
                "x.T @ (da * s)",
                "The slope is in `da` already, and nothing else stands between $a$ and $W$.",
            ),
        ),
        works,
        "A finite difference along one direction of `x` and one of `W` tells the versions apart.",
    )


@question("002-17", "002-9", level=2)
def stack_behind_the_table(rng: np.random.Generator) -> Choice:
    depth = (1, 5, 10, 15)
    offset = float(rng.choice([0.0, 0.5, 1.0]))

    def rows(f: Callable[[Any], Any], w: float, place: float) -> list[list[str]]:
        factor = w * derivative(f, place)
        return [[f"{n}", f"{factor**n:.1e}"] for n in depth]

    return diagnose(
        rng,
        rf"""
In a stack of layers with one unit each, all pre-activations are {offset + 0.5:g}. The table
shows how much of a gradient is left that many layers below the top.

TABLE

Which stack is it?""",
        ["layers below", "left"],
        (
            Cause(
                "sigmoid layers with weights of 1",
                rows(sigmoid, 1.0, offset + 0.5),
                "Sigmoid layers with weights of 1 lose more than three quarters at each layer.",
            ),
            Cause(
                "sigmoid layers with weights of 4",
                rows(sigmoid, 4.0, offset + 0.5),
                "A weight of 4 makes up for the quarter, so the factor is 1 at the peak and a "
                "little less beside it.",
            ),
            Cause(
                "ReLU layers with weights of 1",
                rows(ramp, 1.0, offset + 0.5),
                "Active ReLU units with weights of 1 leave a gradient exactly as it is.",
            ),
            Cause(
                "ReLU layers with weights of 2",
                rows(ramp, 2.0, offset + 0.5),
                "Active ReLU units multiply by their weight, so a weight of 2 doubles at each "
                "layer.",
            ),
        ),
        """Look at the first row: it is the factor of one layer. The others are its powers. So a
deep stack of sigmoids is hard to train from small weights, and not by nature.""",
    )


@question("002-6", level=2)
def order_of_a_stable_softmax() -> Ordering:
    scores, y = np.array([1000.0, 1002.0, 999.0]), 0

    def reached(found: dict[str, Any]) -> bool:
        exact = np.array([np.exp(-2.0), 1.0, np.exp(-3.0)])
        exact /= exact.sum()
        return bool(
            np.allclose(found["p"], exact)
            and np.isclose(found["loss"], -np.log(exact[y]))
            and np.allclose(found["dscores"], exact - np.eye(3)[y])
        )

    def subtract(found: dict[str, Any]) -> None:
        found["z"] = scores - scores.max()

    def exponentiate(found: dict[str, Any]) -> None:
        found["e"] = np.exp(found["z"])

    def divide(found: dict[str, Any]) -> None:
        found["p"] = found["e"] / found["e"].sum()

    def loss(found: dict[str, Any]) -> None:
        found["loss"] = -np.log(found["p"][y])

    def gradient(found: dict[str, Any]) -> None:
        found["loss"]
        found["dscores"] = found["p"] - np.eye(3)[y]

    return ordering(
        prompt=r"""
The scores are 1000, 1002 and 999, and $e^{1000}$ overflows. You want the cross-entropy of class 0
and, last of all, its gradient with respect to the scores.

In which order do you take these steps?""",
        steps=(
            step(
                "subtract the largest score from every score",
                "It comes first: afterwards no exponential can overflow, and the softmax is the "
                "same.",
                subtract,
            ),
            step(
                "take the exponential of each number",
                "It needs the shifted scores, and makes what is divided later.",
                exponentiate,
            ),
            step(
                "divide by the sum",
                "The sum is one of exponentials, and what comes out are the probabilities.",
                divide,
            ),
            step(
                "take the negative logarithm of the probability of class 0",
                "It needs a probability, and gives the loss.",
                loss,
            ),
            step(
                "subtract 1 from the probability of class 0, to have the gradient",
                "This is the gradient of the loss that stands before it.",
                gradient,
            ),
        ),
        explanation=r"""
Shift, exponentiate, divide: these give the probabilities. The loss is $-\ln p_0$, and its gradient
is $p$ with 1 taken from the entry of the right class. Run in this order with the scores above,
everything stays finite.""",
        is_reached=reached,
    )
