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
    either,
    question,
    slip,
    some_of,
    told_apart,
)


@question("004-8", level=2, points=2.5)
def lopsided_latch(rng):
    positive = float(rng.choice([0.6, 0.7, 0.75, 0.8, 0.9]))
    size = float(rng.choice([1.0, 2.0, 3.0]))
    mean = size * (positive - (1 - positive))

    def error(answer):
        return positive * (size - answer) ** 2 + (1 - positive) * (-size - answer) ** 2

    return Number(
        prompt=rf"""
In a lopsided variant of the latch task the mark is ${size:g}$ in {positive:.0%} of the sequences
and $-{size:g}$ in the others. A network that has learnt nothing from its input gives the same
answer to all of them, the best there is.

What is its mean squared error?""",
        value=error(mean),
        tolerance=0.005 * size**2,
        slips=told_apart(
            error(mean),
            0.005 * size**2,
            (
                slip(
                    error(0), "That is the error of the answer 0, the best for equally many marks."
                ),
                slip(error(size), "That is the error of the more frequent mark as an answer."),
                slip(
                    1 - positive,
                    "That is how often the more frequent mark is wrong, and not a squared error.",
                ),
            ),
        ),
        explanation=rf"""
The best constant is the mean of the marks, {mean:.3g}. Its error is {error(mean):.4g}, the variance
of the marks. Only a loss *below* this shows any memory.""",
    )


@question("002-15", "004-28", level=3, points=2)
def two_latches(rng):
    first, second = (float(w) for w in rng.permutation([1.2, 1.5, 2.0, 3.0])[:2])
    pushes = np.arange(0, 2, 0.01)

    def rest(w, push=0.0):
        h = 1.0 + 0.0 * np.asarray(push)
        for _ in range(400):
            h = np.tanh(w * h + push)
        return h

    def stands(w):
        return pushes[rest(w, -pushes) > 0].max()

    def passes(w):
        return float(w * (1 - rest(w) ** 2))

    push, passed = [stands(w) for w in (first, second)], [passes(w) for w in (first, second)]
    stronger, more = push[1] > push[0], passed[1] > passed[0]
    reason = (
        "A push works against the weight with which the unit feeds itself; and what passes a step "
        "is weight times slope, where the slope falls fast as the unit saturates."
    )
    return Choice(
        prompt=rf"""
Two latches, $h_t = \tanh(w\,h_{{t-1}} + p_t)$ with $w = {first:g}$ and with $w = {second:g}$,
are at rest on the positive side. Compare the lasting push $p_t = -p$ that each withstands without
turning over, and the gradient that each lets through per step while it is at rest.

How does the one with $w = {second:g}$ compare?""",
        options=(
            either(
                "it withstands a stronger push and lets less gradient through",
                reason,
                stronger and not more,
            ),
            either(
                "it withstands a stronger push and lets more gradient through",
                reason,
                stronger and more,
            ),
            either(
                "it withstands a weaker push and lets more gradient through",
                reason,
                not stronger and more,
            ),
            either(
                "it withstands a weaker push and lets less gradient through",
                reason,
                not stronger and not more,
            ),
        ),
        explanation=rf"""
Simulated: with $w = {first:g}$ the unit stands a push of {push[0]:.2f} and passes
{passed[0]:.3f} of the gradient per step; with $w = {second:g}$ it stands {push[1]:.2f} and
passes {passed[1]:.3f}. In
such a unit, the better it holds, the less gradient it lets through.""",
    )


