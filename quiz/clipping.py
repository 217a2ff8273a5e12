"""What a plain RNN can do: start well, limit the step, and have a way back."""

from __future__ import annotations

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

# Two whole numbers, a larger one, and the whole number that is their length.
_BOXES = ((2, 3, 6, 7), (1, 4, 8, 9), (4, 4, 7, 9), (2, 6, 9, 11), (6, 6, 7, 11), (3, 4, 12, 13))


def relu(a: Any) -> Any:
    return a * (a > 0)


def sigmoid(a: Any) -> Any:
    return 1 / (1 + np.exp(-a))


def last_state(f: Any, h: Any, push: float, steps: int) -> Any:
    """The state after ``steps`` of h = f(h + push): identity weights, zero bias."""
    for _ in range(steps):
        h = f(h + push)
    return h


def angle(g: Any, other: Any) -> float:
    """Degrees between two vectors."""
    cosine = np.dot(g, other) / np.linalg.norm(g) / np.linalg.norm(other)
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def power_norm(W: Any, steps: int) -> float:
    """The largest singular value of W, ``steps`` times multiplied."""
    return largest_stretch(np.linalg.matrix_power(np.array(W, dtype=float), steps))


@question("004-10", level=1)
def clipped_entry(rng: np.random.Generator) -> Number:
    first, second, r, norm = _BOXES[rng.integers(len(_BOXES))]
    p, q = (first, second) if rng.random() < 0.5 else (second, first)
    limit = int(rng.integers(1, 4))
    return Number(
        prompt=rf"""
The gradients are `{{"Wh": [{p}, {q}], "b": [{r}]}}`. They are clipped by their global norm, with
threshold {limit}.

What is the first entry of `Wh` after that?""",
        value=p * limit / float(np.linalg.norm([p, q, r])),
        tolerance=0.002,
        slips=(
            slip(min(p, limit), "That cuts off each entry by itself: it is clipping by value."),
            slip(
                p * limit / float(np.linalg.norm([p, q])),
                "That takes the norm of `Wh` alone. The global norm is one number for all arrays.",
            ),
            slip(
                p * limit / (p + q + r),
                "The norm is the root of the sum of the squares, not the sum of the entries.",
            ),
        ),
        explanation=rf"""
The global norm is $\sqrt{{{p}^2 + {q}^2 + {r}^2}} = {norm}$, above the threshold. So every
entry is multiplied by ${limit}/{norm}$: ${p} \cdot {limit}/{norm} = {p * limit / norm:.4f}$.""",
    )


@question("002-13", "004-10", level=1)
def cap_on_every_entry() -> Judgement:
    g = np.array([3.0, 4.0])
    by_value, by_norm = np.minimum(g, 1.0), g / np.linalg.norm(g)
    both_set = bool(by_value.max() == 1 and by_norm.max() == 1)
    return Judgement(
        prompt=r"""
A tutorial says: *to clip a gradient at 1 is to set every entry above 1 to 1, and to leave the
others alone.* Try it on $[3, 4]$.

Is the claim true?""",
        options=(
            wrong(
                r"by value or by norm, $[3, 4]$ becomes $[1, 1]$",
                r"The two rules give different vectors: one looks at entries, the other at the "
                r"length of the whole.",
                both_set and np.allclose(by_value, by_norm),
                HOLDS,
            ),
            right(
                r"by value it is so; by norm, $[3, 4]$ becomes $[0.6, 0.8]$",
                r"Clipping by norm multiplies all entries by one factor, here 1/5, so that the "
                r"*length* is 1.",
                np.array_equal(by_value, [1, 1]) and np.allclose(by_norm, [0.6, 0.8]),
                CONDITION,
            ),
            wrong(
                r"whichever rule one takes, an entry above 1 can be left",
                r"Neither rule leaves one: a vector of length 1 has no entry above 1 either.",
                max(by_value.max(), by_norm.max()) > 1,
                FAILS,
            ),
        ),
        explanation=rf"""
By value, $[3, 4]$ becomes $[1, 1]$, which is turned by {angle(g, by_value):.1f}° and has length
{np.linalg.norm(by_value):.3f}. By norm it becomes $[0.6, 0.8]$: turned by 0°, length 1. "Clipping
caps the largest value" describes the first rule only.""",
    )


