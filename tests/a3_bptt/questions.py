"""The questions for marks of a3_bptt. Their keys never leave the judge's side."""

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
    ordering,
    question,
    slip,
    some_of,
    step,
)

STEP = 1e-6


def read(weights, inputs, start=0.0):
    """The states of h = tanh(w h + u), the start among them; the weight may differ by step."""
    h = [start]
    for w, u in zip(weights, inputs, strict=True):
        h.append(np.tanh(w * h[-1] + u))
    return h


def difference(f, x):
    return (f(x + STEP) - f(x - STEP)) / (2 * STEP)


@question("001-1", level=3, points=2)
def whole_for_immediate(rng):
    T, use = ((6, 2), (7, 2), (7, 3), (8, 3), (9, 3), (9, 4))[rng.integers(6)]
    w, u = 0.8, np.random.default_rng(2).uniform(-0.4, 0.4, T)
    h = read([w] * T, u, 0.5)

    def state(k, v):
        """h_k if the use at the step in question alone has the weight v."""
        return read([w if t != use else v for t in range(1, k + 1)], u[:k], 0.5)[-1]

    contained = sum(
        difference(lambda x, k=k: read([w] * (T - k), u[k:], x)[-1], h[k])
        * difference(lambda v, k=k: state(k, v), w)
        for k in range(1, T + 1)
    )
    times = round(contained / difference(lambda v: state(T, v), w), 4)
    return Number(
        prompt=rf"""
For the error of step {T}, the gradient with respect to $W$ is the sum of
$\frac{{\partial E_{{{T}}}}}{{\partial h_{{{T}}}}}\,\frac{{\partial h_{{{T}}}}}{{\partial
h_k}}\,\frac{{\partial h_k}}{{\partial W}}$ over $k = 1, \ldots, {T}$. A student puts in the *whole*
derivative of $h_k$ for the last factor: one that includes what $W$ did at all the steps up to $k$.

How many times does this sum contain the contribution of the use of $W$ at step {use}?""",
        value=times,
        tolerance=0,
        slips=(
            slip(1, "So it would be with immediate derivatives. The student's are not."),
            slip(T - use, f"You counted the Jacobians between step {use} and step {T}."),
            slip(T, "The state of an earlier step does not know of this use yet."),
            slip(use, "You counted the steps up to this use. Which states come *after* it?"),
        ),
        explanation=rf"""
The whole derivative of $h_k$ contains the use at step {use} for each $k$ from {use} to {T}, and the
factor $\partial h_{{{T}}}/\partial h_k$ completes its way each time. Measured with one unit, the
student's sum contains it {times:g} times. With $h_{{k-1}}$ held constant, each use counts once.""",
    )


@question("001-2", "003-2", level=2, points=3)
def window_of_three_steps(rng):
    w, T, k = 0.8, 9, int(rng.integers(2, 5))
    u = np.random.default_rng(3).uniform(-0.5, 0.5, T)
    h = read([w] * T, u, 0.5)

    def window(t, inputs, start):
        """h_t from a state that is constant, unless it is h_0: the last k steps."""
        first = max(t - k, 0)
        begin = start if first == 0 else h[first]
        return read([w] * (t - first), inputs[first:t], begin)[-1]

    def input_counts(t, s):
        nudged = u + 1e-3 * (np.arange(1, T + 1) == s)
        return bool(window(t, nudged, 0.5) != window(t, u, 0.5))

    def start_counts(t):
        return bool(window(t, u, 0.6) != window(t, u, 0.5))

    early, late = int(rng.integers(2, 5)), int(rng.integers(5, T))
    to_inputs = [
        either(
            rf"of the loss of step {t} to $x_{s}$",
            f"The window of this loss is made of {k} steps, of which step {t} is the first.",
            input_counts(t, s),
        )
        for t, s in sorted({(late, late - k + 1), (late, late - k), (early, early + 1), (T, T)})
    ]
    to_start = [
        either(
            rf"of the loss of step {t} to $h_0$",
            f"$h_0$ enters at step 1, so the window of {k} steps has to reach that step.",
            start_counts(t),
        )
        for t in (k, k + 1, 1)
    ]
    return Several(
        prompt=rf"""
A recurrent network reads {T} words, and there is a loss at each step. The gradient is computed by
truncated back-propagation: each loss reaches back $k = {k}$ steps, its own step being the first of
them. (Steps are counted from 1; $h_0$ enters at step 1.)

Which contributions are in the computed gradient?""",
        options=some_of(rng, [*to_inputs, *to_start], 5),
        explanation=rf"""
The loss of step $t$ sees the steps from $t$ back to $t - {k - 1}$, as far as they exist, and takes
the state before them as a constant, unless it is $h_0$. With each window computed from such a
constant, a nudge of the other inputs changes nothing at all.""",
    )


