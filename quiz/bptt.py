"""Back-propagation through time: one term per use of a weight, and what is done with the sum."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from quiz.engine.measure import derivative, jacobian
from quiz.engine.reading import Cause, Swap, diagnose, find_the_mistake


def bracketed(number: float) -> str:
    """A factor, in parentheses if it is negative."""
    return f"({number:g})" if number < 0 else f"{number:g}"


def end(weights: Sequence[float], inputs: Sequence[float], start: float = 0.0) -> float:
    """The last state of h = tanh(w h + u), with a weight (which may differ) and a u per step."""
    h = start
    for w, u in zip(weights, inputs, strict=True):
        h = float(np.tanh(w * h + u))
    return h


def slope(f: Callable[[float], float], *places: float) -> list[float]:
    """The slopes of ``f`` at some places."""
    return [derivative(f, x) for x in places]


def use(s: int, w: float, inputs: Sequence[float], start: float = 0.0) -> float:
    """How the last state moves with the weight of step ``s`` (from 1) alone, by difference."""
    before, after = [w] * (s - 1), [w] * (len(inputs) - s)
    return derivative(lambda v: end([*before, v, *after], inputs, start), w)


@question("000-4", level=3)
def misplaced_parenthesis() -> Judgement:
    w, u = 0.8, (0.2, 0.5)

    def z_3(w: float, h_0: float) -> float:
        return w * end([w, w], u, h_0)

    def parts(h_0: float) -> tuple[float, float]:
        """The first two terms, and the last one as printed."""
        h_1, h_2 = end([w], u[:1], h_0), end([w, w], u, h_0)
        z_2 = w * h_1 + u[1]
        dh_1 = derivative(lambda v: end([v], u[:1], h_0), w)
        slopes = slope(np.tanh, z_2, z_2 * dh_1)
        return h_2 + w * slopes[0] * h_1, w**2 * slopes[1]

    measured = {
        0.0: derivative(lambda v: z_3(v, 0.0), w),
        0.5: derivative(lambda v: z_3(v, 0.5), w),
    }
    near, printed = {h: parts(h)[0] for h in measured}, {h: sum(parts(h)) for h in measured}
    return Judgement(
        prompt=r"""
With $z_t = w\,h_{t-1} + u_t$ and $h_t = \tanh(z_t)$, an article finds
$dz_3/dw = h_2 + w\,\tanh'(z_2)\,h_1 + w^2\,\tanh'(z_2 \cdot dh_1/dw)$, where
$dh_1/dw = \tanh'(z_1)\,h_0$. Put $h_0 = 0$ into its last term.

Is the formula right?""",
        options=(
            wrong(
                r"the last term counts the first use of $w$, whatever $h_0$ is",
                r"The first use multiplies $h_0$. With $h_0 = 0$ it has nothing to contribute.",
                abs(printed[0.0] - measured[0.0]) < 1e-3,
                HOLDS,
            ),
            wrong(
                r"it is right for $h_0 = 0$ and needs a correction for other values",
                r"With $h_0 = 0$ the printed term is $w^2 \tanh'(0) = w^2$, and that is not 0.",
                abs(printed[0.0] - measured[0.0]) < 1e-3 < abs(printed[0.5] - measured[0.5]),
                CONDITION,
            ),
            right(
                r"its last term is then $w^2$ and not 0: $dh_1/dw$ must be a factor",
                r"Outside the parentheses it makes the term vanish together with $h_0$.",
                np.isclose(near[0.0], measured[0.0]) and np.isclose(printed[0.0] - near[0.0], w**2),
                FAILS,
            ),
        ),
        explanation=rf"""
With $w = 0.8$, $u_1 = 0.2$, $u_2 = 0.5$ and $h_0 = 0$, a finite difference gives
{measured[0.0]:.4f}; the first two terms give {near[0.0]:.4f} and the printed formula
{printed[0.0]:.4f}, too much by $w^2 = {w**2:.2f}$. What was meant is
$w^2\,\tanh'(z_2) \cdot dh_1/dw$. A zero where you know the answer exposes such a slip at once.""",
    )