@question("002-13", level=2)
def turned_most() -> Choice:
    turn = {
        g: angle(np.array(g), np.minimum(g, 1.0))
        for g in ((3.0, 4.0), (1.0, 9.0), (7.0, 7.0), (0.01, 50.0))
    }
    most = max(turn.values())
    return Choice(
        prompt=r"""
Four gradients are clipped by value: entries above 1 are set to 1.

Which of them changes its direction most?""",
        options=(
            wrong(
                r"$[3, 4]$",
                r"Both entries become 1, but they were nearly equal before: the turn is small.",
                turn[3.0, 4.0] == most,
            ),
            right(
                r"$[1, 9]$",
                r"It pointed almost along the second axis; as $[1, 1]$ it points half-way between.",
                turn[1.0, 9.0] == most,
            ),
            wrong(
                r"$[7, 7]$",
                r"Much is cut off, but the same from both: the ratio of the entries stays.",
                turn[7.0, 7.0] == most,
            ),
            wrong(
                r"$[0.01, 50]$",
                r"The largest cut is not the largest turn: 0.01 stays small even beside 1.",
                turn[0.01, 50.0] == most,
            ),
        ),
        explanation=rf"""
The angles between before and after: $[3, 4]$ {turn[3.0, 4.0]:.1f}°, $[1, 9]$ {turn[1.0, 9.0]:.1f}°,
$[7, 7]$ {turn[7.0, 7.0]:.1f}°, $[0.01, 50]$ {turn[0.01, 50.0]:.2f}°. What counts is how much the
*ratio* of the entries changes. Clipping by norm would turn none of them.""",
    )


def reset(g: Any) -> Any:
    """The rule of an article: entries beyond 1e8 become 10."""
    return np.where(np.abs(g) > 1e8, 10.0 * np.sign(g), g)


@question("000-15", level=1)
def reset_rule() -> Judgement:
    below, above = reset(np.array([9.9e7, 1.01e8]))
    pair = reset(np.array([2e8, 8e8]))
    sizes = reset(np.linspace(0, 1e9, 1001))
    return Judgement(
        prompt=r"""
An article proposes: *when an entry of the gradient passes $10^8$, reset it to 10; that is a sound
limit, because big gradients then give steps of a sensible size.*

Is the rule sound?""",
        options=(
            wrong(
                r"no step gets longer, and the larger of two gradients keeps the larger step",
                r"No step gets longer, but the order is not kept: compare the two sides of the "
                r"threshold.",
                np.all(np.diff(sizes) >= 0),
                HOLDS,
            ),
            wrong(
                r"when all entries pass the threshold together, their proportions are kept",
                r"They all become 10, whatever they were: $[2, 8] \cdot 10^8$ becomes $[10, 10]$.",
                np.isclose(pair[1] / pair[0], 4),
                CONDITION,
            ),
            right(
                r"an entry just above the threshold gets a far smaller step than one below",
                r"$9.9 \cdot 10^7$ stays as it is, and $1.01 \cdot 10^8$ becomes 10.",
                above < below / 1e6,
                FAILS,
            ),
        ),
        explanation=rf"""
The rule leaves 99 million as {below:,.0f} and turns 101 million into {above:.0f}: a slightly larger
gradient gives a step {below / above:,.0f} times smaller. And $[2, 8] \cdot 10^8$ becomes
$[{pair[0]:g}, {pair[1]:g}]$. Cutting entries off *at* the threshold keeps the order: the larger
gradient never gets the smaller step.""",
    )


