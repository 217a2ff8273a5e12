"""The questions for marks of a2_rnn. Their keys never leave the judge's side."""

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
    right,
    slip,
    some_of,
    wrong,
)


def read(x_seq, h0, Wx, Wh, b):
    """The states (T, H) of a tanh network that reads one sequence (T, D)."""
    h, found = h0, []
    for x in x_seq:
        h = np.tanh(x @ Wx + h @ Wh + b)
        found.append(h)
    return np.array(found)


@question("003-4", "004-1", level=2, points=2)
def slope_from_the_new_state(rng):
    new = float(rng.choice([0.6, 0.7, 0.8, 0.9]) * rng.choice([-1, 1]))
    w_h, w_in = float(rng.choice([0.5, 0.8, 1.5])), float(rng.choice([7.0, 9.0]))
    a, step = np.arctanh(new), 1e-6
    slope = (np.tanh(a + w_h * step) - np.tanh(a - w_h * step)) / (2 * step)
    return Number(
        prompt=rf"""
One unit follows $O_t = \tanh(w_{{in}}\,x_t + w_h\,O_{{t-1}})$ with $w_{{in}} = {w_in:g}$ and
$w_h = {w_h:g}$. Nobody has noted $x_t$ and $O_{{t-1}}$, but the new state is known:
$O_t = {new:g}$.

What is $\partial O_t / \partial O_{{t-1}}$ at this step?""",
        value=slope,
        tolerance=0.005,
        slips=(
            slip(w_h, "The weight alone says how the inside of tanh moves, and not tanh itself."),
            slip(
                w_h * (1 - np.tanh(new) ** 2),
                f"{new:g} has been through tanh already; you sent it through once more.",
            ),
            slip(-w_h * abs(new), "You multiplied by the value of tanh, with a minus sign."),
            slip(w_in * (1 - new**2), "This is how the new state moves with the *input*."),
        ),
        explanation=rf"""
$\tanh' = 1 - \tanh^2$, and $\tanh$ of what went in *is* the new state:
$(1 - {abs(new):g}^2) \cdot {w_h:g} = {(1 - new**2) * w_h:.3f}$. That is why a network need only
keep its states for the way back, and not what was inside tanh.""",
    )


@question("002-4", level=2, points=3)
def target_after_word_three(rng):
    T = 7
    target = int(rng.integers(3, 6))
    draw = np.random.default_rng(7)
    x_seq, Wx, Wh = (draw.standard_normal(shape) for shape in ((T, 2), (2, 3), (3, 3)))
    Wo, h0, b, step = draw.standard_normal(3), np.zeros(3), np.zeros(3), 1e-5

    def loss(x_seq=x_seq, Wx=Wx, Wh=Wh, Wo=Wo, place=0):
        """The score with the target; a step is added to the state after word ``place``."""
        h, score = h0, 0.0
        for t, x in enumerate(x_seq, start=1):
            h = np.tanh(x @ Wx + h @ Wh + b) + step * (t == place)
            score = h @ Wo if t == target else score
        return score

    def moves(**change):
        return bool(abs(loss(**change) - loss()) > 1e-12)

    def nudged(place):
        return x_seq + step * (np.arange(T) == place - 1)[:, None]

    early, late = int(rng.integers(1, target)), int(rng.integers(target + 1, T + 1))
    state, later = int(rng.integers(1, target)), int(rng.integers(target + 1, T + 1))
    options = (
        right(
            rf"$x_{early}$",
            "The arrows from state to state carry the error back to it, target or no target.",
            moves(x_seq=nudged(early)),
        ),
        wrong(
            rf"$x_{late}$",
            "The network reads this word, but after the score that counts was made.",
            moves(x_seq=nudged(late)),
        ),
        right(
            rf"$h_{state}$",
            "Later states are computed from it, up to the one with the target.",
            moves(place=state),
        ),
        wrong(
            rf"$h_{later}$",
            "The score with the target was computed before this state.",
            moves(place=later),
        ),
        right(r"$W_h$", "It was used at every step on the way to the score.", moves(Wh=Wh + step)),
        right(r"$W_o$", "It makes the score from the state.", moves(Wo=Wo + step)),
        right(r"$W_x$", "It was used at every step on the way to the score.", moves(Wx=Wx + step)),
        wrong(
            rf"the score after word {later}",
            "This score has no target, and the loss does not contain it.",
            later == target,
        ),
    )
    return Several(
        prompt=rf"""
A recurrent network reads {T} words. The score after word {target} has a target, and no other one
has: the loss depends on that score alone. The weights are random, $h_0 = 0$.

With respect to which of these is the gradient of the loss *not* zero?""",
        options=some_of(rng, options, 5),
        explanation=rf"""
Measured with random weights: to nudge a word or a state up to word {target}, or any of the weights,
moves the loss; to nudge what comes later does not, to the last bit. The targets decide where error
enters; from there it travels back over every hidden-to-hidden arrow, and never forward.""",
    )


