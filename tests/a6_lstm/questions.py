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
    question,
    right,
    slip,
    wrong,
)


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def read_out(steps, c=2.0, keeps=lambda f: f):
    """The cell after steps (i, f, g)."""
    for i, f, g in steps:
        c = keeps(f) * c + i * g
    return c


@question("004-11", points=2)
def state_after_two_steps():
    steps = ((0.5, 0.3, -0.6), (0.5, 0.9, 0.8))
    o = 0.5
    cell = read_out(steps)
    misread = read_out(steps, keeps=lambda f: 1 - f)
    first = read_out(steps[:1])
    value = o * np.tanh(cell)
    return Number(
        prompt=r"""
The cell of one LSTM unit holds $c = 2$. In the next step its gates are $i = 0.5$, $f = 0.3$,
$o = 0$ with the candidate $g = -0.6$, and in the one after it $i = 0.5$, $f = 0.9$, $o = 0.5$ with
$g = 0.8$.

What is the state $h$ after both steps? (Three decimals; 0.003 more or less is accepted.)""",
        value=value,
        tolerance=0.003,
        slips=(
            slip(o * np.tanh(misread), "The forget gate is read as the share that is lost."),
            slip(o * cell, "The cell is shown through a tanh."),
            slip(cell, "This is the cell; what the network sees of it is the state."),
            slip(np.tanh(cell), "The output gate is open halfway only."),
            slip(np.tanh(o * cell), "The output gate multiplies what comes *out of* the tanh."),
        ),
        explanation=rf"""
The cell goes from 2 to $0.3 \cdot 2 - 0.5 \cdot 0.6 = {first:.3g}$ and then to
$0.9 \cdot {first:.3g} + 0.5 \cdot 0.8 = {cell:.3g}$. The state is
$0.5 \tanh({cell:.3g}) = {value:.4f}$. That the first step showed nothing changes nothing.""",
    )


@question("001-12", "000-Q2", points=2)
def smallest_bias_for_a_quarter():
    left = {bias: sigmoid(bias) ** 50 for bias in (0.0, 1.0, 3.0, 4.0, 6.0)}
    smallest = min(bias for bias, share in left.items() if share >= 0.25)
    return Choice(
        prompt=r"""
All forget gates of an LSTM are at $\sigma(\beta)$, where $\beta$ is their bias. After 50 steps back
along the cell, at least a quarter of the gradient is to be left.

Which of these biases is the smallest that achieves it?""",
        options=(
            wrong(
                r"$\beta = 0$",
                r"$\sigma(0)$ is 0.5 and not 1: half of the memory goes at each step.",
                smallest == 0,
            ),
            wrong(
                r"$\beta = 1$",
                r"A usual start, but $\sigma(1) = 0.73$, and the rest is lost fifty times over.",
                smallest == 1,
            ),
            wrong(
                r"$\beta = 3$",
                r"$\sigma(3) = 0.953$ looks like almost everything; its fiftieth power is below a "
                r"tenth.",
                smallest == 3,
            ),
            right(
                r"$\beta = 4$",
                r"$\sigma(4) = 0.982$, and its fiftieth power is about 0.40.",
                smallest == 4,
            ),
            wrong(
                r"$\beta = 6$",
                r"This keeps more than is asked for, and the smallest is asked for.",
                smallest == 6,
            ),
        ),
        explanation=rf"""
$\sigma(3)^{{50}} = {left[3.0]:.3f}$ is below a quarter, $\sigma(4)^{{50}} = {left[4.0]:.3f}$ is
above it, and $\sigma(6)^{{50}} = {left[6.0]:.3f}$ is more than was asked for.""",
    )


@question("004-11", points=3)
def what_the_first_cell_could_do():
    gates, candidates = np.linspace(0, 1, 101), np.linspace(-1, 1, 201)
    reachable = 3 + gates[:, None] * candidates  # c = 3, one step, f = 1

    def reaches(cell):
        return bool(np.any(np.abs(reachable - cell) < 1e-9))

    def after(cell):
        return read_out([(0.3, 1.0, 0.7)] * 1000, c=cell)

    return Several(
        prompt=r"""
The LSTM of 1997 had an input and an output gate and no forget gate:
$c_t = c_{t-1} + i_t \, g_t$. Suppose that a gate can take any value from 0 to 1, and the
candidate any from $-1$ to 1, ends included. The cell of a unit stands at $c = 3$.

What is possible?""",
        options=(
            right(
                "staying at 3 for a thousand steps, whatever the candidates are",
                "A shut input gate lets none of them in.",
                read_out([(0.0, 1.0, g) for g in np.resize(candidates, 1000)], c=3.0) == 3.0,
            ),
            right(
                "going from 3 to 3.5 in one step",
                "The cell is a sum; nothing stops it at 1.",
                reaches(3.5),
            ),
            wrong(
                "going from 3 to 0 in one step",
                "That would be erasing. Only what $i \\, g$ can subtract goes, and that is little.",
                reaches(0.0),
            ),
            wrong(
                "going from 3 to $-0.8$ in one step, by writing the candidate $-0.8$",
                "Writing adds here; it does not replace what was there before.",
                reaches(-0.8),
            ),
            right(
                "passing a gradient back through a thousand steps of the cell, undiminished",
                "The cell before appears with the factor 1, at each step.",
                abs(after(3.5) - after(2.5) - 1) < 1e-9,
            ),
        ),
        explanation=rf"""
One step leads from 3 to any place between {reachable.min():g} and {reachable.max():g}, and to no
other. The first LSTM could keep and add up, and its gradient was safe. What it could not do is to
clear a cell that had become full.""",
    )


