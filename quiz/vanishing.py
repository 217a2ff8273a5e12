"""Why gradients vanish or explode: powers, saturation, and what eigenvalues do not say."""

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
from quiz.engine.measure import derivative, jacobian, largest_stretch
from quiz.engine.reading import Cause, Swap, diagnose, find_the_mistake


def settled(w: float, start: float = 0.1, steps: int = 200) -> float:
    """The state of h = tanh(w h) after many steps."""
    h = start
    for _ in range(steps):
        h = np.tanh(w * h)
    return h


def through(states: Any, W: Any) -> Callable[[Any], Any]:
    """The last state of h_t = tanh(W h_{t-1} + x_t) as a function of h_0.

    The inputs are those that lead from h_0 = 0 through ``states`` (T, H).
    """
    before = np.vstack([np.zeros(len(W)), states[:-1]])
    inputs = np.arctanh(states) - before @ W.T

    def run(h: Any) -> Any:
        for x in inputs:
            h = np.tanh(W @ h + x)
        return h

    return run


def about_a_percent(value: float) -> float:
    """A round tolerance of about one percent."""
    return float(f"{0.01 * abs(value):.1g}")


def scientific(x: float) -> str:
    """2.4e-05 as LaTeX."""
    digits, exponent = f"{x:.1e}".split("e")
    return rf"{digits} \cdot 10^{{{int(exponent)}}}"


@question("000-Q3", "000-7", level=1)
def memory_check() -> Choice:
    left = 0.8 ** (20 - 5)
    return Choice(
        prompt=r"""
An RNN stands at step $t = 20$ and needs the word that it read at $t = 5$. On the way back, every
step multiplies the gradient by 0.8. Call the word *forgotten* if less than a twentieth of the
gradient reaches it.

Is it forgotten?""",
        options=(
            right(
                r"Yes: about 0.035 of the gradient is left",
                r"Fifteen steps lie between, and $0.8^{15} \approx 0.035$ is below 0.05.",
                abs(left - 0.035) < 0.001 and left < 0.05,
            ),
            wrong(
                r"No: 0.8 is close to 1, and most of the gradient is left",
                r"One factor takes little, but fifteen are multiplied: what counts is the power.",
                left > 0.5,
            ),
            wrong(
                r"Yes: about 0.012 of the gradient is left",
                r"That is $0.8^{20}$, counted from the first word. The word stands at step 5.",
                abs(left - 0.012) < 0.001,
            ),
            wrong(
                r"Yes: nothing at all is left",
                r"Fifteen times 0.2 would be more than all, but each step takes a fifth of what is "
                r"*still there*. A power of 0.8 is never 0.",
                left == 0,
            ),
        ),
        explanation=rf"""
From step 20 back to step 5 there are 15 factors: $0.8^{{15}} = {left:.4f}$, below the threshold of
0.05. With another threshold, say 0.01, the answer would be *no*: the claim is a rule of thumb.""",
    )


@question("000-7", "004-4", level=1)
def steps_until_faded(rng: np.random.Generator) -> Number:
    factor = float(rng.integers(60, 97)) / 100
    threshold = float(rng.choice([0.1, 0.05, 0.01]))
    exact = np.log(threshold) / np.log(factor)
    steps = int(np.floor(exact)) + 1
    at_once = np.ceil((1 - threshold) / (1 - factor))  # if each step took the same amount
    return Number(
        prompt=rf"""
Each step back multiplies the gradient by {factor:g}. After how many steps is it for the first time
below {threshold:g} of what it was?""",
        value=steps,
        tolerance=0,
        slips=(
            slip(steps - 1, "After one step fewer it is still at or above the threshold."),
            slip(
                at_once,
                "The loss per step is not the same amount but the same *share*: it is a power.",
            ),
        ),
        explanation=rf"""
$k > \ln {threshold:g} / \ln {factor:g} = {exact:.2f}$, so $k = {steps}$:
${factor:g}^{{{steps}}} = {factor**steps:.4f}$, and one step before it was
{factor ** (steps - 1):.4f}.""",
    )


@question("000-6", "002-11", "004-4", "004-7", level=2)
def weight_above_one() -> Judgement:
    def step(w: float) -> Callable[[float], float]:
        return lambda h: float(np.tanh(w * h))

    at_rest = {w: derivative(step(w), settled(w)) for w in (1.5, 5.0)}
    linear = {w: derivative(lambda h, w=w: w * h, 0.3) for w in (0.8, 1.5, 5.0)}  # type: ignore[misc]
    return Judgement(
        prompt=r"""
An article says that the gradient explodes when the recurrent weight is above 1. Take one unit with
$w = 1.5$ or $w = 5$ that has run for a while without input: a linear one, $h_t = w\,h_{t-1}$, and
one with tanh.

Does the gradient explode?""",
        options=(
            wrong(
                r"both units multiply it by $w$ at each step",
                r"With tanh there is a second factor, the slope, and it is small where the unit is "
                r"saturated.",
                min(at_rest.values()) > 1,
                HOLDS,
            ),
            right(
                r"in the linear unit; the one with tanh has saturated, and its factor is below 1",
                r"The state settles where the slope of tanh more than makes up for the weight.",
                min(linear[1.5], linear[5.0]) > 1 > max(at_rest.values()),
                CONDITION,
            ),
            wrong(
                r"the weight acts on states, and a gradient does not meet it",
                r"It does, once per step: the linear unit's factor is $w$ itself.",
                abs(linear[5.0] - 1) < 1e-6,
                FAILS,
            ),
        ),
        explanation=rf"""
The linear unit multiplies by {linear[1.5]:.1f} and {linear[5.0]:.1f}. With tanh and $w = 1.5$ the
state settles at {settled(1.5):.3f}, where a step multiplies by {at_rest[1.5]:.3f}; with $w = 5$ by
{at_rest[5.0]:.5f}: the gradient vanishes. For one tanh unit a weight above 1 is necessary for an
explosion, and not sufficient. And what explodes is the gradient; weights follow by an update.""",
    )


