"""The questions for marks of a8_memory. Their keys never leave the judge's side."""

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


@question("004-8", points=2.5)
def lopsided_latch():
    positive = 0.8
    mean = positive - (1 - positive)

    def error(answer):
        return positive * (1 - answer) ** 2 + (1 - positive) * (-1 - answer) ** 2

    return Number(
        prompt=r"""
In a lopsided variant of the latch task the mark is $+1$ in 80 % of the sequences and $-1$ in the
others. A network that has learnt nothing from its input gives the same answer to all of them, the
best there is.

What is its mean squared error?""",
        value=error(mean),
        tolerance=0.005,
        slips=(
            slip(error(0), "That is the error of the answer 0, the best if both marks were equal."),
            slip(error(1), "That is the error of the answer 1. A single number can do better."),
            slip(
                1 - positive,
                "That is how often the answer 1 is wrong. Its error is then $2^2$, not 1.",
            ),
        ),
        explanation=rf"""
The best constant is the mean of the marks, $0.8 - 0.2 = {mean:g}$. Its error is
$0.8 \cdot 0.4^2 + 0.2 \cdot 1.6^2 = {error(mean):.2f}$, the variance of the marks. Only a loss
*below* this shows any memory.""",
    )


@question("002-15", points=2)
def two_latches():
    pushes = np.arange(0, 2, 0.01)

    def rest(w, push=0.0):
        h = 1.0
        for _ in range(1000):
            h = np.tanh(w * h + push)
        return h

    def stands(w):
        return pushes[rest(w, -pushes) > 0].max()

    def slope(w):
        return w * (1 - rest(w) ** 2)

    push = {w: stands(w) for w in (1.2, 3.0)}
    passed = {w: slope(w) for w in (1.2, 3.0)}
    stronger, more = push[3.0] > push[1.2], passed[3.0] > passed[1.2]
    return Choice(
        prompt=r"""
Two latches, $h_t = \tanh(w\,h_{t-1} + p_t)$ with $w = 1.2$ and with $w = 3$, are at rest on the
positive side. Compare the lasting push $p_t = -p$ that each withstands without turning over, and
the gradient that each lets through per step while it is at rest.

How does the one with $w = 3$ compare?""",
        options=(
            right(
                r"it withstands a stronger push and lets less gradient through",
                r"The better it holds, the less does a small change matter, and that is what a "
                r"gradient measures.",
                stronger and not more,
            ),
            wrong(
                r"it withstands a stronger push and lets more gradient through",
                r"The factor per step is weight times slope: look at the slope, too.",
                stronger and more,
            ),
            wrong(
                r"it withstands a weaker push and lets more gradient through",
                r"Think of what a push works against, the weight on the own state; and a factor is "
                r"weight times slope.",
                not stronger and more,
            ),
            wrong(
                r"it withstands a weaker push and lets less gradient through",
                r"A push works against the weight on the own state.",
                not stronger and not more,
            ),
        ),
        explanation=rf"""
Simulated: with $w = 1.2$ the unit stands a push of {push[1.2]:.2f} and passes {passed[1.2]:.2f} of
the gradient per step; with $w = 3$ it stands {push[3.0]:.2f} and passes {passed[3.0]:.3f}. Robust
storage and a gradient that reaches back exclude each other in such a unit.""",
    )