@question("000-11", "000-10", level=2)
def identity_and_activation() -> Judgement:
    start = np.array([0.2, 0.4, 0.6])

    def left(f: Any, push: float) -> float:
        return largest_stretch(jacobian(lambda h: last_state(f, h, push, 50), start))

    relus, tanhs = left(relu, 0.02), left(np.tanh, 0.02)
    return Judgement(
        prompt=r"""
A recipe: *set $W_h = I$ and $b = 0$; then, at the start of training, the product of the Jacobians
neither shrinks nor grows.* Take 50 steps with small positive inputs and states.

Is the claim true?""",
        options=(
            wrong(
                r"any power of $I$ is $I$, whichever activation is used",
                r"The Jacobian of a step is not $W_h$ alone: each row is multiplied by the slope "
                r"of its unit.",
                abs(tanhs - 1) < 0.01,
                HOLDS,
            ),
            right(
                r"active ReLU units keep the product at $I$; tanh units make it shrink",
                r"The recipe needs slopes of 1, and tanh has one below 1 wherever the state is not "
                r"0.",
                abs(relus - 1) < 1e-6 and tanhs < 0.5,
                CONDITION,
            ),
            wrong(
                r"fifty steps lose more than half, whatever the activation",
                r"With a slope of exactly 1 nothing is lost, in fifty steps or in a thousand.",
                max(relus, tanhs) < 0.5,
                FAILS,
            ),
        ),
        explanation=rf"""
Measured by differences over 50 steps, with an input of 0.02 per step: ReLU leaves a norm of
{relus:.3f}, tanh {tanhs:.3g}. With tanh and inputs of 2 less than $10^{{-10}}$ is left. Identity
initialisation is a recipe for ReLU networks.""",
    )


@question("001-6", "000-10", level=2)
def relu_for_tanh() -> Judgement:
    def left(w: float, h: float) -> float:
        return derivative(lambda h: relu(w * h), h) ** 30

    saturated = derivative(lambda h: np.tanh(1.0 * h), 2.0) ** 30
    return Judgement(
        prompt=r"""
*Replace tanh by ReLU, and the gradient no longer vanishes.* Say that it vanishes if less than a
hundredth of it is left after 30 steps, and look at one unit with recurrent weight $w$.

Is the claim true?""",
        options=(
            wrong(
                r"the slope of ReLU is 1, and 30 steps multiply by 1",
                r"Its slope is one factor of two; the other is the weight. And on units that are "
                r"off it is 0.",
                left(0.8, 1.0) > 0.99,
                HOLDS,
            ),
            right(
                r"it needs weights near 1 or above, and units that stay active",
                r"With $w = 1$ and an active unit nothing is lost. With $w = 0.8$, or with the "
                r"unit off, the gradient vanishes.",
                min(left(1.0, 1.0), left(1.1, 1.0)) > 0.99
                and max(left(0.8, 1.0), left(1.0, -1.0)) < 0.01,
                CONDITION,
            ),
            wrong(
                r"an active ReLU unit with $w = 1$ loses as much as a tanh unit in state 2",
                r"The tanh unit is nearly flat there. The ReLU unit has the slope 1 however large "
                r"its state is.",
                abs(left(1.0, 2.0) - saturated) < 0.01,
                FAILS,
            ),
        ),
        explanation=rf"""
Thirty steps of an active ReLU unit leave {left(1.0, 1.0):.3f} for $w = 1$ and {left(0.8, 1.0):.4f}
for $w = 0.8$; of a unit that is off they leave {left(1.0, -1.0):g}. ReLU removes one cause of
vanishing, the small slope. The weights, and units that are off, remain.""",
    )


@question("003-7", level=2)
def relu_paths_sum(rng: np.random.Generator) -> Number:
    T = int(rng.integers(20, 151))
    x = float(rng.choice([0.5, 1.5, 2.0, 3.0, 4.0]))

    def last(wx: float) -> float:
        h = 0.0
        for _ in range(T):
            h = max(wx * x + h, 0.0)
        return h

    return Number(
        prompt=rf"""
One ReLU unit, $h_t = \max(0, w_x x_t + w_h h_{{t-1}})$, with $w_x = w_h = 1$ and $h_0 = 0$. All
inputs $x_1 \ldots x_{{{T}}}$ are {x:g}, so the unit is always active. Somebody fears that the long
path makes the gradient explode.

How large is the derivative of $h_{{{T}}}$ with respect to $w_x$?""",
        value=round(derivative(last, 1.0), 4),
        tolerance=0.01,
        slips=(
            slip(x, "That is what one step contributes; the derivative sums over all of them."),
            slip(
                x * T * (T - 1) / 2,
                "That is the derivative with respect to $w_h$: there each step adds its *state*.",
            ),
            slip(x * (T - 1), "There is one path less in that: the first step counts, too."),
        ),
        explanation=rf"""
Between any two steps the product of the slopes and weights is $1 \cdot 1 \cdots 1 = 1$, so that
each of the {T} steps contributes its input, {x:g}: the sum is ${T} \cdot {x:g} = {T * x:g}$. It
grows in proportion to the length, and a product that stays at 1 has not exploded.""",
    )


