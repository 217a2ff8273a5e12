"""The recurrent forward pass: shared weights, what a state can carry, and what it cannot know."""

from __future__ import annotations

from collections.abc import Sequence
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


def states(inputs: Sequence[float], w_x: float = 1.0, w_h: float = 0.5) -> list[float]:
    """What one unit, h = tanh(w_x x + w_h h), holds after each of the inputs."""
    found = [0.0]
    for x in inputs:
        found.append(float(np.tanh(w_x * x + w_h * found[-1])))
    return found[1:]


def replaced(inputs: Sequence[float], place: int, x: float) -> list[float]:
    """The inputs with another one at ``place``, counted from 1."""
    return [*inputs[: place - 1], x, *inputs[place:]]


def shown(vector: Any) -> str:
    """A vector as code, to two decimals."""
    return f"`[{', '.join(f'{round(float(v), 2):g}' for v in vector)}]`"


@question("002-2", level=1)
def weights_of_a_cell(rng: np.random.Generator) -> Number:
    D, H = int(rng.choice([10, 20, 50, 80])), int(rng.choice([16, 32, 64, 100]))
    N, T = int(rng.choice([8, 16, 64])), int(rng.choice([20, 30, 40]))
    of_input, of_state = np.size(np.zeros((D, H))), np.size(np.zeros((H, H)))
    count = of_input + of_state + H
    return Number(
        prompt=rf"""
The cell $h_t = \tanh(x_t W_x + h_{{t-1}} W_h + b)$ has {D} inputs and {H} units. It reads batches
of {N} sentences with {T} words each.

How many numbers are there in $W_x$, $W_h$ and $b$ together?""",
        value=count,
        tolerance=0,
        slips=(
            slip(count * T, "You gave every step weights of its own. They are shared over time."),
            slip(count - H, "The bias is missing: one number per unit."),
            slip(count - of_state, "$W_h$ is missing. It connects every unit with every unit."),
            slip(
                of_input + H + H,
                "$W_h$ does not hold one number per unit, but one per *pair* of units.",
            ),
        ),
        explanation=rf"""
${D} \cdot {H} + {H} \cdot {H} + {H} = {count}$. Neither the number of sentences nor their length
enters: every step of every sentence uses the same weights, which is why the network can read a text
of any length.""",
    )


@question("002-2", level=2)
def listening_unit(rng: np.random.Generator) -> Choice:
    speaker, listener = (int(i) for i in rng.permutation(3)[:2])
    weight = float(rng.choice([0.5, 2.0, -1.0]))
    before = rng.permutation([0.2, 0.5, 0.9])
    Wh = np.zeros((3, 3))
    Wh[speaker, listener] = weight
    new = np.tanh(before @ Wh)

    def only(place: int, heard: int) -> Any:
        return np.where(np.arange(3) == place, np.tanh(weight * before[heard]), 0.0)

    kept = np.where(np.arange(3) == listener, new, before)
    return Choice(
        prompt=rf"""
Three units follow $h_t = \tanh(h_{{t-1}} W_h)$ in the row form of the course; there is no input and
no bias. All of `Wh` is 0, except `Wh[{speaker}, {listener}] = {weight:g}`. The old state is
{shown(before)}.

What is the new state, to two decimals?""",
        options=(
            right(
                shown(only(listener, speaker)),
                rf"Unit {listener} listens to unit {speaker}; the others hear nothing.",
                np.allclose(only(listener, speaker), new),
            ),
            wrong(
                shown(only(speaker, listener)),
                "Speaker and listener are exchanged: that is the transposed matrix.",
                np.allclose(only(speaker, listener), new),
            ),
            wrong(
                shown(only(listener, listener)),
                "Here the unit listens to itself; an entry off the diagonal links two units.",
                np.allclose(only(listener, listener), new),
            ),
            wrong(
                shown(kept),
                "A unit that hears nothing does not keep its old state: it is computed anew.",
                np.allclose(kept, new),
            ),
        ),
        explanation=rf"""
Unit $j$ hears the old state of every unit $i$, times `Wh[i, j]`. So unit {listener} gets
$\tanh({weight:g} \cdot {before[speaker]:g}) = {new[listener]:.4f}$, and the other two get
$\tanh(0) = 0$.""",
    )


