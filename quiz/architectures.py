"""Ways around the multiplication: GRU, shortcuts, second readers, stacks, and the path's length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
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
from quiz.engine.measure import derivative
from quiz.engine.reading import Cause, Swap, diagnose, find_the_mistake

Place = tuple[int, int]


def mixed(u: float, old: float, new: float) -> float:
    """What a unit holds after an update gate has mixed old and new."""
    return (1 - u) * old + u * new


def numbers_in(*shapes: Sequence[int]) -> int:
    """How many numbers arrays of these shapes hold together."""
    return sum(int(np.prod(shape)) for shape in shapes)


def packed(parts: int, D: int, H: int) -> int:
    """How many numbers Wx, Wh and b hold, packed as so many parts side by side."""
    width = parts * H
    return numbers_in((D, width), (H, width), (width,))


def states(words: Sequence[float], w: float = 0.8) -> list[float]:
    """The states of a plain unit that reads ``words`` in this order."""
    h = [0.0]
    for word in words:
        h.append(float(np.tanh(word + w * h[-1])))
    return h[1:]


def links(neighbours: dict[Place, list[Place]], start: Place, end: Place) -> int:
    """The least number of links that lead from start to end."""
    reached, steps = {start}, 0
    while end not in reached:
        reached |= {b for a in reached for b in neighbours.get(a, [])}
        steps += 1
    return steps


@question("004-14", "004-27", level=2)
def gru_unit_by_hand(rng: np.random.Generator) -> Number:
    u, r = rng.choice([0.2, 0.3, 0.4]), rng.choice([0.1, 0.2])
    h, a, w = rng.choice([0.5, 0.6, 0.7, 0.8, 0.9]), -rng.choice([1.0, 1.2, 1.4]), 3.0
    new, unreset = np.tanh(a + w * r * h), np.tanh(a + w * h)
    value = mixed(u, h, new)
    return Number(
        prompt=rf"""
One unit of a GRU holds $h = {h:g}$. In this step $u = {u:g}$ and $r = {r:g}$. The weight from the
state to the candidate is {w:g}, and the input and the bias contribute ${a:g}$ to the candidate's
pre-activation.

What does the unit hold after the step? (Three decimals; 0.003 more or less is accepted.)""",
        value=value,
        tolerance=0.003,
        slips=(
            slip(
                mixed(u, new, h),
                "The update gate is on the wrong side: here $u$ is the share of the *new*.",
            ),
            slip(
                mixed(u, h, unreset),
                "The candidate sees all of the old state here; the reset gate lets it see a part.",
            ),
            slip(
                h + u * new,
                "The new is added to *all* of the old state. The gate mixes: what the new gets, "
                "the old loses.",
            ),
        ),
        explanation=rf"""
$n = \tanh({a:g} + {w:g} \cdot {r:g} \cdot {h:g}) = {new:.4f}$, and then
$(1 - u) \, h + u \, n = {1 - u:g} \cdot {h:g} + {u:g} \cdot ({new:.4f}) = {value:.4f}$.""",
    )


@question("004-15", "004-14", level=1)
def shut_update_gate() -> Judgement:
    old, new = 0.7, -0.4
    here, there = mixed(0.0, old, new), mixed(1 - 0.0, old, new)  # z stands on the other side
    return Judgement(
        prompt=r"""
*A GRU keeps its old state where the update gate is 0.* Compare the network of this course,
$h_t = (1 - u) \odot h_{t-1} + u \odot n$, with a library that calls the gate $z$ and computes
$h_t = z \odot h_{t-1} + (1 - z) \odot n$.

Is the sentence true?""",
        options=(
            wrong(
                "a gate at 0 lets nothing new in, whatever the library",
                "What a gate lets through depends on what it multiplies. In the library it "
                "multiplies the old state.",
                here == old and there == old,
                HOLDS,
            ),
            right(
                "it holds here; in the library the state is kept at $z = 1$",
                "The two gates say the same with opposite numbers: $z = 1 - u$.",
                here == old and there == new and mixed(1 - 1.0, old, new) == old,
                CONDITION,
            ),
            wrong(
                "at 0 the state is replaced by the candidate, here and there",
                "That is what $u = 1$ does here.",
                here == new,
                FAILS,
            ),
        ),
        explanation=rf"""
