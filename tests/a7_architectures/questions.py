"""The questions for marks of a7_architectures. Their keys never leave the judge's side."""

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


def last_state(words, w=0.9, b=0.2):
    """The last state of a plain unit that reads words in this order, and the one at each step."""
    h = [0.0]
    for word in words:
        h.append(np.tanh(word + w * h[-1] + b))
    return np.array(h[1:])


@question("004-14", "004-15", points=3)
def second_unit_of_the_candidate():
    h, r = np.array([1.0, -1.0]), np.array([1.0, 0.0])
    W = np.array([[0.5, 2.0], [1.0, 0.25]])
    value = ((r * h) @ W)[1]
    return Number(
        prompt=r"""
A GRU of this course has two units. The old state is $h = (1, -1)$ and the reset gate is
$r = (1, 0)$. The weights from the state to the candidate are `Whn = [[0.5, 2], [1, 0.25]]`, used as
in `prev_h @ Wh`. Input and bias contribute nothing.

What is the pre-activation of the *second* unit's candidate?""",
        value=value,
        tolerance=0.005,
        slips=(
            slip(
                (r * (h @ W))[1],
                "The reset gate is applied after the matrix product, which is the other dialect: "
                "here it acts on the state *before*.",
            ),
            slip((h @ W)[1], "The reset gate does not enter: all of the old state is seen."),
            slip(
                (W @ (r * h))[1],
                "The matrix stands on the wrong side: a state is a row, and comes first.",
            ),
            slip(((r * h) @ W)[0], "This is the first unit's."),
        ),
        explanation=rf"""
$r \odot h = (1, 0)$: the second unit's old value is hidden from *all* candidates. The product with
`Whn` is its first row, $({W[0, 0]:g}, {W[0, 1]:g})$, and its second entry is {value:g}. That unit 2
has $r = 0$ does not mean that its candidate sees nothing.""",
    )


@question("004-15", points=3)
def bias_of_minus_three():
    gate = sigmoid(-3.0)
    here, there = (1 - gate) ** 20, gate**20

    def left(r, steps=20):
        """How much of a difference in the state is left when the candidate sees r times it."""
        one, zero = 1.0, 0.0
        for _ in range(steps):
            one = (1 - gate) * one + gate * np.tanh(0.1 + 0.5 * r * one)
            zero = (1 - gate) * zero + gate * np.tanh(0.1 + 0.5 * r * zero)
        return one - zero

    return Judgement(
        prompt=r"""
*Start the gate that mixes old and new with a bias of $-3$, and a GRU remembers for longer.* Take
$u = \sigma(-3)$ in the GRU of this course, and $z = \sigma(-3)$ in a library with
$h_t = z \odot h_{t-1} + (1 - z) \odot n$. To *remember* is to have at least a third of the old
state left after 20 steps.

What becomes of the advice?""",
        options=(
            wrong(
                r"$\sigma(-3)$ is small, so in both networks little is changed per step",
                "It is small in both. What it multiplies is not the same in both.",
                here >= 1 / 3 and there >= 1 / 3,
                HOLDS,
            ),
            right(
                "it is good advice here; in the library the sign has to be turned",
                r"Here $1 - u$ of the old is kept, there $z$ is; and $1 - \sigma(-3) = \sigma(3)$.",
                here >= 1 / 3 > there and sigmoid(3.0) ** 20 >= 1 / 3,
                CONDITION,
            ),
            wrong(
                "it is good advice if the reset gate gets the same bias",
                "The reset gate decides what the *candidate* sees. The share of the old state that "
                "is kept does not contain it.",
                left(gate) >= 1 / 3 > min(left(0.5), left(1.0)),
                CONDITION,
            ),
            wrong(
                "in both networks a gate that is nearly shut holds the old state back",
                "A gate holds back what it multiplies. In one of the two that is the candidate.",
                here < 1 / 3 and there < 1 / 3,
                FAILS,
            ),
        ),
        explanation=rf"""
$\sigma(-3) = {gate:.4f}$. Here ${1 - gate:.4f}^{{20}} = {here:.3f}$ of the old state is left, above
a third; in the library ${gate:.4f}^{{20}} = {there:.1e}$. Which sign helps is a matter of
convention.""",
    )


@question("004-18", "004-19", "004-17", points=3)
def thirty_layers():
    def through(factor):
        return abs(factor) ** 30

    plain, residual = through(0.3), through(1 + 0.3)
    cancelled, untouched = through(1 - 0.9), through(1 + 0.0)
    highway = {t: through(1 - t) for t in (0.1, 0.01)}
    return Several(
        prompt=r"""
Thirty layers of one unit each contain the same function $f$, with the slope $s = f'$ everywhere.
Residual layers are $y = x + f(x)$, highway layers $y = t \, f(x) + (1 - t) \, x$ with a fixed gate
$t$.

What is true of the gradient that reaches the bottom, compared with that at the top?""",
        options=(
            right(
                "residual, $s = 0.3$: more than 1000 times as large",
                "The factor is $1 + s = 1.3$ per layer, thirty times over.",
                residual > 1000,
            ),
            right(
                "residual, $s = -0.9$: less than $10^{-20}$ of it",
                "The added input has the slope 1, and $f$ can cancel nearly all of that.",
                cancelled < 1e-20,
            ),
            wrong(
                "residual, $s = 0$: about 30 times as large, since 30 inputs are added",
                "Each layer hands on what it got. The additions follow each other.",
                20 < untouched < 40,
            ),
            wrong(
                "highway, $s = 0$, $t = 0.1$: more than half of it",
                "A gate of 0.1 looks nearly shut, but its loss is paid at every layer.",
                highway[0.1] > 0.5,
            ),
            right(
                "highway, $s = 0$, $t = 0.01$: more than half of it",
                "One per cent is lost per layer.",
                highway[0.01] > 0.5,
            ),
        ),
        explanation=rf"""
$1.3^{{30}} = {residual:.0f}$; $0.1^{{30}} = {cancelled:.0e}$; $1^{{30}} = {untouched:g}$;
$0.9^{{30}} = {highway[0.1]:.3f}$; $0.99^{{30}} = {highway[0.01]:.3f}$. Plain layers with $s = 0.3$
would leave {plain:.0e}. A way around helps where $s$ is small, and it is no promise.""",
    )


