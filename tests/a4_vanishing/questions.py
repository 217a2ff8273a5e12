"""The questions for marks of a4_vanishing. Their keys never leave the judge's side."""

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
from quiz.engine.measure import jacobian, largest_stretch


@question("000-Q3", "000-7", points=2)
def memory_of_t5():
    left = 0.9 ** (30 - 5)
    return Choice(
        prompt=r"""
The network reads word $t = 30$ and would need word $t = 5$. Every step back multiplies the gradient
by 0.9, and this network can still use a word if at least a twentieth of the gradient reaches it.

Can it use word 5?""",
        options=(
            right(
                r"Yes: about 0.07 of the gradient is left",
                r"Twenty-five factors of 0.9 leave 0.0718, and a twentieth is 0.05.",
                abs(left - 0.07) < 0.005 and left >= 1 / 20,
            ),
            wrong(
                r"No: about 0.04 of the gradient is left",
                r"You multiplied 30 times. How many steps lie between the two words?",
                abs(left - 0.04) < 0.005,
            ),
            wrong(
                r"No: a factor below 1 leaves nothing after 25 steps",
                r"It leaves a positive number. Whether that is enough depends on the threshold.",
                left == 0,
            ),
            wrong(
                r"Yes: about 0.9 of the gradient is left",
                r"0.9 is what *one* step leaves.",
                left > 0.85,
            ),
        ),
        explanation=rf"$0.9^{{25}} = {left:.4f}$, which is above $1/20 = 0.05$.",
    )


@question("000-5", "002-5", "003-3", points=2)
def two_kinds_of_steps():
    factors = np.random.default_rng(6).permutation([1.2] * 10 + [0.85] * 15)
    value = np.prod(factors)
    return Number(
        prompt=r"""
On its way back a gradient passes 25 steps of a one-unit network. At 10 of them the unit is open,
and weight times slope is 1.2; at the other 15 it is 0.85. The two kinds alternate irregularly.

By which factor has the gradient changed in the end?""",
        value=value,
        tolerance=0.005,
        slips=(
            slip(
                np.mean(factors) ** 25,
                r"You took the mean of the factors. For a product another kind of mean counts.",
            ),
            slip(1.2 * 0.85, r"That is one step of each kind. There are 25 steps."),
            slip(1.2**10 + 0.85**15, r"You added the two groups. All 25 steps follow each other."),
            slip(
                (1.2 * 0.85) ** 12.5,
                r"That would be as many steps of one kind as of the other.",
            ),
        ),
        explanation=rf"""
Numbers may be multiplied in any order: $1.2^{{10}} \cdot 0.85^{{15}}$ is
${1.2**10:.3f} \cdot {0.85**15:.4f} = {value:.3f}$. The mean factor, {np.mean(factors):.3g}, would
have promised {np.mean(factors) ** 25:.2f}. What counts is the mean of the *logarithms*.""",
    )