With the old state {old:g} and the candidate ${new:g}$, a gate at 0 gives ${here:g}$ here and
${there:g}$ in the library. Weights that are taken from one to the other without a change give wrong
answers, and no error message.""",
    )


@question("004-16", level=1)
def from_lstm_to_gru(rng: np.random.Generator) -> Number:
    D, H = int(rng.choice([8, 16, 32, 64])), int(rng.choice([10, 20, 30, 50]))
    lstm, gru = packed(4, D, H), packed(3, D, H)
    return Number(
        prompt=rf"""
An LSTM layer has {lstm} weights and biases. It is replaced by a GRU with the same number of inputs
and of units (one bias vector per part, as in this course).

How many weights and biases does the GRU have?""",
        value=gru,
        tolerance=0,
        slips=(
            slip(
                lstm / 2,
                "This counts the GRU's two gates. Its candidate needs weights of its own.",
            ),
            slip(
                lstm * 2 / 3,
                "This compares gates only, two with three. The candidate counts in both networks.",
            ),
            slip(lstm / 4, "This is one part alone, so a plain recurrent network."),
        ),
        explanation=rf"""
An LSTM has four parts of equal size ($i, f, o, g$), a GRU three ($u, r, n$). One part is
${lstm} / 4 = {lstm // 4}$, and three are {gru}. Here the sizes were $D = {D}$ and $H = {H}$; the
ratio is the same for all.""",
    )


@question("004-16", level=2)
def more_parameters_by_name() -> Judgement:
    sizes = [(D, H) for D in (1, 5, 20, 100) for H in (1, 5, 20, 100)]
    ratios = {packed(4, D, H) / packed(3, D, H) for D, H in sizes}
    small, large = packed(4, 20, 20), packed(3, 20, 30)
    return Judgement(
        prompt=r"""
Lecture notes advise to take a GRU where speed matters, and an LSTM where there is much data, *since
the LSTM has more parameters*. Compare with $D = 20$ an LSTM of 20 units and a GRU of 30.

Is the reason sound?""",
        options=(
            wrong(
                "any LSTM has more parameters than any GRU",
                "The name fixes the number of parts; how large the parts are is up to you.",
                small > large,
                HOLDS,
            ),
            right(
                "it holds by 4 to 3 at equal sizes; more units make up for it",
                "At equal sizes the ratio is fixed. Which of the two does better is another "
                "question, and no winner is known.",
                ratios == {4 / 3} and large > small,
                CONDITION,
            ),
            wrong(
                "at equal sizes they have equally many: a second state brings no weights",
                "The second state indeed brings none, but the LSTM has one gate more.",
                1.0 in ratios,
                FAILS,
            ),
        ),
        explanation=rf"""
At equal sizes the ratio is {max(ratios):.4f} for all {len(sizes)} pairs of sizes that were tried.
But the LSTM of 20 units has {small} parameters and the GRU of 30 has {large}. A fair comparison
says what is held equal.""",
    )


@question("004-18", level=2)
def gradient_through_residual_layers(rng: np.random.Generator) -> Number:
    slope = float(rng.choice([-0.4, -0.3, -0.2, 0.2, 0.3, 0.5]))
    layers = int(rng.choice([4, 6, 8]))
    one = derivative(lambda x: x + slope * x, 0.4)
    value = one**layers
    tolerance = 0.01 * value
    return Number(
        prompt=rf"""
In each of {layers} layers stands the same function $f$ with the slope $f' = {slope:g}$ (one unit
per layer). Every layer is residual: $y = x + f(x)$.

By what is a gradient multiplied on its way down through all of them? (One per cent more or less is
accepted.)""",
        value=value,
        tolerance=tolerance,
        slips=(
            slip(
                slope**layers,
                "These are plain layers. In a residual layer the input is there as well, with the "
                "slope 1.",
            ),
            slip(
                1 + layers * slope,
                "The slopes are added up here. Layers follow each other, so their factors are "
                "multiplied.",
            ),
            slip(
                1 + slope**layers,
                "Each layer has its own way around, not the whole stack one.",
            ),
        ),
        explanation=rf"""
One layer has the factor $1 + f' = {one:.4g}$, and ${one:.4g}^{{{layers}}} = {value:.4g}$. Without
the ways around it would be ${abs(slope):g}^{{{layers}}} \approx {abs(slope) ** layers:.2g}$. The
factor is near 1 where $f'$ is small; it is not exactly 1, and above 1 it grows.""",
    )