@question("001-1", "000-4", level=2)
def both_uses_of_a_weight(rng: np.random.Generator) -> Number:
    w = float(rng.choice([0.5, 0.9, 1.5, 2.0]))
    h_0, h_1 = float(rng.choice([-0.5, 0.4, 0.6, 0.8])), float(rng.choice([0.4, 0.5, 0.6, 0.8]))
    u_1 = np.arctanh(h_1) - w * h_0
    (steep,) = slope(np.tanh, float(np.arctanh(h_1)))
    value = derivative(lambda v: v * np.tanh(v * h_0 + u_1), w)
    return Number(
        prompt=rf"""
One unit takes two steps with the same weight, $h_1 = \tanh(w\,h_0 + u_1)$ and
$z_2 = w\,h_1 + u_2$. Here $w = {w:g}$, and the states are $h_0 = {h_0:g}$ and $h_1 = {h_1:g}$.
(Remember that $\tanh'(z) = 1 - \tanh^2(z)$.)

What is $dz_2/dw$?""",
        value=value,
        tolerance=0.002,
        slips=(
            slip(h_1, "That is the immediate part. $h_1$ depends on $w$, too."),
            slip(h_1 + w * h_0, r"The earlier use has to pass through tanh: its slope is missing."),
            slip(h_1 + steep * h_0, r"Between $h_1$ and $z_2$ there is one more factor, $w$."),
        ),
        explanation=rf"""
The second use contributes $h_1 = {h_1:g}$, and the first $w\,\tanh'(z_1)\,h_0$, with
$\tanh'(z_1) = 1 - h_1^2 = {steep:.4g}$. Together
${h_1:g} + {w:g} \cdot {steep:.4g} \cdot {bracketed(h_0)} = {value:.4f}$, as a difference finds.""",
    )


@question("001-1", level=3)
def immediate_derivative() -> Choice:
    w, u, s_0 = 0.7, (0.3, 0.4, 0.1), 0.5
    s = [end([w] * k, u[:k], s_0) for k in range(4)]
    measured = derivative(lambda v: end([v] * 3, u, s_0), w)

    def factors(k: int) -> tuple[float, float, float]:
        """From s_k to s_3; by the weight with s_{k-1} held constant; and by it in every way."""
        return (
            derivative(lambda x: end([w] * (3 - k), u[k:], x), s[k]),
            derivative(lambda v: end([v], u[k - 1 : k], s[k - 1]), w),
            derivative(lambda v: end([v] * k, u[:k], s_0), w),
        )

    onward, now, whole = np.transpose([factors(k) for k in (1, 2, 3)])
    return Choice(
        prompt=r"""
For the error of step 3, an article sums
$\frac{\partial E_3}{\partial y_3}\,\frac{\partial y_3}{\partial s_3}\,\frac{\partial s_3}{\partial
s_k}\,\frac{\partial s_k}{\partial W_s}$ over $k = 1, 2, 3$.

What must the last factor, $\partial s_k / \partial W_s$, be for the sum to be right?""",
        options=(
            right(
                r"the derivative with $s_{k-1}$ held constant",
                r"What goes through $s_{k-1}$ has terms of its own: those of smaller $k$.",
                np.isclose(np.dot(onward, now), measured),
            ),
            wrong(
                r"the derivative that includes the way through $s_{k-1}$",
                r"Then the early uses of $W_s$ are counted again for every larger $k$.",
                np.isclose(np.dot(onward, whole), measured),
            ),
            wrong(
                r"0 unless $k = 3$, where the state feeds $E_3$",
                r"$s_3$ feeds it directly; the earlier states act through $s_3$, which the factor "
                r"before takes care of.",
                np.isclose(onward[2] * now[2], measured),
            ),
            wrong(
                r"the same for each $k$, like $W_s$ itself",
                r"The weight is shared, what it multiplies is not: each step has its own state.",
                np.isclose(now[0], now[1]) and np.isclose(now[1], now[2]),
            ),
        ),
        explanation=rf"""
In a run of one unit, a finite difference finds $ds_3/dW_s = {measured:.4f}$. The sum with
immediate derivatives gives {np.dot(onward, now):.4f}; with whole ones it is
{np.dot(onward, whole):.4f}, since early uses are counted several times.""",
    )


@question("001-2", "003-2", level=1)
def factors_on_the_way(rng: np.random.Generator) -> Number:
    s, t = int(rng.integers(3, 12)), int(rng.integers(20, 60))
    factors = len(range(s + 1, t + 1))
    return Number(
        prompt=rf"""
The loss $L_{{{t}}}$ of step {t} has a gradient with respect to $W_x$, a sum with one term for
each step at which
$W_x$ was used.

How many factors $\partial h_j / \partial h_{{j-1}}$ does the term of step {s} contain?""",
        value=factors,
        tolerance=0,
        slips=(
            slip(factors + 1, "You counted states. A factor stands *between* two states."),
            slip(t - 1, "So many are in the term of the first step, the longest one."),
            slip(
                0,
                rf"Step {s} has no arrow of its own to $L_{{{t}}}$: $W_x$ acts through the states, "
                r"like $W_h$.",
            ),
        ),
        explanation=rf"""
The way from $h_{{{s}}}$ to $h_{{{t}}}$ crosses the steps $j = {s + 1}$ to {t}, so there are
${t} - {s} = {factors}$ factors. The sum has the same form for $W_x$, $W_h$ and $b$, and for every
$t$: only the immediate derivative at its end differs.""",
    )


