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
    question,
    right,
    slip,
    wrong,
)


def read(x_seq, h0, Wx, Wh, b):
    """The states (T, H) of a tanh network that reads one sequence (T, D)."""
    h, found = h0, []
    for x in x_seq:
        h = np.tanh(x @ Wx + h @ Wh + b)
        found.append(h)
    return np.array(found)


@question("003-4", "004-1", points=2)
def slope_from_the_new_state():
    new, w_h, w_in, step = 0.6, 0.5, 2.0, 1e-6
    a = np.arctanh(new)
    slope = (np.tanh(a + w_h * step) - np.tanh(a - w_h * step)) / (2 * step)
    return Number(
        prompt=r"""
One unit follows $O_t = \tanh(w_{in}\,x_t + w_h\,O_{t-1})$ with $w_{in} = 2$ and $w_h = 0.5$. Nobody
has noted $x_t$ and $O_{t-1}$, but the new state is known: $O_t = 0.6$.

What is $\partial O_t / \partial O_{t-1}$ at this step?""",
        value=slope,
        tolerance=0.005,
        slips=(
            slip(w_h, "The weight alone says how the inside of tanh moves, and not tanh itself."),
            slip(
                w_h * (1 - np.tanh(new) ** 2),
                "0.6 has been through tanh already; you sent it through once more.",
            ),
            slip(w_h * new, "You multiplied by the value of tanh instead of its slope."),
            slip(w_in * (1 - new**2), "This is how the new state moves with the *input*."),
        ),
        explanation=rf"""
$\tanh' = 1 - \tanh^2$, and $\tanh$ of what went in *is* the new state:
$(1 - 0.6^2) \cdot 0.5 = {(1 - new**2) * w_h:.2f}$. That is why a network need only keep its states
for the way back, and not what was inside tanh.""",
    )


@question("002-4", points=3)
def target_after_word_three():
    rng = np.random.default_rng(7)
    x_seq, Wx, Wh = (
        rng.standard_normal((6, 2)),
        rng.standard_normal((2, 3)),
        rng.standard_normal((3, 3)),
    )
    Wo, h0, b, step = rng.standard_normal(3), np.zeros(3), np.zeros(3), 1e-5

    def loss(x_seq=x_seq, Wh=Wh, Wo=Wo, push=0.0):
        """The score after word 3 (index 2); ``push`` is added to the state after word 4."""
        h = read(x_seq, h0, Wx, Wh, b)
        h[3] += push
        return (h @ Wo)[2]

    def moves(**change):
        return abs(loss(**change) - loss()) > 1e-12

    def nudged(place):
        return x_seq + step * (np.arange(6) == place - 1)[:, None]

    return Several(
        prompt=r"""
A recurrent network reads six words. Only the score after word 3 has a target: the loss depends on
that score and on no other. The weights are random, $h_0 = 0$.

By which of these is the gradient of the loss *not* zero?""",
        options=(
            right(
                r"$x_1$",
                "The arrows from state to state carry the error back to it, target or no target.",
                moves(x_seq=nudged(1)),
            ),
            wrong(
                r"$x_5$",
                "The network reads this word, but after the score that counts was made.",
                moves(x_seq=nudged(5)),
            ),
            wrong(
                r"$h_4$",
                "What is computed *from* a state cannot depend on one that comes after it.",
                moves(push=step),
            ),
            right(
                r"$W_h$",
                r"It was used on the way to the score, in the steps 2 and 3.",
                moves(Wh=Wh + step),
            ),
            right(r"$W_o$", "It makes the score of the state.", moves(Wo=Wo + step)),
        ),
        explanation=r"""
Measured with random weights: to nudge $x_1$, $W_h$ or $W_o$ moves the score after word 3; to
nudge $x_5$ or $h_4$ does not, to the last bit. The targets decide where error enters; from there it
travels back over every hidden-to-hidden arrow, and never forward.""",
    )


@question("000-1", points=3)
def one_long_text_or_four():
    def ends_at(words, start=0):
        """When a text's last state is known, if its products x_t Wx are there at ``start``."""
        time = start
        for _ in range(words):
            time = max(time, start) + 1
        return time

    def parameters_used(words):
        return set().union(*({"Wx", "Wh", "b"} for _ in range(words)))

    one, long = ends_at(100), ends_at(400)
    four = max(ends_at(100) for _ in range(4))
    prepared = [ends_at(words, start=1) for words in (100, 400)]
    return Judgement(
        prompt=r"""
Suppose that a machine has as many processors as one can wish for. "Even so," somebody says, "a
recurrent network needs about four times as long for a text of 400 words as for one of 100, whereas
for four texts of 100 words it needs no longer than for one."

What becomes of this claim?""",
        options=(
            right(
                "a state waits for the one before it in its own text, and for no other",
                "The chain of states is as long as the text. Between texts there is no chain.",
                long == 4 * one and four == one,
                HOLDS,
            ),
            wrong(
                "the long text needs four times as many weights, the four texts share theirs",
                "The weights are shared over the steps as well; their number depends on no length.",
                len(parameters_used(400)) == 4 * len(parameters_used(100)),
                HOLDS,
            ),
            wrong(
                r"only if the products $x_t W_x$ are not computed for all words at once",
                r"To have these products ready shortens each step, not the chain of steps.",
                prepared[1] < 2 * prepared[0],
                CONDITION,
            ),
            wrong(
                "both take four times as long: it is 400 words in either case",
                "You counted the work. With enough processors, what counts is who waits for whom.",
                four == 4 * one,
                FAILS,
            ),
        ),
        explanation=rf"""
Count steps that must follow one another: {one} for a text of 100 words, {long} for one of 400,
and {four} for four texts of 100 side by side. With all $x_t W_x$ computed beforehand it is
{prepared[0]} and {prepared[1]} (one moment for the products, then the chain): $h_{{t-1}} W_h$ has
to wait.""",
    )