@question("004-19", "004-18", level=2)
def what_a_shortcut_does() -> Several:
    def residual(slope: float) -> float:
        return derivative(lambda x: x + slope * x, 0.6)

    def highway(t: float, slope: float) -> float:
        return derivative(lambda x: t * slope * x + (1 - t) * x, 0.6)

    return Several(
        prompt=r"""
Compare three layers of one unit: plain, $y = f(x)$; residual, $y = x + f(x)$; and highway,
$y = t \, f(x) + (1 - t) \, x$, with a gate $t$ that is a fixed number here.

Which of these statements are true?""",
        options=(
            right(
                "where $f' = 0$, the residual layer passes the gradient on unchanged",
                "The added input has the slope 1, and $f$ adds nothing to it.",
                abs(residual(0.0) - 1) < 1e-6,
            ),
            right(
                "with $t = 0$, the highway layer passes the gradient on unchanged",
                "With the gate shut, its output is its input.",
                all(abs(highway(0.0, slope) - 1) < 1e-6 for slope in (0.0, 0.5, 2.0)),
            ),
            wrong(
                "with $t = 1$, the highway layer is a residual layer",
                "With $t = 1$ nothing of the input is carried past $f$: it is a plain layer.",
                abs(highway(1.0, 0.5) - residual(0.5)) < 1e-6,
            ),
            wrong(
                "a stack of residual layers cannot make a gradient grow",
                "A residual layer adds and takes nothing away: its factor is $1 + f'$.",
                residual(0.5) ** 30 <= 1,
            ),
            wrong(
                "where $f' = 0$, a highway layer with $t = 0.1$ passes the gradient on unchanged",
                "A highway layer *mixes*: what the gate gives to $f$ is taken from the input.",
                abs(highway(0.1, 0.0) - 1) < 1e-6,
            ),
        ),
        explanation=rf"""
Measured: residual with $f' = 0$: {residual(0.0):.4g}, with $f' = 0.5$: {residual(0.5):.4g}, and
through 30 such layers {residual(0.5) ** 30:.0f}. Highway with $t = 0$: {highway(0.0, 0.5):.4g};
with $t = 1$ and $f' = 0.5$: {highway(1.0, 0.5):.4g}; with $t = 0.1$ and $f' = 0$:
{highway(0.1, 0.0):.4g}.""",
    )


@question("004-17", "002-18", level=2)
def same_factor_again() -> Judgement:
    draws = np.random.default_rng(0).normal(0, 0.3, size=(2000, 100))
    anew = np.exp(draws.sum(axis=1))  # a product of 100 factors, each drawn
    repeated = np.exp(100 * draws[:, 0])  # one factor to the power of 100

    def lost(products: np.ndarray) -> np.ndarray:
        return (products < 1e-3) | (products > 1e3)

    of_layers, of_steps = float(lost(anew).mean()), float(lost(repeated).mean())
    grown = lost(repeated)[draws[:, 0] > 0]
    return Judgement(
        prompt=r"""
*Every deep network can vanish or explode, and recurrent ones are more exposed, since the same
factor comes back.* Let a feed-forward network multiply 100 factors, each drawn anew around 1, and a
recurrent one a single such factor, 100 times. Call a product *lost* outside of 0.001 to 1000.

Is the sentence true?""",
        options=(
            right(
                "both can be lost; factors drawn anew often cancel out and equal ones do not",
                "A factor below 1 may be followed by one above 1, unless it is the same each time.",
                0 < of_layers < 0.5 * of_steps,
                HOLDS,
            ),
            wrong(
                "it holds where the recurrent factor is below 1; above 1 nothing is lost",
                "Above 1 it explodes, which is a loss as well.",
                not grown.any(),
                CONDITION,
            ),
            wrong(
                "a feed-forward network cannot be lost: its factors differ",
                "Different factors may still happen to be small, or large, more often than not.",
                of_layers == 0,
                FAILS,
            ),
        ),
        explanation=rf"""
Of {len(anew)} draws, {100 * of_layers:.2g} per cent of the feed-forward products were lost and
{100 * of_steps:.2g} per cent of the recurrent ones. (The logarithms of the factors had the standard
deviation 0.3.)""",
    )