@question("004-2", points=2)
def order_of_the_factors():
    rng = np.random.default_rng(7)
    W, inputs = rng.standard_normal((3, 3)), rng.standard_normal((3, 3))
    h, states = np.zeros(3), []
    for x in inputs:
        h = np.tanh(x + h @ W)
        states.append(h)

    def last(h):
        for x in inputs:
            h = np.tanh(x + h @ W)
        return h

    measured = jacobian(last, np.zeros(3))  # P[i, j] = d h_3[i] / d h_0[j]
    first, second, third = (np.diag(1 - state**2) for state in states)

    def is_it(*factors):
        return np.allclose(np.linalg.multi_dot(factors), measured, rtol=1e-5, atol=1e-7)

    return Choice(
        prompt=r"""
In the course's notation, $h_t = \tanh(x_t W_x + h_{t-1} W + b)$ with row vectors. $D_t$ is the
diagonal matrix of $1 - h_t^2$. Let $P$ have the entries
$P[i, j] = \partial h_3[i] / \partial h_0[j]$.

Which product is $P$?""",
        options=(
            right(
                r"$D_3 W^\top D_2 W^\top D_1 W^\top$",
                r"Each step is $D_t W^\top$, and the last step stands on the left.",
                is_it(third, W.T, second, W.T, first, W.T),
            ),
            wrong(
                r"$D_1 W^\top D_2 W^\top D_3 W^\top$",
                r"The steps are written in the order of time. Which one acts last on a change of "
                r"$h_0$?",
                is_it(first, W.T, second, W.T, third, W.T),
            ),
            wrong(
                r"$W^\top D_3 W^\top D_2 W^\top D_1$",
                r"A change of $h_0$ meets the weights before it meets a tanh.",
                is_it(W.T, third, W.T, second, W.T, first),
            ),
            wrong(
                r"$D_3 W D_2 W D_1 W$",
                r"With row vectors, unit $i$ reads *column* $i$ of $W$: look at the indices.",
                is_it(third, W, second, W, first, W),
            ),
        ),
        explanation=rf"""
A change of $h_0$ is weighted, then scaled by the slopes of step 1, weighted again, and so on; one
step has the entries $(1 - h_t[i]^2)\,W[j, i]$. For three units and random weights, the product in
this order agrees with finite differences to {_gap(measured, third, second, first, W):.0e}.""",
    )


def _gap(measured, third, second, first, W):
    product = third @ W.T @ second @ W.T @ first @ W.T
    return np.abs(product - measured).max()


@question("004-5", "004-6", "004-7", points=3)
def radius_and_stretch():
    W = np.array([[0.7, 1.05], [0.0, 0.7]])
    radius, stretch = np.abs(np.linalg.eigvals(W)).max(), largest_stretch(W)
    fits = abs(radius - 0.7) < 1e-6 and abs(stretch - 1.4) < 1e-6
    rng = np.random.default_rng(8)

    def product(highest, steps):
        """The norm of a product of Jacobians, with random slopes up to ``highest``."""
        slopes = rng.uniform(0, highest, (steps, 2, 1))
        factors = [D * W for D in slopes]
        return largest_stretch(np.linalg.multi_dot(factors))

    four = max(product(1, 4) for _ in range(300))
    return Several(
        prompt=r"""
The weights $W_h$ of a tanh network have the spectral radius 0.7 and the largest singular value 1.4.
Nothing else is known about them.

Which statements are sure?""",
        options=(
            right(
                r"In four steps the norm of a gradient grows at most 3.85-fold.",
                r"$1.4^4 \approx 3.84$, and $\tanh'$ can only take from it.",
                fits and four <= stretch**4 <= 3.85,
            ),
            right(
                r"At some states, one step back makes some gradients longer.",
                r"With the state near 0 the step is $W_h$ alone, and it stretches some vector.",
                fits and largest_stretch(jacobian(lambda h: np.tanh(W @ h), np.zeros(2))) > 1,
            ),
            wrong(
                r"Each step back takes at least 30 % of a gradient's norm.",
                r"That reads 0.7 as a limit of what happens to *every* vector.",
                not fits or stretch <= 0.7,
            ),
            wrong(
                r"Over enough steps, some gradient is certain to explode.",
                r"That reads a bound that permits growth as a promise of it.",
                not fits or largest_stretch(np.linalg.matrix_power(W, 100)) > 1,
            ),
            right(
                r"If no slope $\tanh'$ is ever above 0.7, the gradient vanishes.",
                r"Then a step leaves at most $0.7 \cdot 1.4 = 0.98$ of the norm.",
                fits and 0.7 * stretch < 1,
            ),
        ),
        explanation=rf"""
`[[0.7, 1.05], [0, 0.7]]` is such a matrix. Its powers reach {largest_stretch(W):.2f} after one step
and fall to {largest_stretch(np.linalg.matrix_power(W, 20)):.3f} after 20, so neither loss at every
step nor an explosion is sure. Norms give upper bounds: $1.4^4 = {1.4**4:.3f}$ for any four steps,
and $0.98^k$ when slopes stay below 0.7.""",
    )