@question("000-Q4", "000-Q3", level=1)
def threshold_for_both() -> Choice:
    near, far = 0.8 ** (20 - 18), 0.8 ** (20 - 5)

    def agrees(threshold: float) -> bool:
        """Whether word 18 counts as remembered and word 5 does not."""
        return near >= threshold > far

    return Choice(
        prompt=r"""
An RNN is at step 20, and each step back multiplies the gradient by 0.8. An article answers *yes* to
"is the word of step 18 remembered?", and *no* for the word of step 5. From which share of the
gradient on a word counts as remembered, it does not say.

Which of these thresholds gives both answers?""",
        options=(
            wrong(
                r"0.01",
                r"With this one the word of step 5 counts as remembered too: 15 factors of 0.8 "
                r"leave more than a hundredth.",
                agrees(0.01),
            ),
            right(r"0.2", r"Two steps leave more than 0.2, fifteen less.", agrees(0.2)),
            wrong(
                r"0.7",
                r"The word of step 18 is *two* steps back, and $0.8^2$ is below 0.7.",
                agrees(0.7),
            ),
            wrong(
                r"0.9",
                r"A single step leaves 0.8 already. By this threshold nothing is ever remembered.",
                agrees(0.9),
            ),
        ),
        explanation=rf"""
$0.8^2 = {near:.2f}$ of the gradient reaches step 18, and $0.8^{{15}} = {far:.4f}$ reaches step 5.
The answers *yes* and *no* are right for every threshold between the two. Rules of thumb of this
kind mean little until the threshold is named.""",
    )


@question("000-Q1", level=2)
def change_that_keeps_the_factor() -> Choice:
    def losses(h: float, outputs: range, w: float = 1.2) -> dict[int, float]:
        """The loss of each step with an output; it is the state, so that its gradient is 1."""
        found = {}
        for t in range(1, outputs.stop):
            h = w * h
            if t in outputs:
                found[t] = h
        return found

    every, only_last, twice = range(1, 21), range(20, 21), range(1, 41)
    factor = derivative(lambda h: losses(h, every)[20], 0.3)
    alone = derivative(lambda h: losses(h, only_last)[20], 0.3)
    longer = derivative(lambda h: losses(h, twice)[40], 0.3)
    lighter = derivative(lambda h: losses(h, every, w=0.6)[20], 0.3)
    total = derivative(lambda h: sum(losses(h, every).values()), 0.3)
    total_alone = derivative(lambda h: sum(losses(h, only_last).values()), 0.3)
    capped = 1.0
    for _ in range(20):
        capped = min(1.2 * capped, 10)

    def is_kept(other: float) -> bool:
        return abs(other / factor - 1) < 1e-6

    return Choice(
        prompt=r"""
A linear unit, $h_t = 1.2\,h_{t-1} + x_t$, reads 20 inputs and has an output with a loss at *every*
step. At $h_{20}$ the gradient of the *last* loss is 1; by some factor it has grown when it arrives
at the start, $h_0$.

Which change leaves this factor exactly as it is?""",
        options=(
            wrong(
                r"reading sequences of 40 inputs",
                r"More steps lie between the last loss and the start, and each one multiplies.",
                is_kept(longer),
            ),
            wrong(
                r"setting gradients above 10 to 10 on the way back",
                r"Capping is made for this: it changes what arrives as soon as 10 is passed.",
                is_kept(capped),
            ),
            right(
                r"dropping all outputs but the last",
                r"Outputs at other steps are not on the way from the last loss to the start.",
                is_kept(alone),
            ),
            wrong(
                r"halving the recurrent weight",
                r"The weight is the factor of each step. Halved, it turns growth into decay.",
                is_kept(lighter),
            ),
        ),
        explanation=rf"""
$1.2^{{20}} = {factor:.1f}$, and which other steps have an output does not matter for it. The other
changes give {longer:.0f}, {capped:.0f} and ${scientific(lighter)}$. The *total* gradient at $h_0$
does change, as fewer losses feed it: it is {total:.0f} with a loss at every step, and
{total_alone:.1f} with the last one alone. So "no effect" is true of the factor only.""",
    )