@question("001-10", "002-16", level=1)
def word_after_the_gap() -> Choice:
    sentence_read = "the mouse is ___ so our computers stand idle"
    words = sentence_read.split()
    gap, later = words.index("___"), words.index("computers")

    def with_word(value: float) -> list[float]:
        sentence = [len(word) / 10 for word in words]
        sentence[later] = value
        return sentence

    def at_gap(value: float, w: float) -> float:
        return states(with_word(value), w)[gap]

    def gated(sentence: Sequence[float]) -> list[float]:
        cells = [0.0]
        for word in sentence:
            cells.append(cells[-1] + 0.5 * word)  # all that comes is kept
        return cells[1:]

    scales = np.linspace(-3, 3, 13)
    ahead = [derivative(partial(at_gap, w=w), 0.9) for w in scales]
    kept = derivative(lambda x: gated(with_word(x))[gap], 0.9)
    back = derivative(lambda x: states(with_word(x)[::-1][: len(words) - gap])[-1], 0.9)
    return Choice(
        prompt=r"""
*The mouse is ___ so our computers stand idle.* A recurrent network reads from left to right and
fills the gap from its state at the gap.

How large is the gradient of that state with respect to the word *computers*?""",
        options=(
            right(
                "exactly 0, whatever the weights are",
                "The state at the gap is computed before this word is read.",
                max(map(abs, ahead)) == 0,
            ),
            wrong(
                "small: several steps lie between the two",
                "That would be vanishing, between a word and a *later* state. Here the word comes "
                "after the state.",
                0 < max(map(abs, ahead)) < 0.1,
            ),
            wrong(
                "0 in a plain network, but not in an LSTM whose forget gates are open",
                "Open gates help to keep what has been read. They do not show what is to come.",
                kept != 0,
            ),
            wrong(
                "0 before training, and after it as large as the task needs",
                "Training changes weights. No weight leads from a later word to an earlier state.",
                any(each != 0 for each in ahead),
            ),
        ),
        explanation=rf"""
The word stands {later - gap} places *after* the gap. Over {len(scales)} different weights the
measured gradient was always {max(map(abs, ahead)):g}; for a reader that starts at the end it was
{back:.2g} in the same sentence. That is what a second reader is for.""",
    )


@question("004-20", "002-16", "001-10", level=1)
def when_to_read_both_ways() -> Several:
    length = 12
    known = {"tags": length, "translation": length, "review": length, "next word": 1, "live": 1}

    def may_look_back(task: str) -> bool:
        return known[task] == length

    return Several(
        prompt=r"""
Think of texts of 12 words, and of how many of them are known when the first answer is due.

For which of these tasks can a bidirectional network be used?""",
        options=(
            right(
                "marking the nouns in a finished text",
                "The whole text is there, so a reader may start at its end.",
                may_look_back("tags"),
            ),
            right(
                "the encoder of a translator that is given whole sentences",
                "It only has to read. The words that are to be *written* are the decoder's matter.",
                may_look_back("translation"),
            ),
            right(
                "telling whether a submitted review is positive",
                "The answer is asked for when the review is complete.",
                may_look_back("review"),
            ),
            wrong(
                "a language model that proposes the next word while somebody types",
                "The second reader would have to start at words that are not written yet.",
                may_look_back("next word"),
            ),
            wrong(
                "captions that appear word by word while somebody speaks",
                "Recognising speech gains from both directions, but only afterwards: here the end "
                "is not known yet.",
                may_look_back("live"),
            ),
        ),
        explanation=rf"""
At the first answer, the words that are known are: {known["tags"]} for the finished text,
{known["translation"]} for the encoder, {known["review"]} for the review, {known["next word"]} for
the typist and {known["live"]} for the captions. Two directions need all {length}, and where these
are there, both directions are the usual choice.""",
    )