@question("001-12", "004-12", points=3)
def error_of_step_two_hundred():
    left = {f: f**199 for f in (0.9, 0.99, 0.999)}
    arrives = [f for f, share in left.items() if share >= 0.01]
    return Judgement(
        prompt=r"""
*Since the LSTM has gates, the error at step 200 still reaches the cell of step 1.* In a trained
LSTM, three units have forget gates that stay at 0.9, at 0.99 and at 0.999. Count along the cell
only, and say *reaches* if at least a hundredth of the gradient is left.

What becomes of the sentence?""",
        options=(
            wrong(
                "all three gates are almost open, and that is enough",
                "*Almost* has to be taken to the power of the number of steps.",
                len(arrives) == 3,
                HOLDS,
            ),
            right(
                "it is true of the units at 0.99 and 0.999, and not of the one at 0.9",
                "What decides is where the gates are, and two of them are near enough to 1.",
                arrives == [0.99, 0.999],
                CONDITION,
            ),
            wrong(
                "it is true of the unit at 0.999 alone",
                "A loss of 1 per cent at each step is ruled out too soon: compute its power.",
                arrives == [0.999],
                CONDITION,
            ),
            wrong(
                "no gate is at 1, so after 199 steps less than a hundredth is left in each",
                "A factor below 1 does shrink, but how much depends on how far below it is.",
                arrives == [],
                FAILS,
            ),
        ),
        explanation=rf"""
$0.9^{{199}} = {left[0.9]:.1e}$, $0.99^{{199}} = {left[0.99]:.3f}$ and
$0.999^{{199}} = {left[0.999]:.3f}$. Having gates is not enough: vanishing is reduced as far as the
forget gates are near 1.""",
    )


@question("002-15", "004-12", points=2)
def where_the_gradient_is_lost():
    weight, forget, steps = 10.0, 0.9999, 1000
    written = np.tanh(weight * 1.0)
    cell = forget**steps * written
    factors = {
        "candidate": weight * (1 - written**2),
        "cell": forget**steps,
        "output": 1 - np.tanh(cell) ** 2,
    }
    weakest = min(factors, key=factors.get)
    return Choice(
        prompt=r"""
An LSTM unit is set by hand to store a bit. At step 0 the gates let in the candidate
$g = \tanh(10 v)$ with $v = 1$; for the next 1000 steps $f = 0.9999$ and $i = 0$; then $o = 1$ shows
the cell. $W_h$ is zero. The bit is there at the end, but the gradient of $h$ by $v$ is almost 0.

Where is it lost?""",
        options=(
            right(
                "at step 0, in the tanh of the candidate",
                r"At 10 the tanh is flat; its slope takes the factor down to almost nothing.",
                weakest == "candidate",
            ),
            wrong(
                "on the way, in the product of a thousand forget gates",
                r"The product is large: $0.9999^{1000}$ is about 0.9.",
                weakest == "cell",
            ),
            wrong(
                "at the end, in the tanh that shows the cell",
                "The cell is a little below 1, where the tanh still has a good slope.",
                weakest == "output",
            ),
            wrong(
                "on the way: as $W_h$ is zero, there is no road back",
                "One of the two roads is shut. The other one, along the cell, needs no $W_h$.",
                factors["cell"] == 0,
            ),
        ),
        explanation=rf"""
The factors are {factors["candidate"]:.1e} at the candidate, {factors["cell"]:.3f} along the cell
and {factors["output"]:.3f} at the output. Storing robustly goes together with a gradient that can
be learnt from, as long as the gates are saturated and the value itself is not.""",
    )


@question("004-12", points=3)
def three_losses_one_cell():
    f, o = 0.8, 0.5

    def total(c):
        cells = [c, f * c, f * f * c]
        return o * sum(np.tanh(cell) for cell in cells)

    value = (total(1e-6) - total(-1e-6)) / 2e-6
    last_only = o * f**2
    return Number(
        prompt=r"""
An LSTM unit runs for three steps with $W_h = 0$ and the gates $f = 0.8$, $o = 0.5$ at each step.
Its cells are so close to 0 that $\tanh'(c_t) = 1$. The loss is $L = h_1 + h_2 + h_3$.

What is $dL/dc_1$, the gradient by the cell *after* step 1?""",
        value=value,
        tolerance=0.005,
        slips=(
            slip(last_only, "Only the loss of the last step is counted."),
            slip(o * (f + f**2), "The loss of step 1 itself depends on $c_1$ as well."),
            slip(value / o, "Each loss sees the cell through the output gate."),
            slip(
                o * (f + f**2 + f**3),
                "The forget gate of step 1 acts on the cell *before* that step.",
            ),
            slip(3 * o, "The forget gates of the steps 2 and 3 stand on the way."),
        ),
        explanation=rf"""
Through $h_1$: 0.5. Through $h_2$: $0.5 \cdot 0.8 = {o * f:g}$. Through $h_3$:
$0.5 \cdot 0.8^2 = {o * f * f:.3g}$. Together {value:.4g}. On the way back that is: what comes from
the next cell, times $f$, plus what comes through the state.""",
    )