@question("004-12", "001-3", points=3)
def lengthens_the_horizon():
    def horizon(bias=1.0, steps=400, skip=0.0, limit=None, scale=1.0):
        keep = 1 / (1 + np.exp(-bias))
        sizes = [scale]
        for lag in range(1, steps):
            sizes.append(keep * sizes[-1] + (skip * sizes[lag - 10] if lag >= 10 else 0))
        sizes = np.array(sizes)
        norm = np.linalg.norm(sizes)
        if limit is not None and norm > limit:
            sizes = sizes * limit / norm
        return int(np.flatnonzero(sizes >= 0.01 * sizes[0])[-1])

    base = horizon()
    bias, skip = horizon(bias=4.0), horizon(skip=0.2)
    return Several(
        prompt=r"""
An LSTM whose forget gates are all $\sigma(1)$ is trained on sequences of 400 steps. Its horizon is
the largest lag at which the gradient along the cell is still a hundredth of that at lag 0.

Which of these changes make the horizon longer?""",
        options=(
            right(
                r"a forget bias of 4 in place of 1",
                r"The gate is closer to 1, and its power falls more slowly.",
                bias > base,
            ),
            right(
                r"an extra path from each cell to the one 10 steps later, with weight 0.2",
                r"Part of the gradient takes ten steps at once and loses less on the way.",
                skip > base,
            ),
            wrong(
                r"training on sequences of 800 steps",
                r"Longer sequences offer distances. They do not change the factor per step.",
                horizon(steps=800) > base,
            ),
            wrong(
                r"clipping the gradient to a norm of 1",
                r"Clipping multiplies near and far by one factor: their ratio is as before.",
                horizon(limit=1.0) > base,
            ),
            wrong(
                r"multiplying the loss by 100",
                r"This makes all lags larger alike, lag 0 among them.",
                horizon(scale=100.0) > base,
            ),
        ),
        explanation=rf"""
Computed along the cell: the horizon is {base} at first, {bias} with the bias 4 and {skip} with the
extra path. With 800 steps, with clipping and with a hundredfold loss it is {horizon(steps=800)},
{horizon(limit=1.0)} and {horizon(scale=100.0)}. An LSTM has a horizon, too; what moves it is what
changes the *factors*.""",
    )


@question("000-8", points=2)
def opening_words():
    def shares(length):
        sizes = 0.8 ** np.arange(length)[::-1]  # by word, the first one first
        return sizes / sizes.sum()

    share = shares(60)
    opening, closing = share[:10].sum(), share[-10:].sum()
    return Judgement(
        prompt=r"""
A plain RNN reads reviews of 60 words and is told at the end whether they were kind. Every step back
multiplies the gradient by 0.8. *It learns mostly from the ten opening words of a review; the ten
closing ones leave hardly a trace in the gradient.*

What becomes of the claim?""",
        options=(
            wrong(
                r"an opening word acts on all the later states, and these effects add up",
                r"All of them reach the loss by the same single way, through every later step.",
                opening > closing,
                HOLDS,
            ),
            wrong(
                r"so it is with 600 words, where the closing words are a small part of the text",
                r"Their part in the text becomes smaller, their distance from the loss does not "
                r"change.",
                shares(600)[:10].sum() > shares(600)[-10:].sum(),
                CONDITION,
            ),
            right(
                r"the closing words hold most of the gradient, the opening ones almost none",
                r"What decides is the number of steps to the loss: at most 9 for the ones, 50 or "
                r"more for the others.",
                closing > 0.5 and opening < 0.001,
                FAILS,
            ),
            wrong(
                r"opening and closing words contribute alike, since they share their weights",
                r"The weights are the same; what comes back to them from the loss is not.",
                np.isclose(opening, closing),
                FAILS,
            ),
        ),
        explanation=rf"""
Added up by size, the ten closing words hold {closing:.1%} of the gradient and the ten opening ones
{opening:.5%}. It is the words far *from the loss* that fade, and here these are the first ones.""",
    )