@question("001-11", "002-16", "004-13", level=1)
def what_shortens_the_path() -> Choice:
    T = 50
    ahead = {(1, t): [(1, t + 1)] for t in range(1, T)}
    both = {**ahead, **{(2, t): [(2, t - 1)] for t in range(2, T + 1)}}
    stack = {
        (layer, t): [(layer, t + 1), (layer + 1, t)] for layer in (1, 2, 3) for t in range(1, T + 1)
    }
    attention = {(1, t): [(2, s) for s in range(1, T + 1)] for t in range(1, T + 1)}
    plain = links(ahead, (1, 1), (1, T))
    paths = {
        "both": links(both, (1, 1), (1, T)),
        "lstm": links(ahead, (1, 1), (1, T)),
        "stack": links(stack, (1, 1), (3, T)),
        "attention": links(attention, (1, 1), (2, T)),
    }
    return Choice(
        prompt=rf"""
Word 1 of a sentence is to influence what is computed at place {T}. In a plain recurrent network it
has to pass {plain} links, from state to state.

With which of these networks are there fewer links?""",
        options=(
            wrong(
                "a bidirectional recurrent network",
                "The second reader runs from the end to the start. From word 1 to the last place "
                "only the first one leads, step by step.",
                paths["both"] < plain,
            ),
            wrong(
                "an LSTM with its forget gates at 1",
                "Open gates make each link *cheap*, with a factor near 1; none is left out.",
                paths["lstm"] < plain,
            ),
            wrong(
                "three recurrent layers with skip connections",
                "Skip connections lead from layer to layer at the same place. In time, each layer "
                "still goes step by step.",
                paths["stack"] < plain,
            ),
            right(
                "a layer of self-attention",
                "Each place looks at each word directly.",
                paths["attention"] < plain,
            ),
        ),
        explanation=rf"""
Counted on the graphs: {paths["both"]} with two directions, {paths["lstm"]} in the LSTM,
{paths["stack"]} in the stack, counting the way up, and {paths["attention"]} with self-attention. It
pays with a computation for each pair of words, here ${T}^2 = {T * T}$, but these need not wait for
each other. This is how Transformers, and BERT, read a whole sentence at once.""",
    )


@question("002-16", "004-21", level=3)
def ticks_for_a_stack(rng: np.random.Generator) -> Number:
    layers, T = int(rng.integers(2, 7)), int(rng.integers(3, 21)) * 5
    is_both = bool(rng.integers(2))

    def read(ready: list[int]) -> list[int]:
        done = [0]
        for tick in ready:
            done.append(1 + max(tick, done[-1]))
        return done[1:]

    below = [0] * T  # the tick at which each place can be read
    for _ in range(layers):
        ahead, back = read(below), read(below[::-1])[::-1]
        below = [max(pair) for pair in zip(ahead, back, strict=True)] if is_both else ahead
    value = max(below)
    kind = "bidirectional layers" if is_both else "layers, all reading from left to right,"
    how = (
        "Both readers of a layer need all of the layer below, so that each layer takes "
        f"{T} ticks of its own: {layers} times {T}, or {value}."
        if is_both
        else f"The layers run one tick behind each other: ${T} + {layers} - 1 = {value}$."
    )
    of_both = (
        slip(
            layers + T - 1,
            "The two readers start at opposite ends. Whichever end a reader above begins at, one "
            "of them comes there last.",
        ),
        slip(2 * layers * T, "The two readers of a layer do not need each other."),
    )
    of_one = (
        slip(
            layers * T,
            "A layer need not wait until the one below has read everything: it needs the state "
            "below at the same step, and its own last one.",
        ),
        slip(layers + T, f"Layer 2 starts at tick 2, and so the top one at tick {layers}."),
    )
    return Number(
        prompt=rf"""
A stack of {layers} recurrent {kind} reads {T} words. One step of one reader takes one tick, and
everything that does not have to wait for something else is computed at the same time.

After how many ticks is the whole stack done?""",
        value=value,
        tolerance=0,
        slips=(
            *(of_both if is_both else of_one),
            slip(T, "That is the lowest layer alone. The others wait for what it puts out."),
        ),
        explanation=rf"""
Step $t$ of a reader waits for its own step before, and for what it reads. {how} No number of
processors brings it below {T}: steps that follow each other make recurrent networks slow.""",
    )