@question("001-3", "000-3", "000-17", "003-3", level=1)
def a_hundred_factors() -> Judgement:
    left = {factor: factor**100 for factor in (0.9, 0.995, 1.0, 1.05)}
    added = 0.9 * 100
    return Judgement(
        prompt=r"""
"At step 100, the gradient of the first step contains a product of a hundred derivatives, and such a
product is too small to be of any use." Let *useless* mean below 0.001.

Is it useless after a hundred steps?""",
        options=(
            wrong(
                r"a hundred numbers multiplied are next to nothing, whatever they are",
                r"They are if they are well below 1. Think of a hundred ones.",
                max(left.values()) < 0.001,
                HOLDS,
            ),
            right(
                r"if the factors are clearly below 1, such as 0.9",
                r"Factors of 1 keep it, factors above 1 make it grow.",
                left[0.9] < 0.001 <= min(left[0.995], left[1.0], left[1.05]),
                CONDITION,
            ),
            wrong(
                r"a hundred derivatives add up to something large",
                r"Steps that follow *each other* are multiplied. Only separate paths are added.",
                abs(left[0.9] - added) < 1,
                FAILS,
            ),
        ),
        explanation=rf"""
A hundred factors of 0.9 leave ${scientific(left[0.9])}$, of 0.995 {left[0.995]:.2f}, of 1 exactly
{left[1.0]:g} (a ReLU unit that stays active, with weight 1), and of 1.05 they make
{left[1.05]:.0f}. Length makes a gradient *sensitive* to its factor; in which direction, the factor
decides.""",
    )


@question("000-8", "000-3", level=1)
def later_words_left_out() -> Judgement:
    inputs = np.random.default_rng(3).normal(0, 0.5, 40)

    def last(xs: Any) -> Any:
        h = 0.0
        for x in xs:
            h = np.tanh(0.8 * h + x)
        return np.array([h])

    reached = np.abs(jacobian(last, inputs)[0])
    early, middle, late = reached[:5].max(), reached[18:23].max(), reached[-5:].max()
    return Judgement(
        prompt=r"""
A tanh unit with the recurrent weight 0.8 reads 40 words. The one loss stands after the last word.
About such networks an article writes that the words of the *later* steps are left with almost no
gradient.

Is it the later words that get almost none?""",
        options=(
            wrong(
                r"each step takes its share, and the later words have more steps before them",
                r"Steps *before* a word do not matter for its gradient. It comes from the loss, "
                r"going backwards.",
                late < 0.01 * early,
                HOLDS,
            ),
            wrong(
                r"for those in the middle; the first and the last words are remembered best",
                r"That is how people remember lists. Here the gradient falls all the way back.",
                middle < 0.01 * min(early, late),
                CONDITION,
            ),
            right(
                r"it is the early ones, which are farthest from the loss",
                r"Between the loss and word 1 there are 39 factors, each below 1.",
                early < 0.01 * late,
                FAILS,
            ),
        ),
        explanation=rf"""
Measured by moving each input a little: the largest derivative of the last state is
${scientific(early)}$ among the first five words, ${scientific(middle)}$ in the middle and
{late:.2f} among the last five. Count steps from the *loss*, not from the start of the sentence.""",
    )


@question("000-5", "003-3", level=2)
def factor_from_states(rng: np.random.Generator) -> Number:
    w = float(rng.choice([0.8, 1.2, 1.5, 2.0]))
    states = rng.choice([-0.8, -0.6, -0.3, 0.4, 0.5, 0.7, 0.9], 3, replace=False)
    run = through(states[:, None], np.array([[w]]))
    value = float(jacobian(run, [0.0])[0, 0])
    open_share = value / w**3
    first, second, third = states
    shown = r" \cdot ".join(f"{1 - h**2:.4g}" for h in states)
    return Number(
        prompt=rf"""
One unit, $h_t = \tanh({w:g}\,h_{{t-1}} + x_t)$. Its states are $h_1 = {first:g}$,
$h_2 = {second:g}$ and $h_3 = {third:g}$.

What is $\partial h_3 / \partial h_0$?""",
        value=value,
        tolerance=about_a_percent(value),
        slips=(
            slip(w**3, r"That would be a *linear* unit. Each step also has the slope of tanh."),
            slip(open_share, r"The slopes are there; each step multiplies by the weight as well."),
            slip(w * open_share, r"The weight comes in once per *step*: it is used three times."),
        ),
        explanation=rf"""
Each step multiplies by $w\,\tanh'(a_t) = w\,(1 - h_t^2)$, so the weight appears to the third power:
${w:g}^3 \cdot {shown} = {value:.3g}$.
"A power of the weight" would be {w**3:.3g}. It is exact for a linear unit only; with tanh it is the
most that is possible.""",
    )


