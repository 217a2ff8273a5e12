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
    either,
    question,
    slip,
    some_of,
    told_apart,
)
from quiz.engine.reading import Cause, diagnose


@question("004-10", level=2, points=2.5)
def change_of_each_bias(rng):
    rate, threshold = float(rng.choice([0.05, 0.1, 0.2])), float(rng.choice([1.0, 2.0]))
    few, many = (int(n) for n in rng.permutation([100, 400]))
    w, b = ((0.3, -0.8), (0.8, -0.3), (-0.6, 0.8))[rng.integers(3)]
    w, b = (w, b) if few < many else (w, 1.5 * b)
    of_Wh, of_b = np.full((20, many // 20), w), np.full(few, b)
    norm = np.sqrt(np.sum(of_Wh**2) + np.sum(of_b**2))
    change = -rate * threshold / norm * b
    tolerance = float(f"{0.02 * abs(change):.1g}")
    slips = (
        slip(-change, "Descent goes *against* the gradient."),
        slip(
            -rate * b,
            "That is the step without clipping. The norm decides, and not single entries.",
        ),
        slip(
            -rate * threshold / np.linalg.norm(of_b) * b,
            "That takes the norm of `b` alone. The global norm is one number for all arrays.",
        ),
        slip(
            -threshold / norm * b,
            "That is the clipped gradient with its sign turned; the learning rate is missing.",
        ),
    )
    return Number(
        prompt=rf"""
The gradient of `Wh` has {many} entries, each {w:g}; that of `b` has {few} entries, each ${b:g}$.
They are clipped by their global norm with threshold {threshold:g}. Then one step of gradient
descent is made, with a learning rate of {rate:g}.

By how much does each entry of `b` change (new minus old)?""",
        value=change,
        tolerance=tolerance,
        slips=told_apart(change, tolerance, slips),
        explanation=rf"""
The global norm is $\sqrt{{{many} \cdot {w**2:.3g} + {few} \cdot {b**2:.3g}}} = {norm:.4g}$, so
every entry is multiplied by ${threshold:g}/{norm:.4g}$: ${b:g}$ becomes
${threshold / norm * b:.4f}$. The change is $-{rate:g}$ times that, ${change:.5f}$.""",
    )


@question("000-15", level=2, points=2)
def direction_after_reset(rng):
    large = float(rng.integers(2, 9)) * 1e8
    kind = int(rng.integers(4))
    size = (float(rng.integers(2, 9)) * 1e5, 10.0, 1e-3, 1e-3)[kind]
    g = np.array([-large if kind == 3 else large, size * rng.choice([-1, 1])])
    after = np.where(np.abs(g) > 1e8, 10.0, g)
    cosine = g @ after / np.linalg.norm(g) / np.linalg.norm(after)
    degrees = float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))

    def latex(x):
        digits, exponent = f"{x:.1e}".split("e")
        return rf"{float(digits):g} \cdot 10^{{{int(exponent)}}}"

    known = "What is left is [{:g}, {:g}]; compare the ratio of the two entries before and after."
    reason = known.format(*after)
    return Choice(
        prompt=rf"""
A gradient has two entries, ${latex(g[0])}$ and ${latex(g[1])}$. A rule sets entries beyond $10^8$
in size to 10 and leaves all others as they are.

What does it do to the direction of this gradient?""",
        options=(
            either("it turns by nearly 90°", reason, 80 < degrees < 100),
            either("it turns by about 45°", reason, 35 < degrees < 55),
            either("it hardly turns", reason, degrees < 10),
            either("it turns round by nearly 180°", reason, degrees > 170),
        ),
        explanation=rf"""
$[{g[0]:.3g}, {g[1]:.3g}]$ becomes $[{after[0]:g}, {after[1]:g}]$, which makes an angle of
{degrees:.1f}° with what it was. The rule looks at entries one by one, and forgets their signs and
their proportions.""",
    )