@question("004-30", "004-20", "004-21", level=2)
def reader_above_two_readers(rng: np.random.Generator) -> Choice:
    D, H = int(rng.choice([5, 10, 15, 25])), int(rng.choice([8, 12, 16, 32]))
    N, T = int(rng.choice([4, 6])), int(rng.choice([7, 9]))
    both = np.concatenate([np.zeros((N, H)), np.zeros((N, H))], axis=1)  # at one step

    def fits(shape: tuple[int, int]) -> bool:
        return both.shape[1] == shape[0] and (both @ np.zeros(shape)).shape == (N, H)

    return Choice(
        prompt=rf"""
A bidirectional layer reads `x_seq` of shape `({N}, {T}, {D})`; each of its two readers has {H}
units. A second bidirectional layer, again with {H} units per reader, reads what the first one puts
out.

Which shape has `Wx` of the forward reader in the *second* layer?""",
        options=(
            right(
                f"`({2 * H}, {H})`",
                "At each step it reads the states of both readers below, side by side.",
                fits((2 * H, H)),
            ),
            wrong(
                f"`({H}, {H})`",
                "So the forward reader would read the forward reader below alone, and would know "
                "nothing of the words to come.",
                fits((H, H)),
            ),
            wrong(
                f"`({D}, {H})`",
                "Only the lowest layer reads the words themselves.",
                fits((D, H)),
            ),
            wrong(
                f"`({2 * H}, {2 * H})`",
                f"The input is right. The *output* of this one reader has {H} units: the two "
                "halves have weights of their own.",
                fits((2 * H, 2 * H)),
            ),
        ),
        explanation=rf"""
The first layer puts out ${H} + {H} = {both.shape[1]}$ numbers per step, so `({N}, {T}, {2 * H})`. A
reader maps these to its own {H} units.""",
    )


@question("004-22", "004-20", "004-18", level=2)
def advice_for_a_translator() -> Several:
    length, known = 20, {"encoder": 20, "decoder": 0}
    plain, skipping = 0.5**8, derivative(lambda x: x + 0.5 * x, 0.2) ** 8
    side_road = 1.2**50
    return Several(
        prompt=r"""
A translator has a recurrent encoder, which is given the whole sentence, and a recurrent decoder,
which writes the translation word by word. Both have eight layers.

Which advice is sound?""",
        options=(
            right(
                "read in both directions in the encoder",
                "Its input is complete before it has to answer.",
                known["encoder"] == length,
            ),
            wrong(
                "read in both directions in the decoder",
                "It would have to read words that it has not written yet.",
                known["decoder"] == length,
            ),
            right(
                "add skip connections between the layers",
                "A factor of one half per layer leaves little after eight; with the added input "
                "it does not shrink.",
                plain < 0.01 and skipping >= 1,
            ),
            right(
                "clip gradients, with gated cells too",
                "Gates are at most 1, the weights on the road through the states are not.",
                side_road > 1e3,
            ),
            wrong(
                "if it is too slow, take LSTMs in place of GRUs",
                "At equal sizes an LSTM has a part more to compute, and not one less.",
                packed(4, 100, 100) < packed(3, 100, 100),
            ),
        ),
        explanation=rf"""
The figures behind it: $0.5^8 = {plain:.2g}$, and $1.5^8 = {skipping:.2g}$ with skip connections; a
factor of 1.2 on a side road is ${side_road:.0f}$ after 50 steps; at 100 inputs and units a GRU has
{packed(3, 100, 100)} parameters and an LSTM {packed(4, 100, 100)}.""",
    )


@question("004-25", level=1)
def simpler_than_gates() -> Judgement:
    H = 50
    own = {"residual": 0, "highway": numbers_in((H, H), (H,))}
    plain = numbers_in((H, H), (H,))
    return Judgement(
        prompt=rf"""
"A residual connection is simpler than a gate, and cheaper." Compare a plain layer
$y = \tanh(x W + b)$ of {H} units with the residual layer $x + \tanh(x W + b)$, and with a highway
layer whose gate is $\sigma(x W_t + b_t)$.

Is the statement true?""",
        options=(
            right(
                f"the sum brings no weights at all and the gate brings {own['highway']}",
                "Where the widths match, one adds two vectors, and that is all.",
                own["residual"] == 0 < own["highway"],
                HOLDS,
            ),
            wrong(
                "below about 100 units; above that the sum gets as dear as the gate",
                "The sum costs one addition per unit, the gate a whole matrix product.",
                own["residual"] >= own["highway"],
                CONDITION,
            ),
            wrong(
                f"both bring {own['highway']} weights: the input has to be brought in",
                "The input is there already. It is added as it is.",
                own["residual"] == own["highway"],
                FAILS,
            ),
        ),
        explanation=rf"""
The plain layer has {plain} weights and biases, the residual one {plain + own["residual"]}, and the
highway one {plain + own["highway"]}. Where the widths differ, a residual layer needs a matrix as
well.""",
    )