@question("000-14", level=1)
def too_large_for_memory() -> Judgement:
    with np.errstate(all="ignore"):
        huge = np.float64(5.0) ** 500
    small, large = np.float64(0.001), np.float64(5.0) ** 400
    narrow, narrow_large = np.float32(1), np.float32(1e38)
    return Judgement(
        prompt=r"""
"If a gradient is multiplied by 5 again and again, it becomes too large to be kept in the computer's
memory."

Does an exploding gradient run out of memory?""",
        options=(
            wrong(
                r"a number with more digits takes more bytes, and at some point none are left",
                r"On paper it does, and so does a Python `int`. A floating-point number has a "
                r"fixed size.",
                large.nbytes > small.nbytes,
                HOLDS,
            ),
            wrong(
                r"for float32: with four bytes, its memory is full sooner",
                r"Four bytes limit the *range*. 1 and $10^{38}$ take the same room.",
                narrow_large.nbytes > narrow.nbytes,
                CONDITION,
            ),
            right(
                r"its size in bytes stays the same; it is the value that turns into `inf`",
                r"The number overflows, and what is then computed with it becomes NaN.",
                np.isinf(huge) and huge.nbytes == small.nbytes,
                FAILS,
            ),
        ),
        explanation=rf"""
0.001, $5^{{400}}$ and $5^{{500}}$ take {small.nbytes}, {large.nbytes} and {huge.nbytes} bytes in
float64. But $5^{{500}}$ has the value `{huge}`, since the largest float64 is
${scientific(np.finfo(float).max)}$. What is lost is the *value* of the gradient, and with the next
update that of the weights.""",
    )


@question("000-13", level=1)
def powers_of_ten(rng: np.random.Generator) -> Number:
    factor, steps = int(rng.integers(2, 10)), int(rng.integers(15, 41))
    digits = len(str(factor**steps))
    return Number(
        prompt=rf"""
On its way back through {steps} steps a gradient is multiplied by {factor} at each of them. In the
end it is between $10^n$ and $10^{{n+1}}$ times as large as at first.

What is the whole number $n$?""",
        value=digits - 1,
        tolerance=0,
        slips=(
            slip(digits, r"That is the number of *digits*. $10^n$ has $n + 1$ of them."),
            slip(
                len(str(factor * steps)) - 1,
                r"The steps do not add up, each multiplies what the one before it left.",
            ),
        ),
        explanation=rf"""
$\log_{{10}} {factor}^{{{steps}}} = {steps} \cdot \log_{{10}} {factor}$, which is
${steps} \cdot {np.log10(factor):.3f} = {steps * np.log10(factor):.2f}$, so
$n = {digits - 1}$. A factor of {factor} does not look dangerous; a power of ten every
{1 / np.log10(factor):.1f} steps does.""",
    )


@question("004-2", level=3)
def weights_taken_in_front() -> Judgement:
    states = np.array([[0.8, -0.2], [0.1, 0.9], [0.7, -0.4]])
    slopes = np.diag(np.prod(1 - states**2, axis=0))
    W = np.array([[0.4, 1.2], [-0.9, 0.7]])
    symmetric = np.array([[0.4, 1.2], [1.2, 0.7]])

    def error(W: Any, formula: Any) -> float:
        """How far the formula is from the measured derivative, relative to its size."""
        measured = jacobian(through(states, W), np.zeros(2))
        return largest_stretch(formula - measured) / largest_stretch(measured)

    off = error(W, np.linalg.matrix_power(W, 3) @ slopes)
    return Judgement(
        prompt=r"""
For $h_t = \tanh(W h_{t-1} + x_t)$ with two units, lecture notes collect the weights in front:
$\partial h_3 / \partial h_0 = W^3\,D_3 D_2 D_1$. Each $D_t$ is the diagonal matrix of the slopes
$\tanh'$ at step $t$.

Is this formula right?""",
        options=(
            wrong(
                r"a diagonal matrix scales, and may change places with any other",
                r"It may change places with other *diagonal* matrices. $D W$ scales the rows of "
                r"$W$, and $W D$ its columns.",
                np.allclose(slopes @ W, W @ slopes),
                HOLDS,
            ),
            wrong(
                r"if $W$ is symmetric: the order of its factors is then free",
                r"$W = W^\top$ makes rows like columns. Scaling the ones is still not scaling the "
                r"others.",
                error(symmetric, np.linalg.matrix_power(symmetric, 3) @ slopes) < 0.01,
                CONDITION,
            ),
            right(
                r"each $D_t$ has to keep its place between the weight matrices",
                r"Matrices do not commute, and the chain rule fixes their order.",
                off > 0.1 and not np.allclose(slopes @ W, W @ slopes),
                FAILS,
            ),
        ),
        explanation=rf"""
With `W = [[0.4, 1.2], [-0.9, 0.7]]` and some states, the formula is off by {off:.0%} of the size of
the true derivative (measured by moving $h_0$). For *one* unit it is right, as numbers commute. And
the norms of the factors are numbers: a bound may collect them as it likes.""",
    )