@question("003-7", "002-12", level=2)
def matrix_of_ones(rng: np.random.Generator) -> Number:
    H = int(rng.integers(3, 7))
    entry = float(rng.choice([0.25, 0.5, 1.0, 2.0]))
    k = int(rng.integers(2, 5))
    ones = np.ones(H)
    grown = np.linalg.matrix_power(entry * np.ones((H, H)), k) @ ones
    return Number(
        prompt=rf"""
A network has {H} ReLU units, all of them active, and *every* entry of $W_h$ is {entry:g}. The
gradient that arrives at the last state has {H} entries, all equal.

By which factor are they multiplied by {k} steps back?""",
        value=grown[0],
        tolerance=0.01,
        slips=(
            slip(entry**k, "That is for one unit. Here each unit collects from all the units."),
            slip(
                (entry * np.sqrt(H)) ** k,
                "A root of the number of units comes in where signs are random. Here all add up.",
            ),
        ),
        explanation=rf"""
Each step back replaces every entry by the sum of {H} entries, each times {entry:g}: the factor is
${H} \cdot {entry:g} = {H * entry:g}$ per step, and ${H * entry:g}^{k} = {grown[0]:g}$ for {k}.
The "one" among matrices is the identity, not the matrix of ones.""",
    )


@question("002-12", "002-18", "000-11", level=2)
def starts_that_hold() -> Several:
    matrices = {
        "swap": ((0, 1), (1, 0)),
        "rotation": ((0.6, -0.8), (0.8, 0.6)),
        "shear": ((1, 1), (0, 1)),
        "ones": ((1, 1), (1, 1)),
        "small": ((0.9, 0), (0, 0.9)),
    }
    norm = {name: power_norm(W, 50) for name, W in matrices.items()}
    holds = {name: bool(0.1 < size < 10) for name, size in norm.items()}
    return Several(
        prompt=r"""
Two units with slope 1, so that the Jacobian of a step is $W_h$, up to transposition. Call a start
*sound* if the norm of the product over 50 steps (its largest singular value) lies between 0.1 and
10.

Which of these $W_h$ are sound starts?""",
        options=(
            right(
                "`[[0, 1], [1, 0]]`",
                r"The units swap places at each step; no length changes, ever.",
                holds["swap"],
            ),
            right(
                "`[[0.6, -0.8], [0.8, 0.6]]`",
                r"A rotation, since $0.6^2 + 0.8^2 = 1$: it mixes the units and changes no length.",
                holds["rotation"],
            ),
            wrong(
                "`[[1, 1], [0, 1]]`",
                r"Both eigenvalues are 1, but that is not enough: the corner grows by 1 per step.",
                holds["shear"],
            ),
            wrong(
                "`[[1, 1], [1, 1]]`",
                r"The eigenvalue that counts is 2, not 1: the entries add up.",
                holds["ones"],
            ),
            wrong(
                "`[[0.9, 0], [0, 0.9]]`",
                r"Close to the identity is not close enough when the factor comes fifty times.",
                holds["small"],
            ),
        ),
        explanation=rf"""
The norms after 50 steps: swap {norm["swap"]:.3f}, rotation {norm["rotation"]:.3f}, the shear
`[[1, 1], [0, 1]]` {norm["shear"]:.1f}, ones {norm["ones"]:.2g}, $0.9\,I$ {norm["small"]:.4f}.
Orthogonal matrices, such as the first two, keep every length; too small and too large show at
once.""",
    )


