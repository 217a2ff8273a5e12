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


@question("004-8", level=2)
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


@question("000-2", level=3)
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


@question("002-15", "000-2", level=1)
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


_GAPS = {
    "honesty": "Honesty is the best …",
    "clouds": "Dark clouds above the town hide the …",
    "lake": "She has seen three wars in her long life, and in winter the lake is covered with …",
    "Kerala": "I was born in Kerala, left it as a small child, and I am still fluent in …",
    "Spain": "They grew up in Spain, moved twice, and are fluent in …",
}


@question("001-9", "002-14", level=2)
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


@question("004-8", level=2)
def average_hides_the_far(rng: np.random.Generator) -> Number:
    share, near = int(rng.choice([2, 4, 5, 10])), int(rng.choice([80, 85, 90, 95]))
    far = int(rng.choice([10, 20, 30, 40]))
    overall = ((100 - share) * near + share * far) / 100
    return Number(
        prompt=rf"""
*She could not print her tickets … the new printer came, was unpacked and set up … and at last she
printed her …* Only {share} % of the gaps in a text need a clue from so far back. A language model
fills {near} % of all *other* gaps correctly, and {overall:g} % of all gaps together.

How many per cent of the far gaps does it fill correctly?""",
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


@question("001-11", "000-2", level=1)
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


@question("001-11", level=1)
def every_word_at_once() -> Judgement:
    T = 40
    direct = np.ones((T, T), dtype=bool)
    paths = {path_length(direct, 0, place) for place in (1, 10, T - 1)}
    return Judgement(
        prompt=rf"""
"A layer of self-attention that hides nothing sees the whole sentence." Think of a sentence of {T}
words, and of the number of steps from one word to another.

Is the statement true?""",
        options=(
            right(
                "each place looks at each word directly, whatever lies between",
                "Every pair of words is one step apart.",
                paths == {1},
                HOLDS,
            ),
            wrong(
                "for words that are near; far ones are reached through those between",
                "That is how a recurrent network works.",
                len(paths) > 1,
                CONDITION,
            ),
            wrong(
                "it sees the words to the left, as any network that reads does",
                "A layer may hide what comes later, and one that hides nothing looks both ways.",
                not direct[0, -1],
                FAILS,
            ),
        ),
        explanation=rf"""
From the first word to the second, the eleventh and the last it is {paths.pop()} step each. A
recurrent network would take 1, 10 and {T - 1}.""",
    )


@question("002-14", level=1)
def far_and_near_gaps() -> Judgement:
    near = {"Clouds cover the …": "clouds", "Honesty is the best …": "honesty"}
    far = {
        "As a boy Einstein loved the violin; he later worked on light, on gravity and on much "
        "else, and whenever he was stuck he played the …": "violin",
        "They grew up in Spain, then lived in many other countries, and are still fluent in …": (
            "spain"
        ),
    }
    least = min(words_back(sentence.replace(";", ","), clue) for sentence, clue in far.items())
    most = max(words_back(sentence, clue) for sentence, clue in near.items())
    return Judgement(
        prompt=r"""
"*Honesty is the best …* and *Clouds cover the …* can be completed from near words. *They grew up in
Spain, then lived in many other countries, and are still fluent in …* needs far ones, and so does
*As a boy Einstein loved the violin; he later worked on light, on gravity and on much else, and
whenever he was stuck he played the …*" Let *near* mean at most five words back.

Is the statement true?""",
        options=(
            right(
                "the first two clues stand within five words and the other two far outside",
                "Count from the word that settles the gap, not from the start.",
                most <= 5 < least,
                HOLDS,
            ),
            wrong(
                "but for Einstein: that he played something is said just before the gap",
                "That he *played* is near. Which instrument it was is said in the beginning.",
                least <= 5,
                CONDITION,
            ),
            wrong(
                "all four are settled by the words right before the gap",
                "*Fluent in* asks for a language, and does not say which.",
                max(least, most) <= 5,
                FAILS,
            ),
        ),
        explanation=rf"""
The near clues stand at most {most} words before their gaps, the far ones at least {least}. A
network that forgets within ten words fills the first two and guesses at the others.""",
    )


@question("004-28", level=2)
def importance_and_gradient() -> Choice:
    h = 1.0  # the pulse that the latch has stored
    for _ in range(30):
        h = float(np.tanh(2.0 * h))
    slope, end = derivative(np.tanh, 1.0), float(np.tanh(1.0))
    for _ in range(30):
        slope *= slope_of_step(2.0, end)
        end = float(np.tanh(2.0 * end))
    turned = settled(2.0, -float(np.tanh(1.0)), 30)
    matters, is_seen = abs(turned - end) > 1, abs(slope) > 1e-3
    return Choice(
        prompt=r"""
A latch, $h_t = \tanh(x_t + 2 h_{t-1})$, stores the sign of its first input for 30 steps. The answer
depends on this sign and on nothing else.

What about the gradient of the last state with respect to the first input, $x_1 = 1$?""",
        options=(
            right(
                "it is tiny, although the first input is what matters",
                "A gradient says what a *small* change would do. Here a small one does nothing.",
                matters and not is_seen,
            ),
            wrong(
                "it is large, because the first input is what matters",
                "It ought to be, if one is to learn from it. Compute it along the saturated unit.",
                matters and is_seen,
            ),
            wrong(
                "it is tiny, because the first input does not matter",
                "Turn the input round, and the last state turns round as well.",
                not matters and not is_seen,
            ),
            wrong(
                "it is large, although the first input does not matter",
                "Both halves can be tested: change the input by a little, and by a lot.",
                not matters and is_seen,
            ),
        ),
        explanation=rf"""
With $x_1 = -1$ in place of 1, the last state is {turned:.3f} in place of {end:.3f}. The derivative
is {slope:.0e}. What matters and what has a gradient are two things, and training sees the second
one.""",
    )


@question("004-8", "000-2", level=2)
def mistake_in_the_adding_task(rng: np.random.Generator) -> Choice:
    def works(defined: Any) -> bool:
        values, marks, y = defined["make"](400, 10, np.random.default_rng(1))
        places = np.sort(np.argsort(-marks, axis=1)[:, :2], axis=1)
        return bool(
            np.all(marks[:, :5].sum(axis=1) == 1)
            and np.all(marks[:, 5:].sum(axis=1) == 1)
            and np.allclose(y, np.take_along_axis(values, places, axis=1).sum(axis=1))
            and len(set(places[:, 0])) == 5
        )

    return find_the_mistake(
        rng,
        r"""
The adding task: $T$ random values (T even), one marked in each half of a sequence, and the answer
is the sum of the two marked values. One part is wrong.""",
        """
def make(n, T, rng):
    rows = np.arange(n)
    values, marks = rng.random((n, T)), np.zeros((n, T))
    first = rng.integers(0, T // 2, n)
    second = rng.integers(T // 2, T, n)
    marks[rows, first] = marks[rows, second] = 1
    return values, marks, (values * marks).sum(axis=1)
""",
        (
            Swap(
                "rng.integers(T // 2, T, n)",
                "rng.integers(0, T, n)",
                "The second mark has to be in the second half, or the gap between the two may be "
                "short, and both may fall together.",
            ),
            Swap(
                "first = rng.integers(0, T // 2, n)",
                "first = rng.integers(0, T // 2)",
                "Each sequence draws a place of its own. With one place for all, the network "
                "could learn that place by heart.",
            ),
            Swap(
                "(values * marks).sum",
                "(values * marks).mean",
                "The answer is the sum; a mean would divide by the length.",
            ),
            Swap(
                "marks[rows, first]",
                "marks[:, first]",
                "One mark per sequence: with `:` every place drawn is marked in all sequences.",
            ),
        ),
        works,
        "A thousand draws show where marks fall, and whether the answer fits them.",
    )


@question("004-23", "002-19", "002-16", level=3)
def training_behind_the_losses(rng: np.random.Generator) -> Choice:
    baseline = 1 / 6
    gaps = (5, 10, 20, 40, 80)
    reach = int(rng.choice([10, 20]))

    def rows(losses: Any) -> list[list[str]]:
        return [[f"{gap}", f"{loss:.3f}"] for gap, loss in zip(gaps, losses, strict=True)]

    soft = [baseline * (1 - np.exp(-((gap / reach) ** 2))) for gap in gaps]
    return diagnose(
        rng,
        rf"""
A network is trained on the adding task, once for each gap between the marked values. The best
answer that uses nothing of the input has the loss 1/6, or {baseline:.3f}. These are the losses in
the end.

TABLE

Which description fits?""",
        ["gap", "loss"],
        (
            Cause(
                f"it remembers over gaps up to about {reach}, and less and less beyond",
                rows(soft),
                "The loss rises from near 0 to the baseline: a soft window, which can be measured.",
            ),
            Cause(
                "it remembers over all of these gaps",
                rows([0.001] * 5),
                "A loss far below 1/6 at every gap shows that both values are used.",
            ),
            Cause(
                "it has learnt nothing but the mean",
                rows([baseline] * 5),
                "A loss of 1/6 is what the mean earns without looking at the input.",
            ),
            Cause(
                "it has learnt to use one of the two values",
                rows([baseline / 2] * 5),
                "With one value known and the other guessed, half of the variance is left: 1/12.",
            ),
        ),
        """Compare each loss with the baseline. A plain RNN is not unable by nature to bridge a
gap; it depends on its start and on small enough steps.""",
    )


@question("004-23", "004-3", level=3)
def order_of_measuring_a_horizon() -> Ordering:
    w, T, eps = 0.7, 30, 0.01

    def forward(found: dict[str, Any]) -> None:
        h, states = 0.0, []
        for t in range(T):
            h = float(np.tanh(w * h + 0.2 * np.cos(t)))
            states.append(h)
        found["h"] = states

    def unit(found: dict[str, Any]) -> None:
        found["h"]
        found["carried"], found["norms"] = 1.0, [1.0]

    def back(found: dict[str, Any]) -> None:
        for h in found["h"][:0:-1]:
            found["carried"] *= w * (1 - h**2)
            found["norms"].append(abs(found["carried"]))

    def share(found: dict[str, Any]) -> None:
        found["carried"]
        found["shares"] = np.array(found["norms"]) / found["norms"][0]

    def last(found: dict[str, Any]) -> None:
        found["horizon"] = int(np.flatnonzero(found["shares"] >= eps).max())

    def reached(found: dict[str, Any]) -> bool:
        product, wanted = 1.0, 0
        for lag, h in enumerate(found["h"][:0:-1], start=1):
            product *= w * (1 - h**2)
            wanted = lag if abs(product) >= eps else wanted
        return bool(found["horizon"] == wanted > 0)

    return ordering(
        prompt=r"""
How far back does a trained network remember? You measure the largest lag at which at least a
hundredth of the gradient is left.

In which order do you take these steps?""",
        steps=(
            step(
                "run the network and keep its states",
                "The way back needs the slopes, and these need the states.",
                forward,
            ),
            step(
                "put a gradient of length 1 on the last state",
                "The way back starts at the end, with a known length.",
                unit,
            ),
            step(
                "carry it back, and note its length at each step",
                "It needs a gradient to carry, and the states to carry it through.",
                back,
            ),
            step(
                "divide all lengths by the one at lag 0",
                "It needs the lengths; a share can be compared with a threshold.",
                share,
            ),
            step(
                "take the largest lag whose share is a hundredth or more",
                "It comes last: it needs the shares of all lags.",
                last,
            ),
        ),
        explanation=r"""
Forwards, a gradient of length 1, backwards, shares, threshold. What comes out is the network's
window: a soft one, whose length follows from its Jacobians.""",
        is_reached=reached,
    )