@question("004-5", "004-2", level=3)
def what_norms_promise(rng: np.random.Generator) -> Choice:
    s = float(rng.choice([1.1, 1.2, 1.3, 1.4, 1.5]))
    high, low = rng.choice([0.7, 0.8, 0.9], 3), rng.choice([0.1, 0.2, 0.3], 3)
    slopes = np.array([[high[0], low[0]], [low[1], high[1]], [high[2], low[2]]])
    bound = s**3 * float(slopes.max(axis=1).prod())
    swapped = s**3 * float(slopes.prod(axis=0).max())
    states = np.sqrt(1 - slopes)
    norms = [
        largest_stretch(jacobian(through(states, s * Q), np.zeros(2)))
        for Q in (np.eye(2), np.array([[0.0, 1.0], [1.0, 0.0]]))
    ]
    pairs = ", ".join(f"({a:g}, {b:g})" for a, b in slopes)
    most_open = r" \cdot ".join(f"{each:g}" for each in high)
    return Choice(
        prompt=rf"""
A tanh network of two units. At three steps, the slopes $\tanh'$ of its two units are
{pairs}. Of $W_h$ we know only that its largest singular value is {s:g}.

What is sure, up to rounding, about the norm (the largest stretch) of
$\partial h_3 / \partial h_0$?""",
        options=(
            right(
                rf"It is at most {bound:.3g}.",
                r"At each step the most open unit counts, and the weights stretch by no more than "
                r"their largest singular value.",
                max(norms) <= bound * (1 + 1e-6),
            ),
            wrong(
                rf"It is exactly {bound:.3g}.",
                r"Norms multiply to a *bound*. It is reached only if each step stretches most what "
                r"the step before it stretched most.",
                max(abs(norm / bound - 1) for norm in norms) < 1e-3,
            ),
            wrong(
                rf"It is at most {swapped:.3g}.",
                r"That follows each unit by itself and takes the better one. The weights may lead "
                r"from the open unit of one step to the open unit of the next.",
                max(norms) <= swapped * (1 + 1e-3),
            ),
            wrong(
                rf"It is at least {bound:.3g}.",
                r"Norms bound from above. How little is left, they do not say.",
                min(norms) >= bound * (1 - 1e-3),
            ),
        ),
        explanation=rf"""
$\|AB\| \le \|A\|\,\|B\|$, so the norm is at most
${s:g}^3 \cdot {most_open} = {bound:.3g}$. With $W_h = {s:g}$ times the identity
it is {norms[0]:.3g} (measured); with weights that swap the units it is {norms[1]:.3g}, and the
bound is reached.""",
    )


@question("004-6", level=3)
def radius_below_one() -> Judgement:
    W = np.array([[2.0, 1.99], [-1.99, -2.0]])
    radius = float(np.sqrt(largest_stretch(W @ W)))  # W @ W is a multiple of the identity

    def growth(steps: int, is_open: bool) -> float:
        """The measured stretch by ``steps`` of the ReLU network, with unit 2 open or closed."""
        here = np.array([1.0, 1.0]) if is_open else np.zeros(2)
        x = here - W @ here if is_open else np.array([1.0, -1.0])

        def run(h: Any) -> Any:
            for _ in range(steps):
                h = np.maximum(W @ h + x, 0)
            return h

        return largest_stretch(jacobian(run, here))

    closed = {steps: growth(steps, False) for steps in (1, 10, 20)}
    both = {steps: growth(steps, True) for steps in (1, 10)}
    return Judgement(
        prompt=r"""
A ReLU network of two units has `W_h = [[2, 1.99], [-1.99, -2]]`, with eigenvalues of about 0.2 and
-0.2. Notes say: if the largest eigenvalue is below 1 in size, the gradient shrinks exponentially,
whatever the inputs are.

Does the gradient of this network have to shrink?""",
        options=(
            wrong(
                r"each step multiplies the gradient by at most 0.2",
                r"An eigenvalue tells what happens to its own eigenvector. Other directions are "
                r"stretched by up to the largest *singular* value.",
                max(both[1], closed[1]) <= radius + 1e-6,
                HOLDS,
            ),
            wrong(
                r"after the first few steps: in the long run the eigenvalues of $W_h$ decide",
                r"They decide about powers of $W_h$ *itself*. When ReLU closes a unit, another "
                r"matrix is multiplied.",
                closed[20] < closed[10],
                CONDITION,
            ),
            right(
                r"while one unit is closed the other one doubles it at every step",
                r"What is left of $W_h$ then is its entry 2, and nothing cancels it any more.",
                abs(closed[20] / closed[10] - 2**10) < 1 and closed[10] > 1000,
                FAILS,
            ),
        ),
        explanation=rf"""
The largest singular value is {largest_stretch(W):.2f}, although the eigenvalues are {radius:.2f} in
size. With both units open, ten steps stretch a gradient by at most ${scientific(both[10])}$. With
unit 2 closed all the time it is {closed[10]:.0f} after ten, doubling at each step. What would be
enough for ReLU and tanh: the largest *singular value* below 1.""",
    )


@question("004-6", "002-5", level=3)
def one_way_matrix(rng: np.random.Generator) -> Number:
    a = float(rng.choice([0.4, 0.5, 0.6]))
    b, steps = int(rng.choice([5, 8, 10, 20])), int(rng.integers(3, 7))
    W = np.array([[a, b], [0.0, a]])
    power = np.linalg.matrix_power(W, steps)
    value = float(power[0, 1])
    return Number(
        prompt=rf"""
A linear network, $h_t = W h_{{t-1}}$ (columns), has `W = [[{a:g}, {b}], [0, {a:g}]]`. Both
eigenvalues are {a:g}.

By how much does the *first* unit of $h_{{{steps}}}$ change per unit of change in the *second* one
of $h_0$?""",
        value=value,
        tolerance=about_a_percent(value),
        slips=(
            slip(
                a**steps, r"That is the power of the eigenvalue. It is right for unit 1 on unit 1."
            ),
            slip(
                b * a ** (steps - 1),
                rf"That is one way across. The step over {b} may come first, or second, or later.",
            ),
            slip(
                b**steps, rf"The weight {b} leads from unit 2 to unit 1 only, so it is used once."
            ),
        ),
        explanation=rf"""
Every way from unit 2 to unit 1 uses {b} once and {a:g} at the other {steps - 1} steps, and there
are {steps} such ways: ${steps} \cdot {a:g}^{{{steps - 1}}} \cdot {b} = {value:.4g}$. The eigenvalue
would promise ${a:g}^{{{steps}}} = {a**steps:.3g}$. Far out it is right about the decay; within
{steps} steps it is not.""",
    )