@question("000-Q2", "000-11", "001-6", "002-12", level=2, points=3)
def chains_of_forty(rng):
    slope = float(rng.choice([1.25, 0.8, 1.6]))
    state = float(rng.choice([0.3, 0.5, 0.7]))
    close = float(rng.choice([0.95, 0.98, 1.02, 1.1]))
    steps = 40
    a = np.linspace(-10, 10, 2001)
    sigmoid = 1 / (1 + np.exp(-a))
    steepest = float(np.max(sigmoid * (1 - sigmoid)))
    swap, identity = np.array([[0.0, 1.0], [1.0, 0.0]]), np.eye(2)

    def left(slope, W):
        gradient = np.array([1.0, 0.5])
        for _ in range(steps):
            gradient = slope * (W @ gradient)
        return float(np.linalg.norm(gradient) / np.linalg.norm([1.0, 0.5]))

    chains = (
        (
            f"slope {slope:g} at every step, $W_h = {1 / slope:g}\\,I$",
            left(slope, identity / slope),
        ),
        (f"slope {slope:g} at every step, $W_h = I$", left(slope, identity)),
        ("active ReLU units; $W_h$ swaps the two units", left(1.0, swap)),
        (f"tanh units with states of {state:g}, $W_h = I$", left(1 - state**2, identity)),
        (
            f"tanh units with states of {state:g}, $W_h = {1 / (1 - state**2):.4f}\\,I$",
            left(1 - state**2, identity / (1 - state**2)),
        ),
        ("sigmoid units at their steepest, $W_h = 2\\,I$", left(steepest, 2 * identity)),
        ("sigmoid units at their steepest, $W_h = 4\\,I$", left(steepest, 4 * identity)),
        (f"active ReLU units, $W_h = {close:g}\\,I$", left(1.0, close * identity)),
    )
    drawn = some_of(
        rng,
        [
            either(
                text,
                f"Slope times weight, over {steps} steps, makes a factor of {size:.2g}.",
                0.1 <= size <= 10,
            )
            for text, size in chains
        ],
        5,
    )
    return Several(
        prompt=rf"""
A gradient goes back over {steps} steps in a network of two units. In each of these networks the
slope is that of the activation at the states that occur.

In which of them is the length of the gradient, after that, within a factor of 10 of what it
was?""",
        options=drawn,
        explanation=rf"""
The factors over {steps} steps: {"; ".join(f"{text} {size:.2g}" for text, size in chains)}. Neither
the weight nor the slope decides alone.""",
    )


@question("001-8", level=2, points=2)
def thousand_clipped_steps(rng):
    rate, steps = float(rng.choice([0.01, 0.02])), int(rng.choice([500, 1000, 2000]))
    kind = int(rng.integers(3))
    limit = rate * steps * (1.0, 1.0, 0.5)[kind]
    given = (
        "All gradients are ordinary, finite numbers.",
        "Nothing is known about the gradients that the backward pass delivers.",
        "The gradient is $[3, 0, 0]$ at every step.",
    )[kind]

    def farthest(gradients):
        """How far a weight has moved at most, with clipping at 1; NaN if it is lost."""
        p = np.zeros(3)
        for g in gradients:
            norm = np.sqrt(np.sum(g**2))
            p = p - rate * (g if norm <= 1 else g / norm)
        return float(np.abs(p).max())

    draw = np.random.default_rng(0)
    some = draw.standard_normal((20, 3))
    broken = some.copy()
    broken[10, 1] = np.nan
    straight = rate * steps * farthest([np.array([3.0, 0, 0])]) / rate
    finite_ok = straight <= limit + 1e-9 and farthest(some) <= rate * 20
    nan_ok = farthest(broken) <= limit
    possible = {0: (finite_ok,), 1: (finite_ok, nan_ok), 2: (straight <= limit + 1e-9,)}[kind]
    return Judgement(
        prompt=rf"""
Gradients are clipped by global norm at 1, and the learning rate is {rate:g}. {given} "After {steps}
steps, each weight is a finite number, and has moved by at most {limit:g}."

Is that sure?""",
        options=(
            either(
                f"a clipped step is at most {rate:g} long, and there are {steps} of them",
                f"{steps} steps of length {rate:g} lead at most {rate * steps:g} far.",
                all(possible),
                HOLDS,
                if_wrong="Multiply the length of a clipped step by the number of steps; and think "
                "of gradients that are no numbers.",
            ),
            either(
                "as long as no gradient contains NaN",
                "Clipping bounds finite gradients. NaN comes through, as no comparison with it is "
                "true.",
                any(possible) and not all(possible),
                CONDITION,
                if_wrong="Here it is known whether there is a NaN among the gradients.",
            ),
            either(
                "some weight moves farther than that",
                "Steps of the largest length, all in one direction, add up.",
                not any(possible),
                FAILS,
                if_wrong="A clipped step is no longer than the rate, so the sum has a bound.",
            ),
        ),
        explanation=rf"""
A step that is clipped has at most the length {rate:g}, so {steps} of them lead at most
{rate * steps:g} far; $[3, 0, 0]$ at every step leads that far. One NaN in twenty gradients turns
weights into NaN. Whether gradients are finite has to be looked at separately.""",
    )


