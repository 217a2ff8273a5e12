"""Long-term dependencies, measured: tasks, baselines, horizons, and a latch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
from quiz.engine.measure import derivative, jacobian


def logit(p: float) -> float:
    """The b with sigmoid(b) = p."""
    return float(np.log(p / (1 - p)))


def settled(w: float, start: float, steps: int = 200, push: float = 0.0) -> float:
    """The state of h = tanh(w h + push) after some steps."""
    h = start
    for _ in range(steps):
        h = float(np.tanh(w * h + push))
    return h


def slope_of_step(w: float, h: float) -> float:
    """dtanh(w h)/dh at ``h``, measured."""
    return derivative(lambda h: np.tanh(w * h), h)


def words_back(sentence: str, clue: str) -> int:
    """How many words before the gap, which is the last "word", the clue stands."""
    words = [word.strip(",.*").casefold() for word in sentence.split()]
    return len(words) - 1 - words.index(clue.casefold())


def path_length(edges: Any, start: int, end: int) -> int:
    """The least number of edges from ``start`` to ``end``; edges[i, j] is True for i -> j."""
    reached = np.zeros(len(edges), dtype=bool)
    reached[start] = True
    count = 0
    while not reached[end]:
        reached = reached | edges[reached].any(axis=0)
        count += 1
    return count


def influence(run: Callable[[Any], Any], given: Any) -> Any:
    """For each entry of ``given``, whether changing it changes what ``run`` returns."""
    base = run(given)
    steps = 0.5 * np.eye(len(given))
    return np.array([bool(np.any(run(given + step) != base)) for step in steps])


@question("004-8")
def adding_plateau(rng: np.random.Generator) -> Number:
    marked, top = int(rng.integers(3, 7)), int(rng.integers(1, 5))
    of_one = top**2 / 12
    loss = marked * of_one
    return Number(
        prompt=rf"""
In a variant of the adding task the values are uniform between 0 and {top}, and {marked} of them
are marked; the answer is the sum of the marked ones. A network has learnt nothing from its input
and always gives the best constant answer.

What is its mean squared error?""",
        value=loss,
        tolerance=0.01,
        slips=(
            slip(of_one, f"That is the variance of one value; {marked} of them are added."),
            slip(
                loss + (marked * top / 2) ** 2,
                "That is the error of the answer 0. The best constant is the mean of the sum.",
            ),
        ),
        explanation=rf"""
The best constant is the mean, {marked * top / 2:g}, and its error is the variance of the sum. One
uniform value has the variance ${top}^2/12 = {of_one:.4f}$, and {marked} independent ones have
${marked} \cdot {of_one:.4f} = {loss:.4f}$. A loss that stays there shows that nothing is
remembered, however small it looks.""",
    )


@question("000-2")
def copy_baseline(rng: np.random.Generator) -> Number:
    kept = int(rng.choice([5, 8, 10, 12]))
    alphabet = int(rng.choice([4, 6, 16, 20]))
    delay = int(rng.choice([30, 50, 100, 200]))
    steps = delay + 2 * kept
    loss = kept * np.log(alphabet) / steps
    return Number(
        prompt=rf"""
A copy task: {kept} symbols out of an alphabet of {alphabet} are shown, and must be repeated at the
last {kept} of {steps} steps. At all other steps the right answer is the blank. A network without
memory knows *when* to answer, but not *what*.

What is the least cross-entropy it can reach, in the mean over all {steps} steps (natural
logarithm)?""",
        value=float(loss),
        tolerance=0.001,
        slips=(
            slip(
                float(np.log(alphabet)),
                f"That is the loss at each of the last {kept} steps; at all others it is 0.",
            ),
            slip(float(kept * np.log(alphabet)), "That is the sum; the mean is asked for."),
            slip(float(kept * np.log2(alphabet) / steps), "That is in bits: take the natural log."),
        ),
        explanation=rf"""