@question("004-6", "004-5", "004-7", level=3)
def certain_to_vanish() -> Several:
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])  # stretches nothing

    def stretch(f: Callable[[Any], Any], W: Any, x: float = 0.0) -> float:
        """What one step of f(W h + x) stretches at h = 0, where f is steepest."""
        return largest_stretch(jacobian(lambda h: f(W @ h + x), np.zeros(2)))

    def sigmoid(a: Any) -> Any:
        return 1 / (1 + np.exp(-a))

    def ramp(a: Any) -> Any:
        return np.maximum(a, 0)

    p, q = (3 + 0.27) / 2, (3 - 0.27) / 2
    cancelling = np.array([[p, q], [-q, -p]])  # largest singular value 3, eigenvalues ±0.9
    one_closed = np.linalg.matrix_power(np.diag([1.0, 0.0]) @ cancelling, 30)
    radius = float(np.sqrt(largest_stretch(cancelling @ cancelling)))  # 0.81 times the identity
    return Several(
        prompt=r"""
Of five networks we know the activation and the largest singular value $s$ of $W_h$; of one of them
also the spectral radius $\rho$, the largest size of an eigenvalue.

In which of them does the gradient vanish over many steps, whatever the inputs are?""",
        options=(
            right(
                r"tanh, $s = 0.95$",
                r"Each step leaves at most 0.95 of the norm, as $\tanh' \le 1$.",
                stretch(np.tanh, 0.95 * turn) < 1,
            ),
            right(
                r"logistic sigmoid, $s = 3.5$",
                r"Its slope is at most a quarter, and $3.5 / 4$ is below 1.",
                stretch(sigmoid, 3.5 * turn) < 1,
            ),
            wrong(
                r"tanh, $s = 3$ and $\rho = 0.9$",
                r"Saturated units change the matrix, step by step. Eigenvalues of $W_h$ alone "
                r"promise nothing then.",
                abs(radius - 0.9) > 0.01 or largest_stretch(one_closed) < 1,
            ),
            wrong(
                r"ReLU, $s = 1$",
                r"On active units, $W_h = I$ hands the gradient on unchanged, for ever.",
                stretch(ramp, np.eye(2), x=1.0) < 1 - 1e-6,
            ),
            wrong(
                r"logistic sigmoid, $s = 4.5$",
                r"Where the sigmoid is steepest, a step can stretch by $4.5 / 4$.",
                stretch(sigmoid, 4.5 * turn) < 1,
            ),
        ),
        explanation=rf"""
One step stretches by at most the largest slope times $s$. Measured where the slope is largest:
tanh {stretch(np.tanh, 0.95 * turn):.3g}, sigmoid {stretch(sigmoid, 3.5 * turn):.3g}, ReLU
{stretch(ramp, np.eye(2), x=1.0):.3g}, sigmoid with 4.5 {stretch(sigmoid, 4.5 * turn):.4g}. For the
third network a matrix like `[[1.635, 1.365], [-1.365, -1.635]]` has $\rho = {radius:.1f}$, and with
its second unit saturated the first one multiplies by 1.635 at each step.""",
    )


@question("002-7", level=1)
def tiny_weight() -> Judgement:
    steps, limit = 20, 1e-10

    def largest(f: Callable[[Any], Any], w: float) -> float:
        """The largest derivative over many steps, wherever the states may be."""
        steepest = max(derivative(f, float(a)) for a in np.linspace(-4, 4, 81))
        return float((w * steepest) ** steps)

    left = {
        "tanh": largest(np.tanh, 0.1),
        "sigmoid": largest(lambda a: 1 / (1 + np.exp(-a)), 0.1),
        "relu": largest(lambda a: max(a, 0.0), 0.1),
    }
    return Judgement(
        prompt=r"""
"A very small recurrent weight drives the product to 0." Take one unit with a weight of 0.1, and a
product over 20 steps. Let *driven to 0* mean below $10^{-10}$, and think of the activations
sigmoid, tanh and ReLU.

Is the statement true?""",
        options=(
            right(
                "no slope of these is above 1, so at most the weight's power is left",
                r"$0.1^{20} = 10^{-20}$, and slopes can take more from it.",
                max(left.values()) < limit,
                HOLDS,
            ),
            wrong(
                "with the sigmoid and tanh; the slope of ReLU stays at 1 and keeps the product",
                "A slope of 1 keeps what there is. The weight multiplies at each step as well.",
                max(left["tanh"], left["sigmoid"]) < limit <= left["relu"],
                CONDITION,
            ),
            wrong(
                "inputs can hold the units at their steepest, and so keep the product up",
                "Even at the steepest place, weight times slope is at most 0.1.",
                min(left["tanh"], left["relu"]) >= limit,
                FAILS,
            ),
        ),
        explanation=rf"""
With every step at its steepest, 20 steps leave ${scientific(left["tanh"])}$ with tanh, as much with
ReLU, and ${scientific(left["sigmoid"])}$ with the sigmoid.""",
    )