@question("004-8", points=2)
def verb_by_the_nearest_noun():
    number = {
        "printer": "one", "window": "one", "tickets": "many", "clouds": "many", "hills": "many",
        "cat": "one", "sun": "one", "day": "one",
    }  # fmt: skip

    def misled(sentence):
        nouns = [number[word] for word in sentence.split() if word in number]
        return nouns[0] != nouns[-1]

    tickets = "the tickets from the printer …"
    printer = "the printer by the window …"
    clouds = "the clouds above the hills …"
    cat = "the cat that had slept in the sun for most of the day …"
    return Choice(
        prompt=r"""
A language model has learnt nothing but *sequential recency*: its verb agrees with the noun that
stands nearest before it.

After which of these beginnings does it choose between *is* and *are* wrongly?""",
        options=(
            right(
                tickets,
                "The nearest noun is *printer*, one; the subject is *tickets*, many.",
                misled(tickets),
            ),
            wrong(
                printer,
                "The nearest noun is not the subject, but has the same number: right by accident.",
                misled(printer),
            ),
            wrong(
                clouds,
                "Subject and nearest noun are two things, and both are plural. The verb comes out "
                "right.",
                misled(clouds),
            ),
            wrong(
                cat,
                "The subject is far away, but no noun of another number stands between.",
                misled(cat),
            ),
        ),
        explanation=r"""
The rule fails where the nearest noun differs in number from the subject: *tickets … printer*. The
other three come out right without any grammar. So to see whether a model has learnt the far effect,
test it where the near one misleads.""",
    )


@question("002-2", "000-2", points=3)
def relay_of_three_units():
    Wx, Wh = np.array([[1.0, 0, 0]]), np.zeros((3, 3))
    Wh[0, 1] = Wh[1, 2] = 1
    pulse = np.zeros((8, 1))
    pulse[0] = 2
    steps = {
        name: set(np.flatnonzero(read(pulse, np.zeros(3), Wx, W, np.zeros(3))[:, 2]) + 1)
        for name, W in {"given": Wh, "turned": Wh.T}.items()
    }
    sizes = read(pulse, np.zeros(3), Wx, Wh, np.zeros(3)).max(axis=0)
    return Choice(
        prompt=r"""
A network has the units 0, 1 and 2, and $h_t = \tanh(x_t W_x + h_{t-1} W_h + b)$ in the row form of
the course. `Wx` is `[[1, 0, 0]]`; `Wh[0, 1]` and `Wh[1, 2]` are 1, all else in `Wh` is 0, and so
are `b` and `h0`. The input is 2 at step 1 and 0 at the steps 2 to 8.

At which steps is unit 2 different from zero?""",
        options=(
            right(
                "at step 3 only",
                "The pulse goes from unit 0 to 1 to 2, one unit per step, and no unit keeps it.",
                steps["given"] == {3},
            ),
            wrong(
                "at step 3 and all later steps",
                "To keep a value a unit would have to listen to itself. The diagonal of `Wh` is 0.",
                steps["given"] == set(range(3, 9)),
            ),
            wrong(
                "at no step",
                "You read `Wh[0, 1]` as *unit 0 listens to unit 1*. In the row form it is the "
                "other way round.",
                steps["given"] == set(),
            ),
            wrong(
                "at step 1 only",
                "Only unit 0 hears the input. The others depend on states, one step late.",
                steps["given"] == {1},
            ),
        ),
        explanation=rf"""
After step 1, unit 0 is $\tanh(2) = {sizes[0]:.3f}$; after step 2, unit 1 is
$\tanh({sizes[0]:.3f}) = {sizes[1]:.3f}$; after step 3, unit 2 is {sizes[2]:.3f}, and then the pulse
is gone. With `Wh` transposed it would never leave unit 0. This is the simplest
way for a state to carry a word on: pass it from unit to unit.""",
    )


@question("000-2", "002-16", points=2)
def room_for_the_past():
    N, T, D, H, done = 16, 40, 50, 128, 30
    rng = np.random.default_rng(0)
    weights = rng.standard_normal((D, H)), rng.standard_normal((H, H)) / 12, np.zeros(H)
    h = read(rng.standard_normal((done, D)), np.zeros(H), *weights)
    return Number(
        prompt=rf"""
A recurrent network with {H} units reads sentences of {T} words, in batches of {N}. Each word is a
vector of {D} numbers. It has read {done} words of a sentence and goes on with word {done + 1}.

How many numbers carry all that it can still use of the first {done} words of this sentence?""",
        value=h[-1].size,
        tolerance=0,
        slips=(
            slip(done * H, "Earlier states are not looked up when the next step is taken."),
            slip(done * D, "The words have been read; the next step does not see them."),
            slip(N * H, "The other sentences of the batch are none of this sentence's business."),
            slip(D, "This is the size of one word. What is handed on is something else."),
        ),
        explanation=rf"""
Step {done + 1} gets the new word and $h_{{{done}}}$, and the latter is {h[-1].size}
numbers, one per unit, after {done} words as after 3. That is how words far apart can meet, and why
old information is hard to get at: all of it must share this room.""",
    )