@question("000-Q2", "000-10", "001-6", level=2)
def remedies_for_vanishing() -> Several:
    left = {
        "relu": derivative(relu, 1.0) ** 50,
        "steep": derivative(lambda a: 1.5 * a, 1.0) ** 50,
        "gate": 0.98**50,
        "sigmoid": derivative(sigmoid, 0.0) ** 50,
        "clipped": min(0.8**50, 1.0),
    }
    helps = {name: bool(0.01 < size < 100) for name, size in left.items()}
    return Several(
        prompt=r"""
Fifty steps lie between a word and the loss. A remedy is good if the factor over all of them lies
between 0.01 and 100: the gradient shall not vanish, and not explode either.

Which of these are good?""",
        options=(
            right(
                r"ReLU units, all active, with $W_h = I$ and $b = 0$",
                r"Slope 1 times weight 1: the product stays at 1.",
                helps["relu"],
            ),
            right(
                r"a gated cell that keeps 0.98 of its content per step",
                r"A gate close to 1 loses little: about a third is left after fifty steps.",
                helps["gate"],
            ),
            wrong(
                r"an activation with slope 1.5 everywhere, with $W_h = I$",
                r"A slope above 1 does not cure vanishing, it trades it for explosion.",
                helps["steep"],
            ),
            wrong(
                r"sigmoid units with $W_h = I$: their slope is above 0 everywhere",
                r"Above 0 is not enough; it is at most a quarter, and that at each step.",
                helps["sigmoid"],
            ),
            wrong(
                r"factors of 0.8, with the gradient clipped to norm 1",
                r"Clipping makes long gradients shorter. It does not make short ones longer.",
                helps["clipped"],
            ),
        ),
        explanation=rf"""
Over 50 steps: ReLU and identity {left["relu"]:.3f}, the gate {left["gate"]:.3f}, slope 1.5
{left["steep"]:.1e}, sigmoid at best {left["sigmoid"]:.1e}, factors of 0.8 {left["clipped"]:.1e},
clipped or not. Wanted is a factor that *stays near 1*; "greater than 0" and "greater than 1" both
miss it.""",
    )


@question("001-8", level=3)
def float32_overflow() -> Choice:
    g = np.array([1e25, 2e25, -1e25], dtype=np.float32)
    with np.errstate(all="ignore"):
        scaled = g * (1 / np.sqrt(np.sum(g**2)))
    length = float(np.linalg.norm(scaled))
    return Choice(
        prompt=r"""
The gradient $[1, 2, -1] \cdot 10^{25}$ is stored as float32 (largest number about
$3.4 \cdot 10^{38}$). Its norm is computed as the root of the sum of the squares, in float32 as
well, and the gradient is multiplied by 1/norm to clip it to length 1.

What comes out?""",
        options=(
            wrong(
                r"a vector of length 1 in the same direction",
                r"So it should be, and each entry is an ordinary float32 number. Look at the "
                r"squares.",
                abs(length - 1) < 0.01,
            ),
            right(
                r"three zeros",
                r"The squares overflow, so the norm is infinite, and 1/norm is 0.",
                np.all(scaled == 0),
            ),
            wrong(
                r"three times NaN",
                r"NaN would need 0 times infinity. Here *finite* numbers are multiplied by 0.",
                np.all(np.isnan(scaled)),
            ),
            wrong(
                r"the gradient as it was",
                r"That would be so if the norm did not count as above 1, but infinity does.",
                np.array_equal(scaled, g),
            ),
        ),
        explanation=r"""
$(10^{25})^2 = 10^{50}$ is more than float32 can hold, so that the computed norm is `inf` and the
factor is 0: the gradient is silently gone, and training seems to have converged. A norm
whose entries are divided by the largest one first has no such trouble.""",
    )