@question("004-1", "002-2", level=3)
def weights_from_columns() -> Choice:
    rng = np.random.default_rng(0)
    U, V = rng.standard_normal((4, 4)), rng.standard_normal((4, 3))
    h, x = rng.standard_normal(4), rng.standard_normal(3)
    notes = np.tanh(U @ h + V @ x)

    def same(Wh: Any, Wx: Any) -> bool:
        fits = Wh.shape == (4, 4) and Wx.shape == (3, 4)
        return fits and np.allclose(np.tanh(x @ Wx + h @ Wh), notes)

    as_is = np.abs(np.tanh(x @ V.T + h @ U) - notes).max()
    return Choice(
        prompt=r"""
Lecture notes write a step with columns, $h_t = \tanh(U h_{t-1} + V x_t + b)$, with 4 units and 3
inputs. You are given their trained $U$ and $V$. Your own function computes with rows,
`np.tanh(x @ Wx + prev_h @ Wh + b)`.

Which weights must it be given to be the same network?""",
        options=(
            right(
                "`Wh = U.T` and `Wx = V.T`",
                r"Transposing a product turns its order round: $(U h)^\top = h^\top U^\top$.",
                same(U.T, V.T),
            ),
            wrong(
                "`Wh = U` and `Wx = V.T`",
                "The shapes fit, since $U$ is square, but now each unit speaks where it should "
                "listen. No error message tells you.",
                same(U, V.T),
            ),
            wrong(
                "`Wh = U.T` and `Wx = V`",
                r"$V$ has the shape (4, 3), and a row of 3 inputs cannot be multiplied by it.",
                same(U.T, V),
            ),
            wrong(
                "`Wh = np.linalg.inv(U)` and `Wx = V.T`",
                "To write a matrix on the other side is not to divide by it.",
                same(np.linalg.inv(U), V.T),
            ),
        ),
        explanation=rf"""
A row is a transposed column: $(U h + V x)^\top = h^\top U^\top + x^\top V^\top$. With random
weights the two networks then agree to the last digits, while `Wh = U` is off by up to {as_is:.2f}.
Rows or columns are a matter of taste, but only as long as the matrices are turned along.""",
    )


@question("002-3", "002-2", level=1)
def state_after_two_words(rng: np.random.Generator) -> Number:
    w_x, w_h = float(rng.choice([0.5, 0.8])), float(rng.choice([0.6, 0.9, 1.2]))
    first, second = float(rng.choice([2, 3, 4])), float(rng.choice([0.2, 0.3, 0.5, 0.8]))
    h_1, h_2 = states([first, second], w_x, w_h)
    a_2 = w_x * second + w_h * h_1
    return Number(
        prompt=rf"""
One unit reads two words: $h_t = \tanh({w_x:g}\,x_t + {w_h:g}\,h_{{t-1}})$ with $h_0 = 0$,
$x_1 = {first:g}$ and $x_2 = {second:g}$.

What is $h_2$?""",
        value=h_2,
        tolerance=0.002,
        slips=(
            slip(
                np.tanh(w_x * second + w_h * w_x * first),
                "One tanh is missing: what step 1 hands on has been through tanh already.",
            ),
            slip(a_2, "That is what goes *into* the second tanh."),
            slip(np.tanh(w_x * second), "The first word is lost: the state $h_1$ takes part too."),
        ),
        explanation=rf"""
$h_1 = \tanh({w_x:g} \cdot {first:g}) = {h_1:.4f}$, and
$h_2 = \tanh({w_x:g} \cdot {second:g} + {w_h:g} \cdot {h_1:.4f}) = \tanh({a_2:.4f}) =
{h_2:.4f}$. Written as one formula, tanh stands inside tanh: one for every step.""",
    )


