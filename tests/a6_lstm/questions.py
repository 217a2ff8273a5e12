"""The questions for marks of a6_lstm. Their keys never leave the judge's side."""

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


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def read_out(steps, c, keeps=lambda f: f):
    """The cell after steps (i, f, g)."""
    for i, f, g in steps:
        c = keeps(f) * c + i * g
    return c


@question("004-11", level=2, points=2)
def state_after_two_steps(rng):
    c, i = float(rng.choice([2.0, 1.5])), 0.5
    f = float(rng.choice([0.2, 0.3])), float(rng.choice([0.8, 0.9]))
    g = -float(rng.choice([0.4, 0.6])), float(rng.choice([0.8, 0.9]))
    o = float(rng.choice([0.4, 0.5, 0.6]))
    steps = ((i, f[0], g[0]), (i, f[1], g[1]))
    cell = read_out(steps, c)
    misread = read_out(steps, c, keeps=lambda f: 1 - f)
    first = read_out(steps[:1], c)
    value = float(o * np.tanh(cell))
    wrong_ways = (
        (float(o * np.tanh(misread)), "The forget gate is read as the share that is lost."),
        (o * cell, "The cell is shown through a tanh."),
        (cell, "This is the cell; what the network sees of it is the state."),
        (float(np.tanh(cell)), "The output gate is open in part only."),
        (float(np.tanh(o * cell)), "The output gate multiplies what comes *out of* the tanh."),
    )
    return Number(
        prompt=rf"""
The cell of one LSTM unit holds $c = {c:g}$. In the next step its gates are $i = {i:g}$,
$f = {f[0]:g}$, $o = 0$ with the candidate $g = {g[0]:g}$, and in the one after it $i = {i:g}$,
$f = {f[1]:g}$, $o = {o:g}$ with $g = {g[1]:g}$.

What is the state $h$ after both steps?""",
        value=value,
        tolerance=0.0015,
        slips=told_apart(value, 0.002, [slip(*each) for each in wrong_ways]),
        explanation=rf"""
The cell goes from {c:g} to ${f[0]:g} \cdot {c:g} + {i:g} \cdot ({g[0]:g}) = {first:.3g}$, then to
${f[1]:g} \cdot ({first:.3g}) + {i:g} \cdot {g[1]:g} = {cell:.4g}$. The state is
${o:g} \tanh({cell:.4g}) = {value:.4f}$. That the first step showed nothing changes nothing.""",
    )


@question("001-12", "000-Q2", level=1, points=2)
def smallest_bias_for_a_quarter(rng):
    biases = (1.0, 2.0, 3.0, 4.0, 6.0)
    wanted = biases[rng.integers(5)]
    steps = int(rng.choice([20, 30, 50]))
    left = {bias: float(sigmoid(bias) ** steps) for bias in biases}
    below = max((left[b] for b in biases if b < wanted), default=0.0)
    share = float(f"{np.sqrt(max(below, left[wanted] ** 3, 1e-9) * left[wanted]):.1g}")
    smallest = min(bias for bias, kept in left.items() if kept >= share)
    return Choice(
        prompt=rf"""
All forget gates of an LSTM are at $\sigma(\beta)$, where $\beta$ is their bias. After {steps} steps
back along the cell, at least {share:.1g} of the gradient is to be left.

Which of these biases is the smallest that achieves it?""",
        options=tuple(
            either(
                rf"$\beta = {bias:g}$",
                rf"$\sigma({bias:g}) = {sigmoid(bias):.4f}$, and its power is {left[bias]:.2g}.",
                smallest == bias,
            )
            for bias in biases
        ),
        explanation=rf"""
The powers over {steps} steps: {", ".join(f"{left[bias]:.2g} for {bias:g}" for bias in biases)}.
Each step takes the same *share* of what is left.""",
    )