@question("004-20", "001-10", points=2)
def too_good_a_language_model():
    words = np.array([0.4, -0.7, 0.2, 0.9, -0.3])
    t = 1

    def halves(next_word):
        sentence = words.copy()
        sentence[t + 1] = next_word
        return last_state(sentence)[t], last_state(sentence[::-1])[::-1][t]

    (ahead, back), (ahead_too, back_too) = halves(0.2), halves(-0.8)
    return Choice(
        prompt=r"""
A student trains a bidirectional network on complete texts to predict word $t + 1$ from the output
at place $t$. The error on new texts is almost 0. But when the network is to continue a text, it
writes nonsense.

What has happened?""",
        options=(
            right(
                "the backward half at place $t$ has already read word $t + 1$",
                "So the task was to copy a word, and at the end of a text there is none to copy.",
                back != back_too,
            ),
            wrong(
                "the forward half at place $t$ has already read word $t + 1$",
                "The forward reader has come to word $t$, and no further.",
                ahead != ahead_too,
            ),
            wrong(
                "with two readers it has learnt the training texts by heart",
                "Then the error on *new* texts would not be small: there is nothing to recall. It "
                "is information in the input that makes it small.",
                ahead == ahead_too and back == back_too,
            ),
            wrong(
                "the backward half never sees the words close to place $t$",
                "Those just after it are the last that it has read.",
                back == back_too,
            ),
        ),
        explanation=rf"""
Change word $t + 1$ alone: in a small example the forward half at $t$ stays at ${ahead:.4f}$, the
backward half moves from ${back:.4f}$ to ${back_too:.4f}$. For predicting the next word, the second
reader is not allowed to see what is asked for.""",
    )


@question("004-20", points=2)
def whole_array_turned_round():
    words, padding = np.array([0.5, -0.2, 0.8, 0.3]), np.zeros(3)
    padded = np.concatenate([words, padding])
    right_back = last_state(words[::-1])[::-1]
    wrong_back = last_state(padded[::-1])[::-1][: len(words)]
    ahead_differs = np.any(last_state(padded)[: len(words)] != last_state(words))
    full = np.concatenate([words, [0.1, 0.2, -0.4]])
    full_differs = np.any(last_state(full[::-1])[::-1][-1] != last_state(full[-1:])[-1])
    return Choice(
        prompt=r"""
A batch holds sentences of different lengths, padded with zeros at the end. For the backward reader,
a student turns the *whole* array round in time, and the result back again. The readers are plain
tanh networks with biases that are not 0.

Which outputs at real words are wrong?""",
        options=(
            wrong(
                "none, since zeros contribute nothing",
                "The input is zero, the bias is not: the state moves while the padding is read.",
                np.allclose(right_back, wrong_back),
            ),
            right(
                "the backward half, of the sentences that are shorter than the array",
                "Their backward reader begins in the padding and comes to the last word with a "
                "state that is no longer 0.",
                not np.allclose(right_back, wrong_back) and not ahead_differs and not full_differs,
            ),
            wrong(
                "the backward half, of all sentences",
                "A sentence that fills the array has no padding that could be read first.",
                full_differs,
            ),
            wrong(
                "both halves, of the sentences that are shorter than the array",
                "The forward reader comes to the padding after the last real word.",
                ahead_differs,
            ),
        ),
        explanation=rf"""
In a small example the backward state at the last real word is {right_back[-1]:.4f} when the reader
begins there, and {wrong_back[-1]:.4f} after three steps of padding. Each sentence has to be turned
round within its own length.""",
    )


@question("004-16", points=2)
def units_for_the_same_budget():
    def size(parts, H, D=100):
        return parts * (D * H + H * H + H)

    budget = size(4, 100)
    units = max(H for H in range(1, 400) if size(3, H) <= budget)
    return Number(
        prompt=r"""
An LSTM layer with $D = 100$ inputs has $H = 100$ units. A GRU with the same inputs is to have as
many units as possible, and no more weights and biases than this LSTM (one bias vector per part).

How many units does it get?""",
        value=units,
        tolerance=0,
        slips=(
            slip(
                100 * 4 // 3,
                "This takes the parameters to be proportional to $H$. There is a matrix of $H$ by "
                "$H$ in each part.",
            ),
            slip(
                int(100 * np.sqrt(4 / 3)),
                "This takes the parameters to be proportional to $H^2$. The weights for the input "
                "grow like $H$.",
            ),
            slip(100, "At equal sizes the GRU is smaller, so there is room for more units."),
        ),
        explanation=rf"""
The LSTM has $4 (100 \cdot 100 + 100^2 + 100) = {budget}$ parameters. A GRU with $H$ units has
$3 (100 H + H^2 + H)$: for {units} units {size(3, units)}, and for {units + 1} units
{size(3, units + 1)}, which is too many.""",
    )
