"""The LSTM: what its gates do, how its gradient travels, and when that vanishes all the same."""

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
from quiz.engine.measure import derivative, jacobian
from quiz.engine.reading import Cause, Swap, diagnose, find_the_mistake


def sigmoid(a: float) -> float:
    """The value of a gate with the pre-activation ``a``."""
    return float(1 / (1 + np.exp(-a)))


def new_cell(i: float, f: float, c: float, g: float) -> float:
    """What the cell holds after a step."""
    return f * c + i * g


def latch_state(pulse: float, w: float = 2.0, steps: int = 50) -> float:
    """The state of h = tanh(w h) some steps after a pulse on h = 0."""
    h = np.tanh(pulse)
    for _ in range(steps):
        h = np.tanh(w * h)
    return float(h)


def latch_gradient(pulse: float, w: float = 2.0, steps: int = 50) -> float:
    """The derivative of that state with respect to the pulse, one measured factor per step."""
    h, product = np.tanh(pulse), derivative(np.tanh, pulse)
    for _ in range(steps):
        product *= derivative(lambda before: np.tanh(w * before), h)
        h = np.tanh(w * h)
    return product


@question("004-11", "001-12", level=1)
def cell_after_one_step(rng: np.random.Generator) -> Number:
    f, i = rng.choice([0.7, 0.8, 0.9]), rng.choice([0.3, 0.4])
    c, g = rng.choice([1.5, 2.0, 2.5, 3.0]), rng.choice([0.4, 0.5, 0.6, 0.8])
    value = new_cell(i, f, c, g)
    return Number(
        prompt=rf"""
One unit of an LSTM stands before a step with the cell $c = {c:g}$. In this step its gates are
$i = {i:g}$ and $f = {f:g}$, and the candidate is $g = {g:g}$.

What does the cell hold after the step?""",
        value=value,
        tolerance=0.005,
        slips=(
            slip(
                new_cell(i, 1 - f, c, g),
                "This keeps the share $1 - f$. In spite of its name, the forget gate says how much "
                "is *kept*.",
            ),
            slip(
                f * c + g,
                "The candidate is only a proposal: the input gate decides how much is written.",
            ),
            slip(
                new_cell(f, i, c, g),
                "The two gates are exchanged: the forget gate multiplies the old cell, the input "
                "gate the candidate.",
            ),
        ),
        explanation=rf"""
$f \, c + i \, g = {f:g} \cdot {c:g} + {i:g} \cdot {g:g} = {value:.4g}$. The old content is kept in
part and something is added to it. It need not stay below 1.""",
    )


