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
    either,
    question,
    slip,
    some_of,
    told_apart,
)
from quiz.engine.reading import Swap, find_the_mistake


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def last_state(words, w=0.9, b=0.2):
    """The states of a plain unit that reads words in this order."""
    h = [0.0]
    for word in words:
        h.append(np.tanh(word + w * h[-1] + b))
    return np.array(h[1:])


@question("004-14", "004-15", level=2, points=3)
def second_unit_of_the_candidate(rng):
    h = rng.permutation([2.0, -1.0]) * rng.choice([1.0, 0.5])
    r = rng.permutation([1.0, 0.0])
    W = rng.permutation([0.5, 2.0, 1.0, 0.25, -1.5])[:4].reshape(2, 2)
    unit = int(rng.integers(2))
    name = ("first", "second")[unit]
    value = float(((r * h) @ W)[unit])
    wrong_ways = (
        (
            (r * (h @ W))[unit],
            "The reset gate is applied after the matrix product, which is the other dialect: "
            "here it acts on the state *before*.",
        ),
        ((h @ W)[unit], "The reset gate does not enter: all of the old state is seen."),
        (
            (W @ (r * h))[unit],
            "The matrix stands on the wrong side: a state is a row, and comes first.",
        ),
        (((r * h) @ W)[1 - unit], "This is the other unit's."),
        (float(h.sum()), "The weights are missing."),
    )
    rows = ", ".join(f"[{a:g}, {b:g}]" for a, b in W)
    return Number(
        prompt=rf"""
A GRU of this course has two units. The old state is $h = ({h[0]:g}, {h[1]:g})$ and the reset gate
is $r = ({r[0]:g}, {r[1]:g})$. The weights from the state to the candidate are `Whn = [{rows}]`,
used as in `prev_h @ Wh`. Input and bias contribute nothing.

What is the pre-activation of the *{name}* unit's candidate?""",
        value=value,
        tolerance=0.005,
        slips=told_apart(value, 0.005, [slip(*each) for each in wrong_ways]),
        explanation=rf"""
$r \odot h = ({(r * h)[0] + 0:g}, {(r * h)[1] + 0:g})$: one unit's old value is hidden from *all*
candidates. The product with `Whn` is $({((r * h) @ W)[0]:g}, {((r * h) @ W)[1]:g})$, and its {name}
entry is {value:g}.""",
    )


@question("004-15", level=2, points=3)
def bias_of_minus_three(rng):
    size, steps = float(rng.choice([3.0, 4.0])), int(rng.choice([10, 15, 20]))
    kinds = {
        "course": r"(1 - z) \odot h_{t-1} + z \odot n",
        "library": r"z \odot h_{t-1} + (1 - z) \odot n",
    }
    wanted = (2, 1, 0)[rng.integers(3)]  # how many of the two networks remember
    names = [str(rng.choice(list(kinds))) for _ in range(2)]
    remembers = [wanted > 0, wanted > 1]
    if rng.integers(2):
        remembers.reverse()
    signs = [
        (-1 if keeps else 1) * (1 if name == "course" else -1)
        for name, keeps in zip(names, remembers, strict=True)
    ]

    def left(name, sign):
        """The share of the old state that is left, when nothing of it comes in again."""
        z = sigmoid(sign * size)
        kept, passed = (1 - z if name == "course" else z), 1.0
        for _ in range(steps):
            passed *= kept
        return passed

    shares = [left(*each) for each in zip(names, signs, strict=True)]
    keeps = [share >= 1 / 3 for share in shares]
    named = keeps.index(True) if wanted == 1 else int(rng.integers(2))
    return Judgement(
        prompt=rf"""
Two GRUs call their update gate $z$. The first one computes $h_t = {kinds[names[0]]}$ and starts
with a bias of ${signs[0] * size:g}$ for the gate, the second one computes
$h_t = {kinds[names[1]]}$ and starts with a bias of ${signs[1] * size:g}$. Let *remember* mean that
at least a third of the old state is left after {steps} steps with $z = \sigma(\mathrm{{bias}})$.

"These networks remember."

Do they remember?""",
        options=(
            either(
                "both do: each gate is set so that the old state is kept",
                "Look at what $z$ multiplies, and then at its bias.",
                all(keeps),
                HOLDS,
            ),
            either(
                f"the {('first', 'second')[named]} one does, the other one does not",
                "Look at what $z$ multiplies, and then at its bias.",
                keeps[named] and not keeps[1 - named],
                CONDITION,
            ),
            either(
                "neither does: each gate is set so that the old state is replaced",
                "Look at what $z$ multiplies, and then at its bias.",
                not any(keeps),
                FAILS,
            ),
        ),
        explanation=rf"""
$\sigma(-{size:g}) = {sigmoid(-size):.4f}$ and $\sigma({size:g}) = {sigmoid(size):.4f}$. Of the old
state, the first network keeps {shares[0]:.2g} and the second one {shares[1]:.2g}. Which sign helps
is a matter of convention.""",
    )