@question("002-3", level=2)
def nested_inputs() -> Judgement:
    one, other = [0.8, -0.3, 0.5], [-0.6, 0.9, -0.2]
    w_x, w_h, h_0 = 1.0, 0.5, 0.4

    def nested(x: Sequence[float]) -> float:
        inner = np.tanh(w_h * np.tanh(w_h * h_0 + w_x * x[0]) + w_x * x[1])
        return float(np.tanh(w_h * inner + w_x * x[2]))

    def stepwise(x: Sequence[float]) -> float:
        h = h_0
        for x_t in x:
            h = float(np.tanh(w_h * h + w_x * x_t))
        return h

    def printed(x: Sequence[float]) -> float:
        h = h_0
        for _ in x:
            h = float(np.tanh(w_h * h + w_x * h))
        return h

    return Judgement(
        prompt=r"""
An article unrolls its network: "every step back nests $f$ once more in $f$". It prints each level
as $f(W_h h_{t-1} + W_x h_{t-1})$, with the next level in place of $h_{t-1}$.

Is $f$, nested in this way once per step, the network?""",
        options=(
            wrong(
                r"the words need not be written: $h_{t-1}$ contains them",
                r"It would if a word had ever entered. Follow the formula inwards to $h_0$: no $x$ "
                r"occurs on the way.",
                abs(printed(one) - printed(other)) > 1e-9,
                HOLDS,
            ),
            right(
                r"it is right if each $W_x$ is paired with the $x_t$ of its own step",
                r"Then the nested formula and the loop over steps are the same thing.",
                np.isclose(nested(one), stepwise(one))
                and np.isclose(nested(other), stepwise(other)),
                CONDITION,
            ),
            wrong(
                r"nothing is nested: $f$ is applied once, to the sum of all the inputs",
                r"$f$ is not linear, so $f$ of a sum is not what repeated steps give.",
                np.isclose(np.tanh(w_x * sum(one) + w_h * h_0), stepwise(one)),
                FAILS,
            ),
        ),
        explanation=rf"""
With one unit and two different sentences of three words, the loop ends at {stepwise(one):.3f} and
{stepwise(other):.3f}, and so does the nested formula with $x_t$. The printed form ends at
{printed(one):.3f} for *both*: nothing of the sentence enters. The nesting is right; the letter
beside $W_x$ is not.""",
    )


@question("000-2", "002-16", level=1)
def changed_word(rng: np.random.Generator) -> Several:
    T = int(rng.integers(8, 13))
    s = int(rng.integers(3, T - 2))
    text = rng.uniform(-1, 1, T).tolist()
    other = replaced(text, s, text[s - 1] + 0.5)
    before, after = states(text), states(other)

    def moves(step: int) -> bool:
        return before[step - 1] != after[step - 1]

    return Several(
        prompt=rf"""
A recurrent network has read the {T} words of a sentence, from the first to the last. Now word {s}
is replaced by another word, and the sentence is read again.

Which of these can be different from before?""",
        options=(
            wrong(
                rf"the state after word {s - 1}",
                "This state was complete before the new word was read.",
                moves(s - 1),
            ),
            right(rf"the state after word {s}", "It reads the new word directly.", moves(s)),
            right(
                rf"the state after word {T}",
                "The new word reaches it through all the states between.",
                moves(T),
            ),
            wrong(
                rf"the scores that are computed from $h_{{{s - 2}}}$",
                "Scores know what their state knows, and this one has not met the new word.",
                moves(s - 2),
            ),
            wrong(
                rf"what word {s + 1} adds to the next step, $x_{{{s + 1}}} W_x$",
                "This product contains its own word and a weight. The state enters separately.",
                other[s] != text[s],
            ),
        ),
        explanation=rf"""
With one unit, the word moves the states by
{", ".join(f"{abs(a - b):.2g}" for a, b in zip(before, after, strict=True))}: exactly 0 up to word
{s - 1}, and from word {s} on not. A state depends on all the words up to its own and on none after
it. That is how words far apart can meet, and why the future stays out of sight.""",
    )


@question("000-1", "002-16", level=2)
def time_for_a_batch(rng: np.random.Generator) -> Number:
    lengths = [int(n) for n in rng.choice(np.arange(8, 60), 4, replace=False)]
    return Number(
        prompt=rf"""
A computer has as many processors as you like, and one step of a recurrent network takes it 1 ms. A
batch holds four sentences, of {lengths[0]}, {lengths[1]}, {lengths[2]} and {lengths[3]} words.

After how many ms can the last state of each sentence be known?""",
        value=max(lengths),
        tolerance=0,
        slips=(
            slip(sum(lengths), "The sentences need not wait for each other: they do not interact."),
            slip(1, "Within a sentence, a step cannot start before the one before it has ended."),
            slip(min(lengths), "By then only the shortest sentence is done."),
        ),
        explanation=rf"""
The sentences run side by side, the steps of each one after another. The longest chain decides:
{max(lengths)} steps, so {max(lengths)} ms, however many processors there are. More sentences would
cost no more time; longer ones do.""",
    )