@question("004-11", level=1)
def gates_for_a_job(rng: np.random.Generator) -> Choice:
    c, g = rng.choice([1.2, 1.5, 1.8, 2.1, 2.4]), rng.choice([-0.8, -0.6, -0.5, -0.3])
    misread = "The forget gate is read the wrong way round here: $f = 1$ keeps and $f = 0$ erases."
    lets_in = "With the input gate open, the candidate is written into the cell."
    shows = r"With the output gate open, the rest of the network sees $\tanh(c)$."
    hides = "With the output gate shut, the state is 0, whatever the cell holds."
    on_top = "With both gates open the candidate is written *on top of* what the cell holds."
    nothing = "With the input gate shut, the candidate does not come in."
    jobs = (
        ("keep what the cell holds, and show nothing of it", c, False, (0, 1, 0),
         {(0, 0, 0): misread, (1, 1, 0): lets_in, (0, 1, 1): shows}),
        ("replace what the cell holds by the candidate, and show the new content", g, True,
         (1, 0, 1), {(1, 1, 1): on_top, (0, 0, 1): nothing, (1, 0, 0): hides}),
        ("add the candidate to what the cell holds, and show nothing", c + g, False, (1, 1, 0),
         {(1, 0, 0): misread, (0, 1, 0): nothing, (1, 1, 1): shows}),
        ("empty the cell, and show nothing", 0.0, False, (0, 0, 0),
         {(0, 1, 0): misread, (1, 0, 0): lets_in, (1, 1, 0): on_top}),
    )  # fmt: skip
    job, wanted, is_shown, key, mistakes = jobs[rng.integers(len(jobs))]

    def does_it(gates: tuple[int, int, int]) -> bool:
        i, f, o = gates
        cell = new_cell(i, f, c, g)
        is_visible = abs(o * np.tanh(cell)) > 0
        return bool(abs(cell - wanted) < 1e-9 and is_visible == is_shown)

    def text(gates: tuple[int, int, int]) -> str:
        return "$i = {}$, $f = {}$, $o = {}$".format(*gates)

    i, f, o = key
    cell = new_cell(i, f, c, g)
    return Choice(
        prompt=rf"""
The cell of one LSTM unit holds $c = {c:g}$, and the candidate of this step is $g = {g:g}$. Each
gate is either open (1) or shut (0). The step is to *{job}*.

Which gates do that?""",
        options=(
            right(
                text(key),
                rf"The cell becomes ${f} \cdot {c:g} + {i} \cdot ({g:g}) = {cell:.3g}$, and the "
                rf"state is ${o} \cdot \tanh({cell:.3g}) = {o * np.tanh(cell):.3g}$.",
                does_it(key),
            ),
            *(wrong(text(gates), reason, does_it(gates)) for gates, reason in mistakes.items()),
        ),
        explanation=rf"""
The new cell is $f \, c + i \, g = {f} \cdot {c:g} + {i} \cdot ({g:g}) = {cell:.3g}$, and the state
shows $o \tanh(c) = {o * np.tanh(cell):.3g}$. So $f$ keeps, $i$ writes and $o$ shows.""",
    )


@question("004-11", level=1)
def outside_zero_to_one() -> Several:
    draws = np.random.default_rng(0)
    i, f, o = 1 / (1 + np.exp(-draws.normal(0, 3, size=(3, 40, 500))))
    g = np.tanh(draws.normal(0, 3, size=(40, 500)))
    cells = [np.zeros(500)]
    for t in range(40):
        cells.append(f[t] * cells[-1] + i[t] * g[t])
    c = np.array(cells[1:])
    h = o * np.tanh(c)

    def leaves(values: np.ndarray) -> bool:
        return bool(np.any(values < 0) or np.any(values > 1))

    return Several(
        prompt=r"""
An LSTM computes gates, a candidate, a cell and a state at each step.

Which of them can lie outside of the interval from 0 to 1?""",
        options=(
            right("the candidate $g$", "It is a tanh, so it can be negative.", leaves(g)),
            right(
                "the cell $c$",
                "It is a sum: negative candidates make it negative, and several of one sign take "
                "it beyond 1.",
                leaves(c),
            ),
            right(
                "the state $h$",
                "A gate times a tanh: it stays between $-1$ and 1, and can be negative.",
                leaves(h),
            ),
            wrong(
                "the forget gate $f$",
                "It is a sigmoid: a share of the old content, so no less than none and no more "
                "than all. It cannot amplify the cell.",
                leaves(f),
            ),
            wrong(
                "the output gate $o$",
                "It is a sigmoid too. The minus sign of a state comes from the cell.",
                leaves(o),
            ),
        ),
        explanation=rf"""
In 500 random sequences of 40 steps the gates stayed between 0 and 1, the candidate went from
${g.min():.2f}$ to ${g.max():.2f}$, the state from ${h.min():.2f}$ to ${h.max():.2f}$, and the cell
from ${c.min():.1f}$ to ${c.max():.1f}$. Gates are sigmoids, the candidate is a tanh, and the state
a product of the two. Only the cell is a sum, which may pass 1.""",
    )