At the last {kept} steps each symbol gets the probability 1/{alphabet}, which costs
$\ln {alphabet} = {np.log(alphabet):.4f}$; at the others the loss is 0. The mean is
${kept} \cdot {np.log(alphabet):.4f} / {steps} = {loss:.4f}$. With a longer pause the number falls,
although the task gets harder: compare a loss with its baseline.""",
    )


@question("002-15")
def latch_keeps_a_bit() -> Judgement:
    after_mark = float(np.tanh(1.0))
    kept, noisy = settled(2.0, after_mark, 50), settled(2.0, after_mark, 50, push=-0.1)
    slope, h = derivative(np.tanh, 1.0), after_mark
    for _ in range(50):
        slope *= slope_of_step(2.0, h)
        h = float(np.tanh(2.0 * h))
    return Judgement(
        prompt=r"""
One unit, $h_t = \tanh(v_t + 2 h_{t-1})$ with $h_0 = 0$, gets $v_1 = 1$ and then 50 values of 0.
*It still holds the sign of $v_1$, although the derivative of its state by $v_1$ is below
$10^{-30}$.*

What becomes of the claim?""",
        options=(
            right(
                r"it rests where small changes are swallowed, those of $v_1$ as well",
                r"That is what makes the storage robust, and a derivative is the effect of a small "
                r"change.",
                kept > 0.9 and slope < 1e-30 and slope_of_step(2.0, kept) < 0.5,
                HOLDS,
            ),
            wrong(
                r"the weight 2 makes the bit larger at each step, so it cannot be lost",
                r"The tanh keeps the state below 1. It settles and does not grow.",
                kept > 1,
                HOLDS,
            ),
            wrong(
                r"only without noise: 50 values of $-0.1$ in place of 0 turn the sign over",
                r"A push of 0.1 is too weak for that: the unit holds itself with a weight of 2.",
                noisy < 0,
                CONDITION,
            ),
            wrong(
                r"where the derivative is that small, the state no longer depends on $v_1$",
                r"It does not depend on *small* changes of $v_1$. With $-1$ in its place the state "
                r"would be the opposite.",
                abs(settled(2.0, -after_mark, 50) - kept) < 0.01,
                FAILS,
            ),
        ),
        explanation=rf"""
After 50 steps the state is {kept:.4f} (with a lasting push of $-0.1$: {noisy:.4f}), and
${settled(2.0, -after_mark, 50):.4f}$ if $v_1 = -1$. Its derivative by $v_1$ is {slope:.1e}. Such
weights exist, but gradient descent hardly finds them: to store robustly *is* to vanish.""",
    )


@question("002-15", "000-2")
def where_the_state_goes(rng: np.random.Generator) -> Choice:
    holds = rng.random() < 0.5
    w = float(rng.choice([1.4, 1.6, 1.8, 2.0, 2.5, 3.0] if holds else [0.3, 0.5, 0.6, 0.8, 0.9]))
    start = float(rng.choice([0.2, 0.25, 0.3, 0.35, 0.4]))
    end = settled(w, start)
    once = float(np.tanh(w * start))
    far = end if holds else once
    lesson = (
        "Above 1 the unit finds a place of rest and holds the sign of its start."
        if holds
        else "Below 1 each step shrinks the state, and the sign of the start is forgotten."
    )
    make = {True: right, False: wrong}
    return Choice(
        prompt=rf"""
One unit without input, $h_t = \tanh(w\,h_{{t-1}})$ with $w = {w:g}$, starts at $h_0 = {start:g}$.

Where is it after 200 steps?""",
        options=(
            make[not holds](
                r"very close to 0",
                r"0 is always a place of rest; states go back to it if $w \le 1$, and leave it if "
                r"$w > 1$.",
                abs(end) < 1e-6,
            ),
            make[holds](
                rf"at about {far:.2f}",
                r"For $w > 1$ there is a place of rest above 0, with $h = \tanh(w h)$."
                if holds
                else "That is where the first step leads; it does not stop there.",
                abs(end - far) < 0.005,
            ),
            wrong(
                rf"still at {start:g}",
                r"A state stays only where $h = \tanh(w h)$, and this is not such a place.",
                abs(end - start) < 0.01,
            ),
            wrong(
                r"above 1, and still growing",
                r"The tanh of whatever number lies between $-1$ and 1.",
                end > 1,
            ),
        ),
        explanation=rf"""