@question("001-9", "002-14", level=1)
def steps_to_the_gap(rng: np.random.Generator) -> Number:
    clue, gap = int(rng.integers(3, 10)), int(rng.integers(50, 120))
    crossed = len(range(clue + 1, gap))
    return Number(
        prompt=rf"""
Word {clue} of a text is *Kerala*, and word {gap} is to be guessed: it comes after *speaks fluent*.
The network predicts it from the state after word {gap - 1}. What *Kerala* left in $h_{{{clue}}}$
must survive until then.

How many times has the state been multiplied by $W_h$ on the way?""",
        value=crossed,
        tolerance=0,
        slips=(
            slip(
                crossed + 1,
                "The word to be guessed is not read first: the last step on the way is that of "
                "the word before it.",
            ),
            slip(gap - 1, "Count from the word that matters, not from the start of the text."),
        ),
        explanation=rf"""
From $h_{{{clue}}}$ to $h_{{{gap - 1}}}$ there are ${gap - 1} - {clue} = {crossed}$ steps, each with
one multiplication by $W_h$ and one tanh. For *clouds drift across the …* the same count is 3: that
is the difference between near and far context.""",
    )


@question("002-14", "001-9", level=1)
def near_or_far() -> Several:
    def distance(sentence: str) -> int:
        words = sentence.split()
        return words.index("…") - next(i for i, word in enumerate(words) if word.startswith("*"))

    clouds = "grey *clouds* drift across the …"
    honesty = "he knows that *honesty* is the best …"
    spain = "she grew up in *Spain* and after ten years abroad is still fluent in …"
    dog = "the *dog* in the yard next door began to …"
    seen = 4
    return Several(
        prompt=rf"""
A model sees the {seen} words before a gap and nothing else. The word that settles each gap is the
marked one.

Which gaps can this model fill?""",
        options=(
            right(clouds, "The marked word is still in view.", distance(clouds) <= seen),
            right(
                honesty,
                "The sentence is longer than the view, but the marked word is within it.",
                distance(honesty) <= seen,
            ),
            wrong(
                spain,
                "*fluent in* tells that a language comes. Which one was said long before.",
                distance(spain) <= seen,
            ),
            wrong(
                dog,
                "A short sentence, and yet the animal is out of view when the verb is due.",
                distance(dog) <= seen,
            ),
        ),
        explanation=rf"""
From the marked word to the gap it is {distance(clouds)} words for *clouds*, {distance(honesty)} for
*honesty*, {distance(spain)} for *Spain* and {distance(dog)} for *dog*; the model sees {seen}. What
counts is not the length of a sentence but the distance of what matters. A recurrent network has no
such limit by construction, but the word has to survive in its state.""",
    )


@question("004-8", level=1)
def writer_of_the_books() -> Choice:
    words = ["the", "writer", "of", "the", "books"]
    weight = {word: 0.5 ** (len(words) - 1 - words.index(word)) for word in ("writer", "books")}
    return Choice(
        prompt=r"""
A language model is to go on after *the writer of the books* with *is* or *are*. Suppose that it has
learnt near effects best: each of the two nouns votes for its own number, with weight 1 if it is the
last word read, and half as much for every step further back.

Which verb wins, and why?""",
        options=(
            right(
                "*are*: the model agrees with the nearest noun instead of the subject",
                "*books* is nearer and outweighs *writer*, although grammar asks for *writer*.",
                weight["books"] > weight["writer"] > 0,
            ),
            wrong(
                "*are*: after *books*, nothing of *writer* is left",
                "Its vote is smaller, not zero. It is outweighed.",
                weight["writer"] == 0,
            ),
            wrong(
                "*is*: the subject was read first, and all later states build on it",
                "That it was read first is what makes it weak: every step since has halved it.",
                weight["writer"] > weight["books"],
            ),
            wrong(
                "neither: both nouns are in the state and count alike",
                "Being in the state is not enough; the two come from different distances.",
                weight["writer"] == weight["books"],
            ),
        ),
        explanation=rf"""
*books* has the weight {weight["books"]:g}, *writer*, three steps further back,
{weight["writer"]:g}. A model that learns near effects best follows sequential recency, and grammar
asks for the far noun. Where gradients vanish, this is what a network is trained to do.""",
    )