@question("004-27", level=2)
def no_cell_in_a_gru() -> Judgement:
    h, n = 0.7, -0.4
    kept = mixed(0.0, h, n)
    hidden = [np.tanh(0.3 + 2 * r * h) for r in (0.0, 1.0)]
    share = [mixed(0.25, h, value) - 0.25 * value for value in hidden]
    return Judgement(
        prompt=r"""
"A GRU has no cell beside its state. Its update gate decides how much of the old state is kept, and
its reset gate what the new content gets to see of it." Take this course's GRU,
$h_t = (1 - u) \odot h_{t-1} + u \odot n$.

Is the description right?""",
        options=(
            right(
                "$r$ acts inside the candidate $n$, and $1 - u$ is the share that is kept",
                "Two gates and a candidate; there is one state, and it is what others see.",
                kept == h and hidden[0] != hidden[1] and np.isclose(*share),
                HOLDS,
            ),
            wrong(
                "when $r = 1$; otherwise the reset gate takes a part of what is kept as well",
                "Change $r$ and look at the kept part: it stays the same.",
                not np.isclose(*share),
                CONDITION,
            ),
            wrong(
                "the gates are exchanged: $r$ decides what is kept, $u$ what is seen",
                "Set $u = 0$: the old state stays, whatever $r$ is.",
                kept != h,
                FAILS,
            ),
        ),
        explanation=rf"""
With the old state {h:g} and $u = 0$ the unit still holds {kept:g}. With $u = 0.25$ the kept part is
{share[0]:.3f} for $r = 0$ and {share[1]:.3f} for $r = 1$, while the candidate is
{hidden[0]:.3f} and {hidden[1]:.3f}.""",
    )


@question("004-13", "004-26", level=1)
def what_the_counts_show() -> Choice:
    rnn, transformer = {2016: 44, 2018: 9}, {2018: 63}
    share, ratio = rnn[2018] / rnn[2016], transformer[2018] / rnn[2018]
    says_which_cell = bool({"LSTM", "GRU"} & {"RNN", "Transformer"})
    return Choice(
        prompt=rf"""
According to lecture notes, the report of a contest in machine translation mentions *RNN*
{rnn[2016]} times in 2016 and {rnn[2018]} times in 2018, and *Transformer* {transformer[2018]} times
in 2018. The notes say that LSTMs led the field before.

What do these counts show?""",
        options=(
            right(
                f"the name *RNN* is down to a fifth, and *Transformer* stands {ratio:g} times as "
                "often",
                "Counts of names show which names are used, and that is all they show.",
                0.15 < share < 0.25 and ratio == 7,
            ),
            wrong(
                "LSTMs had led in 2016 and were beaten by 2018",
                "*RNN* may be any recurrent cell. In 2016 the best systems of the contest in fact "
                "used GRUs.",
                says_which_cell,
            ),
            wrong(
                "each mention that *RNN* lost has gone to *Transformer*",
                "There is no fixed number of mentions to be shared out.",
                rnn[2016] - rnn[2018] == transformer[2018],
            ),
            wrong(
                "the two names are about as frequent in 2018",
                "Divide one count by the other.",
                0.5 < ratio < 2,
            ),
        ),
        explanation=rf"""
${rnn[2018]} / {rnn[2016]} = {share:.2f}$ and ${transformer[2018]} / {rnn[2018]} = {ratio:g}$. The
counts are those of the notes. History is full of such shortcuts: handwriting is often named among
the successes of 2013 to 2015, and LSTMs won its competitions from 2008 on.""",
    )