The first step gives {once:.4f}; after 200 steps the state is {end:.4f}. {lesson}""",
    )


@question("000-8")
def later_words_fade() -> Judgement:
    inputs = 0.3 * np.cos(np.arange(40.0))

    def last(x: Any) -> float:
        h = 0.0
        for value in x:
            h = float(np.tanh(value + 0.7 * h))
        return h

    size = jacobian(lambda x: np.array([last(x)]), inputs)[0]
    shorter = jacobian(lambda x: np.array([last(x)]), inputs[:20])[0]
    first, final = abs(size[0]), abs(size[-1])
    return Judgement(
        prompt=r"""
*As a sequence gets longer, it is its later words that are left with almost no gradient.* Take a
plain RNN with a weight of 0.7, whose only loss stands after the last of 40 words.

What becomes of the claim?""",
        options=(
            wrong(
                r"a later word has more steps before it, and so more factors below 1",
                r"The factors that count are those between the word and the *loss*.",
                final < first,
                HOLDS,
            ),
            wrong(
                r"from 40 words on it is so; with 20 the earlier ones have less",
                r"The length changes how much is left at the far end, not which end that is.",
                final < first and abs(shorter[-1]) > abs(shorter[0]),
                CONDITION,
            ),
            right(
                r"the last words are next to the loss; the first ones hear nothing",
                r"The gradient starts at the loss and loses a share at each step back.",
                final > 0.5 and first < 1e-5,
                FAILS,
            ),
            wrong(
                r"all words share the same weights, and so they get the same gradient",
                r"The weights are shared, the way back is not: it is one step for one word, and "
                r"forty for another.",
                np.isclose(first, final),
                FAILS,
            ),
        ),
        explanation=rf"""
Measured: the last state's derivative by the last input is {final:.3f}, by the 20th {size[19]:.1e},
and by the first {first:.1e}. Near is what is near the *loss*.""",
    )


@question("001-3")
def hundred_factors() -> Judgement:
    left = {f: f**100 for f in (0.9, 0.99, 1.0)}
    saturated = slope_of_step(1.5, settled(1.5, 0.1)) ** 100
    return Judgement(
        prompt=r"""
*At step 100 the product of all the derivatives back to step 0 is useless.* Call a product useless
if it is below 0.01.

What becomes of the claim?""",
        options=(
            wrong(
                r"a hundred factors, none of them above 1, always come out below 0.01",
                r"That depends on how near to 1 they are: factors of 0.99 leave more than a third.",
                max(left.values()) < 0.01,
                HOLDS,
            ),
            right(
                r"it is so if all the factors are 0.9, and not if all are 0.99",
                r"The first leave 0.00003, the second 0.37: what decides is how close to 1 they "
                r"stay.",
                left[0.9] < 0.01 < left[0.99],
                CONDITION,
            ),
            wrong(
                r"it is so if the recurrent weight is below 1; a weight of 1.5 keeps it useful",
                r"The weight is one part of the factor; a tanh unit with 1.5 settles where its "
                r"slope is small.",
                saturated > 0.01,
                CONDITION,
            ),
            wrong(
                r"a product of a hundred positive factors stays above 0.01",
                r"It stays above 0, which does not help.",
                min(left.values()) > 0.01,
                FAILS,
            ),
        ),
        explanation=rf"""
$0.9^{{100}} = {left[0.9]:.1e}$, $0.99^{{100}} = {left[0.99]:.3f}$, $1^{{100}} = 1$. A tanh unit
with weight 1.5, once settled, has a factor of {slope_of_step(1.5, settled(1.5, 0.1)):.3f}, and a
hundred of these leave {saturated:.0e}. To keep 0.01, equal factors must be
{0.01**0.01:.3f} or more.""",
    )


@question("004-12", "001-3")
def bias_that_keeps(rng: np.random.Generator) -> Number:
    steps = int(rng.choice([50, 100, 200, 400]))
    share = float(rng.choice([0.5, 0.1, 0.05, 0.01]))
    gate = share ** (1 / steps)
    return Number(
        prompt=rf"""