@question("000-1", level=2, points=3)
def one_long_text_or_four(rng):
    times, words = int(rng.integers(3, 9)), int(rng.choice([50, 100, 200]))
    kind = ("enough", "unknown", "few", "long")[(0, 1, int(rng.integers(2, 4)))[rng.integers(3)]]
    processors = int(rng.choice([1, times - 1] if kind == "few" else [times, 2 * times]))
    is_known, is_long = kind != "unknown", kind == "long"

    def ticks(texts, processors):
        """When all texts are read; a step needs the state before it, and a processor."""
        left, time = [*texts], 0
        while any(left):
            order = sorted(range(len(left)), key=lambda i: -left[i])[:processors]
            left = [n - (i in order and n > 0) for i, n in enumerate(left)]
            time += 1
        return time

    short = words // 50  # the same ratios with shorter texts
    texts = [times * short] if is_long else [short] * times
    machines = (processors,) if is_known else (1, times, 2 * times)
    fits = [ticks(texts, p) == short for p in machines]
    ratio = ticks(texts, machines[0]) / short
    longer = ratio if ratio > 1 else times
    what = (
        f"A text of {times * words} words"
        if is_long
        else f"A batch of {times} texts of {words} words each"
    )
    machine = f"a machine with {processors} processors" if is_known else "some machine"
    return Judgement(
        prompt=rf"""
"{what} takes a recurrent network no longer than one text of {words} words," says somebody about
{machine}. A step of one text takes one processor one tick.

Does it take no longer?""",
        options=(
            either(
                "nothing in it has to wait for a processor or for another state",
                "Each text is a chain of its own, and there is a processor for each of them.",
                all(fits),
                HOLDS,
                if_wrong="Count what has to wait: a step for the state before it, and a text for "
                "a free processor.",
            ),
            either(
                f"from {times} processors on, one for each part",
                "Texts do not wait for each other, so with a processor for each they end together.",
                any(fits) and not all(fits),
                CONDITION,
                if_wrong="Either the number of processors is given, or more of them do not help.",
            ),
            either(
                f"it takes about {longer:.2g} times as long",
                "Steps of one text follow one another; texts that share a processor take turns.",
                not any(fits),
                FAILS,
                if_wrong="Count the ticks until the last state is there, on this machine or on a "
                "larger one.",
            ),
        ),
        explanation=rf"""
What decides is who waits for whom. Within a text each state waits for the one before it, so that
{times * words} words are {times * words} ticks on any machine; {times} texts of {words} words can
be read side by side, where there are {times} processors.""",
    )


NOUNS = {
    "printer": "printers", "window": "windows", "ticket": "tickets", "cloud": "clouds",
    "hill": "hills", "cat": "cats", "garden": "gardens", "letter": "letters", "train": "trains",
}  # fmt: skip


def beginnings(rng, nouns, joins):
    """Four beginnings of sentences, one of which has a plural and a singular noun."""
    singulars = rng.permutation(list(nouns))
    mixed = int(rng.integers(4))
    found = []
    for place in range(4):
        subject, near = (str(noun) for noun in singulars[2 * place : 2 * place + 2])
        are_many = [bool(rng.integers(2))] * 2
        if place == mixed:
            are_many[1] = not are_many[0]
        first, last = (
            nouns[n] if many else n for n, many in zip((subject, near), are_many, strict=True)
        )
        found.append((f"the {first} {rng.choice(joins)} the {last} …", first, last))
    return found


@question("004-8", level=1, points=2)
def verb_by_the_nearest_noun(rng):
    plurals = set(NOUNS.values())

    def misled(subject, near):
        return (subject in plurals) != (near in plurals)

    return Choice(
        prompt=r"""
A language model has learnt nothing but *sequential recency*: its verb agrees with the noun that
stands nearest before it.

After which of these beginnings does it choose between *is* and *are* wrongly?""",
        options=tuple(
            either(
                beginning,
                "Subject and nearest noun differ in number, so the model agrees with the wrong "
                "one.",
                misled(subject, near),
                if_wrong="The nearest noun is not the subject, but it has the same number: the "
                "verb is right by accident.",
            )
            for beginning, subject, near in beginnings(
                rng, NOUNS, ["by", "near", "in front of", "behind"]
            )
        ),
        explanation=r"""
The rule fails where the nearest noun differs in number from the subject. The other three come out
right without any grammar. So to see whether a model has learnt the far effect, test it where the
near one misleads.""",
    )