@question("001-7", "004-9", level=1)
def exploded_update() -> Judgement:
    w, rate = 0.5, 0.01
    large, broken = w - rate * 3e4, w - rate * np.nan
    again = broken - rate * 1.0
    return Judgement(
        prompt=r"""
*Our initial weights were too large, and so the first gradients exploded. After that, weights can no
longer be updated.* Take $w = 0.5$, the learning rate 0.01, and no clipping.

Is the claim true?""",
        options=(
            wrong(
                r"gradient descent leaves the weights alone if the gradient is too large",
                r"Nothing in $w - \eta g$ looks at the size of $g$: the step is made.",
                large == w,
                HOLDS,
            ),
            right(
                r"it fits a gradient of NaN; one that is merely large moves them too far",
                r"After NaN each later value is NaN, too. After a gradient of 30 000 the weight is "
                r"an ordinary number, in the wrong place.",
                np.isfinite(large) and abs(large - w) > 100 and np.isnan(again),
                CONDITION,
            ),
            wrong(
                r"even a weight that is NaN is repaired by the next finite gradient",
                r"NaN minus a number is NaN: a weight that is lost stays lost.",
                np.isfinite(again),
                FAILS,
            ),
        ),
        explanation=rf"""
With $g = 30000$ the weight becomes $0.5 - 0.01 \cdot 30000 = {large:.1f}$: finite, updated, and far
off. With NaN it becomes NaN, and so it is after every later step. Both are reasons to look at the
gradient *before* the update.""",
    )


@question("004-9", level=1)
def steps_to_repeat(rng: np.random.Generator) -> Number:
    every = int(rng.choice([20, 25, 40, 50, 100]))
    saved = every * int(rng.integers(1, 9))
    broken = saved + int(rng.integers(3, every - 1))
    good = broken - 1
    return Number(
        prompt=rf"""
A run saves a checkpoint whenever the number of good steps is a multiple of {every}. Step {broken}
is the first to give NaN. It is thrown away, and training restarts from the last checkpoint.

How many good steps have been lost and must be made again?""",
        value=good % every,
        tolerance=0,
        slips=(
            slip(
                broken % every,
                "That counts the broken step as well; it was never a good one.",
            ),
            slip(good, "That would be a restart from the beginning, which a checkpoint spares us."),
        ),
        explanation=rf"""
Before the broken step there were {good} good ones, and the last multiple of {every} up to there is
{saved}. So ${good} - {saved} = {good - saved}$ steps are lost; without a checkpoint it would be all
{good}.""",
    )


@question("004-10", level=1)
def same_direction() -> Judgement:
    g, threshold = np.array([3.0, -4.0, 12.0]), 2.0
    clipped = g * min(1.0, threshold / float(np.linalg.norm(g)))
    small = np.array([0.3, 0.4])
    kept = small * min(1.0, threshold / float(np.linalg.norm(small)))
    return Judgement(
        prompt=r"""
"Clipping by norm takes a step in the same direction; where the gradient is longer than the
threshold, the step is shorter."

Is the statement true?""",
        options=(
            right(
                "all entries get one factor, and one factor turns no vector",
                "Multiplying a vector by a positive number changes its length alone.",
                angle(g, clipped) < 1e-6 and np.array_equal(small, kept),
                HOLDS,
            ),
            wrong(
                "for gradients of positive entries; a negative entry would turn its sign",
                "The factor is positive, so every entry keeps its sign.",
                bool(np.any(np.sign(clipped) != np.sign(g))),
                CONDITION,
            ),
            wrong(
                "entries above the threshold are cut off, which changes the direction",
                "That is clipping by value.",
                angle(g, clipped) > 1,
                FAILS,
            ),
        ),
        explanation=rf"""
$[3, -4, 12]$ has the length 13. Clipped at 2 it becomes
$[{", ".join(f"{each:.3f}" for each in clipped)}]$, with the length {np.linalg.norm(clipped):.3f}
and an angle of {angle(g, clipped):.0f}° to what it was. A gradient of length 0.5 stays so.""",
    )