@question("002-1", level=2, points=2)
def another_optimiser(rng):
    sizes = {"both": (2.5, 4.0), "one": (0.4, 3.0), "none": (0.3, 0.6)}
    kind = str(rng.choice(list(sizes)))
    g = rng.permutation(sizes[kind]) * rng.choice([-1, 1], 2)
    rate, further = float(rng.choice([0.01, 0.1])), bool(rng.integers(2))
    w = np.array([1.0, 1.0])
    by_descent, by_sign = np.abs(w - (w - rate * g)), np.abs(w - (w - rate * np.sign(g)))
    holds = by_sign > by_descent if further else by_sign < by_descent
    way, other = ("farther", "less far") if further else ("less far", "farther")
    first = int(np.argmax(holds)) if kind == "one" else int(rng.integers(2))
    return Judgement(
        prompt=rf"""
Back-propagation gives the gradients {g[0]:g} and {g[1]:g} for two weights. One optimiser is plain
descent; the other one uses the sign of the gradient and nothing else. Both have the rate {rate:g}.
"With the sign, the weights are moved {way} than by plain descent."

Are they?""",
        options=(
            either(
                f"both weights are moved {way} by the sign",
                "Compare 1 with the size of each gradient: the rate is the same for both rules.",
                holds.all(),
                HOLDS,
            ),
            either(
                f"weight {first + 1} is moved {way}, the other one is not",
                "Compare 1 with the size of each gradient, one weight at a time.",
                holds[first] and not holds[1 - first],
                CONDITION,
            ),
            either(
                f"both weights are moved {other} by the sign",
                "The sign stands for a gradient of size 1, larger or smaller than the true one.",
                not holds.any(),
                FAILS,
            ),
        ),
        explanation=rf"""
Descent moves the weights by {by_descent[0]:.3g} and {by_descent[1]:.3g}, and the sign moves them by
{by_sign[0]:.3g} each. Both start from the same gradients, and these are all that back-propagation
is asked for. What is done with them is the optimiser's business.""",
    )


@question("001-2", "003-2", "001-1", level=3, points=3)
def losses_at_two_steps(rng):
    w = float(rng.choice([0.5, 2.0, 3.0]))
    x = [float(v) for v in rng.choice([1, 2, 3, 5, 7], 3, replace=False)]
    other = int(rng.choice([1, 2]))  # besides the loss at step 3

    def states(v):
        h = [0.0]
        for x_t in x:
            h.append(v * h[-1] + x_t)
        return h

    h = states(w)
    parts = {t: round(difference(lambda v, t=t: states(v)[t], w), 5) for t in (1, 2, 3)}
    total = parts[other] + parts[3]
    wrong_ways = {
        parts[3]: "That is the part of $h_3$ alone. The other loss has a gradient, too."
        if other == 2
        else "",
        h[other - 1] + h[2]: "Each loss has its immediate term here. What of the earlier uses?",
        parts[other] + h[2] + h[1]: "A way from step 2 to step 3 costs a factor.",
        h[other] + h[3]: "This is the loss itself.",
    }
    slips = {value: said for value, said in wrong_ways.items() if said and value != total}
    return Number(
        prompt=rf"""
One linear unit, $h_t = w\,h_{{t-1}} + x_t$, has $w = {w:g}$ and $h_0 = 0$ and reads
$x_1 = {x[0]:g}$, $x_2 = {x[1]:g}$, $x_3 = {x[2]:g}$. Two steps have a loss: $L = h_{other} + h_3$.

What is $dL/dw$?""",
        value=total,
        tolerance=0,
        slips=tuple(slip(*each) for each in slips.items()),
        explanation=rf"""
The states are $h_1 = {h[1]:g}$ and $h_2 = {h[2]:g}$. The loss $h_{other}$ gives {parts[other]:g};
the loss $h_3$ gives $h_2 + w h_1 + w^2 h_0 = {parts[3]:g}$. Together {total:g}. One sweep finds it:
carry 1 back from $h_3$, multiply it by $w$ at each step, and add the 1 of the other loss on the
way.""",
    )


@question("003-8", "003-1", level=2, points=1.5)
def half_the_learning_rate(rng):
    c, lag = float(rng.choice([0.5, 2.0, 0.1])), int(rng.choice([4, 6, 10]))
    is_rate = bool(rng.integers(2))

    def update(rate, w):
        """What the uses of the input weight at each lag add to an update; the input is 1."""
        return rate * w ** np.arange(12.0)

    before = update(0.1, 0.8)
    after = update(0.1 * c, 0.8) if is_rate else update(0.1, 0.8 * c)
    near, far = after[0] / before[0], after[lag] / before[lag]
    what = "learning rate" if is_rate else "recurrent weight"
    return Choice(
        prompt=rf"""
A linear unit, $h_t = w_h h_{{t-1}} + w_{{in}} x_t$, is updated by gradient descent, with one loss
at the last step. The update of $w_{{in}}$ consists of what its uses at each lag contribute. Now the
*{what}* is multiplied by {c:g}.

What happens to the contributions from lag 0 and from lag {lag}?""",
        options=(
            either(
                f"both are multiplied by {c:g}",
                "The rate multiplies the finished gradient: near and far parts alike.",
                np.isclose(near, c) and np.isclose(far, c),
                if_wrong="For the near part to change, the change must reach it. Lag 0 has no "
                "recurrent weight in it.",
            ),
            either(
                rf"the near one stays, the far one is multiplied by ${c:g}^{{{lag}}}$",
                "At lag 0 there is no recurrent weight, and each step back brings one.",
                np.isclose(near, 1) and np.isclose(far, c**lag),
                if_wrong="The factors on the way back are weights and slopes. The rate is not "
                "among them.",
            ),
            either(
                f"the near one is multiplied by {c:g}, the far one stays",
                "No part of an update is out of reach of the rate.",
                np.isclose(near, c) and np.isclose(far, 1),
            ),
            either(
                f"the near one stays, the far one is multiplied by {c:g}",
                "A way over several steps has as many recurrent weights in it.",
                np.isclose(near, 1) and np.isclose(far, c),
            ),
        ),
        explanation=rf"""
The update is rate times input times $w_h^{{\mathrm{{lag}}}}$. Computed, the contribution from lag 0
is multiplied by {near:.3g} and the one from lag {lag} by {far:.3g}. So a smaller rate may calm
updates that diverge, but it does not change which steps the network learns from.""",
    )