@question("004-8", points=2)
def telling_sentence():
    # The nouns of each beginning in order, the subject first.
    nouns = {
        "The owner of the cars …": ("owner", "cars"),
        "The owner of the car …": ("owner", "car"),
        "The owners of the cars …": ("owners", "cars"),
        "The cars that we bought with our neighbours …": ("cars", "neighbours"),
    }

    def tells(beginning):
        subject, *_, last = nouns[beginning]
        return subject.endswith("s") != last.endswith("s")

    one_right, singular, plural, long = nouns
    return Choice(
        prompt=r"""
One language model has learnt to match the verb with its subject, another one with the last noun
before it. Both are given the beginning of a sentence and choose between *is* and *are*.

With which beginning do they choose differently?""",
        options=(
            right(
                f"*{one_right}*",
                r"The subject is one, the noun nearby are many: the two rules part.",
                tells(one_right),
            ),
            wrong(
                f"*{singular}*",
                r"There are two nouns, but subject and last noun call for the same verb.",
                tells(singular),
            ),
            wrong(
                f"*{plural}*",
                r"With a plural everywhere, the model that looks nearby is right by luck.",
                tells(plural),
            ),
            wrong(
                f"*{long}*",
                r"A long way back to the subject does not suffice if a noun nearby gives the same "
                r"answer.",
                tells(long),
            ),
        ),
        explanation=rf"""
Only in *{one_right}* do subject and last noun differ in number: {sum(map(tells, nouns))} of the
{len(nouns)}. As most sentences do not tell the two models apart, training on text says little about
far effects: memory has to be *measured* on cases made for it.""",
    )


@question("001-11", "000-2", points=2)
def clue_after_the_gap():
    size = 12
    forward = np.eye(size, k=1, dtype=bool)  # each state feeds the next one

    def length(edges, start, end):
        reached, count = np.arange(size) == start, 0
        while not reached[end]:
            more = reached | edges[reached].any(axis=0)
            if np.array_equal(more, reached):
                return None
            reached, count = more, count + 1
        return count

    networks = (forward, forward | forward.T, np.ones((size, size), dtype=bool))
    found = [length(edges, 9, 4) for edges in networks]
    return Choice(
        prompt=r"""
The gap to fill is at word 4, and the clue is word 9, *after* it. Count the shortest way of the clue
to where the gap is filled: steps from one word's state to the next one's, or one step between any
two words in a self-attention layer.

How long is it in a forward RNN, a bidirectional RNN, and a self-attention layer that reads all?""",
        options=(
            right(
                r"there is none; 5; 1",
                r"The backward half of the second carries the clue to the gap step by step, and "
                r"attention in one.",
                found == [None, 5, 1],
            ),
            wrong(
                r"5; 5; 1",
                r"A forward RNN has filled the gap before it reads the clue.",
                found == [5, 5, 1],
            ),
            wrong(
                r"there is none; 1; 1",
                r"A bidirectional RNN reads both ways, but it is still an RNN: its states form a "
                r"chain.",
                found == [None, 1, 1],
            ),
            wrong(
                r"there is none; 5; 5",
                r"In self-attention no word lies between two others, whatever their distance.",
                found == [None, 5, 5],
            ),
        ),
        explanation=rf"""
Searched in the graph of each network: forward {found[0] or "none"}, bidirectional {found[1]},
self-attention {found[2]}. Both of the latter use the clue. They differ in how many Jacobians stand
between it and the gap.""",
    )


@question("001-3", points=1.5)
def root_of_each_factor():
    factor = 0.01 ** (1 / 20)
    lag = np.log(0.01) / np.log(np.sqrt(factor))
    return Number(
        prompt=r"""
In a network each step back multiplies the gradient by the same factor, and 20 steps leave exactly a
hundredth of it. The weights are changed, so that the new factor is the *square root* of the old
one.

After how many steps is a hundredth left now?""",
        value=round(lag),
        tolerance=0,
        slips=(
            slip(20, "So many steps now leave the root of a hundredth, a tenth."),
            slip(10, "The root of a factor below 1 is *closer* to 1: it takes more steps."),
            slip(28, "That multiplies the steps by the root of 2. Look at the exponent."),
            slip(400, "The root of the factor does not square the number of steps."),
        ),
        explanation=rf"""
The old factor is the 20th root of 0.01, {factor:.4f}, the new one {np.sqrt(factor):.4f}. Two of the
new steps make one of the old, so it takes ${round(lag)}$ steps:
${np.sqrt(factor):.4f}^{{{round(lag)}}} = {np.sqrt(factor) ** round(lag):.4f}$. Whether a far step
is useless is decided by how close to 1 the factors are.""",
    )