@question("003-2", "001-2", level=2)
def paths_to_the_input_weight() -> Several:
    w_in, w_h, x = 0.6, 0.8, (0.5, -0.9, 0.7)

    def last(weights: Sequence[float]) -> float:
        return end([w_h] * 3, [w * x_t for w, x_t in zip(weights, x, strict=True)])

    uses = jacobian(lambda weights: np.array([last(weights)]), np.full(3, w_in))[0]
    outputs = [end([w_h] * n, [w_in * x_t for x_t in x[:n]]) for n in (1, 2, 3)]
    k = slope(np.tanh, *np.arctanh(outputs))

    def is_term(product: float) -> bool:
        return bool(np.isclose(uses, product, atol=1e-7).any())

    return Several(
        prompt=r"""
Three steps of one unit, $O_t = \tanh(a_t)$ with $a_t = w_{in}\,x_t + w_h\,O_{t-1}$ and $O_0 = 0$.
Write $k_t$ for $\tanh'(a_t)$. The derivative $dO_3/dw_{in}$ is a sum of three terms.

Which of these are among them?""",
        options=(
            right(
                r"$k_3\,x_3$",
                "The short-term path: the last use of $w_{in}$.",
                is_term(k[2] * x[2]),
            ),
            right(
                r"$k_3\,w_h\,k_2\,w_h\,k_1\,x_1$",
                r"The longest path: from step 1 through $O_1$ and $O_2$.",
                is_term(k[2] * w_h * k[1] * w_h * k[0] * x[0]),
            ),
            wrong(
                r"$k_1\,x_1$",
                r"This is how $O_1$ moves. The way on, to $O_3$, is missing.",
                is_term(k[0] * x[0]),
            ),
            wrong(
                r"$k_3\,w_h\,x_2$",
                r"The path of step 2 passes tanh twice, and here one of the two slopes is missing.",
                is_term(k[2] * w_h * x[1]),
            ),
            wrong(
                r"$k_3\,w_{in}\,k_2\,x_2$",
                r"From output to output the way leads through $w_h$; $w_{in}$ is what one "
                r"differentiates by.",
                is_term(k[2] * w_in * k[1] * x[1]),
            ),
        ),
        explanation=rf"""
Give the three uses of $w_{{in}}$ a weight each and measure: the last output moves by
{uses[2]:.4f} per unit of the third, {uses[1]:.4f} of the second and {uses[0]:.4f} of the first.
These are $k_3 x_3$, $k_3 w_h k_2 x_2$ and $k_3 w_h k_2 w_h k_1 x_1$: for each step back, one more
$w_h$ and one more slope.""",
    )


@question("000-9", level=2)
def vanished_gradient() -> Judgement:
    w, T, rate = 0.5, 60, 0.1
    u = [0.6] * T
    gradient = derivative(lambda v: end([v] * T, u), w)
    near = sum(use(s, w, u) for s in range(T - 4, T + 1))
    settled = end([w] * T, u)
    factor = derivative(lambda h: np.tanh(w * h + 0.6), settled)
    far = use(T, w, u) * factor**40
    moved = w - rate * gradient
    return Judgement(
        prompt=r"""
The update is: new weight = old weight − learning rate × gradient. So, an article concludes, once
the gradient has vanished nothing is learnt any more. Take one tanh unit with the weight 0.5 and a
loss at the end of 60 steps, where the far steps contribute practically nothing.

Is the conclusion right?""",
        options=(
            wrong(
                "the contributions of far steps are 0, and so the weight stands still",
                "They are, but the weight's gradient is a *sum*, and its near terms are not small.",
                abs(moved - w) < 1e-6,
                HOLDS,
            ),
            right(
                "it holds for a gradient that is 0 as a whole; here only the far terms are",
                "The near terms move the weight. What is not learnt is what the far steps could "
                "teach.",
                abs(far) < 1e-20 and near / gradient > 0.99 and abs(moved - w) > 1e-3,
                CONDITION,
            ),
            wrong(
                "by the update rule, a weight moves even when its gradient is 0",
                "With the gradient 0, the rule gives back the old weight.",
                w - rate * 0.0 != w,
                FAILS,
            ),
        ),
        explanation=rf"""
The whole gradient $dh_{{60}}/dw$ is {gradient:.4f}, so that the weight moves. The last five uses
carry {near / gradient:.2%} of it, and the use 40 steps before the end contributes about {far:.0e}.
Vanishing does not stop the learning; it stops the learning of *far* dependences.""",
    )