@question("001-12", "002-20", level=2)
def kept_for_long() -> Judgement:
    left = {bias: sigmoid(bias) ** 100 for bias in (0.0, 1.0, 3.0)}
    along = derivative(lambda c: new_cell(0.5, sigmoid(3.0), c, 0.3), 1.7)
    return Judgement(
        prompt=r"""
An article says that thanks to its gates an LSTM keeps information for long and reads it later.
Think of three LSTMs before training, whose forget gates are at $\sigma(0)$, $\sigma(1)$ and
$\sigma(3)$. Say that information is *kept* if at least a thousandth of the gradient is left after
100 steps along the cell.

Is the claim true?""",
        options=(
            wrong(
                r"the cell is added to and not rewritten, and it loses nothing, whatever the gates",
                r"Something is added, but before that the old content is multiplied by the forget "
                r"gate, at every step.",
                min(left.values()) >= 1e-3,
                HOLDS,
            ),
            right(
                r"it is kept where the forget gate is close to 1: here at $\sigma(3)$ alone",
                r"The hundredth power asks for a gate very near 1; 0.73 is not near enough.",
                [bias for bias, share in left.items() if share >= 1e-3] == [3.0],
                CONDITION,
            ),
            wrong(
                r"even at $\sigma(3)$ it is lost: each step back brings tanh′ and a weight as well",
                r"That is the road through the states. Along the cell the factor is the forget "
                r"gate alone.",
                abs(along - sigmoid(3.0)) > 1e-6 or left[3.0] < 1e-3,
                FAILS,
            ),
        ),
        explanation=rf"""
$\sigma(0)^{{100}} = {left[0.0]:.2g}$, $\sigma(1)^{{100}} = {left[1.0]:.2g}$ and
$\sigma(3)^{{100}} = {left[3.0]:.2g}$: only the last is above 0.001. The LSTM *can* keep information
for long; whether it does is up to its forget gates.""",
    )


@question("004-12", "001-12", level=2)
def forget_gate_needed(rng: np.random.Generator) -> Number:
    share = float(rng.choice([0.5, 0.2, 0.1, 0.01]))
    steps = int(rng.choice([20, 50, 100, 200]))
    gate = share ** (1 / steps)
    return Number(
        prompt=rf"""
The forget gate of a unit has the same value $f$ at all steps. After {steps} steps back along the
cell, at least {share:g} of the gradient is to be left.

How large must $f$ be, at the least? (Four decimals; 0.0002 more or less is accepted.)""",
        value=gate,
        tolerance=0.0002,
        slips=(
            slip(
                1 - (1 - share) / steps,
                "This shares the loss out in equal *amounts*. Each step takes the same *share* of "
                "what is left, so that a power counts.",
            ),
            slip(share, "This is what may be left at the end. One step must leave far more."),
        ),
        explanation=rf"""
$f^{{{steps}}} \ge {share:g}$ asks for the {steps}th root of {share:g}, which is ${gate:.4f} =
\sigma({np.log(gate / (1 - gate)):.2f})$. At most {100 * (1 - gate):.2g} per cent may be lost at
each step: a long memory needs a gate *very* near 1.""",
    )