@question("004-12", "001-3", "004-23", level=3, points=3)
def lengthens_the_horizon(rng):
    first, then = ((1.0, 3.0), (1.0, 0.0), (2.0, 4.0), (2.0, 1.0))[rng.integers(4)]
    skip, jump = float(rng.choice([0.2, 0.3])), int(rng.choice([8, 10]))
    length = int(rng.choice([300, 400]))

    def horizon(bias=first, steps=length, skip=0.0, limit=None, scale=1.0, eps=0.01):
        keep = 1 / (1 + np.exp(-bias))
        sizes = [scale]
        for lag in range(1, steps):
            sizes.append(keep * sizes[-1] + (skip * sizes[lag - jump] if lag >= jump else 0))
        sizes = np.array(sizes)
        norm = np.linalg.norm(sizes)
        if limit is not None and norm > limit:
            sizes = sizes * limit / norm
        return int(np.flatnonzero(sizes >= eps * sizes[0])[-1])

    base = horizon()
    changed = {
        f"a forget bias of {then:g} in place of {first:g}": horizon(bias=then),
        f"an extra path from each cell to the one {jump} steps later, with weight {skip:g}": (
            horizon(skip=skip)
        ),
        f"training on sequences of {2 * length} steps": horizon(steps=2 * length),
        "clipping the gradient to a norm of 1": horizon(limit=1.0),
        "multiplying the loss by 100": horizon(scale=100.0),
        f"a forget bias of {first + 1.5:g} in place of {first:g}": horizon(bias=first + 1.5),
        "asking for a thousandth in place of a hundredth": horizon(eps=0.001),
        "dividing the learning rate by 10": horizon(),
    }
    if then == first + 1.5:
        changed.pop(f"a forget bias of {then:g} in place of {first:g}")
    return Several(
        prompt=rf"""
An LSTM whose forget gates are all $\sigma({first:g})$ is trained on sequences of {length} steps.
Its horizon is the largest lag at which the gradient along the cell is still a hundredth of that at
lag 0.

Which of these changes make that number larger?""",
        options=some_of(
            rng,
            [
                either(text, f"The horizon is then {found}; before, it was {base}.", found > base)
                for text, found in changed.items()
            ],
            5,
        ),
        explanation=rf"""
Computed along the cell, the horizon is {base} at first. What moves it is what changes the *factors*
between lags, or the threshold: not a number that multiplies all lags alike, and not the length of
the sequences.""",
    )


@question("000-8", level=2, points=2)
def opening_words(rng):
    length, part = int(rng.choice([60, 80])), int(rng.choice([10, 15]))
    kind, is_opening = int(rng.integers(3)), bool(rng.integers(2))
    truth = kind == 0  # 1: it depends
    grows = is_opening == truth
    factors = ((1.25, 1.2) if grows else (0.8, 0.75))[rng.integers(2)]
    possible = (0.8, 1.25) if kind == 1 else (factors,)

    def more(factor):
        """Whether the words in question have more of the gradient than those at the other end."""
        sizes = factor ** np.arange(length)[::-1]  # by word, the first one first
        opening, closing = sizes[:part].sum(), sizes[-part:].sum()
        return bool(opening > closing if is_opening else closing > opening)

    found = [more(factor) for factor in possible]
    ours, other = ("opening", "closing") if is_opening else ("closing", "opening")
    known = (
        "Every step back multiplies the gradient by the same factor, which is not known."
        if kind == 1
        else f"Every step back multiplies the gradient by {factors:g}."
    )
    return Judgement(
        prompt=rf"""
A recurrent network reads reviews of {length} words and is told at the end whether they were kind.
{known} "It learns more from the {part} {ours} words of a review than from the {part} {other}
ones."

Does it learn more from those?""",
        options=(
            either(
                f"the gradient of the {ours} words is the larger one",
                "Count the steps between these words and the loss, and see what each one does.",
                all(found),
                HOLDS,
            ),
            either(
                f"if the factor is {'above' if is_opening else 'below'} 1",
                "The loss is at the end: factors below 1 favour what is near it, factors above 1 "
                "what is far.",
                any(found) and not all(found),
                CONDITION,
                if_wrong="The factor is given: decide.",
            ),
            either(
                f"the gradient of the {other} words is the larger one",
                "Count the steps between these words and the loss, and see what each one does.",
                not any(found),
                FAILS,
            ),
        ),
        explanation=rf"""
The loss stands after the last word, so the closing words are at most {part - 1} steps away, and the
opening ones {length - part} or more. With a factor below 1 the closing words hold more of the
gradient, with a factor above 1 the opening ones.""",
    )


OWNERS = ("owner", "teacher", "doctor", "baker", "painter", "singer", "driver", "farmer")
THINGS = ("car", "school", "boat", "shop", "house", "song", "tractor", "bakery")


