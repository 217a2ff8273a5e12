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
    question,
    right,
    slip,
    wrong,
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


def by_lag(w, inputs):
    """What each use of the weight contributes to dh_T/dw, the last use first: slopes multiplied."""
    h = np.array(read([w] * len(inputs), inputs))
    slopes = 1 - h[1:] ** 2
    carried = slopes[::-1] * w ** np.arange(len(inputs)) * np.cumprod([1, *slopes[:0:-1]])
    return carried * h[-2::-1]


@question("001-1", points=3)
def whole_for_immediate():
    w, u, T, use = 0.8, (0.3, -0.2, 0.4, 0.1, 0.2), 5, 2
    h = read([w] * T, u, 0.5)

    def state(k, v):
        """h_k if the use at step 2 alone has the weight v."""
        return read([w if t != use else v for t in range(1, k + 1)], u[:k], 0.5)[-1]

    contained = sum(
        difference(lambda x, k=k: read([w] * (T - k), u[k:], x)[-1], h[k])
        * difference(lambda v, k=k: state(k, v), w)
        for k in range(1, T + 1)
    )
    once = difference(lambda v: state(T, v), w)
    times = round(contained / once, 6)
    return Number(
        prompt=r"""
For the error of step 5, the gradient by $W$ is the sum of
$\frac{\partial E_5}{\partial h_5}\,\frac{\partial h_5}{\partial h_k}\,\frac{\partial h_k}{\partial
W}$ over $k = 1, \ldots, 5$. A student puts in the *whole* derivative of $h_k$ for the last factor:
one that includes what $W$ did at all the steps up to $k$.

How many times does this sum contain the contribution of the use of $W$ at step 2?""",
        value=times,
        tolerance=0,
        slips=(
            slip(1, "So it would be with immediate derivatives. The student's are not."),
            slip(3, "You counted the Jacobians between step 2 and step 5, not the terms."),
            slip(5, "The state of an earlier step does not know of this use yet."),
            slip(2, "You counted the steps up to this use. Which states come *after* it?"),
        ),
        explanation=rf"""
The whole derivative of $h_k$ contains the use at step 2 for $k = 2, 3, 4$ and 5, and the factor
$\partial h_5/\partial h_k$ completes its way each time. Measured with one unit, the student's
sum contains it {times:g} times. With $h_{{k-1}}$ held constant, each use is in one term only.""",
    )


@question("001-2", "003-2", points=3)
def window_of_three_steps():
    w, T, k = 0.8, 7, 3
    u = np.array([0.3, -0.2, 0.4, 0.1, 0.2, -0.3, 0.5])
    h = read([w] * T, u, 0.5)

    def window(t, inputs, start):
        """h_t from a state that is constant, unless it is h_0: the last k steps."""
        first = max(t - k, 0)
        begin = start if first == 0 else h[first]
        return read([w] * (t - first), inputs[first:t], begin)[-1]

    def input_counts(t, s):
        nudged = u + 1e-3 * (np.arange(1, T + 1) == s)
        return window(t, nudged, 0.5) != window(t, u, 0.5)

    def start_counts(t):
        return window(t, u, 0.6) != window(t, u, 0.5)

    return Several(
        prompt=r"""
A recurrent network reads seven words, and there is a loss at each step. The gradient is computed by
truncated back-propagation: each loss reaches back $k = 3$ steps, its own step being the first of
them. (Steps are counted from 1; $h_0$ enters at step 1.)

Which contributions are in the computed gradient?""",
        options=(
            right(
                r"of the loss of step 6 to $x_4$",
                "The window of this loss is made of the steps 6, 5 and 4.",
                input_counts(6, 4),
            ),
            wrong(
                r"of the loss of step 6 to $x_3$",
                "Count the step of the loss itself as the first of the three.",
                input_counts(6, 3),
            ),
            right(
                r"of the loss of step 3 to $h_0$",
                "Step 1 is the third step of this window, and $h_0$ is one of its inputs.",
                start_counts(3),
            ),
            wrong(
                r"of the loss of step 4 to $h_0$",
                "Which is the earliest step of this window, and which state enters there? That one "
                "is taken as a constant.",
                start_counts(4),
            ),
            wrong(
                r"of the loss of step 2 to $x_3$",
                "A window reaches back, never forward.",
                input_counts(2, 3),
            ),
        ),
        explanation=r"""
The loss of step $t$ sees the steps $t$, $t-1$ and $t-2$, as far as they exist: 6, 5, 4 for $t = 6$,
and 3, 2, 1 for $t = 3$. The window of $t = 4$ ends at step 2, with $h_1$ as a constant. With
each window computed from such a constant, a nudge of the other inputs changes nothing at all.""",
    )