@question("001-8", level=2)
def threshold_against_nan() -> Judgement:
    def clipped(g: Any) -> Any:
        norm = float(np.linalg.norm(g))
        return g * (1.0 / norm) if norm > 1.0 else g

    with np.errstate(all="ignore"):
        broken, infinite = clipped(np.array([np.nan, 1.0])), clipped(np.array([np.inf, 1.0]))
    return Judgement(
        prompt=r"""
"With a threshold for clipping by norm, there are no huge numbers and no NaN any more." The code is
`g * (1.0 / norm) if norm > 1.0 else g`.

Is the statement true?""",
        options=(
            wrong(
                "the clipped gradient has a length of at most 1, with ordinary entries",
                "That is true of a gradient of ordinary numbers. What is the norm of one with NaN?",
                bool(np.isfinite(broken).all() and np.isfinite(infinite).all()),
                HOLDS,
            ),
            wrong(
                "for NaN: it counts as larger than the threshold; an infinite entry gets through",
                "A comparison with NaN is False, so the gradient is returned as it is.",
                bool(np.isfinite(broken).all()),
                CONDITION,
            ),
            right(
                "one entry that is NaN comes through, and one that is infinite turns into NaN",
                r"$\infty \cdot 1/\infty$ is $\infty \cdot 0$, which is NaN.",
                bool(np.isnan(broken).any() and np.isnan(infinite).any()),
                FAILS,
            ),
        ),
        explanation=r"""
Tried out: $[\mathrm{NaN}, 1]$ is returned unchanged, since its norm is NaN and `NaN > 1.0` is
False. $[\infty, 1]$ is multiplied by 0, and its first entry becomes NaN. Whether a gradient is
finite has to be looked at separately.""",
    )


@question("003-7", level=2)
def relu_at_one() -> Judgement:
    def change(w: float, steps: int, nudge: float = 0.01) -> float:
        """How much a nudge of the first state has grown after some steps of an active unit."""

        def run(h: float) -> float:
            for _ in range(steps):
                h = max(w * h + 0.1, 0.0)
            return h

        return (run(1.0 + nudge) - run(1.0)) / nudge

    one, short, above = change(1.0, 99), change(1.0, 10), change(1.1, 99)
    return Judgement(
        prompt=r"""
"Training is unstable: with ReLU and a recurrent weight of 1, the product along a path of 99 steps
explodes." All units on the path are active; say that a product explodes if it is above 1000.

Does it explode?""",
        options=(
            wrong(
                "ReLU has no upper bound, and so its products have none",
                "Its *values* have none. Its slope is 1, and the product is made of slopes.",
                one > 1000,
                HOLDS,
            ),
            wrong(
                "on paths as long as this one; over 10 steps it is still harmless",
                "Compute the product for both lengths.",
                short <= 1000 < one,
                CONDITION,
            ),
            right(
                "slope 1 times weight 1 is 1, and so is any power of it",
                "A path neither shrinks nor grows here.",
                abs(one - 1) < 1e-6,
                FAILS,
            ),
        ),
        explanation=rf"""
A nudge of the first state comes out multiplied by {one:.3f} after 99 steps. With the weight 1.1
it would be {above:.0f}. What grows with the weight 1 is a *sum* over steps, in proportion to their
number.""",
    )


@question("004-10", "002-13", level=2)
def mistake_in_the_clipping(rng: np.random.Generator) -> Choice:
    def works(defined: Any) -> bool:
        g = {"W": np.array([[3.0, 0.0], [0.0, 4.0]]), "b": np.array([12.0])}
        small = {"W": np.array([[0.3]]), "b": np.array([0.4])}
        (long, norm), (short, same) = defined["clip"](g, 2.0), defined["clip"](small, 2.0)
        return bool(
            all(np.allclose(long[k], g[k] * 2 / 13) for k in g)
            and all(np.array_equal(short[k], small[k]) for k in small)
            and np.isclose(norm, 13)
            and np.isclose(same, 0.5)
        )

    return find_the_mistake(
        rng,
        r"""
Clipping by global norm. It is to return the clipped gradients and the norm *before* clipping. One
part is wrong.""",
        """
def clip(grads, limit):
    squares = sum(np.sum(g ** 2) for g in grads.values())
    norm = np.sqrt(squares)
    factor = min(1.0, limit / norm)
    return {k: g * factor for k, g in grads.items()}, norm
""",
        (
            Swap(
                "min(1.0, limit / norm)",
                "limit / norm",
                "Short gradients stay as they are; without the minimum they are made longer.",
            ),
            Swap(
                "sum(np.sum(g ** 2) for g in grads.values())",
                "max(np.sum(g ** 2) for g in grads.values())",
                "The global norm is made of the squares of all arrays together.",
            ),
            Swap(
                "norm = np.sqrt(squares)",
                "norm = squares",
                "The norm is the root of the sum of squares.",
            ),
            Swap(
                "g * factor for",
                "np.minimum(g, limit) for",
                "One factor for all entries keeps the direction; a minimum clips by value.",
            ),
        ),
        works,
        "A gradient of length 13 and one of length 0.5, with threshold 2, tell the versions apart.",
    )