@question("002-4", level=2)
def scores_that_count() -> Choice:
    text = [0.4, -0.7, 0.2, 0.9, -0.5, 0.3, -0.1, 0.6]

    def after(x: float) -> list[float]:
        return states(replaced(text, 1, x), w_h=0.8)

    way = {loss: derivative(lambda x: after(x)[-1], text[0]) for loss in ("many", "one")}
    whole = {
        "many": derivative(lambda x: sum(after(x)), text[0]),
        "one": derivative(lambda x: after(x)[-1], text[0]),
    }
    way_differs, whole_differs = way["many"] != way["one"], whole["many"] != whole["one"]
    return Choice(
        prompt=r"""
A network reads the same eight words twice, with the same weights. The loss is the sum of all eight
scores the first time, and the last score alone the second time. Look at
$\partial h_8 / \partial x_1$ and at $\partial L / \partial x_1$.

Which of the two derivatives depends on the choice of the loss?""",
        options=(
            right(
                r"only $\partial L / \partial x_1$",
                "The loss decides where error enters, and the states do not know of it.",
                whole_differs and not way_differs,
            ),
            wrong(
                r"only $\partial h_8 / \partial x_1$",
                "How a state depends on an input was settled in the forward pass, without a loss.",
                way_differs and not whole_differs,
            ),
            wrong(
                "both",
                "Dropping scores removes no arrow between states: the way to $h_8$ is the same.",
                way_differs and whole_differs,
            ),
            wrong(
                "neither",
                "With eight scores, those near the first word add terms of their own.",
                not way_differs and not whole_differs,
            ),
        ),
        explanation=rf"""
With one unit that is its own score, $\partial h_8 / \partial x_1 = {way["one"]:.4f}$ in both cases.
But $\partial L / \partial x_1$ is {whole["many"]:.4f} with eight scores and {whole["one"]:.4f} with
the last one. Which outputs feed the error is a choice; the arrows from state to state are always
there.""",
    )


@question("003-4", "004-1", level=2)
def slope_of_a_step(rng: np.random.Generator) -> Number:
    w_in, w_h = float(rng.choice([0.5, 1.0])), float(rng.choice([0.8, 1.5, 2.0]))
    x, before = float(rng.choice([0.8, 1.2, 1.6])), float(rng.choice([0.3, 0.5, 0.7]))
    a = w_in * x + w_h * before
    slope = derivative(lambda o: np.tanh(w_in * x + w_h * o), before)
    tanh_slope = derivative(lambda a: np.tanh(a), a)
    return Number(
        prompt=rf"""
One unit follows $O_t = \tanh(w_{{in}}\,x_t + w_h\,O_{{t-1}})$ with $w_{{in}} = {w_in:g}$ and
$w_h = {w_h:g}$. At this step, $x_t = {x:g}$ and $O_{{t-1}} = {before:g}$.

What is $\partial O_t / \partial O_{{t-1}}$?""",
        value=slope,
        tolerance=0.002,
        slips=(
            slip(w_h, r"The weight alone is the slope of the part *inside* tanh."),
            slip(tanh_slope, r"The slope of tanh is right; the inner derivative $w_h$ is missing."),
            slip(w_h * np.tanh(a), r"You multiplied by tanh, not by its derivative."),
        ),
        explanation=rf"""
Inside tanh stands ${w_in:g} \cdot {x:g} + {w_h:g} \cdot {before:g} = {a:.3f}$. There
$\tanh' = 1 - \tanh^2({a:.3f}) = {tanh_slope:.4f}$, and times $w_h = {w_h:g}$ this is {slope:.4f}.
So the input takes part as well: it decides where on the curve the unit stands.""",
    )