The forget gate of an LSTM cell is $f = \sigma(b)$ at every step. Of the gradient along the cell,
a share of {share:g} shall be left after {steps} steps. Look at the direct path only, from
$c_{{t-1}}$ through $f c_{{t-1}}$ to $c_t$.

How large must the bias $b$ be?""",
        value=logit(gate),
        tolerance=0.05,
        slips=(
            slip(gate, "That is the gate $f$ itself; $b$ is what goes into the sigmoid."),
            slip(logit(share), f"That leaves {share:g} after *one* step."),
            slip(
                logit(1 - (1 - share) / steps),
                "That takes the same *amount* off at each step. It is the same share: a power.",
            ),
        ),
        explanation=rf"""
$f^{{{steps}}} = {share:g}$ needs the {steps}th root of {share:g}, $f = {gate:.5f}$; $\sigma(b) = f$
gives $b = \ln(f / (1 - f)) = {logit(gate):.3f}$. With the usual $b = 1$ it would be
${1 / (1 + np.exp(-1)):.3f}^{{{steps}}}$, about {(1 / (1 + np.exp(-1))) ** steps:.0e}: an LSTM can
vanish, too.""",
    )


_GAPS = {
    "honesty": "Honesty is the best …",
    "clouds": "Dark clouds above the town hide the …",
    "lake": "She has seen three wars in her long life, and in winter the lake is covered with …",
    "Kerala": "I was born in Kerala, left it as a small child, and I am still fluent in …",
    "Spain": "They grew up in Spain, moved twice, and are fluent in …",
}


@question("001-9", "002-14")
def clue_within_horizon() -> Several:
    lag = {clue: words_back(sentence, clue) for clue, sentence in _GAPS.items()}
    left = {clue: 0.7**count for clue, count in lag.items()}
    can_use = {
        "honesty": r"The clue stands four words before the gap: about a quarter of it is left.",
        "clouds": r"Six factors leave a little more than a tenth: it is just within the horizon.",
        "lake": r"The sentence is long, but its clue is not far from the gap.",
    }
    far = r"Count the words from the clue to the gap: so many factors of 0.7 leave too little."
    return Several(
        prompt=r"""
In a network that reads from left to right, each word multiplies what is left of the earlier ones by
0.7. It can use a clue of which at least a tenth is left at the gap; a clue $k$ words before the gap
has lost $k$ factors.

For which gaps can it use the clue that is named?""",
        options=tuple(
            right(f"*{_GAPS[clue]}* (clue: {clue})", can_use[clue], left[clue] >= 0.1)
            if clue in can_use
            else wrong(f"*{_GAPS[clue]}* (clue: {clue})", far, left[clue] >= 0.1)
            for clue in _GAPS
        ),
        explanation=rf"""
Words from the clue to the gap, and what is left:
{", ".join(f"{clue} {lag[clue]} ({left[clue]:.3f})" for clue in lag)}. The horizon is 6 words, since
$0.7^6 = {0.7**6:.3f}$ and $0.7^7 = {0.7**7:.3f}$. The length of the sentence does not matter, and
neither does how easy the gap is for us.""",
    )


@question("004-8")
def average_hides_the_far(rng: np.random.Generator) -> Number:
    share, near = int(rng.choice([2, 4, 5, 10])), int(rng.choice([80, 85, 90, 95]))
    far = int(rng.choice([10, 20, 30, 40]))
    overall = ((100 - share) * near + share * far) / 100
    return Number(
        prompt=rf"""
*She could not print her tickets … the new printer came, was unpacked and set up … and at last she
printed her …* Only {share} % of the gaps in a text need a clue from so far back. A language model
fills {near} % of all *other* gaps rightly, and {overall:g} % of all gaps together.