@question("004-29", level=1)
def factor_along_the_cell() -> Choice:
    f, i, o, g, c, w = 0.8, 0.6, 0.7, 0.4, 0.5, 1.5
    factor = derivative(lambda before: new_cell(i, f, before, g), c)
    slope = derivative(np.tanh, new_cell(i, f, c, g))

    def is_it(number: float) -> bool:
        return abs(number - factor) < 1e-6

    return Choice(
        prompt=r"""
A gradient travels from $c_t$ back to $c_{t-1}$ along the cell, with the gates taken as given
numbers.

By what is it multiplied?""",
        options=(
            right(
                r"$f_t$",
                r"In $c_t = f_t \, c_{t-1} + i_t \, g_t$ only the first term has $c_{t-1}$ in it.",
                is_it(f),
            ),
            wrong(
                r"$f_t \, W_h$",
                r"In a plain network each step passes the weights. The cell does not: no matrix "
                r"stands between $c_{t-1}$ and $c_t$.",
                is_it(f * w),
            ),
            wrong(
                r"$f_t \, \tanh'(c_t)$",
                r"The tanh is applied when the cell is *shown*, in $h_t = o_t \tanh(c_t)$. What "
                r"the next step gets is the bare cell.",
                is_it(f * slope),
            ),
            wrong(
                r"$f_t \, (1 - f_t)$",
                r"This is the gate's own derivative, at its pre-activation. Here the gate is a "
                r"given number that multiplies.",
                is_it(f * (1 - f)),
            ),
            wrong(
                r"$f_t \, o_t$",
                r"The output gate stands on the way to the state, not on that to the next cell.",
                is_it(f * o),
            ),
        ),
        explanation=rf"""
Measured with $f = {f:g}$, $i = {i:g}$, $o = {o:g}$: the derivative of the new cell with respect
to the old one
is {factor:.4g}, the forget gate. No matrix and no tanh′: that is what the LSTM was made for.""",
    )


@question("004-11", level=3)
def gradient_at_the_cell(rng: np.random.Generator) -> Number:
    from_cell = float(rng.choice([0.5, 1.0, 1.5]))
    from_state = float(rng.choice([2.0, 3.0, 4.0]))
    o, shown = float(rng.choice([0.3, 0.6])), float(rng.choice([0.3, 0.5, 0.6]))
    cell = float(np.arctanh(shown))
    value = derivative(lambda c: from_cell * c + from_state * o * np.tanh(c), cell)
    return Number(
        prompt=rf"""
On the way back through one unit of an LSTM, the gradient that reaches $c_t$ from the next cell is
{from_cell:g}. The gradient with respect to the state $h_t$, from all that reads it, is
{from_state:g}. The
output gate is $o = {o:g}$, and $\tanh(c_t) = {shown:g}$.

What is the whole gradient with respect to $c_t$?""",
        value=value,
        tolerance=0.005,
        slips=(
            slip(
                from_cell,
                "The cell also acts on the loss through the state that it is shown in; that part "
                "is missing.",
            ),
            slip(
                value - from_cell,
                "This is the part that comes through the state. What comes from later cells is to "
                "be added.",
            ),
            slip(
                from_cell + from_state,
                "What arrives at the state does not come through undiminished: the state is "
                "$o \\tanh(c)$, so the gate and tanh′ are factors.",
            ),
            slip(
                from_cell + from_state * o,
                "The output gate is there, and the slope of the tanh is missing.",
            ),
        ),
        explanation=rf"""
The part through the state has the factors $o$ and $\tanh'(c_t)$: ${from_state:g} \cdot {o:g} \cdot
(1 - {shown:g}^2) = {value - from_cell:.4g}$. From the next cell: {from_cell:g}. Together
{value:.4g}. The two roads meet at each step, and both count.""",
    )


@question("004-11", level=2)
def full_without_erasing(rng: np.random.Generator) -> Number:
    writes = int(rng.integers(6, 16))
    up, down = int(rng.choice([4, 6, 8])), int(rng.choice([3, 5, 7]))
    content, steps = writes * up, 0  # in tenths
    while content >= 0:
        content, steps = content - down, steps + 1
    return Number(
        prompt=rf"""
The first LSTM, of 1997, had no forget gate: $c_t = c_{{t-1}} + i_t \, g_t$. In {writes} steps
{up / 10:g} is written each time, starting from $c = 0$. From then on $-{down / 10:g}$ is written at
each step.

After how many steps of the second kind is the cell below 0 for the first time?""",
        value=steps,
        tolerance=0,
        slips=(
            slip(
                1,
                "Writing does not overwrite: without a forget gate the new is added to the old.",
            ),
            slip(steps - 1, "The cell is then still at 0 or above."),
        ),
        explanation=rf"""
The cell has collected ${writes} \cdot {up / 10:g} = {writes * up / 10:g}$, and {steps} steps of
$-{down / 10:g}$ bring it to ${content / 10:.2g}$. With a forget gate, one step could have cleared
it. That is why Gers, Schmidhuber and Cummins added one in 2000.""",
    )