@question("002-1", points=2)
def another_optimiser():
    w, x, target = 0.5, 3.0, 1.0
    rules = {"descent": lambda g: 0.1 * g, "sign": lambda g: 0.1 * np.sign(g)}

    def update(rule):
        """The gradient of (w x - target)^2 by the chain rule, and the weight after the step."""
        gradient = 2 * (w * x - target) * x
        return gradient, w - rule(gradient)

    measured = difference(lambda v: (v * x - target) ** 2, w)
    used, moved = ({name: update(rule)[i] for name, rule in rules.items()} for i in (0, 1))
    return Judgement(
        prompt=r"""
"Back-propagation through time *is* gradient descent. Whoever replaces gradient descent by another
optimiser, such as Adam or one that uses the sign of the gradient only, therefore has to replace
back-propagation through time as well."

What becomes of this claim?""",
        options=(
            wrong(
                "each optimiser has its own way back through the steps, so both go together",
                "The way back is the chain rule, and the chain rule knows of no optimiser.",
                not np.isclose(used["sign"], used["descent"]),
                HOLDS,
            ),
            wrong(
                "it is so where the steps differ in length from those of plain descent",
                "How long a step is gets decided after the gradient has arrived.",
                not np.isclose(used["sign"], measured)
                and abs(moved["sign"] - w) != abs(moved["descent"] - w),
                CONDITION,
            ),
            right(
                "an optimiser is handed the gradient, no matter how it was found",
                "The two jobs are separate: find the slope, then decide on a step.",
                np.isclose(used["sign"], measured) and moved["sign"] != moved["descent"],
                FAILS,
            ),
            wrong(
                "nothing needs replacing, as such optimisers work without a gradient",
                "They treat the gradient in another way, but they do need it.",
                rules["sign"](-measured) == rules["sign"](measured),
                FAILS,
            ),
        ),
        explanation=rf"""
Take the loss $(3w - 1)^2$ at $w = 0.5$. Its gradient is {measured:.3g}, by the chain rule as by a
difference, and both rules start from it: descent with rate 0.1 goes to {moved["descent"]:.2g}, the
rule that uses the sign to {moved["sign"]:.2g}. Only what is done with the gradient has changed.""",
    )


@question("001-2", "003-2", "001-1", points=3)
def losses_at_two_steps():
    w, x = 0.5, (4.0, 1.0, 5.0)

    def states(v):
        h = [0.0]
        for x_t in x:
            h.append(v * h[-1] + x_t)
        return h

    h = states(w)
    total = round(difference(lambda v: states(v)[2] + states(v)[3], w), 6)
    last = round(difference(lambda v: states(v)[3], w), 6)
    return Number(
        prompt=r"""
One linear unit, $h_t = w\,h_{t-1} + x_t$, has $w = 0.5$ and $h_0 = 0$ and reads $x_1 = 4$,
$x_2 = 1$, $x_3 = 5$. Two steps have a loss: $L = h_2 + h_3$.

What is $dL/dw$?""",
        value=total,
        tolerance=0,
        slips=(
            slip(last, "That is the part of $h_3$ alone. The other loss has a gradient, too."),
            slip(h[1] + h[2], "Each loss has its immediate term here. What of the earlier uses?"),
            slip(h[1] + h[2] + h[1], "A way from step 2 to step 3 costs a factor."),
            slip(h[2] + h[3], "This is the loss itself."),
        ),
        explanation=rf"""
The states are $h_1 = {h[1]:g}$ and $h_2 = {h[2]:g}$. The loss $h_2$ gives $h_1 + w h_0 = {h[1]:g}$;
the loss $h_3$ gives $h_2 + w h_1 + w^2 h_0 = {last:g}$. Together {total:g}. One sweep finds it:
carry 1 back from $h_3$, multiply it by $w$, and add the 1 of step 2's own loss.""",
    )