How many per cent of the far gaps does it fill rightly?""",
        value=(overall - near) * 100 / share + near,
        tolerance=0.1,
        slips=(
            slip(near, "That is its score on the near gaps; the total would then be the same."),
            slip(overall, "That is the total, which is nearly all made of near gaps."),
        ),
        explanation=rf"""
Of 10 000 gaps it fills {overall * 100:.0f}. Of the {(100 - share) * 100} near ones it fills
{(100 - share) * near}, so {share * far} are left for the {share * 100} far ones: {far} %. The
total of {overall:g} % hardly shows that. It is the same with the loss: a model whose gradients
vanish learns near effects, and looks good on average.""",
    )


@question("001-11", "000-2")
def path_between_words(rng: np.random.Generator) -> Choice:
    first = int(rng.integers(3, 9))
    second = first + int(rng.integers(first + 2, 26))
    size = second + 1
    recurrent = np.eye(size, k=1, dtype=bool)  # each state feeds the next one
    attention = np.ones((size, size), dtype=bool)
    paths = [path_length(edges, first, second) for edges in (recurrent, attention)]
    gap = second - first
    return Choice(
        prompt=rf"""
What word {first} says is needed at word {second}. Count the steps that it takes: from the state at
one word to the state at the next in an RNN, or from any word to any other in a layer of
self-attention.

How many steps is that in the RNN, and how many in a self-attention layer?""",
        options=(
            right(
                f"{gap} and 1",
                "The RNN passes the content on from word to word; attention looks at all of them.",
                paths == [gap, 1],
            ),
            wrong(
                f"{gap} and {gap}",
                "Attention compares every word with every other one: no word lies in between.",
                paths == [gap, gap],
            ),
            wrong(
                "1 and 1",
                "The state holds what was said, but as passed through every step on the way.",
                paths == [1, 1],
            ),
            wrong(
                f"{second} and 1",
                "That counts from the beginning; the content enters at the earlier word.",
                paths == [second, 1],
            ),
        ),
        explanation=rf"""
In the RNN: ${second} - {first} = {gap}$ steps, each with its own Jacobian in the product. In
self-attention each pair of words is joined directly, so the path has length {paths[1]} at any
distance. That is one reason why such models read the whole sentence with ease.""",
    )


@question("000-2")
def what_the_state_knows() -> Several:
    rng = np.random.default_rng(3)
    H, Wx, Wh = 4, rng.standard_normal((1, 4)), 0.5 * rng.standard_normal((4, 4))

    def h5(given: Any) -> Any:
        """The state after five of eight words; ``given`` holds h_0 (for all units), x_1..x_8."""
        h, states = np.full(H, given[0]), []
        for x in given[1:]:
            h = np.tanh(x * Wx[0] + h @ Wh)
            states.append(h)
        return states[4]

    counts = influence(h5, rng.standard_normal(9))
    return Several(
        prompt=r"""
An RNN with random weights reads a sentence of 8 words, $x_1$ to $x_8$, from left to right, starting
from $h_0$. Each of the following is changed a little, all else staying as it is.

Which changes make a difference to $h_5$?""",
        options=(
            right(
                r"$x_1$",
                r"It entered the state at the first step and was passed on; how much is left is "
                r"another matter.",
                counts[1],
            ),
            right(r"$x_5$", r"The word of a step goes into the state of that step.", counts[5]),
            right(
                r"$h_0$",
                r"The starting state is passed on like every other one.",
                counts[0],
            ),
            wrong(
                r"$x_6$",
                r"It is read only after $h_5$ has been computed. No state looks ahead.",
                counts[6],
            ),
            wrong(
                r"$x_8$",
                r"A later word changes later states only; in back-propagation the *gradient* goes "
                r"back, not the word.",
                counts[8],
            ),
        ),
        explanation=r"""
Tried out: changing $h_0$ or any of $x_1 \ldots x_5$ changes $h_5$; changing $x_6$, $x_7$ or $x_8$
does not alter a single digit. So the 8th word of a translation *can* depend on the 1st of the
sentence: it is in the state, if only faintly.""",
    )