@question("004-11", level=1)
def three_gates_of_1997() -> Judgement:
    added = {"input": 1997, "output": 1997, "forget": 2000}
    gates = [sigmoid(a) for a in np.linspace(-20, 20, 81)]
    return Judgement(
        prompt=r"""
Lecture notes describe the LSTM of Hochreiter and Schmidhuber (1997): a state and a cell of the same
length, and three gates with values between 0 and 1 that *erase*, *write* and *read* the cell.

Is the description right?""",
        options=(
            wrong(
                "all three gates stand in the paper of 1997",
                "Two of them do. Today's cell is so usual that it is taken for the first one.",
                all(year == 1997 for year in added.values()),
                HOLDS,
            ),
            right(
                "it fits the cell of today; the gate that erases came three years later",
                "In 1997 the cell could be written and read; the forget gate is of 2000.",
                [gate for gate, year in added.items() if year == 1997 + 3] == ["forget"],
                CONDITION,
            ),
            wrong(
                "a gate is not a number in between: it is either 0 or 1",
                "A gate is a sigmoid, so that it has a derivative and can be learnt. The picture "
                "of a door is too simple.",
                all(gate in (0.0, 1.0) for gate in gates),
                FAILS,
            ),
        ),
        explanation=rf"""
Input and output gate: {added["input"]}. Forget gate: {added["forget"]}, by Gers, Schmidhuber and
Cummins. In the first cell the old content was always kept whole, as with $f = 1$, and there was no
way to clear it.""",
    )


@question("002-15", "000-16", level=3)
def latch_holds_but_does_not_learn() -> Several:
    held, mirrored, gradient = latch_state(1.0), latch_state(-1.0), latch_gradient(1.0)
    return Several(
        prompt=r"""
A single unit $h_t = \tanh(2 h_{t-1} + x_t)$ starts from 0, gets a pulse $x_0 = 1$ or $x_0 = -1$,
and no input for the next 50 steps.

What holds after these steps?""",
        options=(
            right(
                "the sign of the pulse can be read from the state",
                "There are two states of rest, one for each sign: the unit is a latch.",
                held > 0.9 and mirrored < -0.9,
            ),
            right(
                "a pulse of 0.5 has led to almost the same state as one of 1",
                "The unit comes to rest at the same place. What is robust against changes has, by "
                "the same token, a derivative near 0.",
                abs(latch_state(0.5) - held) < 1e-6,
            ),
            wrong(
                "the gradient of the state with respect to the pulse is of the size of the state",
                "That the bit is still there does not mean that the gradient is. The unit is "
                "saturated at every step.",
                abs(gradient) > 0.01,
            ),
            wrong(
                "with the weight 0.9 in place of 2 the bit would be held as well",
                "Below 1 the only state of rest is 0, and the unit drifts there.",
                abs(latch_state(1.0, w=0.9)) > 0.5,
            ),
        ),
        explanation=rf"""
The state is {held:.4f} or ${mirrored:.4f}$; after a pulse of 0.5 it is {latch_state(0.5):.4f}
again. The derivative with respect to the pulse is {gradient:.1e}, and with the weight 0.9 the
state has sunk to
{latch_state(1.0, w=0.9):.2g}. One can pick such weights by hand; gradient descent gets no hint of
them.""",
    )