@question("000-9", "003-2", level=2)
def share_of_near_uses(rng: np.random.Generator) -> Number:
    factor, near = float(rng.choice([0.5, 0.6, 0.7, 0.8, 0.9])), int(rng.integers(2, 6))
    parts = factor ** np.arange(1000)
    share = float(parts[:near].sum() / parts.sum())
    return Number(
        prompt=rf"""
A loss stands at the end of 1,000 steps. Each use of $w_h$ contributes {factor:g} times as much to
$dL/dw_h$ as the use one step later.

Which share of the whole gradient (from 0 to 1) comes from the last {near} uses?""",
        value=share,
        tolerance=0.005,
        slips=(
            slip(
                factor**near,
                rf"That is the share of the other steps: how much is left after {near} factors.",
            ),
            slip(
                1 - factor ** (near - 1),
                f"This counts {near - 1}: the last use has lag 0, so the lags are 0 to {near - 1}.",
            ),
        ),
        explanation=rf"""
The contributions are as $1, {factor:g}, {factor:g}^2, \ldots$, and the first {near} of them make up
$1 - {factor:g}^{{{near}}} = {share:.4f}$ of the sum. The gradient does not vanish, however many far
steps are added. Their part of it does.""",
    )


@question("002-1", level=1)
def name_for_descent() -> Judgement:
    weight, x, target = np.array([0.5]), 3.0, 1.0
    before = weight.copy()
    gradient = jacobian(lambda w: (w * x - target) ** 2, weight)[0]
    by_descent, by_sign = before - 0.1 * gradient, before - 0.1 * np.sign(gradient)
    return Judgement(
        prompt=r"""
An article introduces back-propagation, and back-propagation through time with it, as a fancy name
for gradient descent.

Is that right?""",
        options=(
            wrong(
                "on its way back through the steps it shifts each weight a little downhill",
                "During the way back no weight changes, or the later factors would be those of "
                "another network.",
                not np.array_equal(weight, before),
                HOLDS,
            ),
            wrong(
                "it is the same if the learning rate is 1: then step and gradient are equal",
                "Even then somebody has to subtract. The gradient alone leaves the weights alone.",
                np.array_equal(weight, before - 1.0 * gradient),
                CONDITION,
            ),
            right(
                "it computes the gradient; which step to take is another matter",
                "The same gradient may serve plain descent, another rule, or no update at all.",
                np.array_equal(weight, before) and not np.allclose(by_descent, by_sign),
                FAILS,
            ),
        ),
        explanation=rf"""
Take the loss $(3w - 1)^2$ at $w = 0.5$. Its gradient is {gradient[0]:.3g}, and to know this changes
nothing: $w$ is still {weight[0]:g}. Gradient descent with rate 0.1 would now go to
{by_descent[0]:.3g}, a rule that uses only the sign to {by_sign[0]:.3g}. Back-propagation is how the
gradient is found; descent is one way to use it.""",
    )


@question("003-1", "003-2", level=1)
def one_step_of_descent(rng: np.random.Generator) -> Number:
    w, rate = float(rng.choice([0.4, 0.8, 1.2])), float(rng.choice([0.1, 0.2, 0.5]))
    uses = [float(rng.choice(grid)) for grid in ([0.1, 0.2], [0.5, 0.6], [1.0, 2.0])]
    gradient = sum(uses)
    new = round(w - rate * gradient, 6)
    return Number(
        prompt=rf"""
A recurrent weight, $w_h = {w:g}$, is used at three steps. Its uses contribute {uses[0]:g} (step 1),
{uses[1]:g} (step 2) and {uses[2]:g} (step 3) to $dL/dw_h$. Now take one step of gradient descent
with the learning rate {rate:g}.

What is the weight then?""",
        value=new,
        tolerance=0.002,
        slips=(
            slip(w + rate * gradient, "The sign: to lower the loss, go *against* the gradient."),
            slip(
                w - rate * gradient / 3,
                "The uses are summed, not averaged. A mean, if wanted, belongs in the loss.",
            ),
            slip(w - rate * uses[2], "That is the last use alone; the earlier ones count, too."),
        ),
        explanation=rf"""
The gradient of a shared weight is the sum over its uses,
${uses[0]:g} + {uses[1]:g} + {uses[2]:g} = {gradient:g}$, and there is one weight to move:
${w:g} - {rate:g} \cdot {gradient:g} = {new:g}$. The same rule moves $w_{{in}}$ and $w_{{out}}$.""",
    )