@question("002-2", "000-2", level=3, points=3)
def relay_of_three_units(rng):
    first, middle, last = (int(i) for i in rng.permutation(3))
    kinds = {
        "relay": {(first, middle): 1, (middle, last): 1},
        "latched": {(first, middle): 1, (middle, last): 1, (last, last): 1},
        "turned": {(middle, first): 1, (last, middle): 1},
        "direct": {(first, last): 1, (last, middle): 1},
    }
    entries = kinds[str(rng.choice(list(kinds)))]
    Wx, Wh = np.zeros((1, 3)), np.zeros((3, 3))
    Wx[0, first] = 1
    for place, weight in entries.items():
        Wh[place] = weight
    pulse = np.zeros((8, 1))
    pulse[0] = 2
    h = read(pulse, np.zeros(3), Wx, Wh, np.zeros(3))
    steps = set(np.flatnonzero(h[:, last]) + 1)
    named = ", ".join(f"`Wh[{i}, {j}]`" for i, j in sorted(entries))
    heard = ", ".join(f"unit {j} hears unit {i}" for i, j in sorted(entries))
    return Choice(
        prompt=rf"""
A network has the units 0, 1 and 2, and $h_t = \tanh(x_t W_x + h_{{t-1}} W_h + b)$ in the row form
of the course. Of `Wx`, the entry for unit {first} is 1; of `Wh`, the entries {named} are 1. All
else is 0, and so are `b` and `h0`. The input is 2 at step 1 and 0 at the steps 2 to 8.

At which steps is unit {last} different from zero?""",
        options=(
            either(
                "at step 3 alone",
                "The pulse goes from unit to unit, one per step, and no unit keeps it.",
                steps == {3},
                if_wrong="Follow the pulse: in the row form `Wh[i, j]` leads from unit i to j.",
            ),
            either(
                "at step 3 and all later steps",
                "The pulse arrives at step 3, and the unit listens to itself from then on.",
                steps == set(range(3, 9)),
                if_wrong="To keep a value a unit has to listen to itself, by an entry on the "
                "diagonal.",
            ),
            either(
                "at step 2 alone",
                "The unit hears the first one directly, one step late.",
                steps == {2},
                if_wrong="Count how many units the pulse passes: each takes a step.",
            ),
            either(
                "at no step",
                f"In the row form, no entry leads from unit {first} on.",
                steps == set(),
                if_wrong="In the row form `Wh[i, j]` says that unit j hears unit i. Follow the "
                "pulse.",
            ),
        ),
        explanation=rf"""
In the row form, {heard}. Run with these weights, unit {last} is different from zero at
{"no step" if not steps else f"step {', '.join(map(str, sorted(steps)))}"}.""",
    )


@question("000-2", "002-16", level=1, points=2)
def room_for_the_past(rng):
    N, D = int(rng.choice([8, 16, 20])), int(rng.choice([41, 53, 61]))
    H, done = int(rng.choice([96, 128, 200])), int(rng.integers(21, 35))
    draw = np.random.default_rng(0)
    weights = draw.standard_normal((D, H)), draw.standard_normal((H, H)) / 12, np.zeros(H)
    h = read(draw.standard_normal((3, D)), np.zeros(H), *weights)
    return Number(
        prompt=rf"""
A recurrent network with {H} units reads sentences of {done + 10} words, in batches of {N}. Each
word is a vector of {D} numbers. It has read {done} words of a sentence and goes on with word
{done + 1}.

How many numbers carry all that it can still use of the first {done} words of this sentence?""",
        value=h[-1].size,
        tolerance=0,
        slips=(
            slip(done * H, "Earlier states are not looked up when the next step is taken."),
            slip(done * D, "The words have been read; the next step does not see them."),
            slip(N * H, "The other sentences of the batch have nothing to do with this one."),
            slip(D, "This is the size of one word. What is handed on is something else."),
        ),
        explanation=rf"""
Step {done + 1} gets the new word and $h_{{{done}}}$, and the latter is {h[-1].size}
numbers, one per unit, after {done} words as after 3. That is how words far apart can meet, and why
old information is hard to get at: all of it must share this room.""",
    )