@question("004-1", level=3)
def saturated_listener() -> Choice:
    rng = np.random.default_rng(4)
    W, h, a = rng.standard_normal((3, 3)), rng.uniform(-0.5, 0.5, 3), np.array([0.0, 6.0, 0.0])
    J = jacobian(lambda h: np.tanh(W @ h + a), h)
    hears = np.abs(np.delete(J[1], 1)).max() > 1e-3
    speaks = np.abs(np.delete(J[:, 1], 1)).max() > 1e-3
    alive = np.abs(J[[0, 2]][:, [0, 2]]).max() > 1e-3
    return Choice(
        prompt=r"""
In a tanh network with the units 0, 1 and 2, a large input saturates unit 1 at step $t$, so that
$\tanh'$ is practically 0 there. The other two are not saturated, and no entry of $W_h$ is 0. Look
at $\partial h_t / \partial h_{t-1} = \mathrm{diag}(\tanh'(a_t))\,W_h$ (with columns).

What passes between unit 1 and the other units at this step?""",
        options=(
            right(
                "its old state still acts on the others; theirs does not act on it",
                "The slope belongs to the unit that *listens*, and only this one is saturated.",
                speaks and not hears,
            ),
            wrong(
                "their old states still act on it; its own does not act on them",
                "That would be the slope at the unit that speaks: the factors in the other order.",
                hears and not speaks,
            ),
            wrong(
                "nothing passes, in neither direction",
                "The diagonal matrix sets one row to 0. The column of unit 1 keeps its other "
                "entries.",
                not hears and not speaks,
            ),
            wrong(
                "one factor is 0, and nothing passes between any two units",
                "In a product of *matrices*, one zero on a diagonal does not make everything 0.",
                not alive,
            ),
        ),
        explanation=rf"""
Measured with random weights, the derivatives of the new unit 1 with respect to the old units 0
and 2 are at most
{np.abs(np.delete(J[1], 1)).max():.0e}, while those of the new units 0 and 2 with respect to the
old unit 1 are
{J[0, 1]:.2f} and {J[2, 1]:.2f}. The slope $\tanh'(a_t)$ is taken where a unit computes its *new*
state, and so it scales the row of that unit.""",
    )


@question("002-16", "000-2", level=2)
def whatever_the_weights() -> Several:
    ways = [(w_x, w_h) for w_x in (-2.0, 0.3, 1.0) for w_h in (-1.5, 0.0, 0.9, 2.0)]
    text = [0.4, -0.7, 0.2, 0.9, -0.5, 0.3]
    foresees = [states(text, *w)[4] != states(replaced(text, 6, 2.0), *w)[4] for w in ways]
    effect = np.subtract(states([0.1, *[0.0] * 20], 1, 2.0), states([-0.1, *[0.0] * 20], 1, 2.0))
    grows = [np.size(states([0.1] * 40, *w)[-1]) > np.size(states([0.1], *w)[-1]) for w in ways]
    reads_long = [np.isfinite(states([0.1] * 40, *w)).all() for w in ways]
    return Several(
        prompt=r"""
A recurrent network with tanh units reads a text once, from its first word to its last. Its state is
a vector of $H$ numbers.

What is true of every such network, *whatever its weights* are?""",
        options=(
            right(
                "After word 5, its state is the same whatever word 6 will be.",
                "No weight leads from a later word to an earlier state, so none can be trained.",
                not any(foresees),
            ),
            right(
                "All that it knows of 1,000 words has to fit into $H$ numbers.",
                "The state does not grow with the text.",
                not any(grows),
            ),
            wrong(
                "The effect of the first word on the state shrinks with every step.",
                "It often does, but with a recurrent weight of 2 one unit holds the sign of an "
                "input for good.",
                bool((np.diff(np.abs(effect)) < 0).all()),
            ),
            wrong(
                "It cannot read a text that is longer than those of its training.",
                "The weights are shared over time, so there is always a next step.",
                not any(reads_long),
            ),
        ),
        explanation=rf"""
In {len(ways)} networks of one unit, a change of word 6 never moved the state after word 5. But a
first input of 0.1 or −0.1 makes a difference of {effect[0]:.2f} at once and of {effect[-1]:.2f}
twenty steps later, with the weight 2. Not seeing the future belongs to the loop; forgetting
depends on the weights, and that is why old information is hard to *learn* to keep.""",
    )