@question("003-8", "003-1", level=2)
def rate_and_long_path() -> Judgement:
    w, T = 0.9, 11
    first = use(1, w, [0.1] * T, 0.2)

    def moved(rate: float) -> float:
        """How far the weight goes in one update on account of its first use alone."""
        return w - (w - rate * first)

    def settles(rate: float, steepness: float = 10.0) -> bool:
        """Whether descent on steepness * w**2 / 2 goes to its minimum."""
        place = 1.0
        for _ in range(200):
            place -= rate * steepness * place
        return abs(place) < 1e-3

    ratio = moved(0.2) / moved(0.1)
    return Judgement(
        prompt=r"""
An article on unstable training first shows how the long path, a product over many steps, can
explode. It adds that a large learning rate does the same.

Is the addition right?""",
        options=(
            wrong(
                "the rate multiplies every factor of the long path, so it enters as a power",
                "The rate multiplies the finished gradient, once, when the weights are updated.",
                np.isclose(ratio, 2.0 ** (T - 1)),
                HOLDS,
            ),
            right(
                "*updates* may diverge as badly; the backward product has no rate in it",
                "The harm is alike, the cause is not: it lies in the steps from weight to weight.",
                np.isclose(ratio, 2) and settles(0.05) and not settles(0.3),
                CONDITION,
            ),
            wrong(
                "a rate decides how long training takes, but not whether it settles",
                "If each step overshoots by more than it gains, training never ends well.",
                settles(0.05) and settles(0.3),
                FAILS,
            ),
        ),
        explanation=rf"""
With twice the rate, the part of an update that comes from ten steps back is {ratio:.0f} times as
large, and not $2^{{10}} = {2**10}$ times. But on the loss $5w^2$, whose slope is $10w$, descent
with the rate 0.05 settles, and with 0.3 every step takes $w$ to $-2w$. So a large rate can spoil
the weights, and these spoil the *next* backward product.""",
    )


@question("002-6", level=1)
def chain_of_three(rng: np.random.Generator) -> Number:
    a, b, c = int(rng.choice([3, 5])), int(rng.choice([1, 2])), int(rng.choice([2, 3]))
    x = int(rng.integers(1, 4))
    u = a * x + b
    value = round(derivative(lambda x: c * (a * x + b) ** 2 + 1, x))
    return Number(
        prompt=rf"""
Three functions one after another: $u = {a}x + {b}$, then $v = u^2$, then $y = {c}v + 1$. At the
start $x = {x}$.

What is $dy/dx$?""",
        value=value,
        tolerance=0,
        slips=(
            slip(
                2 * c * a * x, "The slope of $u^2$ must be taken at $u$, the value that comes in."
            ),
            slip(2 * c * u, r"The innermost function has a slope, too."),
            slip(c + 2 * u + a, "The three slopes are multiplied, not added."),
        ),
        explanation=rf"""
$x = {x}$ gives $u = {u}$. The slopes are {a}, $2u = {2 * u}$ and {c}, and their product is {value}.
An unrolled network is such a chain: the derivative with respect to what enters first is the
product of the
slopes of all that comes later, each taken at the value that the forward pass left there.""",
    )


@question("004-3", level=3)
def state_for_weight() -> Choice:
    w, u, T, early = 0.5, [0.5] * 14, 14, 9
    at = end([w] * early, u[:early], 0.3)
    fade = derivative(lambda h: end([w] * (T - early), u[early:], h), at)  # of J = h_T
    ratio = use(early, w, u, 0.3) / use(T, w, u, 0.3)

    def about(value: float) -> bool:
        return 0.5 * value < ratio < 2 * value

    return Choice(
        prompt=r"""
What we want is $\partial J / \partial W$; lecture notes study $\partial J / \partial h_s$ in its
place. In a tanh network whose states and slopes have about the same size at all steps,
$\partial J / \partial h_s$ at an early step $s$ is a thousandth of what it is at the last one.

How much does the use of $W$ at step $s$ contribute to $\partial J / \partial W$, compared with the
last use?""",
        options=(
            right(
                "about a thousandth",
                r"The contribution is $\partial J / \partial h_s$ times an immediate derivative, "
                r"which does not fade with the distance.",
                about(fade),
            ),
            wrong(
                "about a millionth",
                "The product over the steps enters once; the immediate derivative holds no other.",
                about(fade**2),
            ),
            wrong(
                "about as much",
                "A weight has no way to the loss of its own: each use acts through the state that "
                "it makes.",
                about(1.0),
            ),
            wrong(
                "about a thousand times as much",
                "There is no fixed total that early steps would have to fill up.",
                about(1 / fade),
            ),
        ),
        explanation=rf"""
In a run of one unit, {T - early} steps before the end, $\partial J / \partial h_s$ has fallen to
{fade:.2g} of its last value, and the measured contribution of that use of the weight to
{ratio:.2g}. By the chain rule one is the other times the immediate derivative, which is why the
simpler quantity may stand in.""",
    )