@question("001-12", level=2)
def forget_bias_of_fifty() -> Choice:
    gate = sigmoid(50.0)
    slope = derivative(sigmoid, 50.0)
    return Choice(
        prompt=r"""
A forget bias of 3 lets an LSTM remember longer than one of 0. So a student starts all forget gates
with a bias of 50: at first nothing at all is forgotten.

What is wrong with that?""",
        options=(
            right(
                "the gates are saturated, so training can hardly close them again",
                r"At 50 the sigmoid is flat: whatever gradient arrives is multiplied by $\sigma'$, "
                r"which is practically 0.",
                slope < 1e-9,
            ),
            wrong(
                "the gates go beyond 1, so the gradient explodes along the cell",
                "A sigmoid does not go beyond 1, however large the bias.",
                gate > 1,
            ),
            wrong(
                "the cell is multiplied by about 50 at each step",
                "The bias is added *inside* the sigmoid. The cell is multiplied by the gate.",
                new_cell(0.0, gate, 1.0, 0.0) > 2,
            ),
            wrong(
                "the input gates get nothing to write, since the two gates of a unit add up to 1",
                "That is so in a GRU, where one gate serves for both. Here each gate has weights "
                "and a bias of its own.",
                abs(gate + sigmoid(0.0) - 1) < 1e-6,
            ),
        ),
        explanation=rf"""
$\sigma(50)$ rounds to {gate:g}, and its slope is about {np.exp(-50.0):.1e}; at a bias of 3 the
slope is {derivative(sigmoid, 3.0):.3f}. A gate that is open for ever is the cell of 1997: nothing
is lost, and nothing can be cleared.""",
    )


@question("004-22", level=3)
def clip_an_lstm_too() -> Judgement:
    def step(before: np.ndarray) -> np.ndarray:
        h, c = before
        cell = new_cell(1.0, 0.9, c, np.tanh(3.0 * h))
        return np.array([np.tanh(cell), cell])

    growth = float(np.linalg.norm(np.linalg.matrix_power(jacobian(step, [0.0, 0.0]), 20), 2))
    return Judgement(
        prompt=r"""
Lecture notes close with the advice to clip gradients, whatever the cell. Take one LSTM unit near
$h = c = 0$ with $i = o = 1$, $f = 0.9$ and the candidate $g = \tanh(3 h_{t-1})$.

Does the advice hold for it?""",
        options=(
            right(
                "the road through the state passes a weight, and it can make the gradient grow",
                "From state to candidate to cell to state there is a factor of about 3 per step.",
                growth > 1e3,
                HOLDS,
            ),
            wrong(
                "clipping helps this unit only once its forget gate has come to 1",
                "The growth does not come from the forget gate: it is there at 0.9 already.",
                growth <= 1,
                CONDITION,
            ),
            wrong(
                "the factors of an LSTM are gates, at most 1, and its gradient does not grow",
                "That is true of the direct path along the cell. There is a second road.",
                growth <= 1,
                FAILS,
            ),
        ),
        explanation=rf"""
The Jacobian of one step, from $(h, c)$ to the next $(h, c)$, measured at 0 and taken to the 20th
power, stretches a gradient by up to {growth:.1e}. Gates are made against vanishing; against
explosion one clips.""",
    )


@question("004-12", level=2)
def reduced_and_not_ruled_out() -> Judgement:
    plain = 0.5**60
    left = {bias: sigmoid(bias) ** 60 for bias in (0.0, 4.0)}
    return Judgement(
        prompt=r"""
"An LSTM can reduce vanishing a great deal. It does not rule it out." Compare, over 60 steps, a
plain unit with the factor 0.5 per step and LSTM cells with forget biases of 0 and of 4. Call a
gradient *vanished* below a millionth.

Is the statement true?""",
        options=(
            right(
                "a bias of 4 keeps a good part of the gradient; with 0 it vanishes",
                r"$\sigma(4)^{60}$ is about a third, and $\sigma(0)^{60}$ is the plain unit's "
                r"$0.5^{60}$.",
                left[4.0] > 0.1 and left[0.0] < 1e-6 and plain < 1e-6,
                HOLDS,
            ),
            wrong(
                "as long as the output gate is open; a shut one makes the cell's gradient vanish",
                "The output gate stands on the way to the state. From cell to cell the forget gate "
                "alone decides.",
                abs(derivative(lambda c: new_cell(0.5, 0.9, c, 0.3), 1.0) - 0.9) > 1e-6,
                CONDITION,
            ),
            wrong(
                "the cell is a sum, and along a sum a gradient passes whole",
                "The old cell is multiplied by the forget gate before anything is added.",
                left[0.0] > 0.5,
                FAILS,
            ),
        ),
        explanation=rf"""
Over 60 steps a bias of 4 leaves {left[4.0]:.2f} of the gradient. A bias of 0 leaves
${left[0.0] * 1e19:.1f} \cdot 10^{{-19}}$, as the plain unit does.""",
    )