@question("004-24", level=1)
def deep_in_time() -> Judgement:
    T = 12
    inputs = [0.3] * T

    def after(count: int) -> float:
        """The last state if tanh were left out at the first ``count`` steps."""
        h = 0.0
        for t, x in enumerate(inputs):
            a = x + 0.5 * h
            h = a if t < count else float(np.tanh(a))
        return h

    passed = sum(after(count) != after(count + 1) for count in range(T))
    return Judgement(
        prompt=r"""
"A recurrent network with a single layer is a deep network already: deep in time." Count the
nonlinearities between the first of 12 words and a score that is read from the last state.

Is the statement true?""",
        options=(
            right(
                "the way passes one tanh per step, as in a network of 12 layers",
                "Unrolled, each step is a layer, and all these layers share their weights.",
                passed == T,
                HOLDS,
            ),
            wrong(
                "provided that the steps have different weights, as layers have",
                "Depth counts nonlinearities one behind the other; sharing weights removes none.",
                passed != T,
                CONDITION,
            ),
            wrong(
                "one layer means one tanh, however long the sentence is",
                "One tanh per *step*. Each state has been through those of the steps before it.",
                passed == 1,
                FAILS,
            ),
        ),
        explanation=rf"""
Leave out the tanh of one step after the other, and the last state moves {passed} times: all
{passed} lie on the way. Several recurrent layers make a network deep in a second direction.""",
    )


@question("002-16", level=2)
def three_downsides() -> Judgement:
    text = [0.4, -0.7, 0.2, 0.9, -0.5, 0.3, 0.1, -0.2]
    foresees = states(text)[3] != states(replaced(text, 6, 2.0))[3]
    reach = derivative(lambda x: states(replaced(text, 1, x))[-1], text[0])
    return Judgement(
        prompt=r"""
A list of what is unpleasant about plain RNNs: their steps have to wait for each other; old
information is hard to get at; and a state does not know what comes later. Take
$h_t = \tanh(x_t + 0.5\,h_{t-1})$ and a text of 8 words, and call a word *hard to get at* if less
than a hundredth of a change in it reaches the last state.

Is the list right, for this network?""",
        options=(
            right(
                "all three are so: less than a hundredth of word 1 gets through",
                "Seven factors below 0.5 leave less than a hundredth.",
                abs(reach) < 0.01 and not foresees,
                HOLDS,
            ),
            wrong(
                "once the second is struck off: with 8 words, nothing is hard to get at",
                "Compute it: each step multiplies by 0.5 and by a slope of tanh.",
                abs(reach) >= 0.01,
                CONDITION,
            ),
            wrong(
                "training removes the third: weights may lead from later words to earlier states",
                "No weight leads that way. The order of computing decides, not the weights.",
                foresees,
                FAILS,
            ),
        ),
        explanation=rf"""
A small change of word 1 moves the last state by {abs(reach):.4f} times as much. A change of word 6
moves the state after word 4 not at all. And step 8 cannot begin before step 7 has ended.""",
    )


@question("002-2", "004-1", level=2)
def mistake_in_the_forward_loop(rng: np.random.Generator) -> Choice:
    def works(defined: Any) -> bool:
        draw = np.random.default_rng(5)
        x, h0 = draw.standard_normal((2, 4, 3)), draw.standard_normal((2, 5))
        Wx, Wh, b = (draw.standard_normal(shape) for shape in ((3, 5), (5, 5), (5,)))
        h, wanted = h0, []
        for t in range(4):
            h = np.tanh(x[:, t] @ Wx + h @ Wh + b)
            wanted.append(h)
        return np.allclose(defined["forward"](x, h0, Wx, Wh, b), np.stack(wanted, axis=1))

    return find_the_mistake(
        rng,
        r"""
A recurrent network, $h_t = \tanh(x_t W_x + h_{t-1} W_h + b)$, for a whole batch. The shapes are
right, and the values are not.""",
        """
def forward(x, h0, Wx, Wh, b):   # x (N, T, D), h0 (N, H)
    N, T, D = x.shape
    h = np.zeros((N, T, h0.shape[1]))
    prev = h0
    for t in range(T):
        prev = np.tanh(x[:, t] @ Wx + prev @ Wh + b)
        h[:, t] = prev
    return h
""",
        (
            Swap("prev = h0", "prev = 0 * h0", "The first step starts from the state given."),
            Swap(
                "prev @ Wh",
                "prev @ Wh.T",
                "In the row form the state stands on the left of `Wh` as it is. Transposed, each "
                "unit speaks where it should listen, and the shapes still fit.",
            ),
            Swap(
                "x[:, t]",
                "x[:, 0]",
                "Each step reads the word of its own time.",
            ),
            Swap(
                "h[:, t] = prev",
                "h[:, T - 1 - t] = prev",
                "The state of step $t$ belongs at place $t$ of the result.",
            ),
        ),
        works,
        "Compared with a loop over single steps, with a `Wh` that is not symmetric and `h0` not 0.",
    )