@question("001-2", "003-2", level=1)
def same_sum_for_each_weight() -> Judgement:
    w_in, w_h, x = 0.6, 0.8, (0.5, -0.9, 0.7)

    def last(w_in: Sequence[float], w_h: Sequence[float]) -> float:
        return end(w_h, [w * x_t for w, x_t in zip(w_in, x, strict=True)], 0.4)

    def at(step: int, move: float, weights: float) -> list[float]:
        return [weights + move * (t == step) for t in range(3)]

    own = {
        "W_x": [derivative(lambda m, s=s: last(at(s, m, w_in), [w_h] * 3), 0.0) for s in range(3)],  # type: ignore[misc]
        "W_h": [derivative(lambda m, s=s: last([w_in] * 3, at(s, m, w_h)), 0.0) for s in range(3)],  # type: ignore[misc]
    }
    whole = {
        "W_x": derivative(lambda w: last([w] * 3, [w_h] * 3), w_in),
        "W_h": derivative(lambda w: last([w_in] * 3, [w] * 3), w_h),
    }
    fits = {name: np.isclose(sum(own[name]), whole[name]) for name in whole}
    return Judgement(
        prompt=r"""
"The gradient with respect to a shared weight is a sum with one term for each step at which it was
used, and this is so for $W_x$ just as for $W_h$." Try it with three steps of one unit.

Is the statement true?""",
        options=(
            right(
                "give each use a weight of its own: the three derivatives add up, for both",
                "A shared weight moves all of its uses together, and their effects are added.",
                all(fits.values()),
                HOLDS,
            ),
            wrong(
                r"for $W_h$, which acts from state to state; $W_x$ acts once, at its own word",
                r"$W_x$ is used at every step too, and early uses reach the end through states.",
                fits["W_h"] and not fits["W_x"],
                CONDITION,
            ),
            wrong(
                "the terms of one path are multiplied, and so the gradient is a product",
                "Along one path factors are multiplied. Different uses are different paths.",
                np.isclose(np.prod(own["W_h"]), whole["W_h"]),
                FAILS,
            ),
        ),
        explanation=rf"""
Measured use by use, $W_x$ gives {", ".join(f"{v:.3f}" for v in own["W_x"])}, together
{sum(own["W_x"]):.4f}; as one weight it gives {whole["W_x"]:.4f}. For $W_h$ it is
{sum(own["W_h"]):.4f} and {whole["W_h"]:.4f}.""",
    )


@question("002-4", level=2)
def arrows_carry_error_anyway() -> Judgement:
    T, w = 6, 0.8
    inputs = [0.2, -0.4, 0.5, 0.1, -0.3, 0.6]

    def loss(push: float, targets: Sequence[int], cut: bool = False) -> float:
        """The sum of the states with a target; ``push`` is added to the state after step 2."""
        h, total = 0.0, 0.0
        for t, u in enumerate(inputs, start=1):
            h = float(np.tanh(w * (0.0 if cut else h) + u)) + (push if t == 2 else 0.0)
            total += h * (t in targets)
        return total

    alone = derivative(lambda p: loss(p, [T]), 0.0)
    every = derivative(lambda p: loss(p, range(1, T + 1)), 0.0)
    return Judgement(
        prompt=r"""
"Whether every step has a target or only the last one decides which outputs feed the error. The
arrows from state to state carry error back in both cases." Look at $h_2$ in a network of 6 steps.

Is the statement true?""",
        options=(
            right(
                r"$h_2$ gets a gradient in both cases, by way of the states after it",
                "Targets decide where error enters; the arrows take it from there to the start.",
                abs(alone) > 1e-6 and abs(every) > 1e-6,
                HOLDS,
            ),
            wrong(
                r"if step 2 has a target of its own; without one, $h_2$ gets nothing",
                r"Move $h_2$, and all later states move, the last one among them.",
                abs(alone) < 1e-6 < abs(every),
                CONDITION,
            ),
            wrong(
                r"$h_2$ gets the same gradient in both cases: targets decide nothing",
                "More targets mean more terms: the two gradients differ.",
                np.isclose(alone, every),
                FAILS,
            ),
        ),
        explanation=rf"""
With the last target alone, $dL/dh_2$ is {alone:.4f}; with a target at every step it is
{every:.4f}. Neither is 0.""",
    )