@question("004-18", "004-19", "004-17", level=2, points=3)
def thirty_layers(rng):
    n = int(rng.choice([20, 30, 40]))
    up, down = float(rng.choice([0.2, 0.3, 0.4])), -float(rng.choice([0.8, 0.9]))
    t, small = float(rng.choice([0.1, 0.2])), float(rng.choice([0.005, 0.01]))

    def layers(factor):
        return abs(factor) ** n

    options = (
        either(
            f"residual, $s = {up:g}$: more than 30 times as large",
            f"The factor is $1 + s = {1 + up:g}$ per layer, {n} times over.",
            layers(1 + up) > 30,
        ),
        either(
            f"residual, $s = {up:g}$: less than a thirtieth of it",
            f"The factor is $1 + s = {1 + up:g}$ per layer, {n} times over.",
            layers(1 + up) < 1 / 30,
        ),
        either(
            f"residual, $s = {down:g}$: less than $10^{{-10}}$ of it",
            "The added input has the slope 1, and $f$ can cancel nearly all of that.",
            layers(1 + down) < 1e-10,
        ),
        either(
            f"residual, $s = 0$: about {n} times as large, as {n} inputs are added",
            "Each layer hands on what it got. The additions follow each other.",
            n / 2 < layers(1.0) < 2 * n,
        ),
        either(
            f"highway, $s = 0$, $t = {t:g}$: more than half of it",
            f"A gate of {t:g} looks nearly shut, but its loss is paid at every layer.",
            layers(1 - t) > 0.5,
        ),
        either(
            f"highway, $s = 0$, $t = {small:g}$: more than half of it",
            f"A share of {small:g} is lost per layer.",
            layers(1 - small) > 0.5,
        ),
        either(
            f"plain, $y = f(x)$ with $s = {up:g}$: less than $10^{{-6}}$ of it",
            f"Without a way around, each layer multiplies by {up:g}.",
            layers(up) < 1e-6,
        ),
        either(
            f"highway, $s = 1$, $t = {t:g}$: less than half of it",
            "With the slope 1 both ways pass the gradient on, and the shares add up to 1.",
            layers(t + 1 - t) < 0.5,
        ),
    )
    return Several(
        prompt=rf"""
Each of {n} layers of one unit contains the same function $f$, with the slope $s = f'$ everywhere.
Residual layers are $y = x + f(x)$, highway layers $y = t \, f(x) + (1 - t) \, x$ with a fixed gate
$t$.

What is true of the gradient that reaches the bottom, compared with that at the top?""",
        options=some_of(rng, options, 5),
        explanation=rf"""
${1 + up:g}^{{{n}}} = {layers(1 + up):.3g}$; ${1 + down:.2g}^{{{n}}} = {layers(1 + down):.0e}$;
$1^{{{n}}} = 1$; ${1 - t:g}^{{{n}}} = {layers(1 - t):.2g}$; ${1 - small:g}^{{{n}}} =
{layers(1 - small):.2f}$. A way around helps where $s$ is small, and it is no promise.""",
    )