@question("000-2", "002-14", level=2)
def unit_behind_the_states(rng: np.random.Generator) -> Choice:
    pulse, steps = float(rng.choice([0.8, 1.0, 1.5])), range(1, 7)

    def rows(w: float, relu: bool = False) -> list[list[str]]:
        h, found = 0.0, []
        for t in steps:
            a = (pulse if t == 1 else 0.0) + w * h
            h = max(a, 0.0) if relu else float(np.tanh(a))
            found.append([f"{t}", f"{h:.3f}"])
        return found

    return diagnose(
        rng,
        rf"""
One unit starts from 0. It gets the input {pulse:g} at step 1 and the input 0 after that. These are
its states.

TABLE

Which unit is it?""",
        ["step", "state"],
        (
            Cause(
                "tanh with the recurrent weight 0.5",
                rows(0.5),
                "With tanh and a weight of 0.5 the state is more than halved at each step.",
            ),
            Cause(
                "tanh with the recurrent weight 2",
                rows(2.0),
                "With tanh and a weight of 2 the state comes to rest near 0.96, and holds the "
                "sign.",
            ),
            Cause(
                "ReLU with the recurrent weight 0.5",
                rows(0.5, relu=True),
                "With ReLU and a weight of 0.5 the state is halved exactly, from the input itself.",
            ),
            Cause(
                "ReLU with the recurrent weight 1",
                rows(1.0, relu=True),
                "With ReLU and a weight of 1 the state stays what the input made it.",
            ),
        ),
        """Row 1 tells the activation: ReLU shows the input, tanh something smaller. The ratio of
two rows tells the weight.""",
    )


@question("002-2", level=1)
def order_of_one_step() -> Ordering:
    draw = np.random.default_rng(2)
    x, h, Wx, Wh, b = (draw.standard_normal(s) for s in ((1, 2), (1, 3), (2, 3), (3, 3), (3,)))
    Wo = draw.standard_normal((3, 4))

    def products(found: dict[str, Any]) -> None:
        found["a"] = x @ Wx + h @ Wh

    def bias(found: dict[str, Any]) -> None:
        found["a"] = found["a"] + b

    def squash(found: dict[str, Any]) -> None:
        found["h"] = np.tanh(found["a"])

    def score(found: dict[str, Any]) -> None:
        found["scores"] = found["h"] @ Wo

    def softmax(found: dict[str, Any]) -> None:
        e = np.exp(found["scores"])
        found["p"] = e / e.sum()

    def reached(found: dict[str, Any]) -> bool:
        e = np.exp(np.tanh(x @ Wx + h @ Wh + b) @ Wo)
        return np.allclose(found["p"], e / e.sum())

    return ordering(
        prompt=r"""
A recurrent network has read a word and is to say how probable each next word is.

In which order are these steps taken?""",
        steps=(
            step(
                "multiply word and old state by their weights, and add the two",
                "It needs nothing but what is given.",
                products,
            ),
            step("add the bias $b$", "The bias belongs inside the tanh.", bias),
            step("apply tanh", "It makes the new state, from the whole pre-activation.", squash),
            step("multiply by $W_o$", "Scores are read from the new state.", score),
            step("apply softmax", "It comes last: probabilities are made of the scores.", softmax),
        ),
        explanation=r"""
$a = x_t W_x + h_{t-1} W_h$, then $+\,b$, then $h_t = \tanh(a)$, then the scores $h_t W_o$, and
the softmax of these. In another order either something is missing or another number comes out.""",
        is_reached=reached,
    )