@question("003-9", "003-7", level=2)
def long_path_on_top() -> Judgement:
    T, x = 50, 0.5

    def part(s: int, w: float) -> float:
        """How h_T moves with the input weight of step s alone; all units stay active."""

        def last(w_in: float) -> float:
            h = 0.0
            for t in range(1, T + 1):
                h = max((w_in if t == s else 1.0) * x + w * h, 0.0)
            return h

        return derivative(last, 1.0)

    one = [part(s, 1.0) for s in (1, 25, T)]
    above = [part(s, 1.1) for s in (1, T)]
    return Judgement(
        prompt=r"""
$h_t = \max(0, w_{in}\,x_t + w_h\,h_{t-1})$ with $w_h = 1$ and inputs that keep the unit active.
Notes say that the longest path, the one from step 1, outweighs the others in $dh_{50}/dw_{in}$.

Does it outweigh them?""",
        options=(
            wrong(
                "its product has the most factors, and so it is the largest",
                "Count what the factors are. Each of them is slope 1 times weight 1.",
                one[0] > 1.01 * one[-1],
                HOLDS,
            ),
            wrong(
                "from about 25 steps on, where the sum of the paths has become large",
                "The sum grows with the number of paths. No single path grows in it.",
                one[0] > 1.01 * one[1],
                CONDITION,
            ),
            right(
                "every path has the same product, so none of them is the largest",
                "With equal inputs all steps contribute the same.",
                np.allclose(one, one[0]) and above[0] > above[1],
                FAILS,
            ),
        ),
        explanation=rf"""
The uses at steps 1, 25 and 50 contribute {one[0]:.3f}, {one[1]:.3f} and {one[2]:.3f}. With
$w_h = 1.1$ the first would indeed outweigh the last: {above[0]:.1f} against {above[1]:.2f}.""",
    )


@question("000-8", "001-1", level=2)
def mistake_on_the_way_back(rng: np.random.Generator) -> Choice:
    def works(defined: Mapping[str, Any]) -> bool:
        draw = np.random.default_rng(6)
        T, H = 4, 3
        u, h0, dh = (
            draw.standard_normal((T, H)),
            draw.standard_normal(H),
            draw.standard_normal((T, H)),
        )
        Wh = draw.standard_normal((H, H))

        def run(h0: Any, Wh: Any) -> Any:
            h, found = h0, []
            for each in u:
                h = np.tanh(each + h @ Wh)
                found.append(h)
            return np.array(found)

        dh0, dWh = defined["backward"](dh, run(h0, Wh), h0, Wh)
        v, V = draw.standard_normal(H), draw.standard_normal((H, H))
        by_h0 = derivative(lambda t: np.sum(dh * run(h0 + t * v, Wh)), 0.0)
        by_Wh = derivative(lambda t: np.sum(dh * run(h0, Wh + t * V)), 0.0)
        return bool(np.isclose(by_h0, dh0 @ v) and np.isclose(by_Wh, np.sum(dWh * V)))

    return find_the_mistake(
        rng,
        r"""
Back-propagation through time for $h_t = \tanh(u_t + h_{t-1} W_h)$. `h` (T, H) are the states and
`dh` (T, H) is what the losses ask of each of them. One part is wrong.""",
        """
def backward(dh, h, h0, Wh):
    dWh, carried = np.zeros_like(Wh), np.zeros_like(h0)
    for t in range(len(h) - 1, -1, -1):
        da = (dh[t] + carried) * (1 - h[t] ** 2)
        before = h[t - 1] if t > 0 else h0
        dWh += np.outer(before, da)
        carried = da @ Wh.T
    return carried, dWh
""",
        (
            Swap(
                "(dh[t] + carried)",
                "dh[t]",
                "A state acts on its own loss and on all later states; what comes from these must "
                "be carried back.",
            ),
            Swap(
                "h[t - 1] if t > 0 else h0",
                "h[t - 1]",
                "At $t = 0$ the state before is `h0`; an index of −1 would take the last state.",
            ),
            Swap(
                "dWh += np",
                "dWh = np",
                "Each use of the weights adds its term; to assign keeps the first step's alone.",
            ),
            Swap(
                "carried = da @ Wh.T",
                "carried = da @ Wh",
                "On the way back the weights are transposed.",
            ),
        ),
        works,
        "A finite difference along one direction of `h0` and one of `Wh` shows it.",
    )