@question("004-20", "004-30", level=2)
def mistake_in_the_second_reader(rng: np.random.Generator) -> Choice:
    def works(defined: Mapping[str, Any]) -> bool:
        x = np.array([0.5, -0.3, 0.8, 0.1])
        ahead, back = states(list(x), 0.8), states(list(x[::-1]), 0.4)[::-1]
        return np.allclose(defined["both"](x, 0.8, 0.4), np.stack([ahead, back], axis=1))

    return find_the_mistake(
        rng,
        r"""
Two readers of one unit each, one from the left and one from the right. Row $t$ of the result is to
hold what the two know at place $t$. One part is wrong.""",
        """
def read(x, w):
    h, found = 0.0, []
    for value in x:
        h = np.tanh(value + w * h)
        found.append(h)
    return np.stack(found)


def both(x, w_ahead, w_back):
    ahead = read(x, w_ahead)
    back = read(x[::-1], w_back)
    return np.stack([ahead, back[::-1]], axis=1)
""",
        (
            Swap(
                "back[::-1]]",
                "back]",
                "The second reader's states come in its own order, and have to be turned round to "
                "stand beside the first one's.",
            ),
            Swap(
                "read(x[::-1], w_back)",
                "read(x, w_back)",
                "The second reader begins at the end of the text.",
            ),
            Swap(
                "ahead = read(x, w_ahead)",
                "ahead = read(x, w_back)",
                "Each reader has weights of its own.",
            ),
            Swap(
                "w * h)",
                "w * value)",
                "A reader's step takes its old state along with the new word.",
            ),
        ),
        works,
        "Compared with two readers that were run one by one.",
    )


@question("001-13", "004-18", "004-19", level=2)
def layers_behind_the_table(rng: np.random.Generator) -> Choice:
    slope, t = float(rng.choice([0.2, 0.3, 0.4])), 0.1
    depth = (0, 4, 8, 16)

    def rows(factor: float) -> list[list[str]]:
        return [[f"{n}", f"{factor**n:.2g}"] for n in depth]

    return diagnose(
        rng,
        rf"""
In a stack of layers, every layer contains a function $f$ of one unit with the slope {slope:g}. The
table shows the gradient that many layers below the top.

TABLE

What are the layers?""",
        ["layers below", "gradient"],
        (
            Cause(
                "plain: $y = f(x)$",
                rows(slope),
                f"Each layer multiplies by {slope:g}: more layers make it worse.",
            ),
            Cause(
                "residual: $y = x + f(x)$",
                rows(1 + slope),
                f"Each layer multiplies by {1 + slope:g}: here more layers make it grow.",
            ),
            Cause(
                rf"highway: $y = t\,f(x) + (1 - t)\,x$ with $t = {t:g}$",
                rows(t * slope + 1 - t),
                f"Each layer multiplies by {t * slope + 1 - t:.3g}: a slow decay.",
            ),
            Cause(
                r"highway: $y = t\,f(x) + (1 - t)\,x$ with $t = 0$",
                rows(1.0),
                "With the gate shut, each layer passes the gradient as it is.",
            ),
        ),
        """The number of layers says little without the factor of one of them.""",
    )


@question("004-14", "004-27", level=2)
def order_of_a_gru_step() -> Ordering:
    h, x = 0.8, 0.5

    def gates(found: dict[str, Any]) -> None:
        found["u"], found["r"] = 1 / (1 + np.exp(-(x + h))), 1 / (1 + np.exp(-(2 * x - h)))

    def reset(found: dict[str, Any]) -> None:
        found["seen"] = found["r"] * h

    def weigh(found: dict[str, Any]) -> None:
        found["a"] = 1.5 * found["seen"] + x

    def candidate(found: dict[str, Any]) -> None:
        found["n"] = np.tanh(found["a"])

    def mix(found: dict[str, Any]) -> None:
        found["h"] = mixed(found["u"], h, found["n"])

    def reached(found: dict[str, Any]) -> bool:
        u, r = 1 / (1 + np.exp(-(x + h))), 1 / (1 + np.exp(-(2 * x - h)))
        return bool(np.isclose(found["h"], mixed(u, h, np.tanh(1.5 * r * h + x))))

    return ordering(
        prompt=r"""
A step of the GRU of this course, whose reset gate acts *before* the matrix product.

In which order are these steps taken?""",
        steps=(
            step("compute $u$ and $r$", "They need the word and the old state alone.", gates),
            step("multiply the old state by $r$", "It needs the reset gate.", reset),
            step(
                "multiply by the weights, and add what the word contributes",
                "In this convention the weights see what the reset gate has let through.",
                weigh,
            ),
            step("apply tanh to have the candidate", "It needs the pre-activation.", candidate),
            step(
                "mix the old state and the candidate, in the shares $1 - u$ and $u$",
                "It comes last: there must be a candidate to mix in.",
                mix,
            ),
        ),
        explanation=r"""
Gates, reset, weights, candidate, mix. In PyTorch the second and the third step change places, and
so do the roles of the gate's two sides.""",
        is_reached=reached,
    )