@question("003-8", "003-1", points=2)
def half_the_learning_rate():
    parts = by_lag(0.7, [0.3] * 12)
    full, half = 0.2 * parts, 0.1 * parts
    near, far = full[0] / half[0], full[10] / half[10]
    shares = [update[10] / update.sum() for update in (full, half)]
    return Choice(
        prompt=r"""
A recurrent network is about to be updated by gradient descent. The gradient has been computed and
consists of contributions of uses of $W_h$ near the loss and of one ten steps back. Now the learning
rate is halved.

What happens to the contribution from ten steps back, within this update?""",
        options=(
            right(
                "It is halved, and its share of the update stays the same",
                "The rate multiplies the finished gradient: near and far parts alike.",
                np.isclose(far, 2) and np.isclose(*shares),
            ),
            wrong(
                "It is divided by $2^{10}$, so that its share shrinks",
                "The factors on the way back are weights and slopes. The rate is not among them.",
                np.isclose(far, 2**10),
            ),
            wrong(
                "It stays as it is, so that its share grows",
                "The update is rate times gradient, and the gradient includes this part.",
                np.isclose(far, 1) and not np.isclose(near, 1),
            ),
            wrong(
                "It is halved, but its share doubles, as near parts are cut more",
                "For a rate to treat lags in different ways, it would have to know of lags.",
                np.isclose(shares[1], 2 * shares[0]),
            ),
        ),
        explanation=rf"""
In a run of one unit the use ten steps back has the share {shares[0]:.1e} of the update with the
rate 0.2, and the same with 0.1; near and far parts are divided by {far:.0f}. So a smaller rate may
calm updates that diverge, but it does not change which steps the network learns from.""",
    )


@question("000-9", "003-2", points=2)
def sixty_or_six_hundred_steps():
    short, long = (by_lag(0.5, [0.6] * T) for T in (60, 600))
    ratio = long.sum() / short.sum()
    checked = difference(lambda v: read([v] * 60, [0.6] * 60)[-1], 0.5)
    assert np.isclose(short.sum(), checked)
    return Choice(
        prompt=r"""
One tanh unit with the recurrent weight $w = 0.5$ gets the same input at every step; its state has
long settled. The loss is the last state, once after 60 steps and once after 600. In both runs what
the first step contributes to $dh_T/dw$ is as good as zero.

How does the whole $dh_T/dw$ of the long run compare with that of the short one?""",
        options=(
            right(
                "It is practically the same",
                "The last few uses make up the sum, and they are alike in both runs.",
                abs(ratio - 1) < 1e-6,
            ),
            wrong(
                "It is about ten times as large",
                "There are ten times as many terms, but look how large the added ones are.",
                abs(ratio - 10) < 1,
            ),
            wrong(
                "It is about a tenth as large",
                "The contributions are summed, not averaged over the steps.",
                abs(ratio - 0.1) < 0.01,
            ),
            wrong(
                "It is practically zero",
                "Small is the *term* of a far step. A sum is not as small as its smallest term.",
                abs(ratio) < 1e-6,
            ),
        ),
        explanation=rf"""
$dh_T/dw$ is {short.sum():.4f} after 60 steps and {long.sum():.4f} after 600, and in both runs the
last five uses carry {short[:5].sum() / short.sum():.2%} of it. The 540 uses in between add nothing
that could be seen. So the weight goes on moving, in either run for the sake of the near steps.""",
    )