@question("004-11", level=2, points=3)
def what_the_first_cell_could_do(rng):
    c, near = float(rng.choice([2.0, 3.0, 4.0])), float(rng.choice([0.3, 0.5, 0.8]))
    g, n = -float(rng.choice([0.4, 0.8])), int(rng.integers(2, 5))
    gates, candidates = np.linspace(0, 1, 101), np.linspace(-1, 1, 201)
    reachable = c + gates[:, None] * candidates  # one step with f = 1

    def reaches(cell):
        return bool(np.any(np.abs(reachable - cell) < 1e-9))

    def after(cell):
        return read_out([(0.3, 1.0, 0.7)] * 1000, cell)

    kept = read_out([(0.0, 1.0, each) for each in np.resize(candidates, 1000)], c) == c
    zero_at = int(rng.choice([n, int(c) + 1]))
    options = (
        either(
            f"staying at {c:g} for a thousand steps, whatever the candidates are",
            "A shut input gate lets none of them in.",
            kept,
        ),
        either(
            f"going from {c:g} to {c + near:g} in one step",
            "The cell is a sum; nothing stops it at 1.",
            reaches(c + near),
        ),
        either(
            f"going from {c:g} to 0 in one step",
            "That would be erasing. What $i \\, g$ can subtract is at most 1.",
            reaches(0.0),
        ),
        either(
            f"going from {c:g} to ${g:g}$ in one step, by writing the candidate ${g:g}$",
            "Writing adds here; it does not replace what was there before.",
            reaches(g),
        ),
        either(
            "passing a gradient back through a thousand steps of the cell, undiminished",
            "The cell before appears with the factor 1, at each step.",
            abs(after(c + 0.5) - after(c - 0.5) - 1) < 1e-9,
        ),
        either(
            f"going from {c:g} to 0 in {zero_at} steps",
            f"Each step can take away 1 at most, and {c:g} has to go.",
            zero_at >= c,
        ),
        either(
            f"halving a cell of {c:g} in one step, by a half-open gate",
            "No gate multiplies the old cell. A half-open input gate halves what is written.",
            reaches(c / 2) and c / 2 > 1,
        ),
        either(
            f"showing a state of 0 while the cell holds {c:g}",
            "The output gate was there from the start: shut, it shows nothing.",
            0.0 * np.tanh(c) == 0,
        ),
    )
    return Several(
        prompt=rf"""
The LSTM of 1997 had an input and an output gate and no forget gate:
$c_t = c_{{t-1}} + i_t \, g_t$. Suppose that a gate can take any value from 0 to 1, and the
candidate any from $-1$ to 1, ends included. The cell of a unit stands at $c = {c:g}$.

What is possible?""",
        options=some_of(rng, options, 5),
        explanation=rf"""
One step leads from {c:g} to any place between {reachable.min():g} and {reachable.max():g}, and to
no other. The first LSTM could keep and add up, and its gradient was safe. What it could not do is
to clear a cell that had become full.""",
    )


@question("001-12", "002-20", level=2, points=3)
def error_of_step_two_hundred(rng):
    steps, share = int(rng.choice([100, 200, 300])), float(rng.choice([0.01, 0.1]))
    border = share ** (1 / steps)
    above = [1 - (1 - border) * part for part in (0.7, 0.4, 0.1)]
    below = [1 - (1 - border) * part for part in (1.5, 3.0, 6.0)]
    kind = int(rng.integers(3))
    gates = (above, [*above[:1], *below[:2]] if rng.integers(2) else [*above[:2], below[1]], below)
    f = sorted(round(each, 4) for each in gates[kind])
    left = {each: each**steps for each in f}
    arrives = [each for each in f if left[each] >= share]
    named = arrives if kind == 1 else f[-int(rng.integers(1, 3)) :]
    listed = " and ".join(f"{each:g}" for each in named)
    return Judgement(
        prompt=rf"""
"An LSTM has gates, and so the error at the end still reaches the cell {steps} steps before." In a
trained LSTM, three units have forget gates that stay at {f[0]:g}, {f[1]:g} and {f[2]:g}. Count
along the cell only, and say *reaches* if at least {share:g} of the gradient is left.

Is the sentence true of these units?""",
        options=(
            either(
                "of all three: each of their gates is near enough to 1",
                f"The smallest of the powers is {left[f[0]]:.2g}.",
                len(arrives) == 3,
                HOLDS,
                if_wrong="*Near* has to be taken to the power of the number of steps.",
            ),
            either(
                f"of {listed} and no other",
                "What decides is how near to 1 a gate is.",
                arrives == named,
                CONDITION,
                if_wrong="Compute the power of each gate.",
            ),
            either(
                "of none: a gate below 1 is too far from 1 here",
                f"The largest of the powers is {left[f[2]]:.2g}.",
                arrives == [],
                FAILS,
                if_wrong="A factor below 1 does shrink, but how much depends on how far below.",
            ),
        ),
        explanation=rf"""
The powers over {steps} steps: {", ".join(f"{left[each]:.2g} for {each:g}" for each in f)}. Having
gates is not enough: vanishing is reduced as far as the forget gates are near 1.""",
    )