@question("000-9", "003-6", level=3)
def run_behind_the_lags(rng: np.random.Generator) -> Choice:
    w = float(rng.choice([0.5, 0.6, 0.7, 0.8]))
    lags, k = (0, 1, 2, 3, 4, 8), 4
    sizes = w ** np.arange(9)
    cut = np.where(np.arange(9) < k, sizes, 0.0)
    last = np.where(np.arange(9) < 1, sizes, 0.0)
    flat = np.ones(9)

    def rows(values: Any) -> list[list[str]]:
        return [[f"{lag}", f"{values[lag]:.4f}"] for lag in lags]

    return diagnose(
        rng,
        rf"""
A linear unit with a recurrent weight of {w:g} or 1 has read many inputs. The table shows what the
uses of its input weight contribute to the gradient, by the number of steps before the loss. It
was computed in one of four ways.

TABLE

How was it computed?""",
        ["lag", "contribution"],
        (
            Cause(
                f"the weight is {w:g}, and the gradient is whole",
                rows(sizes),
                f"Each lag has {w:g} times the contribution of the one before it, and none is "
                "cut off: the whole gradient.",
            ),
            Cause(
                f"the weight is {w:g}, truncated after {k} steps",
                rows(cut),
                f"Lags 0 to {k - 1} shrink as they should, and lag {k} is exactly 0: truncation.",
            ),
            Cause(
                f"the weight is {w:g}, and nothing is carried back",
                rows(last),
                "Beyond lag 0 everything is exactly 0: the loop forgot to carry the gradient.",
            ),
            Cause(
                "the weight is 1, and the gradient is whole",
                rows(flat),
                "All lags contribute the same: the factor per step is 1.",
            ),
        ),
        """A gradient that vanishes gets small and never becomes exactly 0 within a few steps; an
exact 0 is a cut.""",
    )


@question("001-1", level=3)
def order_of_a_step_back() -> Ordering:
    draw = np.random.default_rng(8)
    h_0, u, w = draw.standard_normal(2), draw.standard_normal(2), draw.standard_normal((2, 2))
    dh, later = draw.standard_normal(2), draw.standard_normal(2)
    h = np.tanh(u + h_0 @ w)

    def total(found: dict[str, Any]) -> None:
        found["dh"] = dh + later

    def through(found: dict[str, Any]) -> None:
        found["da"] = found["dh"] * (1 - h**2)

    def weights(found: dict[str, Any]) -> None:
        found["dW"] = np.outer(h_0, found["da"])

    def carry(found: dict[str, Any]) -> None:
        found["dW"]
        found["carried"] = found.pop("da") @ w.T

    def reached(found: dict[str, Any]) -> bool:
        def loss(h_0: Any, w: Any) -> Any:
            return (dh + later) @ np.tanh(u + h_0 @ w)

        by_state = jacobian(lambda x: np.array([loss(x, w)]), h_0)[0]
        by_weight = jacobian(lambda x: np.array([loss(h_0, x.reshape(2, 2))]), w.ravel())[0]
        return np.allclose(found["carried"], by_state) and np.allclose(
            found["dW"].ravel(), by_weight
        )

    return ordering(
        prompt=r"""
You are at step $t$ on the way back through $h_t = \tanh(a_t)$, $a_t = u_t + h_{t-1} W$. In your
program the gradient with respect to $a_t$ is overwritten when the gradient for step $t - 1$ is
made, so that the latter has to come last.

In which order do you take these steps?""",
        steps=(
            step(
                r"add the gradient of the own loss and the one carried from step $t + 1$",
                "The whole gradient with respect to $h_t$ has to be there before it is used.",
                total,
            ),
            step(
                r"multiply by $1 - h_t^2$",
                "This passes the tanh, and gives the gradient with respect to $a_t$.",
                through,
            ),
            step(
                r"add the outer product with $h_{t-1}$ to the gradient of $W$",
                "It needs the gradient with respect to $a_t$, before that is overwritten.",
                weights,
            ),
            step(
                r"multiply by $W^\top$, and carry the result to step $t - 1$",
                "It comes last, as it overwrites the gradient with respect to $a_t$.",
                carry,
            ),
        ),
        explanation=r"""
Gather, pass the tanh, use it for the weights, carry on: this is one turn of the loop of
back-propagation through time. In this order the results agree with finite differences.""",
        is_reached=reached,
    )