@question("004-4", "000-6", "004-7", points=3)
def weights_of_two_and_a_half():
    def growth(W, seed=9, steps=60):
        rng = np.random.default_rng(seed)
        h, product = np.zeros(len(W)), np.eye(len(W))
        for _ in range(steps):
            h = np.tanh(W @ h + 0.1 * rng.standard_normal(len(W)))
            product = (1 - h[:, None] ** 2) * (W @ product)
        return largest_stretch(product)

    Q = np.linalg.qr(np.random.default_rng(10).standard_normal((32, 32)))[0]
    mixed, separate = growth(2.5 * Q), growth(2.5 * np.eye(32))
    return Judgement(
        prompt=r"""
A tanh network of 32 units, driven by small random inputs, has large weights: *all* singular values
of $W_h$ are 2.5. "With such weights", it is said, "the gradient explodes on its way back through 60
steps."

Does it explode?""",
        options=(
            wrong(
                r"no direction is shrunk by $W_h$, so that every step makes a gradient longer",
                r"A step is $W_h$ and then the slopes of tanh. What are those for large states?",
                min(mixed, separate) > 1,
                HOLDS,
            ),
            wrong(
                r"if all *eigenvalues* of $W_h$, not only the singular values, are above 1 in size",
                r"Take 2.5 times the identity: its eigenvalues are all 2.5. Where does such a unit "
                r"settle?",
                separate > 1,
                CONDITION,
            ),
            right(
                r"if the units leave each other open often enough; saturated ones let it vanish",
                r"The same singular values give both, depending on how the units drive each other.",
                mixed > 1e5 and separate < 1e-6,
                CONDITION,
            ),
            wrong(
                r"tanh always saturates so far that its slopes take more than the weights give",
                r"It does where each unit drives itself alone. Units that push each other around "
                r"are often near 0.",
                max(mixed, separate) < 1,
                FAILS,
            ),
        ),
        explanation=rf"""
With 2.5 times the identity, 60 steps give a product of norm ${_power(separate)}$: each unit feeds
itself and saturates. With 2.5 times a random orthogonal matrix it is ${_power(mixed)}$. Large
weights are needed for an explosion; alone they do not decide.""",
    )


def _power(x):
    digits, exponent = f"{x:.0e}".split("e")
    return rf"{digits} \cdot 10^{{{int(exponent)}}}"


@question("004-6", "004-5", points=3)
def limit_for_a_rotation():
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    a = np.linspace(-6, 6, 1201)
    steepest = np.max(1 / (1 + np.exp(-a)) / (1 + np.exp(a)))
    value = 1 / (steepest * largest_stretch(turn))
    return Number(
        prompt=r"""
The recurrent weights of a network are $c$ times the rotation `[[0.6, -0.8], [0.8, 0.6]]`, with
$c > 0$. Its activation is the logistic sigmoid.

Up to which $c$ must the gradient vanish over many steps, whatever the inputs are?""",
        value=value,
        tolerance=0.02,
        slips=(
            slip(1, r"That is the limit for tanh. How steep is the sigmoid?"),
            slip(0.25, r"That is the sigmoid's largest slope, not the limit that follows from it."),
            slip(
                4 / 0.6,
                r"0.6 is the real part of the eigenvalues. What does a rotation do to a length?",
            ),
            slip(
                1 / 0.6,
                r"0.6 is the real part of the eigenvalues, and the limit for tanh is another one.",
            ),
            slip(
                4 / 1.4,
                r"1.4 is the sum of a row. By how much does the matrix stretch a vector?",
            ),
        ),
        explanation=rf"""
A rotation keeps lengths: its largest singular value is {largest_stretch(turn):.3g}, that of the
weights is $c$. The sigmoid's slope is at most {steepest:.2f}. A step leaves at most $c / 4$ of the
norm, which shrinks for $c < {value:.3g}$; beyond, inputs that hold the units at their steepest make
it grow.""",
    )