@question("002-15", "004-28", level=3, points=2)
def where_the_gradient_is_lost(rng):
    kind = ("candidate", "input", "cell", "output")[rng.integers(4)]
    scale = 10.0 if kind == "candidate" else float(rng.choice([0.5, 0.8]))
    i = 1e-4 if kind == "input" else 1.0
    forget = 0.99 if kind == "cell" else float(rng.choice([0.9999, 0.9998]))
    steps = int(rng.choice([900, 1000, 1200]))
    start = 8.0 if kind == "output" else 0.0
    written = float(np.tanh(scale))
    cell = forget**steps * (start + i * written)
    factors = {
        "candidate": scale * (1 - written**2),
        "input": i,
        "cell": forget**steps,
        "output": 1 - np.tanh(cell) ** 2,
    }
    weakest = min(factors, key=factors.get)
    texts = {
        "candidate": "at step 0, in the tanh of the candidate",
        "input": "at step 0, in the input gate",
        "cell": "on the way, in the product of the forget gates",
        "output": "at the end, in the tanh that shows the cell",
    }
    return Choice(
        prompt=rf"""
An LSTM unit is set by hand. Its cell holds {start:g}. At step 0 the input gate is {i:g} and the
candidate $g = \tanh({scale:g}\,v)$ with $v = 1$; for the next {steps} steps $f = {forget:g}$ and
$i = 0$; then $o = 1$ shows the cell. $W_h$ is zero. The gradient of $h$ with respect to $v$ is
almost 0.

Where is most of it lost?""",
        options=tuple(
            either(text, f"The factor here is {factors[name]:.2g}.", weakest == name)
            for name, text in texts.items()
        ),
        explanation=rf"""
The factors are {factors["candidate"]:.1e} at the candidate, {factors["input"]:.1e} at the input
gate, {factors["cell"]:.1e} along the cell and {factors["output"]:.1e} at the output. What is stored
and what can be learnt from are two things; gates may be saturated, the value itself should not.""",
    )


@question("004-29", level=3, points=3)
def three_losses_one_cell(rng):
    f, o = float(rng.choice([0.6, 0.7, 0.8])), float(rng.choice([0.4, 0.5]))
    last = int(rng.choice([3, 4]))

    def total(c):
        return o * sum(np.tanh(f**k * c) for k in range(last))

    value = float((total(1e-6) - total(-1e-6)) / 2e-6)
    losses = " + ".join(f"h_{t}" for t in range(1, last + 1))
    return Number(
        prompt=rf"""
An LSTM unit runs for {last} steps with $W_h = 0$ and the gates $f = {f:g}$, $o = {o:g}$ at each
step. Its cells are so close to 0 that $\tanh'(c_t) = 1$. The loss is $L = {losses}$.

What is $dL/dc_1$, the gradient with respect to the cell *after* step 1?""",
        value=value,
        tolerance=0.003,
        slips=(
            slip(o * f ** (last - 1), "Only the loss of the last step is counted."),
            slip(value - o, "The loss of step 1 itself depends on $c_1$ as well."),
            slip(value / o, "Each loss sees the cell through the output gate."),
            slip(value * f, "The forget gate of step 1 acts on the cell *before* that step."),
            slip(last * o, "The forget gates of the later steps stand on the way."),
        ),
        explanation=rf"""
Through $h_1$ it is {o:g}, through each later state once more times {f:g}:
${o:g} \cdot ({" + ".join(f"{f**k:.3g}" for k in range(last))}) = {value:.4g}$. On the way back that
is: what comes from the next cell, times $f$, plus what comes through the state.""",
    )