@question("000-9", "003-2", level=2, points=1.5)
def sixty_or_six_hundred_steps(rng):
    w, T = float(rng.choice([0.5, 0.7, 1.0])), int(rng.choice([60, 80, 100]))
    times = int(rng.choice([3, 5, 10]))
    short, long = (float((w ** np.arange(n)).sum()) for n in (T, times * T))
    ratio = long / short
    return Choice(
        prompt=rf"""
A linear unit, $h_t = {w:g}\,h_{{t-1}} + u\,x_t$, gets the input 1 at every step. The loss is the
last state, once after {T} steps and once after {times * T}.

How does $dL/du$ of the long run compare with that of the short one?""",
        options=(
            either(
                "it is practically the same",
                "The last uses make up the sum, and they are alike in both runs.",
                abs(ratio - 1) < 1e-6,
                if_wrong="With a factor of 1 per step, far uses count as much as near ones.",
            ),
            either(
                f"it is {times} times as large",
                "All uses contribute the same, and there are more of them.",
                abs(ratio - times) < 1e-6,
                if_wrong="There are more terms, but look how large the added ones are.",
            ),
            either(
                f"it is {times} times smaller",
                "The contributions are summed, and not averaged over the steps.",
                abs(ratio - 1 / times) < 1e-6,
            ),
            either(
                "it is practically zero",
                "What may be small is the *term* of a far step. A sum is not as small as its "
                "smallest term.",
                abs(ratio) < 1e-6,
            ),
        ),
        explanation=rf"""
The term of lag $k$ is ${w:g}^k$. The sum is {short:.4g} after {T} steps and {long:.4g} after
{times * T}. What vanishes, where the factor is below 1, is the part of the far steps; the weight
goes on moving for the sake of the near ones.""",
    )


@question("001-2", "001-1", level=2, points=2)
def order_of_the_way_back(rng):
    T, w = int(rng.integers(4, 9)), float(rng.choice([0.5, 0.8, 1.2]))
    u = np.random.default_rng(4).uniform(-0.5, 0.5, T)
    h = read([w] * T, u, 0.3)

    def last(results):
        results[f"h{T}"] = 1.0

    def through_tanh(t):
        def do(results):
            results[f"a{t}"] = results[f"h{t}"] * (1 - h[t] ** 2)

        return do

    def through_weight(t):
        def do(results):
            results[f"h{t - 1}"] = results[f"a{t}"] * w

        return do

    def reached(results):
        measured = difference(lambda x: read([w] * 2, u[T - 2 :], x)[-1], h[T - 2])
        return abs(results[f"h{T - 2}"] - measured) < 1e-6

    return ordering(
        prompt=rf"""
One unit has $h_t = \tanh(a_t)$ with $a_t = w\,h_{{t-1}} + u_t$, and the loss is the last state,
$L = h_{{{T}}}$. You want its gradient with respect to $h_{{{T - 2}}}$.

In which order do you compute these?""",
        steps=(
            step(
                rf"$\partial L / \partial h_{{{T}}}$, which is 1",
                "The way back begins at the loss.",
                last,
            ),
            step(
                rf"$\partial L / \partial a_{{{T}}}$",
                "From a state the way leads through its tanh.",
                through_tanh(T),
            ),
            step(
                rf"$\partial L / \partial h_{{{T - 1}}}$",
                "From a pre-activation the way leads through the weight, to the state before.",
                through_weight(T),
            ),
            step(
                rf"$\partial L / \partial a_{{{T - 1}}}$",
                "It needs the gradient of the state that is made from it.",
                through_tanh(T - 1),
            ),
            step(
                rf"$\partial L / \partial h_{{{T - 2}}}$",
                "This is what is wanted, so it comes last.",
                through_weight(T - 1),
            ),
        ),
        explanation=r"""
State, pre-activation, state before, its pre-activation, and so on: each step back passes one tanh
and one weight. The result agrees with a finite difference.""",
        is_reached=reached,
    )