@question("004-5", level=3)
def bound_by_norms() -> Judgement:
    rng = np.random.default_rng(11)
    ratios = []
    for _ in range(60):
        W = rng.standard_normal((3, 3))
        states = np.tanh(rng.standard_normal((4, 3)))
        product, bound = np.eye(3), 1.0
        for h in states:
            product = np.diag(1 - h**2) @ W @ product
            bound *= np.linalg.norm(W, 2) * (1 - h**2).max()
        ratios.append(np.linalg.norm(product, 2) / bound)
    ratio = np.array(ratios)
    return Judgement(
        prompt=r"""
Notes bound the Jacobian between two states by a product of norms: $\|W_h\|$ to the power of the
number of steps, times the norms of the diagonal matrices of slopes. The norm is the largest
singular value. In the same notes, the *formula* for the Jacobian has its matrices in the wrong
order.

Does the bound hold?""",
        options=(
            right(
                "norms are numbers, so their order does not matter",
                r"$\|A B\| \le \|A\|\,\|B\|$ for each pair of factors, in whatever order they are "
                r"written down afterwards.",
                ratio.max() <= 1 + 1e-12,
                HOLDS,
            ),
            wrong(
                "for symmetric weights, where the order of the matrices does not matter either",
                "The weights that were tried are random. And even with symmetric ones, slopes and "
                "weights do not commute.",
                ratio.max() > 1 + 1e-12,
                CONDITION,
            ),
            wrong(
                "a bound that follows from a wrong formula is wrong as well",
                "It also follows from the right formula: the factors are the same.",
                ratio.min() > 1,
                FAILS,
            ),
        ),
        explanation=rf"""
In {len(ratio)} random tanh runs of 4 steps, the true norm was between {ratio.min():.2f} and
{ratio.max():.2f} of the bound. It is safe, and often generous.""",
    )


@question("004-7", level=3)
def eigenvalue_above_one() -> Judgement:
    W = 1.5 * np.eye(2)
    h, product = np.array([0.3, -0.2]), np.eye(2)
    for _ in range(60):
        h = np.tanh(W @ h)
        product = np.diag(1 - h**2) @ W @ product
    alone = largest_stretch(product)
    below = np.array([[1.2, 1.5], [-1.5, -1.2]])
    held = largest_stretch(np.linalg.matrix_power(np.diag([1.0, 0.0]) @ below, 20))
    radius = float(np.sqrt(largest_stretch(below @ below)))
    return Judgement(
        prompt=r"""
"In a tanh network, the gradient explodes if an eigenvalue of $W_h$ is above 1 in size." Think of
$1.5\,I$ without input, and of `[[1.2, 1.5], [-1.5, -1.2]]`, whose eigenvalues have the size 0.9,
with an input that saturates its second unit.

Do the eigenvalues decide in this way?""",
        options=(
            wrong(
                r"$1.5\,I$ stretches every gradient by half at each step",
                r"$W_h$ does. A step is $W_h$ and the slopes of tanh, and these units saturate.",
                alone > 1,
                HOLDS,
            ),
            wrong(
                "one way: below 1 nothing explodes; above 1 it depends on the states",
                "The second matrix has eigenvalues of 0.9. With one of its units closed, another "
                "matrix is multiplied.",
                held < 1,
                CONDITION,
            ),
            right(
                "the first vanishes although it is above 1, and the second grows although below",
                "Slopes change the matrix at each step. Its own eigenvalues say little then.",
                alone < 1e-6 and held > 10 and abs(radius - 0.9) < 1e-6,
                FAILS,
            ),
        ),
        explanation=rf"""
Sixty steps with $1.5\,I$ leave ${scientific(alone)}$. Twenty steps with the second matrix multiply
by up to {held:.0f} while its second unit is saturated and its first one is held near 0. What is
necessary for an explosion with tanh is a *singular value* above 1.""",
    )