@question("004-9", level=3, points=1.5)
def what_was_saved(rng):
    every, last = int(rng.choice([1, 50, 100])), int(rng.integers(220, 290))
    is_copied, in_place = bool(rng.integers(2)), bool(rng.integers(2))
    params, saved, history = {"w": np.array([1.0, 2.0])}, {}, []
    for count in range(1, last + 1):
        g = np.array([1.0, -1.0]) if count < last else np.array([np.nan, np.nan])
        if in_place:
            params["w"] -= 0.001 * g
        else:
            params["w"] = params["w"] - 0.001 * g
        history.append(params["w"].copy())
        if count < last and count % every == 0:
            saved = {k: p.copy() for k, p in params.items()} if is_copied else dict(params)
    found, at = saved["w"], (last - 1) // every * every
    save = "{k: p.copy() for k, p in params.items()}" if is_copied else "dict(params)"
    update = 'params["w"] -= rate * g' if in_place else 'params["w"] = params["w"] - rate * g'
    when = "every step" if every == 1 else f"every {every}th step"
    other = at - every if every > 1 else at - 1
    return Choice(
        prompt=rf"""
`params` is a dict of NumPy arrays. A loop makes the update `{update}`. After {when} it saves a
checkpoint, `saved = {save}`. At step {last} all of `g` is NaN; this is noticed just *after* the
update, and nothing is saved any more.

What does `saved["w"]` hold now?""",
        options=(
            either(
                r"NaN",
                "The dict is new, but the array in it is the same, and `-=` changes this array.",
                np.all(np.isnan(found)),
                if_wrong="Either the array was copied, or the update has put a new array in its "
                "place: the old one is left alone.",
            ),
            either(
                f"the weights after step {at}",
                "This was the last time that something was saved, and that array was left alone.",
                np.array_equal(found, history[at - 1]),
                if_wrong="Think of what the code copies, the dict or the arrays in it, and of what "
                "`-=` does to an array.",
            ),
            either(
                f"the weights after step {other}",
                "The name `saved` was given anew after that.",
                np.array_equal(found, history[other - 1]),
            ),
            either(
                "the weights at the start",
                "The name `saved` was given anew, each time that something was saved.",
                np.array_equal(found, [1.0, 2.0]),
            ),
        ),
        explanation=r"""
Run with these lines, `saved["w"]` is {found}. With `dict(params)` and `-=`, `saved["w"]` and
`params["w"]` are one and the same array. A checkpoint is safe if every *array* is copied, and what
is saved has to be checked first.""".replace(
            "{found}", "NaN" if np.isnan(found).all() else f"what it was after step {at}"
        ),
    )