@question("004-20", "001-10", level=2, points=2)
def too_good_a_language_model(rng):
    def works(defined):
        words = np.arange(20)
        seen, asked = zip(*defined["examples"](words), strict=True)
        return len(seen) > 10 and all(
            asked_word == max(before) + 1 for before, asked_word in zip(seen, asked, strict=True)
        )

    return find_the_mistake(
        rng,
        r"""
Examples for a language model: what it sees of a text, and the next word, which it is asked for. A
student's version is wrong in one place. Two of the mistakes would let the model see what it is
asked for, so that it does well in tests and then writes nonsense.""",
        """
def examples(words):
    found = []
    for t in range(len(words) - 1):
        seen = list(words[:t + 1])
        asked = words[t + 1]
        found.append((seen, asked))
    return found
""",
        (
            Swap(
                "words[:t + 1])",
                "words[:t + 2])",
                "What is seen ends with word $t$; one place more, and it holds the word asked for.",
            ),
            Swap(
                "asked = words[t + 1]",
                "asked = words[t]",
                "The word asked for is the one after the last one seen.",
            ),
            Swap(
                "range(len(words) - 1)",
                "range(2)",
                "Each place of the text but the last one gives an example.",
            ),
            Swap(
                "found.append((seen, asked))",
                "found.append((asked, seen))",
                "An example is what is seen first, and then what is asked for.",
            ),
        ),
        works,
        "A text of numbers in order shows what each example sees and asks for.",
    )


@question("004-20", level=3, points=2)
def whole_array_turned_round(rng):
    words = rng.uniform(-0.9, 0.9, 4)
    pads = {"end": (0, 3), "start": (3, 0), "both": (2, 1)}
    kind = ("end", "start", "both", "none")[rng.integers(4)]
    b = 0.0 if kind == "none" else float(rng.choice([0.2, 0.3, -0.4]))
    place = kind if kind != "none" else str(rng.choice(list(pads)))
    before, after = pads[place]
    padded = np.concatenate([np.zeros(before), words, np.zeros(after)])
    real = slice(before, before + len(words))
    ahead = np.allclose(last_state(padded, b=b)[real], last_state(words, b=b), atol=1e-12)
    back = np.allclose(
        last_state(padded[::-1], b=b)[::-1][real], last_state(words[::-1], b=b)[::-1], atol=1e-12
    )
    where = {"end": "at the end", "start": "at the start", "both": "on both sides"}[place]
    reason = (
        "A reader that comes to the padding first arrives at the words with another state, unless "
        "its bias is 0 and the state stays at 0."
    )
    return Choice(
        prompt=rf"""
A batch holds sentences of different lengths, padded with zeros {where}. For the backward reader, a
student turns the *whole* array round in time, and the result back again. The readers are plain
tanh networks that start from 0; their biases are {"all 0" if b == 0 else f"all {b:g}"}.

Which outputs at real words of the shorter sentences are wrong?""",
        options=(
            either("none", reason, ahead and back),
            either("those of the backward reader", reason, ahead and not back),
            either("those of the forward reader", reason, back and not ahead),
            either("those of both readers", reason, not ahead and not back),
        ),
        explanation=rf"""
Computed for a sentence of 4 words: the forward reader is {"right" if ahead else "wrong"}, the
backward reader {"right" if back else "wrong"}. A zero input leaves a state of 0 at 0 only where the
bias is 0. To be safe, each sentence has to be turned round within its own length.""",
    )


@question("004-16", level=3, points=2)
def units_for_the_same_budget(rng):
    D, H = (int(n) for n in rng.choice([60, 80, 100, 120, 150], 2, replace=False))

    def size(parts, H):
        return parts * (D * H + H * H + H)

    budget = size(4, H)
    units = max(n for n in range(1, 600) if size(3, n) <= budget)
    wrong_ways = (
        (
            H * 4 // 3,
            "This takes the parameters to be proportional to $H$. There is a matrix of $H$ by $H$ "
            "in each part.",
        ),
        (
            int(H * np.sqrt(4 / 3)),
            "This takes the parameters to be proportional to $H^2$. The weights for the input grow "
            "like $H$.",
        ),
        (H, "At equal sizes the GRU is smaller, so there is room for more units."),
        (units + 1, "That is one too many: the GRU would be larger than the LSTM."),
    )
    return Number(
        prompt=rf"""
An LSTM layer with $D = {D}$ inputs has $H = {H}$ units. A GRU with the same inputs is to have as
many units as possible, and no more weights and biases than this LSTM (one bias vector per part).

How many units does it get?""",
        value=units,
        tolerance=0,
        slips=told_apart(units, 0, [slip(*each) for each in wrong_ways]),
        explanation=rf"""
The LSTM has $4 ({D} \cdot {H} + {H}^2 + {H}) = {budget}$ parameters. A GRU with $H$ units has
$3 ({D} H + H^2 + H)$: for {units} units {size(3, units)}, and for {units + 1} units
{size(3, units + 1)}, which is too many.""",
    )