@question("004-5", "004-6", level=2)
def mistake_in_the_jacobians(rng: np.random.Generator) -> Choice:
    def works(defined: Any) -> bool:
        draw = np.random.default_rng(12)
        W, states = draw.standard_normal((3, 3)), np.tanh(draw.standard_normal((4, 3)))
        measured = jacobian(through(states, W), np.zeros(3))
        product, norm = defined["product"](states, W)
        return bool(
            np.allclose(product, measured, atol=1e-6)
            and np.isclose(norm, largest_stretch(measured), rtol=1e-4)
        )

    return find_the_mistake(
        rng,
        r"""
For $h_t = \tanh(W h_{t-1} + x_t)$ (columns), the product $\partial h_T / \partial h_0$ and its
norm, the most by which it stretches a vector. `states` (T, H) are $h_1$ to $h_T$. One part is
wrong.""",
        """
def product(states, W):
    J = np.eye(len(W))
    for h in states:
        J = np.diag(1 - h ** 2) @ W @ J
    return J, np.linalg.svd(J)[1].max()
""",
        (
            Swap(
                "1 - h ** 2",
                "1 - np.tanh(h) ** 2",
                "`h` has been through tanh already: the slope is $1 - h^2$.",
            ),
            Swap(
                "for h in states:",
                "for h in states[::-1]:",
                "A later step stands on the left of the earlier ones, so the loop starts with the "
                "first.",
            ),
            Swap(
                "np.linalg.svd(J)[1].max()",
                "np.abs(np.linalg.eigvals(J)).max()",
                "The largest stretch is the largest singular value; eigenvalues may be smaller.",
            ),
            Swap(
                "J = np.eye(len(W))",
                "J = W",
                "The product starts from the identity: no step has been taken yet.",
            ),
        ),
        works,
        "Finite differences of the last state with respect to $h_0$ decide.",
    )


@question("004-4", "000-17", "004-23", level=2)
def network_behind_the_norms(rng: np.random.Generator) -> Choice:
    lags = (0, 5, 10, 20, 40)
    low = float(rng.choice([0.8, 0.85, 0.9]))
    rest = settled(1.5)

    def rows(factors: Any) -> list[list[str]]:
        sizes = np.cumprod([1.0, *factors])
        return [[f"{lag}", f"{sizes[lag]:.1e}"] for lag in lags]

    h, factors = 0.05, []
    for _ in range(40):  # going back from the end: the first states are the latest factors
        h = float(np.tanh(1.5 * h))
        factors.append(1.5 * (1 - h**2))
    return diagnose(
        rng,
        r"""
Four networks of one unit have run for 40 steps. For one of them, the table shows the size of the
gradient that arrives at a state so many steps before the loss.

TABLE

Which network is it?""",
        ["steps back", "gradient"],
        (
            Cause(
                f"linear, with the weight {low:g}",
                rows([low] * 40),
                f"The same factor at all steps: {low:g} to the power of the lag.",
            ),
            Cause(
                "ReLU, always active, with the weight 1",
                rows([1.0] * 40),
                "Slope 1 times weight 1: nothing changes from step to step.",
            ),
            Cause(
                "tanh with the weight 1.5, at rest all the time",
                rows([1.5 * (1 - rest**2)] * 40),
                "A tanh unit at rest with the weight 1.5 is saturated: its factor is 0.39.",
            ),
            Cause(
                "tanh with the weight 1.5, started near 0",
                rows(factors[::-1]),
                "Near the loss the unit is at rest and shrinks the gradient; near the start it is "
                "still close to 0, where the factor is above 1, so the gradient grows again.",
            ),
        ),
        """All four sequences have the same length. The factor per step makes the difference, and
length amplifies it.""",
    )


@question("004-5", "004-1", level=3)
def order_of_the_bound() -> Ordering:
    draw = np.random.default_rng(13)
    W = 0.4 * draw.standard_normal((3, 3))
    states = np.tanh(draw.standard_normal((5, 3)))

    def jacobians(found: dict[str, Any]) -> None:
        found["J"] = [np.diag(1 - h**2) @ W for h in states]

    def each_norm(found: dict[str, Any]) -> None:
        found["norms"] = [np.linalg.norm(J, 2) for J in found["J"]]

    def each_bound(found: dict[str, Any]) -> None:
        found["factor"] = np.linalg.norm(W, 2)
        found["holds"] = all(norm <= found["factor"] + 1e-12 for norm in found["norms"])

    def power(found: dict[str, Any]) -> None:
        found["bound"] = found["factor"] ** len(states)

    def limit(found: dict[str, Any]) -> None:
        found["vanishes"] = found["holds"] and found["bound"] < 1

    def reached(found: dict[str, Any]) -> bool:
        true = np.linalg.norm(np.linalg.multi_dot(found["J"][::-1]), 2)
        return bool(found["vanishes"] == (found["factor"] < 1) and true <= found["bound"])

    return ordering(
        prompt=r"""
You want to show: if the largest singular value $s$ of $W$ is below 1, the gradient of a tanh
network vanishes.

In which order do these steps make a proof?""",
        steps=(
            step(
                r"the Jacobian of step $t$ is $D_t W$, with the slopes in $D_t$",
                "A proof about Jacobians starts with what they are.",
                jacobians,
            ),
            step(
                r"the norm of $D_t W$ is at most $\|D_t\|\,\|W\|$",
                r"It speaks of $D_t W$, and so comes after it.",
                each_norm,
            ),
            step(
                r"as slopes of tanh are at most 1, one step has at most the norm $s$",
                r"It makes a number of the product of the two norms.",
                each_bound,
            ),
            step(
                r"$k$ steps have at most the norm $s^k$",
                "It needs the bound of one step.",
                power,
            ),
            step(
                r"since $s < 1$, this goes to 0",
                "The conclusion: it needs the bound of all steps.",
                limit,
            ),
        ),
        explanation=r"""
The Jacobian, its norm, a bound for one step, a bound for $k$ steps, the limit. With the logistic
sigmoid the third step would say $s/4$, and the condition would be $s < 4$.""",
        is_reached=reached,
    )