@question("001-7", level=3, points=2)
def dead_after_one_step(rng):
    draw = np.random.default_rng(int(rng.integers(100)))
    x, y = draw.random((16, 5)), 1 + draw.random(16)

    def forward(p, f):
        wx, wh, b, wo = p
        h = np.zeros(16)
        for t in range(5):
            h = f(wx * x[:, t] + wh * h + b)
        return h, float(np.mean((h * wo - y) ** 2) / 2)

    def relu(a):
        return np.maximum(a, 0)

    def rows(p, f=relu, targets=None):
        nonlocal y
        y_before, y = y, (y if targets is None else targets)
        sizes = [abs(forward(p + s, f)[1] - forward(p - s, f)[1]) / 2e-4 for s in 1e-4 * np.eye(4)]
        h, loss = forward(p, f)
        y = y_before
        values = {
            "loss": loss,
            "gradient of $W_o$": sizes[3],
            "gradient of $W_h$": sizes[1],
            "share of states that are 0": np.mean(h == 0),
        }
        return [[k, "NaN" if np.isnan(v) else f"{v:.2g}"] for k, v in values.items()]

    start = np.array([0.5, 1.0, 0.0, 0.5])
    thrown = start - np.array([3.0, 3.0, 300.0, 3.0])
    faint = np.array([0.5, 1e-9, 0.0, 0.5])
    perfect = start.copy()
    return diagnose(
        rng,
        r"""
A recurrent network (float64, weights $W_x$, $W_h$, $b$, and $W_o$ for the output $h_T W_o$) is
trained without clipping. After some steps it looks like this, and the numbers do not change any
more in a hundred steps.

TABLE

What has happened?""",
        ["quantity", "value"],
        (
            Cause(
                "ReLU units have been thrown below 0 by one large step, for every input",
                rows(thrown),
                "All states are 0, so $W_o$ is multiplied by 0 and ReLU lets nothing back: every "
                "gradient is 0 while the loss is high.",
            ),
            Cause(
                "the step has landed at the lowest point of the loss",
                rows(perfect, targets=forward(perfect, relu)[0] * 0.5),
                "The loss is 0 and the gradients are 0 while the states are alive: a minimum.",
            ),
            Cause(
                "a recurrent weight near 0 has cut the steps off from each other",
                rows(faint, np.tanh),
                "States are alive and $W_o$ has a gradient: it contains no product over steps.",
            ),
            Cause(
                "a weight has become NaN",
                rows(start * np.nan),
                "Everything that is computed with NaN is NaN.",
            ),
        ),
        """Loss, the gradient of the output's weights and the states together tell these four
apart. A gradient need not be NaN to do harm.""",
    )


@question("003-7", level=1, points=2)
def nudge_of_the_first_input(rng):
    short = int(rng.choice([50, 100]))
    long, nudge = 2 * short, float(rng.choice([0.25, 0.5]))
    kind = int(rng.integers(3))
    weights = ((1.1, 1.05)[rng.integers(2)],), (0.9, 1.1), ((1.0, 0.9)[rng.integers(2)],)

    def effect(T, w):
        def last(first):
            h = first
            for _ in range(T - 1):
                h = max(1.0 + w * h, 0.0)
            return h

        return (last(1 + nudge) - last(1.0)) / nudge

    more = [effect(long, w) > 1.001 * effect(short, w) for w in weights[kind]]
    known = (
        f"recurrent weight {weights[kind][0]:g}"
        if kind != 1
        else "a recurrent weight between 0.9 and 1.1"
    )
    factor = f"${weights[kind][0]:g}^{{{short}}}$" if kind != 1 else "its power"
    return Judgement(
        prompt=rf"""
A ReLU unit with {known}, input weight 1 and positive inputs is active at every step. "A nudge of
the first input changes the last state of a sequence of {long} steps by more than that of one of
{short} steps."

Does it change the longer one by more?""",
        options=(
            either(
                f"the further {short} steps multiply it by {factor}, which is above 1",
                "Slope 1 times weight, once per step.",
                all(more),
                HOLDS,
                if_wrong="Each step multiplies the nudge by the weight. Is that above 1 for sure?",
            ),
            either(
                "if the weight is above 1",
                "At 1 the two are equal, and below 1 the longer way takes more.",
                any(more) and not all(more),
                CONDITION,
                if_wrong="The weight is given: decide.",
            ),
            either(
                f"the further {short} steps do not make it larger",
                "Slope 1 times a weight of at most 1, once per step.",
                not any(more),
                FAILS,
                if_wrong="Each step multiplies the nudge by the weight. Is that at most 1?",
            ),
        ),
        explanation=rf"""
With the weight {weights[kind][0]:g} a nudge is multiplied by {effect(short, weights[kind][0]):.2g}
after {short} steps and by {effect(long, weights[kind][0]):.2g} after {long}. A weight of 1 is the
border between vanishing and exploding, for units that stay active.""",
    )