@question("004-9", "001-7", level=2)
def cause_of_the_log(rng: np.random.Generator) -> Choice:
    at, start = int(rng.integers(3, 6)), float(rng.choice([1.2, 1.5, 1.8]))

    def rows(norm_at: float, clipped: bool, stays: bool) -> list[list[str]]:
        """Training on the loss w**2 / 2 from ``start``; at one step the gradient is another one."""
        w, found = start, []
        for number in range(1, 8):
            g = norm_at if number == at else (0.0 if stays else w)
            size = abs(g)
            found.append([f"{number}", f"{w**2 / 2:.3g}", f"{size:.3g}"])
            if clipped and size > 1:
                g = g / size
            w = w - 0.3 * g
        return found

    return diagnose(
        rng,
        r"""
The log of a training run with one weight and plain gradient descent: the loss, and the size of the
gradient *before* any clipping.

TABLE

What has happened?""",
        ["step", "loss", "gradient"],
        (
            Cause(
                "one gradient exploded, and the step was made as it was",
                rows(-4000.0, False, False),
                "A single large gradient is followed by a huge loss, from which descent then has "
                "to come back.",
            ),
            Cause(
                "one gradient exploded, and was clipped by its norm",
                rows(-4000.0, True, False),
                "A single large gradient is followed by a loss that has hardly changed: the step "
                "was short.",
            ),
            Cause(
                "one gradient was NaN, and the step was made as it was",
                [
                    [each.replace("nan", "NaN") for each in row]
                    for row in rows(np.nan, False, False)
                ],
                "After one NaN everything is NaN, and stays so.",
            ),
            Cause(
                "all gradients were ordinary, and none was clipped",
                rows(start * 0.7 ** (at - 1), False, False),
                "The loss falls by the same share at each step, as it does on a bowl.",
            ),
        ),
        """Read the row of the large gradient and the one *after* it. The gradient tells what came,
the next loss tells what was done with it.""",
    )


@question("004-9", "001-8", level=2)
def order_of_a_training_step() -> Ordering:
    g, w, rate, threshold = np.array([30.0, -40.0]), np.array([1.0, 1.0]), 0.1, 5.0

    def backward(found: dict[str, Any]) -> None:
        found["g"] = g.copy()

    def look(found: dict[str, Any]) -> None:
        found["is_finite"] = bool(np.isfinite(found["g"]).all()) and "clipped" not in found

    def norm(found: dict[str, Any]) -> None:
        found["is_finite"]
        found["norm"] = np.linalg.norm(found["g"])

    def clip(found: dict[str, Any]) -> None:
        found["clipped"] = found["g"] * min(1.0, threshold / found["norm"])

    def update(found: dict[str, Any]) -> None:
        found["w"] = w - rate * found["clipped"]

    def reached(found: dict[str, Any]) -> bool:
        return bool(found["is_finite"] and np.allclose(found["w"], w - rate * g / 10))

    return ordering(
        prompt=r"""
A training step that survives exploding gradients, and that logs the norm of those gradients which
are finite.

In which order do you take these steps?""",
        steps=(
            step("compute the gradient", "Everything else is about the gradient.", backward),
            step(
                "go back to a checkpoint if any entry is NaN or infinite",
                "It has to be known before a norm is made of such entries.",
                look,
            ),
            step("compute and log the global norm", "Clipping needs it, from before.", norm),
            step(
                "multiply the gradient by threshold / norm, if this is below 1",
                "It needs the norm, and has to come before the weights are moved.",
                clip,
            ),
            step(
                "move the weights against the gradient",
                "It comes last: what has been done to the weights cannot be clipped any more.",
                update,
            ),
        ),
        explanation=r"""
Gradient, finite?, norm, clip, update. To clip after the update would be too late, and to look for
NaN after the norm would log a NaN.""",
        is_reached=reached,
    )