@question("004-29", level=1)
def made_against_vanishing() -> Judgement:
    kept = derivative(lambda c: new_cell(0.4, 1.0, c, 0.5), 2.0)
    written = [1.0]
    for _ in range(500):
        written.append(new_cell(0.0, 1.0, written[-1], 0.7))
    return Judgement(
        prompt=r"""
"The LSTM was proposed against vanishing gradients. Its cell is a place where information can stay
for long." Let a forget gate be 1 and an input gate 0.

Is the statement true?""",
        options=(
            right(
                "the cell then keeps its content, and a gradient passes it whole",
                "From cell to cell the factor is the forget gate, here 1.",
                abs(kept - 1) < 1e-6 and written[-1] == written[0],
                HOLDS,
            ),
            wrong(
                "for about a hundred steps; after that the tanh has worn the content down",
                "No tanh stands between two cells. It is applied when the cell is shown.",
                abs(written[100] - 1) < 1e-6 and abs(written[500] - 1) > 1e-6,
                CONDITION,
            ),
            wrong(
                "it was proposed against *exploding* gradients, which a gate cuts off",
                "Gates cannot be above 1, but the way through the states can still grow. One "
                "clips against that.",
                abs(kept) < 0.5,
                FAILS,
            ),
        ),
        explanation=rf"""
After {len(written) - 1} steps the cell holds {written[-1]:g}, as at the start, and the derivative
from cell to cell is {kept:.3f}.""",
    )


@question("004-11", "004-29", level=2)
def mistake_in_the_lstm(rng: np.random.Generator) -> Choice:
    def works(defined: Any) -> bool:
        draw = np.random.default_rng(3)
        a, c = draw.standard_normal(8), draw.standard_normal(2)
        i, f, o = (1 / (1 + np.exp(-a[k : k + 2])) for k in (0, 2, 4))
        cell = f * c + i * np.tanh(a[6:])
        found = defined["step"](a, c)
        return np.allclose(found[0], o * np.tanh(cell)) and np.allclose(found[1], cell)

    return find_the_mistake(
        rng,
        r"""
One step of an LSTM from its pre-activations `a` (4H,), packed as $i, f, o, g$, and its cell `c`.
One part is wrong.""",
        """
def step(a, c):
    i, f, o, g = np.split(a, 4)
    i, f, o = [1 / (1 + np.exp(-gate)) for gate in (i, f, o)]
    new_c = f * c + i * np.tanh(g)
    return o * np.tanh(new_c), new_c
""",
        (
            Swap(
                "f * c + i",
                "(1 - f) * c + i",
                "The forget gate is the share that is *kept*.",
            ),
            Swap(
                "i * np.tanh(g)",
                "i * g",
                "The candidate is a tanh, so that what is written stays between −1 and 1.",
            ),
            Swap(
                "o * np.tanh(new_c)",
                "np.tanh(o * new_c)",
                "The output gate multiplies what comes out of the tanh.",
            ),
            Swap(
                "i, f, o, g = np",
                "i, o, f, g = np",
                "The gates have to be unpacked in the order in which they were packed.",
            ),
        ),
        works,
        "A step with random numbers, worked out by the formulas, tells the versions apart.",
    )