@question("004-8", level=1, points=2)
def telling_sentence(rng):
    owners, things = rng.permutation(OWNERS), rng.permutation(THINGS)
    telling = int(rng.integers(4))
    found = []
    for place in range(4):
        many = bool(rng.integers(2))
        last_many = not many if place == telling else many
        subject = f"{owners[place]}{'s' if many else ''}"
        thing = str(things[place])
        last = (thing[:-1] + "ies" if thing.endswith("y") else f"{thing}s") if last_many else thing
        found.append((f"*The {subject} {rng.choice(['of', 'with'])} the {last} …*", subject, last))

    def tells(subject, last):
        return subject.endswith("s") != last.endswith("s")

    return Choice(
        prompt=r"""
One language model has learnt to match the verb with its subject, another one with the last noun
before it. Both are given the beginning of a sentence and choose between *is* and *are*.

With which beginning do they choose differently?""",
        options=tuple(
            either(
                text,
                "The subject and the nearest noun differ in number, so the two rules disagree.",
                tells(subject, last),
                if_wrong="Subject and last noun call for the same verb, so the model that looks "
                "nearby is right by luck.",
            )
            for text, subject, last in found
        ),
        explanation=rf"""
Subject and last noun differ in number in {sum(tells(s, n) for _, s, n in found)} of the
{len(found)}. As most sentences do not tell the two models apart, training on text says little about
far effects: memory has to be *measured* on cases made for it.""",
    )


@question("001-11", "000-2", level=2, points=2)
def clue_after_the_gap(rng):
    size = 14
    gap, clue = (int(n) for n in rng.choice(np.arange(2, size), 2, replace=False))
    while abs(gap - clue) < 3:
        gap, clue = (int(n) for n in rng.choice(np.arange(2, size), 2, replace=False))
    forward = np.eye(size, k=1, dtype=bool)  # each state feeds the next one

    def length(edges, start, end):
        reached, count = np.arange(size) == start, 0
        while not reached[end]:
            more = reached | edges[reached].any(axis=0)
            if np.array_equal(more, reached):
                return "none"
            reached, count = more, count + 1
        return f"{count}"

    networks = (forward, forward | forward.T, np.ones((size, size), dtype=bool))
    found = [length(edges, clue, gap) for edges in networks]
    far = f"{abs(gap - clue)}"

    def option(*lengths):
        return either(
            "; ".join("there is none" if each == "none" else each for each in lengths),
            "A forward RNN passes on what it has read, step by step; a bidirectional one does so "
            "in both directions; in attention no word lies between two others.",
            found == [*lengths],
        )

    return Choice(
        prompt=rf"""
The gap to fill is at word {gap}, and the clue is word {clue}. Count the shortest way of the clue to
where the gap is filled: steps from one word's state to the next one's, or one step between any
two words in a self-attention layer.

How long is it in a forward RNN, a bidirectional RNN, and a self-attention layer that reads all?""",
        options=(
            option("none", far, "1"),
            option(far, far, "1"),
            option("none", "1", "1"),
            option(far, "1", "1"),
        ),
        explanation=rf"""
Searched in the graph of each network: forward {found[0]}, bidirectional {found[1]}, self-attention
{found[2]}. What comes after a gap is out of a forward reader's sight. The networks that can use the
clue differ in how many Jacobians stand between it and the gap.""",
    )


@question("001-3", "000-17", level=2, points=1.5)
def root_of_each_factor(rng):
    steps, share = int(rng.choice([12, 20, 30])), float(rng.choice([0.01, 0.1]))
    root = int(rng.choice([2, 3, 4]))
    factor = share ** (1 / steps)
    new = factor ** (1 / root)
    lag = round(float(np.log(share) / np.log(new)))
    name = {2: "square root", 3: "cube root", 4: "fourth root"}[root]
    wrong_ways = (
        (steps, f"So many steps now leave the {name} of {share:g}, which is more."),
        (steps // root, "The root of a factor below 1 is *closer* to 1: it takes more steps."),
        (round(steps * root**0.5), "That multiplies the steps by a root. Look at the exponent."),
        (steps**2, "The root of the factor does not square the number of steps."),
    )
    return Number(
        prompt=rf"""
In a network each step back multiplies the gradient by the same factor, and {steps} steps leave
{share:g} of it. The weights are changed, so that the new factor is the *{name}* of the old one.

After how many steps is {share:g} of the gradient left now?""",
        value=lag,
        tolerance=0,
        slips=told_apart(lag, 0, [slip(*each) for each in wrong_ways]),
        explanation=rf"""
The old factor is {factor:.4f}, the new one {new:.4f}. It takes {root} of the new steps to make one
of the old, so ${root} \cdot {steps} = {lag}$. Whether a far step is useless is decided by how close
to 1 the factors are.""",
    )