@question("002-20", "001-12", "002-19", level=2)
def cell_behind_the_curve(rng: np.random.Generator) -> Choice:
    low, lags = float(rng.choice([0.7, 0.8, 0.9])), (0, 10, 20, 40, 80)

    def rows(gates: Any) -> list[list[str]]:
        sizes = np.cumprod([1.0, *gates])
        return [[f"{lag}", f"{sizes[lag]:.2g}"] for lag in lags]

    late = [1.0] * 19 + [0.001] + [1.0] * 60
    return diagnose(
        rng,
        r"""
The gradient along the cell of one LSTM unit, so many steps before the loss.

TABLE

What do the forget gates look like?""",
        ["steps back", "gradient"],
        (
            Cause(
                f"they are {low:g} at all steps",
                rows([low] * 80),
                f"The same share is lost at each step: powers of {low:g}.",
            ),
            Cause(
                "they are 0.99 at all steps",
                rows([0.99] * 80),
                "Gates of 0.99 lose little: after 80 steps nearly half is left.",
            ),
            Cause(
                "they are 1, but for one step at which the cell was cleared",
                rows(late),
                "The gradient is whole up to one step and next to nothing beyond: there the cell "
                "was cleared, and what it held before has no influence.",
            ),
            Cause(
                "they are 1 at all steps",
                rows([1.0] * 80),
                "Nothing is lost: the cell of 1997, which cannot be cleared either.",
            ),
        ),
        """Along the cell the gradient is the product of the forget gates. So LSTMs lengthen a
memory as far as their gates stay open.""",
    )


@question("004-11", level=3)
def order_of_an_lstm_step_back() -> Ordering:
    i, f, o, g, c, dh, dc = 0.6, 0.8, 0.7, 0.4, 0.5, 1.3, -0.4
    new = new_cell(i, f, c, g)

    def output(found: dict[str, Any]) -> None:
        found["do"] = dh * np.tanh(new)

    def through(found: dict[str, Any]) -> None:
        found["do"]
        found["dc"] = dh * o * (1 - np.tanh(new) ** 2)

    def later(found: dict[str, Any]) -> None:
        found["dc"] += dc

    def gates(found: dict[str, Any]) -> None:
        found["df"], found["di"] = found["dc"] * c, found["dc"] * g

    def before(found: dict[str, Any]) -> None:
        found["df"]
        found["dc"] *= f

    def reached(found: dict[str, Any]) -> bool:
        def loss(f: float, c: float) -> float:
            cell = new_cell(i, f, c, g)
            return float(dh * o * np.tanh(cell) + dc * cell)

        return bool(
            np.isclose(found["df"], derivative(lambda x: loss(x, c), f))
            and np.isclose(found["dc"], derivative(lambda x: loss(f, x), c))
        )

    return ordering(
        prompt=r"""
On the way back through a step of an LSTM, a program keeps the gradient with respect to the cell in
one variable, `dc`. It begins with the output gate.

In which order do these steps give the right gradients?""",
        steps=(
            step(
                r"the gradient of the output gate is `dh` times $\tanh(c_t)$",
                "The task says that the program begins here.",
                output,
            ),
            step(
                r"set `dc` to `dh` times $o\,\tanh'(c_t)$",
                "This is what the state asks of the cell. It makes `dc`, so nothing can be added "
                "before.",
                through,
            ),
            step(
                r"add the gradient that comes from $c_{t+1}$",
                "The cell also acts on the next cell; both ways count before `dc` is used.",
                later,
            ),
            step(
                r"the gradients of $f$ and $i$ are `dc` times $c_{t-1}$ and `dc` times $g$",
                "They need the whole `dc`, before it becomes that of the step before.",
                gates,
            ),
            step(
                r"multiply `dc` by $f$ and pass it to step $t - 1$",
                "It comes last: from now on `dc` belongs to the step before.",
                before,
            ),
        ),
        explanation=r"""
Output gate, the way through the state, the way through the next cell, the gates, and then back to
$c_{t-1}$. A finite difference of the loss agrees with the results.""",
        is_reached=reached,
    )
